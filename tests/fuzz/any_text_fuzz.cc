// Any text has a reading; one that is well formed is an identifier whose text comes back, and a
// fault lies within the text or at its end.
// rooms: proto/gs1 proto/ident proto/base
// mutations: 5000

#include <cstdint>
#include <string_view>

#include "proto/ident/any_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using idnode::Require;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view text = idnode::WithoutBlanks(input);
  Require(text.size() <= input.size());
  const auto readings = idnode::ReadAnyText(text);
  Require(!readings.empty());
  for (size_t i = 0; i < readings.size(); ++i) {
    const idnode::TextReading& reading = readings[i];
    if (!reading.well_formed()) {
      Require(reading.fault->character >= 1 && reading.fault->character <= text.size() + 1);
      continue;
    }
    Require(i == 0 || readings[i - 1].well_formed());
    const auto canonical = idnode::TextOfKey(reading.identifier.key);
    Require(canonical.ok());
  }
  return 0;
}
