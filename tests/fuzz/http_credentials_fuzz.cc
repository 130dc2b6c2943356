// What stands in Authorization, and where a proxy's path leads: refused for a reason of the input,
// or read; a URI made of any octets holds nothing that could end a line.
// rooms: node/front/http
// mutations: 20000

#include <algorithm>
#include <cstdint>
#include <string>

#include "node/front/http/handle_credentials.h"
#include "node/front/http/proxy_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace idnode;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto handle = ParseHandleCredentials(input);
  if (!handle) Require(RowOf(handle.error().code).http < 500);
  const auto password = ParsePasswordCredentials(input);
  if (!password) Require(RowOf(password.error().code).http < 500);
  if (IsHandlePath(input)) HandleInPath(input);
  const std::string uri = UriOf(input);
  Require(std::ranges::all_of(uri, [](char c) { return c > ' ' && c < '\x7f'; }));
  return 0;
}
