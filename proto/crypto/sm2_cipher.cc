#include "proto/crypto/sm2_cipher.h"

#include <array>
#include <cstdint>

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr uint8_t kSequence = 0x30, kInteger = 0x02, kOctetString = 0x04;
constexpr char kUncompressed = 0x04;
constexpr size_t kNumberOctets = 32;
constexpr Error kNoCipher{Errc::kMalformed, "key: no cipher text of SM2"};

// The contents of one element of this type (X.690 8.1); lengths of up to two octets.
std::string_view Element(Reader& in, uint8_t type) {
  if (in.U8() != type) in.Fail();
  size_t octets = in.U8();
  if (octets == 0x81) octets = in.U8();
  if (octets == 0x82) octets = in.U16();
  return in.Raw(octets);
}

void AppendElement(uint8_t type, std::string_view contents, std::string& out) {
  Writer writer(out);
  writer.U8(type);
  if (contents.size() < 0x80) {
    writer.U8(static_cast<uint8_t>(contents.size()));
  } else {
    Require(contents.size() <= UINT16_MAX);
    writer.U8(0x82).U16(static_cast<uint16_t>(contents.size()));
  }
  writer.Raw(contents);
}

// A number of at most 32 octets, of exactly 32; nothing: it has more.
std::string Padded(std::string_view number) {
  while (number.size() > kNumberOctets && number.front() == '\0') number.remove_prefix(1);
  if (number.size() > kNumberOctets) return {};
  return std::string(kNumberOctets - number.size(), '\0').append(number);
}

// The shortest form, with a zero in front where the first bit would be a sign.
std::string Minimal(std::string_view number) {
  while (number.size() > 1 && number.front() == '\0') number.remove_prefix(1);
  const bool looks_negative = (static_cast<uint8_t>(number.front()) & 0x80) != 0;
  return std::string(looks_negative ? 1 : 0, '\0').append(number);
}

}  // namespace

Result<std::string> Sm2OctetsOf(std::string_view der) {
  Reader outer(der);
  Reader in(Element(outer, kSequence));
  const std::string x = Padded(Element(in, kInteger)), y = Padded(Element(in, kInteger));
  const std::string_view hash = Element(in, kOctetString), text = Element(in, kOctetString);
  if (!in.AtEnd() || !outer.AtEnd() || x.empty() || y.empty() || hash.size() != kNumberOctets) {
    return kNoCipher;
  }
  return std::string(1, kUncompressed).append(x).append(y).append(hash).append(text);
}

Result<std::string> Sm2DerOf(std::string_view octets) {
  if (octets.size() <= 1 + 3 * kNumberOctets || octets.size() > UINT16_MAX / 2) return kNoCipher;
  Reader in(octets);
  if (in.U8() != kUncompressed) return kNoCipher;
  std::string contents;
  AppendElement(kInteger, Minimal(in.Raw(kNumberOctets)), contents);
  AppendElement(kInteger, Minimal(in.Raw(kNumberOctets)), contents);
  AppendElement(kOctetString, in.Raw(kNumberOctets), contents);
  AppendElement(kOctetString, in.Rest(), contents);
  std::string der;
  AppendElement(kSequence, contents, der);
  return der;
}

}  // namespace idnode
