#include "storage/source_part.h"

#include <arpa/inet.h>

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kMappedOctets = 12;
constexpr size_t kSourceOctetsMin = 1 + 4 + 8 + 8;
// More than a node answers in an hour; with it no sum of a day's parts overflows.
constexpr uint64_t kRequestsMax = 1'000'000'000'000'000;
constexpr uint8_t kIpv4 = 4, kIpv6 = 6;

bool IsMapped(const SourceAddress& address) {
  constexpr std::array<uint8_t, kMappedOctets> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(kMapped.begin(), kMapped.end(), address.begin());
}

void WriteAddress(const SourceAddress& address, Writer& out) {
  out.U8(IsMapped(address) ? kIpv4 : kIpv6).Raw(AddressOctets(address));
}

SourceAddress ReadAddress(Reader& in) {
  const uint8_t family = in.U8();
  if (family != kIpv4 && family != kIpv6) in.Fail();
  const auto address = AddressOfOctets(in.Raw(family == kIpv4 ? 4 : 16));
  if (!address) in.Fail();
  return address ? *address : SourceAddress{};
}

bool StandsBefore(const SourceCount& a, const SourceCount& b) {
  return a.count != b.count ? a.count > b.count : a.address < b.address;
}

Status CheckPart(const SourcePart& part) {
  constexpr Error kOther{Errc::kMalformed, "sources: the counts contradict each other"};
  if (part.requests == 0 || part.requests > kRequestsMax || part.unlooked > kRequestsMax ||
      part.sources.size() > limits::kSourcesPerPartMax) {
    return kOther;
  }
  uint64_t counted = 0;
  for (size_t i = 0; i < part.sources.size(); ++i) {
    const SourceCount& source = part.sources[i];
    if (source.count == 0 || source.count > part.requests - counted) return kOther;
    if (i > 0 && !StandsBefore(part.sources[i - 1], source)) return kOther;
    counted += source.count;
  }
  const uint64_t rest = part.requests - counted;
  if (part.floor > rest) return kOther;
  for (const SourceCount& source : part.sources) {
    if (source.error > rest) return kOther;
  }
  return {};
}

std::string NameKey(const SourcePartName& name) {
  std::string key;
  Writer(key).U32(name.enterprise).U32(name.hour).U64(name.nonce);
  return key;
}

}  // namespace

std::string_view AddressOctets(const SourceAddress& address) {
  const std::string_view octets(reinterpret_cast<const char*>(address.data()), address.size());
  return IsMapped(address) ? octets.substr(kMappedOctets) : octets;
}

Result<SourceAddress> AddressOfOctets(std::string_view octets) {
  SourceAddress address{};
  if (octets.size() == 4) {
    address[10] = address[11] = 0xFF;
    std::ranges::copy(octets, address.begin() + kMappedOctets);
    return address;
  }
  std::ranges::copy(octets.substr(0, address.size()), address.begin());
  if (octets.size() == address.size() && !IsMapped(address)) return address;
  return Error{Errc::kMalformed, "sources: the octets are no address"};
}

std::string TextOf(const SourceAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IsMapped(address)) {
    inet_ntop(AF_INET, address.data() + kMappedOctets, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

uint64_t SourcePart::Counted() const {
  uint64_t counted = 0;
  for (const SourceCount& source : sources) counted += source.count;
  return counted;
}

std::string EncodeSourcePart(const SourcePart& part) {
  Require(CheckPart(part).ok());
  std::string body;
  Writer out(body);
  out.U8(kLayout).U64(part.requests).U64(part.floor).U64(part.unlooked);
  out.U32(static_cast<uint32_t>(part.sources.size()));
  for (const SourceCount& source : part.sources) {
    WriteAddress(source.address, out);
    out.U64(source.count).U64(source.error);
  }
  part.identifiers.Encode(out);
  return body;
}

Result<SourcePart> DecodeSourcePart(std::string_view body) {
  Reader in(body);
  const uint8_t layout = in.U8();
  if (!in.ok()) return Error{Errc::kMalformed, "sources: empty"};
  if (layout != kLayout) return Error{Errc::kFormatVersion, "sources: an unknown layout"};
  SourcePart part;
  part.requests = in.U64();
  part.floor = in.U64();
  part.unlooked = in.U64();
  const uint32_t count = in.Count32(kSourceOctetsMin);
  if (count > limits::kSourcesPerPartMax) in.Fail();
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    SourceCount& source = part.sources.emplace_back();
    source.address = ReadAddress(in);
    source.count = in.U64();
    source.error = in.U64();
  }
  part.identifiers = UniqueSketch::Decode(in);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "sources: the fields do not fill the body"};
  if (const Status fits = CheckPart(part); !fits) return fits.error();
  return part;
}

Result<SourcePartName> SourcePartNameOf(const LogItem& item) {
  Reader in(item.key);
  SourcePartName name;
  name.enterprise = in.U32();
  name.hour = in.U32();
  name.nonce = in.U64();
  if (!in.AtEnd() || name.enterprise != item.enterprise) {
    return Error{Errc::kMalformed, "sources: the key is another"};
  }
  return name;
}

void AddSourceParts(Change& change, uint32_t hour, uint64_t nonce, std::span<const PartOf> parts) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const SourcePartName name{parts[i].enterprise, hour, nonce};
    change.Begin(EventKind::kSources, name.enterprise, NameKey(name),
                 EncodeSourcePart(parts[i].part));
    if (i > 0) continue;
    const std::string key = keyspace::Sources(kOwn, hour, nonce);
    change.ExpectThat(Table::kSources, key, Expect::kAbsent);
    change.Put(Table::kSources, key, {});
  }
}

Result<std::vector<std::string>> SourceRowKeys(uint32_t origin, const LogRecord& record) {
  std::vector<std::string> keys;
  for (const LogItem& item : record.items) {
    if (item.kind != EventKind::kSources) continue;
    const auto name = SourcePartNameOf(item);
    if (!name) return name.error();
    if (const auto part = DecodeSourcePart(item.body); !part) return part.error();
    const uint64_t which = origin == kOwn ? name->nonce : record.position.value;
    std::string key = keyspace::Sources(origin, name->hour, which);
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace idnode
