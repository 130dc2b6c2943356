#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/config/options.h"

namespace idnode {

// One option's value as text: what it means, or why it cannot be one.
struct OptionValue {
  std::string text;
  uint64_t number = 0;
};
struct OptionRefusal {
  std::string en, zh;
};
std::optional<OptionRefusal> ParseOptionValue(const OptionRow& row, std::string_view text,
                                              OptionValue& value);

// host:port, brackets around an IPv6 host taken off. Nothing: it is none.
struct HostPort {
  std::string host;
  uint64_t port = 0;
};
std::optional<HostPort> SplitAddress(std::string_view text);

// Whether host:port names this machine's loopback: 127.0.0.0/8, [::1], localhost.
bool IsLoopbackAddress(std::string_view address);

// The option of this name; null: none.
const OptionRow* FindOption(std::string_view name);
// The option whose name differs least; empty: none is near.
std::string_view NearestOption(std::string_view name);

// IDNODE_HTTP_LISTEN for http.listen.
std::string EnvironmentNameOf(const OptionRow& row);

}  // namespace idnode
