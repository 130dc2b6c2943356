#include "node/front/handle/answers.h"

#include <algorithm>

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

// What a response says as the request said it.
constexpr uint32_t kReturnedFlags =
    op_flag::kAuthoritative | op_flag::kCertify | op_flag::kEncrypt | op_flag::kCacheCertify |
    op_flag::kPublicOnly | op_flag::kReturnRequestDigest | op_flag::kDoNotRefer;

// How often a question may have been handed on before it comes here and is handed on once more.
constexpr uint8_t kRecursionsMax = 10;

constexpr size_t kCountOctets = 4;
constexpr size_t kReferenceOctetsMin = 8;

void SetCount(std::string& out, size_t place, uint32_t count) {
  for (size_t i = 0; i < kCountOctets; ++i) {
    out[place + i] = static_cast<char>(count >> (8 * (kCountOctets - 1 - i)));
  }
}

// One encoded value at the front of `in`, without decoding more than what a filter asks for.
struct EncodedValue {
  uint32_t index;
  std::string_view type;
  std::string_view octets;
};
EncodedValue NextValue(std::string_view& in) {
  Reader reader(in);
  EncodedValue value;
  value.index = reader.U32();
  reader.Raw(4 + 1 + 4 + 1);  // Timestamp, time to live, permissions.
  value.type = reader.Text32(in.size());
  reader.Text32(in.size());
  for (uint32_t n = reader.Count32(kReferenceOctetsMin); n > 0; --n) {
    reader.Text32(in.size());
    reader.U32();
  }
  value.octets = reader.ok() ? in.substr(0, in.size() - reader.left()) : std::string_view();
  in.remove_prefix(value.octets.size());
  return value;
}

}  // namespace

Envelope ResponseEnvelope(const Envelope& request) {
  Envelope envelope;
  envelope.version = IsTooOld(request) ? kVersionWithoutSite : EffectiveVersion(request.suggested);
  envelope.session_id = request.session_id;
  envelope.request_id = request.request_id;
  return envelope;
}

bool IsTooOld(const Envelope& request) {
  return !EffectiveVersion(request.suggested).AtLeast(kOldestHandleVersion);
}

Header ResponseHeader(const Header& request, ResponseCode code, const AnsweringSite& site,
                      uint32_t now_seconds) {
  Header header;
  header.op_code = request.op_code;
  header.response_code = static_cast<uint32_t>(code);
  header.flags = (request.flags & kReturnedFlags) | op_flag::kRecursive |
                 (site.primary ? op_flag::kAuthoritative : 0);
  header.site_serial = site.serial;
  header.recursion_count = request.recursion_count;
  header.expiration = now_seconds + kExpirationSeconds;
  return header;
}

ResponseCode CodeOf(const Error& error) {
  return static_cast<ResponseCode>(RowOf(error.code).handle_rc);
}

ResponseCode CodeOf(const Error& error, const Header& request) {
  const bool handed_on_too_often =
      request.has(op_flag::kRecursive) && request.recursion_count >= kRecursionsMax;
  if (error.code == Errc::kNotHomed && handed_on_too_often) {
    return ResponseCode::kRecursionCountTooHigh;
  }
  return CodeOf(error);
}

ResponseCode CodeOfUndecodable(std::string_view message) {
  return message.size() < kHeaderOctets ? ResponseCode::kProtocolError : ResponseCode::kError;
}

void AppendMessage(const Envelope& envelope, const Header& header, std::string_view body,
                   std::string_view credential, std::string& out) {
  Envelope sized = envelope;
  sized.message_octets =
      static_cast<uint32_t>(kHeaderOctets + body.size() + kCountOctets + credential.size());
  EncodeEnvelope(sized, out);
  EncodeMessage(header, body, credential, out);
}

size_t BeginMessage(std::string& out) {
  const size_t begin = out.size();
  out.append(kEnvelopeOctets + kHeaderOctets, '\0');
  return begin;
}

void EndMessage(const Envelope& envelope, const Header& header, size_t begin, std::string& out) {
  const size_t body_octets = out.size() - begin - kEnvelopeOctets - kHeaderOctets;
  Require(body_octets <= UINT32_MAX - kHeaderOctets - kCountOctets);
  out.append(kCountOctets, '\0');  // No credential.
  Envelope sized = envelope;
  sized.message_octets = static_cast<uint32_t>(kHeaderOctets + body_octets + kCountOctets);
  Header complete = header;
  complete.body_octets = static_cast<uint32_t>(body_octets);
  PutEnvelope(sized, out.data() + begin);
  PutHeader(complete, out.data() + begin + kEnvelopeOctets);
}

void AppendRefusal(const Envelope& request, const Header& header, ResponseCode code,
                   const AnsweringSite& site, uint32_t now_seconds, std::string_view text,
                   std::string& out) {
  thread_local std::string body;
  body.clear();
  EncodeErrorResponse(text, body);
  Header refusal = ResponseHeader(header, code, site, now_seconds);
  refusal.flags &= ~(op_flag::kReturnRequestDigest | op_flag::kCertify);  // There is none.
  AppendMessage(ResponseEnvelope(request), refusal, body, {}, out);
}

bool AppendPublicValues(const RecordView& record, std::string& out) {
  const size_t place = out.size();
  out.append(kCountOctets, '\0');
  uint32_t count = 0;
  for (RecordView::Walk walk = record.values(); walk.Next();) {
    if ((walk.permissions() & kPublicRead) == 0) continue;
    out.append(walk.octets());
    ++count;
  }
  SetCount(out, place, count);
  return count == record.value_count();
}

void AppendAllValues(const RecordView& record, std::string& out) {
  AppendValueCount(static_cast<uint32_t>(record.value_count()), out);
  for (RecordView::Walk walk = record.values(); walk.Next();) out.append(walk.octets());
}

Result<bool> AppendResolutionBody(const ResolutionRequest& request, std::string_view values,
                                  std::string& body) {
  const size_t start = body.size();
  Reader in(values);
  const uint32_t count = in.U32();
  if (!in.ok()) return Error{Errc::kCorrupt, "values without their count"};
  if (count == 0) return false;
  Writer(body).Text32(request.handle);
  if (request.selects_all()) {
    body.append(values);
    return true;
  }
  std::string_view rest = in.Rest();
  const size_t place = body.size();
  body.append(kCountOctets, '\0');
  uint32_t selected = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const EncodedValue value = NextValue(rest);
    if (value.octets.empty()) {
      body.resize(start);
      return Error{Errc::kCorrupt, "a value runs past the others"};
    }
    if (!request.Selects(value.index, value.type)) continue;
    body.append(value.octets);
    ++selected;
  }
  if (selected == 0) {
    body.resize(start);
    return false;
  }
  SetCount(body, place, selected);
  return true;
}

}  // namespace idnode
