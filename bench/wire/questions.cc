#include "bench/wire/questions.h"

#include <fmt/format.h>

#include "proto/base/writer.h"
#include "proto/handle/message.h"
#include "proto/handle/requests.h"

namespace idnode::wire {
namespace {

constexpr size_t kDnsHeaderOctets = 12;

std::string HandleQuestion(const QuestionOptions& options, uint64_t number, uint32_t request_id) {
  const std::string name = fmt::format("{}/SN-{:012}", options.prefix, number);
  std::string body, message, out;
  EncodeResolutionRequest({.handle = name, .indexes = {}, .types = {}}, body);
  Header header;
  header.op_code = static_cast<uint32_t>(OpCode::kResolution);
  EncodeMessage(header, body, {}, message);
  Envelope envelope;
  envelope.request_id = request_id;
  envelope.message_octets = static_cast<uint32_t>(message.size());
  EncodeEnvelope(envelope, out);
  return out + message;
}

// One question of type TXT, class IN (RFC 1035 4.1).
std::string DnsQuestion(const QuestionOptions& options, uint64_t number, uint32_t request_id) {
  const std::string label = fmt::format("sn{:012}", number);
  std::string out;
  Writer(out).U16(static_cast<uint16_t>(request_id)).U16(0).U16(1).U16(0).U16(0).U16(0);
  for (const std::string& part : {label, options.zone}) {
    Writer(out).U8(static_cast<uint8_t>(part.size())).Raw(part);
  }
  Writer(out).U8(0).U16(16).U16(1);
  return out;
}

}  // namespace

std::vector<std::string> MakeQuestions(const QuestionOptions& options) {
  std::vector<std::string> questions;
  questions.reserve(options.count);
  uint64_t state = 88;
  for (uint32_t i = 0; i < options.count; ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    const uint64_t number = options.first + (state >> 20) % options.range;
    questions.push_back(options.language == Language::kHandle
                            ? HandleQuestion(options, number, i + 1)
                            : DnsQuestion(options, number, i + 1));
  }
  return questions;
}

Told ReadAnswer(Language language, const char* answer, size_t octets) {
  if (language == Language::kDns) {
    if (octets < kDnsHeaderOctets) return Told::kOther;
    const int code = answer[3] & 0x0F;
    if (code == 3) return Told::kAbsent;
    return code == 0 && LoadU16(answer + 6) > 0 ? Told::kFound : Told::kOther;
  }
  if (octets < kEnvelopeOctets + kHeaderOctets) return Told::kOther;
  const uint32_t code = LoadU32(answer + kEnvelopeOctets + 4);
  if (code == static_cast<uint32_t>(ResponseCode::kHandleNotFound)) return Told::kAbsent;
  return code == static_cast<uint32_t>(ResponseCode::kSuccess) ? Told::kFound : Told::kOther;
}

}  // namespace idnode::wire
