#include "node/front/http/handle_compression.h"
#include "node/front/http/handle_reading.h"
#include "node/front/http/handle_request.h"
#include "proto/base/text.h"
#include "proto/ident/handle_name.h"
#include "proto/web/handle_answers.h"

// GET, HEAD and POST /api/handles/{id} (spec/handle-protocol.md 6.2-6.6).
namespace idnode {
namespace {

constexpr uint32_t kSuccess = 1;

// Whether an absent identifier may be a prefix that is served elsewhere (4.9).
bool MayBeReferred(std::string_view identifier) {
  return identifier.find('/') == std::string_view::npos ||
         EqualFolded(identifier.substr(0, kPrefixHandles.size()), kPrefixHandles);
}

// True: `out` says where the prefix is served, or that the disk has to be asked.
bool Refer(std::string_view identifier, const Query& query, Desk& desk, ResolutionNote& note,
           Response& out) {
  const HandleAccess* handles = desk.services.handles;
  if (handles == nullptr || query.IsTrue("doNotRefer") || IsHeartbeat(identifier)) return false;
  if (!desk.services.resolver.MayBeServedBelow(identifier) && !MayBeReferred(identifier)) {
    return false;
  }
  if (desk.reach == Reach::kMemoryOnly) {
    out.needs_disk = true;
    return true;
  }
  const HandleReferral referral = handles->operations.FindReferral(identifier);
  if (referral.values.empty()) return false;
  note.outcome = ResolutionOutcome::kReferred;
  out.status = 300;
  out.media_type = kHandleJsonMediaType;
  if (referral.of_service) note.traffic_class = TrafficClass::kDelegation;
  WriteReferral(identifier, referral.values, out.body, referral.of_service);
  return true;
}

// What everybody may see, as it was answered before. The filter and the callers' rights are not
// part of what is kept, so that only plain questions of nobody in particular come here.
class KeptAnswers {
 public:
  KeptAnswers(std::string_view identifier, Desk& desk) : identifier_(identifier), desk_(desk) {
    if (desk.cache == nullptr || IsHeartbeat(identifier)) return;
    if (!ParseIdentifier(identifier, desk.scratch.identifier)) return;
    hash_ = AnswerHash(desk.scratch.identifier.key);
    stamp_ = desk.services.cache.stamps->Of(hash_);
    usable_ = true;
  }

  bool Write(const Request& request, Response& out) const {
    if (!usable_) return false;
    const auto hit = desk_.cache->Find(hash_, desk_.scratch.identifier.key, kKind);
    if (!hit) return false;
    out.media_type = kHandleJsonMediaType;
    WriteResolutionHead(identifier_, out.body);
    out.body.append(hit->payload);
    ResolutionNote note{.enterprise = hit->enterprise, .outcome = ResolutionOutcome::kFound};
    // As the resolver classes them.
    const bool is_prefix = !PrefixNamedByKey(desk_.scratch.identifier.key).empty();
    if (is_prefix) note.traffic_class = TrafficClass::kDelegation;
    Classify(request, note);
    const uint8_t epoch = desk_.services.counts.epoch();
    if (note.is_success() && desk_.cache->IsNewIn(epoch)) note.identifier = hash_;
    out.note = note;
    return true;
  }
  void Keep(const ReadRecord& read, std::string_view body) const {
    if (!usable_ || !read.answer.is_stored) return;
    std::string head;
    WriteResolutionHead(identifier_, head);
    desk_.cache->Put(hash_, read.answer.key, kKind,
                     {.payload = body.substr(head.size()),
                      .enterprise = read.note.enterprise,
                      .all_public = false},
                     stamp_);
  }

 private:
  static constexpr AnswerCache::Kind kKind = AnswerCache::Kind::kHandleJson;
  const std::string_view identifier_;
  Desk& desk_;
  uint64_t hash_ = 0, stamp_ = 0;
  bool usable_ = false;
};

bool IsPlain(const Request& request, const Query& query) {
  return query.empty() && !request.Has("authorization") && request.peer->certificate == nullptr;
}

void WriteRead(const ReadRecord& read, std::string_view identifier, ShownValues& filter,
               Response& out) {
  out.media_type = kHandleJsonMediaType;
  ResolutionNote note = read.note;
  if (read.granted) {
    WriteValues(identifier, read.granted->values, out.body);
  } else {
    filter.public_only = read.public_only;
    const uint32_t code =
        WriteResolution(identifier, read.answer.found.record, filter, false, out.body);
    if (code != kSuccess) note.outcome = ResolutionOutcome::kNotFound;
  }
  out.note = note;
}

void Answer(const Request& request, std::string_view identifier, const Query& query, Desk& desk,
            Response& out) {
  const bool plain = IsPlain(request, query);
  const std::optional<KeptAnswers> kept =
      plain ? std::make_optional<KeptAnswers>(identifier, desk) : std::nullopt;
  if (kept && kept->Write(request, out)) return;

  auto filter = FilterOf(query);
  if (!filter) return Refuse(filter.error(), 0, request, identifier, out);
  ResolutionNote note;
  note.outcome = ResolutionOutcome::kNone;
  const auto read = Read(identifier, *filter, query, request, desk, note);
  if (read) {
    WriteRead(*read, identifier, *filter, out);
    const bool found = out.note->outcome == ResolutionOutcome::kFound;
    if (kept && found) kept->Keep(*read, out.body);
    return;
  }
  if (AsksForDisk(read.error(), desk)) {
    out.needs_disk = true;
    return;
  }
  const bool absent =
      read.error().code == Errc::kNotFound ||
      (read.error().code == Errc::kNotHomed && desk.services.resolver.nodes_below() != nullptr);
  if (!absent || !Refer(identifier, query, desk, note, out)) {
    Refuse(read.error(), 0, request, identifier, out);
  }
  if (out.needs_disk) return;
  if (note.outcome != ResolutionOutcome::kNone) out.note = note;
}

// The identifier as it was asked for: percent-decoded once, '+' kept.
void AnswerPath(const Request& request, const Query& query, Desk& desk, Response& out) {
  if (request.rest.find('%') == std::string_view::npos) {
    Answer(request, request.rest, query, desk, out);
  } else {
    const auto identifier = PercentDecode(request.rest);
    if (!identifier) return Refuse(identifier.error(), 0, request, {}, out);
    Answer(request, *identifier, query, desk, out);
  }
  if (out.needs_disk) return;
  Present(query, out);
  Compress(request, desk.reach, out);
}

}  // namespace

void GetHandle(const Request& request, Desk& desk, Response& out) {
  if (request.query.empty()) return AnswerPath(request, Query(), desk, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  AnswerPath(request, *query, desk, out);
}

void PostHandle(const Request& request, Desk& desk, Response& out) {
  const auto query = QueryOfObject(request.body);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  AnswerPath(request, *query, desk, out);
}

}  // namespace idnode
