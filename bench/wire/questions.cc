#include "bench/wire/questions.h"

#include <fmt/format.h>

#include <string_view>

#include "proto/base/writer.h"
#include "proto/handle/message.h"
#include "proto/handle/requests.h"

namespace idnode::wire {
namespace {

constexpr size_t kDnsHeaderOctets = 12;
constexpr std::string_view kDigits = "000000000000";
constexpr size_t kRequestIdAt = 8;

std::string HandleQuestion(const QuestionOptions& options) {
  const std::string name =
      options.name.empty() ? fmt::format("{}/SN-{}", options.prefix, kDigits) : options.name;
  std::string body, message, out;
  EncodeResolutionRequest({.handle = name, .indexes = {}, .types = {}}, body);
  Header header;
  header.op_code = static_cast<uint32_t>(OpCode::kResolution);
  EncodeMessage(header, body, {}, message);
  Envelope envelope;
  envelope.message_octets = static_cast<uint32_t>(message.size());
  EncodeEnvelope(envelope, out);
  return out + message;
}

// One question of type TXT, class IN (RFC 1035 4.1).
std::string DnsQuestion(const QuestionOptions& options) {
  std::string out;
  Writer(out).U16(0).U16(0).U16(1).U16(0).U16(0).U16(0);
  for (const std::string& part : {fmt::format("sn{}", kDigits), options.zone}) {
    Writer(out).U8(static_cast<uint8_t>(part.size())).Raw(part);
  }
  Writer(out).U8(0).U16(16).U16(1);
  return out;
}

}  // namespace

QuestionMaker::QuestionMaker(const QuestionOptions& options, uint64_t seed)
    : options_(options), state_(seed) {
  const bool handle = options.language == Language::kHandle;
  form_ = handle ? HandleQuestion(options) : DnsQuestion(options);
  digits_at_ = options.name.empty() ? form_.find(kDigits) : 0;
  id_at_ = handle ? kRequestIdAt : 0;
  id_octets_ = handle ? 4 : 2;
  Require(digits_at_ != std::string::npos);
}

void QuestionMaker::Next(std::string& message) {
  state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
  uint64_t number = options_.first + (state_ >> 20) % options_.range;
  for (size_t i = digits_at_ == 0 ? 0 : kDigits.size(); i-- > 0; number /= 10) {
    message[digits_at_ + i] = static_cast<char>('0' + number % 10);
  }
  uint32_t id = ++id_;
  for (size_t i = id_octets_; i-- > 0; id >>= 8) message[id_at_ + i] = static_cast<char>(id);
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
