// What a tag holds is refused, or is a Digital Link path that reads as itself; the same for an EPC
// URN. An EPC means the same in either alphabet.
// rooms: proto/gs1 proto/base

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/gs1/bit_reader.h"
#include "proto/gs1/epc_binary.h"
#include "proto/gs1/epc_urn.h"
#include "proto/gs1/uri.h"

namespace {

using idnode::Require;

void CheckLink(std::string_view link) {
  Require(link.starts_with('/'));
  idnode::Gs1Path path;
  Require(idnode::ParseGs1Path(link.substr(0, link.find('?')), path).ok());
  std::string canonical = "/";
  idnode::AppendCanonicalPath(path, canonical);
  Require(canonical == link.substr(0, link.find('?')));
}

// `hex` as base64url, the last character filled up with zeros.
std::string InBase64Url(std::string_view hex) {
  auto bits = idnode::BitsOfHex(hex);
  Require(bits.ok());
  bits->bits = (bits->bits + 5) / 6 * 6;
  bits->octets.push_back('\0');
  idnode::BitReader in(*bits);
  std::string text = "ex";
  in.Characters(bits->bits / 6, 6, idnode::kBase64UrlAlphabet, text);
  Require(in.ok());
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::string link;
  if (idnode::DecodeEpcUrn(input, link)) CheckLink(link);
  if (!idnode::DecodeEpcBinary(input, link)) return 0;
  CheckLink(link);
  if (!input.starts_with("eh")) return 0;
  std::string other;
  // More bits than the scheme's are zeros, so that some more of them change nothing.
  Require(idnode::DecodeEpcBinary(InBase64Url(input.substr(2)), other).ok() && other == link);
  return 0;
}
