#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/record/value.h"

namespace idnode {

inline constexpr std::string_view kHtmlMediaType = "text/html;charset=UTF-8";
// A page shows what strangers registered: it runs nothing and loads nothing.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

// The pages of the proxy (spec/handle-protocol.md 6.9), in Chinese and English. Everything in them
// that was registered or asked for is escaped. They append to `out`.
void WriteValuesPage(std::string_view handle, std::span<const Value> values, std::string& out);
void WriteRefusalPage(std::string_view handle, const Error& error, std::string& out);
// The few words under a redirection.
void WriteRedirectionPage(std::string_view location, std::string& out);

}  // namespace idnode
