// Datagrams of strangers never make the reassembly hold more than its limits, and what it puts
// together has the length that was announced.
// rooms: proto/handle proto/base

#include <cstdint>
#include <string>

#include "proto/base/reader.h"
#include "proto/handle/fragments.h"

namespace {

using idnode::Require;
constexpr idnode::Reassembly::Limits kLimits{
    .messages_max = 4, .octets_max = 4'096, .messages_of_source_max = 2, .lifetime_micros = 1'000};

// Three octets in front: who, how much later, and in which request. Then number and total, each a
// u16; the piece is as long as it must be, or an octet shorter where the request's top bit is set.
void AddOne(idnode::Reader& in, idnode::Reassembly& reassembly, uint64_t& now) {
  idnode::Reassembly::Source source{};
  source[0] = in.U8() & 3;
  now += uint64_t{in.U8()} * 8;
  const uint8_t request = in.U8();
  idnode::Envelope envelope;
  envelope.request_id = request & 3;
  envelope.sequence = in.U16();
  envelope.message_octets = in.U16();
  const size_t total = envelope.message_octets;
  const size_t number = envelope.sequence;
  size_t octets = idnode::kFragmentOctetsMax;
  if (number + 1 == idnode::FragmentCount(total)) octets = total - number * octets;
  if (request >= 0x80 && octets > 0) --octets;
  const auto whole = reassembly.Add(source, envelope, std::string(octets, 'x'), now);
  Require(!whole || *whole == std::string(total, 'x'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  idnode::Reader in(std::string_view(reinterpret_cast<const char*>(data), size));
  idnode::Reassembly reassembly(kLimits);
  uint64_t now = 0;
  while (in.left() >= 7) {
    AddOne(in, reassembly, now);
    Require(reassembly.messages() <= kLimits.messages_max);
    Require(reassembly.octets() <= kLimits.octets_max);
  }
  reassembly.Expire(now + kLimits.lifetime_micros);
  Require(reassembly.messages() == 0 && reassembly.octets() == 0);
  return 0;
}
