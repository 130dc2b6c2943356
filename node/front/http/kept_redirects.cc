#include "node/front/http/kept_redirects.h"

#include <cstring>
#include <span>
#include <string>

#include "node/front/http/digital_link_answers.h"
#include "node/front/http/handle_reading.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr AnswerCache::Kind kForAll = AnswerCache::Kind::kRedirect;
constexpr AnswerCache::Kind kForWishes = AnswerCache::Kind::kRedirectForWishes;
static_assert(Gs1Levels::kLevelsMax <= AnswerCache::kRecordsMax);

bool ShowsCredentials(const Request& request) {
  return request.peer->certificate != nullptr || request.Has("authorization");
}

}  // namespace

KeptRedirects::KeptRedirects(const Request& request, Desk& desk) : request_(request), desk_(desk) {
  if (desk.cache == nullptr || ShowsCredentials(request)) return;
  usable_ = true;
  const DigitalLinkSettings& settings = desk.services.digital_links;
  const bool host_decides = settings.public_root.empty() || !settings.stems.empty();
  Add(host_decides ? request.Find("host") : std::string_view());
  Add(request.peer->secure ? "https" : "http");
  Add(request.path);
  Add(RawParameterOf(request.query, "linkType"));
  Add(RawParameterOf(request.query, "context"));
  plain_size_ = size_;
  accepts_json_ = AcceptsJson(request);
}

// With its length before it, so that no two lists of parts are one key.
void KeptRedirects::Add(std::string_view part) {
  const auto octets = static_cast<uint16_t>(part.size());
  usable_ = usable_ && part.size() <= kOctetsMax && sizeof octets + octets <= kOctetsMax - size_;
  if (!usable_) return;
  std::memcpy(octets_.data() + size_, &octets, sizeof octets);
  if (octets > 0) std::memcpy(octets_.data() + size_ + sizeof octets, part.data(), octets);
  size_ += sizeof octets + octets;
}

void KeptRedirects::AddWishes() {
  for (const std::string_view name : {"accept", "accept-language"}) {
    for (const Field& field : request_.fields) {
      if (field.name.size() == name.size() && EqualFolded(field.name, name)) Add(field.value);
    }
    Add({});
  }
  has_wishes_ = true;
}

bool KeptRedirects::Write(Response& out) {
  std::optional<AnswerCache::Hit> hit;
  if (usable_ && !accepts_json_) {
    hit = desk_.cache->Find(AnswerHash(key()), key(), kForAll);
    if (!hit) return false;
  }
  if (!hit || hit->payload.empty()) {  // It depends on what is accepted.
    AddWishes();
    if (!usable_) return false;
    hit = desk_.cache->Find(AnswerHash(key()), key(), kForWishes);
    if (!hit) return false;
  }
  Reader payload(hit->payload);
  const uint64_t identifier = payload.U64();
  const auto redirect = DecodeRedirect(payload.Rest());
  Require(redirect.ok());
  OpenToAll(request_, out);
  AllowKeeping(/*is_public=*/true, out);
  AnswerRedirect(*redirect, request_, out);
  ResolutionNote note{.enterprise = hit->enterprise, .outcome = ResolutionOutcome::kFound};
  Classify(request_, note);
  const uint8_t epoch = desk_.services.counts.epoch();
  if (note.is_success() && desk_.cache->IsNewIn(epoch)) note.identifier = identifier;
  out.note = note;
  return true;
}

void KeptRedirects::WillRead(const Gs1Levels& levels) {
  if (!usable_) return;
  levels_ = levels.size();
  for (size_t i = 0; i < levels_; ++i) hashes_[i] = AnswerHash(levels.key(i));
  stamp_ = desk_.services.cache.stamps->OfAll({hashes_.data(), levels_});
}

void KeptRedirects::Keep(const Redirect& redirect, const ResolutionNote& note, bool by_wishes) {
  if (!usable_ || levels_ == 0) return;
  std::string payload;
  Writer(payload).U64(note.identifier);
  EncodeRedirect(redirect, payload);
  const auto put = [&](std::string_view key, AnswerCache::Kind kind, std::string_view octets) {
    desk_.cache->Put(AnswerHash(key), key, kind,
                     {.payload = octets, .enterprise = note.enterprise, .all_public = false},
                     stamp_, {hashes_.data(), levels_});
  };
  if (!accepts_json_) put(key().substr(0, plain_size_), kForAll, by_wishes ? "" : payload);
  if (!accepts_json_ && !by_wishes) return;
  if (!has_wishes_) AddWishes();
  if (usable_) put(key(), kForWishes, payload);
}

}  // namespace idnode
