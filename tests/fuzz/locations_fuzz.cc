// Locations that are accepted are written as XML that reads back as the same ones, and one of them
// can be chosen; what is refused is refused for a reason of the input.
// rooms: proto/web proto/base
// mutations: 5000

#include <cstdint>
#include <string>

#include "proto/web/locations.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using idnode::Require;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto locations = idnode::ParseLocations(input);
  if (!locations) {
    Require(idnode::RowOf(locations.error().code).http < 500);
    return 0;
  }
  const idnode::Location* chosen = idnode::ChooseLocation(*locations, {.draw = 0.5});
  Require(chosen == nullptr || !chosen->href.empty());
  std::string xml;
  idnode::WriteLocations(*locations, xml);
  const auto again = idnode::ParseLocations(xml);
  // What was escaped may be longer than what is read.
  if (!again) {
    Require(again.error().code == idnode::Errc::kTooLarge);
    return 0;
  }
  Require(again->locations.size() == locations->locations.size());
  return 0;
}
