// A token text that is one has one form: its parts put together are the text again.
// rooms: node/security proto/base

#include <cstdint>
#include <string>
#include <string_view>

#include "node/security/token.h"
#include "proto/base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto token = idnode::ParseToken(text);
  if (!token) return 0;
  const std::string again = "idn_" + std::string(token->id) + "_" + std::string(token->secret);
  idnode::Require(again == text);
  return 0;
}
