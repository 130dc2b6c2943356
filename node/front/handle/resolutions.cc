#include "node/front/handle/resolutions.h"

#include "node/service/prefix_handle.h"
#include "proto/base/text.h"
#include "proto/ident/handle_name.h"

namespace idnode {
namespace {

constexpr uint32_t kNotPlain =
    op_flag::kCertify | op_flag::kEncrypt | op_flag::kReturnRequestDigest;

// An absent prefix handle may be answered with a referral to those who serve it (4.9).
bool MayBeReferred(std::string_view handle) {
  constexpr std::string_view kPrefixOfPrefixes = "0.NA/";
  if (IsHeartbeat(handle)) return false;
  return handle.find('/') == std::string_view::npos ||
         EqualFolded(handle.substr(0, kPrefixOfPrefixes.size()), kPrefixOfPrefixes);
}

// What the front knows of the class; the resolver knows heartbeats.
void Classify(TrafficClass traffic_class, ResolutionNote& note) {
  if (note.traffic_class == TrafficClass::kExternal) note.traffic_class = traffic_class;
}

}  // namespace

Resolutions::Resolutions(const HandleServices& services, AnswerCache& cache)
    : services_(services), site_{services.site_serial, services.primary}, cache_(cache) {
  for (Identifier& each : identifiers_) {
    each.key.reserve(limits::kCanonicalKeyOctetsMax);
    each.text.reserve(limits::kIdentifierOctetsMax);
  }
}

size_t Resolutions::Serve(std::span<BatchItem> batch, Transport transport, uint32_t now_seconds,
                          size_t out_octets_max, std::string& out) {
  Require(batch.size() <= kBatchMax);
  now_seconds_ = now_seconds;
  epoch_ = services_.counts.epoch();
  for (size_t i = 0; i < batch.size(); ++i) {
    Prepare(batch[i], identifiers_[i], transport);
    if (batch[i].has_key_) cache_.Prefetch(batch[i].hash);
  }
  for (const BatchItem& item : batch) {
    if (item.has_key_) cache_.PrefetchEntry(item.hash);
  }
  size_t served = 0;
  for (; served < batch.size() && out.size() < out_octets_max; ++served) {
    Answer(batch[served], identifiers_[served], out);
  }
  return served;
}

// Decides who answers, and finds the key.
void Resolutions::Prepare(BatchItem& item, Identifier& identifier, Transport transport) const {
  item.fate = BatchItem::Fate::kAnswered;
  item.is_resolution = item.has_key_ = false;
  item.refusal_ = ResponseCode::kNone;
  item.header_ = Header{};
  item.header_.flags = 0;
  if (item.over_limit) {
    item.refusal_ = ResponseCode::kServerTooBusy;
    return;
  }
  if (IsTooOld(item.envelope)) {
    item.refusal_ = ResponseCode::kProtocolError;
    return;
  }
  if (item.envelope.encrypted || item.envelope.compressed) {
    item.fate = BatchItem::Fate::kDispatch;
    return;
  }
  const auto message = DecodeMessage(item.message);
  if (!message) {
    item.refusal_ = CodeOfUndecodable(item.message);
    return;
  }
  item.header_ = message->header;
  if (transport == Transport::kUdp && item.header_.response_code != 0) {
    item.fate = BatchItem::Fate::kIgnored;  // Or two servers would answer each other for ever.
    return;
  }
  if (item.header_.op_code != static_cast<uint32_t>(OpCode::kResolution) ||
      item.envelope.session_id != 0 || item.header_.has(kNotPlain) ||
      !message->credential.empty()) {
    item.fate = BatchItem::Fate::kDispatch;
    return;
  }
  const auto request = DecodeResolutionRequest(message->body);
  if (!request) {
    item.refusal_ = request.error().code == Errc::kTooLarge ? ResponseCode::kInvalidHandle
                                                            : ResponseCode::kError;
    item.is_resolution = true;
    item.note = {kNoEnterprise, item.traffic_class, ResolutionOutcome::kMalformed};
    return;
  }
  item.request_ = *request;
  if (request->indexes.size() + request->types.size() > limits::kHandleLoopFiltersMax) {
    item.fate = BatchItem::Fate::kDispatch;
    return;
  }
  item.is_resolution = true;
  if (!ParseIdentifier(request->handle, identifier)) return;
  item.has_key_ = true;
  item.hash = AnswerHash(identifier.key);
}

void Resolutions::Answer(BatchItem& item, const Identifier& identifier, std::string& out) {
  item.begin = out.size();
  if (item.refusal_ != ResponseCode::kNone) {
    Append(item, item.refusal_, {}, out);
  } else if (item.is_resolution) {
    const auto hit = item.has_key_
                         ? cache_.Find(item.hash, identifier.key, AnswerCache::Kind::kHandleValues)
                         : std::nullopt;
    if (!hit) {
      AnswerFromStore(item, identifier, out);
    } else {
      const bool delegation = !PrefixNamedByKey(identifier.key).empty();
      item.note = {hit->enterprise, delegation ? TrafficClass::kDelegation : item.traffic_class,
                   ResolutionOutcome::kFound};
      AnswerWith(item, hit->payload, hit->all_public, out);
      const bool tells = item.note.is_success() && item.is_resolution && cache_.IsNewIn(epoch_);
      if (tells) item.note.identifier = item.hash;
    }
  }
  item.end = out.size();
}

void Resolutions::AnswerFromStore(BatchItem& item, const Identifier& identifier, std::string& out) {
  item.stamp = services_.stamps.Of(item.hash);  // Before the store is read.
  item.note = {};
  const auto answer =
      services_.resolver.Resolve(item.request_.handle, Reach::kMemoryOnly, scratch_, item.note);
  Classify(item.traffic_class, item.note);
  if (!answer && answer.error().code == Errc::kBusy) {
    item.fate = BatchItem::Fate::kDisk;
    item.is_resolution = false;
    return;
  }
  if (!answer) return AnswerError(item, answer.error(), out);
  values_.clear();
  const bool all_public = AppendPublicValues(answer->found.record, values_);
  if (item.has_key_ && answer->is_stored && answer->key == identifier.key) {
    cache_.Put(item.hash, answer->key, AnswerCache::Kind::kHandleValues,
               {values_, item.note.enterprise, all_public}, item.stamp);
  }
  AnswerWith(item, values_, all_public, out);
}

// 4.1, steps 4 to 7, over the values that anybody may read.
void Resolutions::AnswerWith(BatchItem& item, std::string_view values, bool all_public,
                             std::string& out) {
  if (!all_public && !item.header_.has(op_flag::kPublicOnly)) {
    item.fate = BatchItem::Fate::kDispatch;  // One that is not public may be among the selected.
    item.is_resolution = false;
    return;
  }
  const size_t begin = BeginMessage(out);
  const auto selected = AppendResolutionBody(item.request_, values, out);
  if (selected && *selected) {
    return EndMessage(ResponseEnvelope(item.envelope),
                      ResponseHeader(item.header_, ResponseCode::kSuccess, site_, now_seconds_),
                      begin, out);
  }
  out.resize(begin);
  if (!selected) return AnswerError(item, selected.error(), out);
  item.note.outcome = ResolutionOutcome::kNotFound;
  Append(item, ResponseCode::kValuesNotFound, {}, out);
}

void Resolutions::AnswerError(BatchItem& item, const Error& error, std::string& out) {
  const ResponseCode code = CodeOf(error, item.header_);
  const bool absent = code == ResponseCode::kHandleNotFound;
  const bool may_be_below = (absent || error.code == Errc::kNotHomed) &&
                            services_.resolver.MayBeServedBelow(item.request_.handle);
  const bool may_be_referred = may_be_below || (absent && MayBeReferred(item.request_.handle));
  if (!absent && !may_be_below) return Append(item, code, error.detail, out);
  if (may_be_referred && !item.header_.has(op_flag::kDoNotRefer)) {
    item.fate = BatchItem::Fate::kDispatch;
    item.is_resolution = false;
    return;
  }
  Append(item, code, absent ? std::string_view() : error.detail, out);
}

void Resolutions::Append(BatchItem& item, ResponseCode code, std::string_view text,
                         std::string& out) const {
  AppendRefusal(item.envelope, item.header_, code, site_, now_seconds_, text, out);
}

Resolutions::Fetched Resolutions::Fetch(const Resolver& resolver, std::string_view handle) {
  thread_local Resolver::Scratch scratch;
  Fetched fetched;
  const auto answer = resolver.Resolve(handle, Reach::kDisk, scratch, fetched.note);
  if (!answer) {
    fetched.status = answer.error();
    return fetched;
  }
  if (answer->is_stored) fetched.key = answer->key;
  fetched.all_public = AppendPublicValues(answer->found.record, fetched.values);
  return fetched;
}

void Resolutions::Finish(BatchItem& item, const Fetched& fetched, Transport transport,
                         uint32_t now_seconds, std::string& out) {
  now_seconds_ = now_seconds;
  Identifier& identifier = identifiers_[0];
  const uint64_t stamp = item.stamp;
  Prepare(item, identifier, transport);
  item.begin = out.size();
  item.note = fetched.note;
  Classify(item.traffic_class, item.note);
  if (!fetched.status) {
    AnswerError(item, fetched.status.error(), out);
  } else {
    if (item.has_key_ && fetched.key == identifier.key) {
      cache_.Put(item.hash, fetched.key, AnswerCache::Kind::kHandleValues,
                 {fetched.values, item.note.enterprise, fetched.all_public}, stamp);
    }
    AnswerWith(item, fetched.values, fetched.all_public, out);
  }
  item.end = out.size();
}

void Resolutions::RefuseForLoad(BatchItem& item, std::string& out) const {
  item.fate = BatchItem::Fate::kAnswered;
  item.begin = out.size();
  Append(item, ResponseCode::kServerTooBusy, {}, out);
  item.end = out.size();
}

void Resolutions::Refuse(const Envelope& envelope, ResponseCode code, uint32_t now_seconds,
                         std::string& out) const {
  Header header;
  header.flags = 0;
  AppendRefusal(envelope, header, code, site_, now_seconds, {}, out);
}

}  // namespace idnode
