// Valid elements come back from both forms, and from their canonical URI if they have one.
// rooms: proto/gs1 proto/base

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/gs1/element_string.h"
#include "proto/gs1/uri.h"

namespace {

using idnode::Require;

std::string Bracketed(const idnode::Gs1ElementList& elements) {
  std::string text;
  idnode::AppendBracketed(elements, text);
  return text;
}

void CheckComesBack(const std::string& text, const idnode::Gs1ElementList& elements) {
  idnode::Gs1ElementList again;
  Require(idnode::ParseElementString(text, again).ok());
  Require(idnode::CheckElements(again).ok());
  Require(Bracketed(again) == Bracketed(elements));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  idnode::Gs1ElementList elements;
  if (!idnode::ParseElementString(input, elements)) return 0;
  std::string uri;
  const bool has_uri = idnode::AppendCanonicalUri(elements, uri).ok();
  if (!idnode::CheckElements(elements)) return 0;

  // The limit holds for what is read: what was read is at most a little longer when it is written.
  if (input.size() <= 1024) {
    CheckComesBack(Bracketed(elements), elements);
    std::string printed;
    idnode::AppendFnc1(elements, printed);
    CheckComesBack(printed, elements);
  }
  if (!has_uri) return 0;
  const auto link = idnode::ParseGs1Uri(uri, idnode::Gs1Leniency::kNone);
  Require(link.ok());
  Require(idnode::CanonicalGs1Uri(*link) == uri);
  return 0;
}
