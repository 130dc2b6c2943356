#include "proto/business/text_forms.h"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr size_t kLocalPartOctetsMax = 64;
constexpr size_t kHostOctetsMax = 253;
constexpr size_t kLabelOctetsMax = 63;
constexpr size_t kTelephoneDigitsMin = 5;
constexpr size_t kAmountDigitsMax = 13;
constexpr size_t kAmountDecimalsMax = 6;

bool IsLetterOrDigit(char c) {
  const char upper = UpperAscii(c);
  return IsDigit(c) || (upper >= 'A' && upper <= 'Z');
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= kLabelOctetsMax && label.front() != '-' &&
         label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return IsLetterOrDigit(c) || c == '-'; });
}

bool IsPort(std::string_view text) {
  const auto port = ParseDecimal(text, UINT16_MAX);
  return port && *port > 0;
}

template <class Address>
bool IsAddress(int family, std::string_view text) {
  Address address{};
  return inet_pton(family, std::string(text).c_str(), &address) == 1;
}

}  // namespace

bool IsHostName(std::string_view text) {
  if (text.size() > kHostOctetsMax || text.find('.') == std::string_view::npos) return false;
  while (true) {
    const size_t dot = text.find('.');
    if (!IsLabel(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool IsEmailAddress(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'+/=?^_`{|}~-.";
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > kLocalPartOctetsMax) return false;
  const std::string_view local = text.substr(0, at);
  const auto fits = [&](char c) {
    return IsLetterOrDigit(c) || kMarks.find(c) != std::string_view::npos;
  };
  return local.front() != '.' && local.back() != '.' &&
         local.find("..") == std::string_view::npos && std::ranges::all_of(local, fits) &&
         IsHostName(text.substr(at + 1));
}

bool IsTelephoneNumber(std::string_view text) {
  constexpr std::string_view kMarks = "-() ";
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto digits = std::ranges::count_if(text, IsDigit);
  return static_cast<size_t>(digits) >= kTelephoneDigitsMin && IsDigit(text.back()) &&
         std::ranges::all_of(
             text, [&](char c) { return IsDigit(c) || kMarks.find(c) != std::string_view::npos; });
}

bool IsCalendarDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](size_t at, size_t size) {
    const std::string_view digits = text.substr(at, size);
    if (!std::ranges::all_of(digits, IsDigit)) return 0u;
    return static_cast<unsigned>(*ParseDecimal(digits));
  };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number(0, 4))),
                                         std::chrono::month(number(5, 2)),
                                         std::chrono::day(number(8, 2))};
  return date.ok() && date.year() >= std::chrono::year(1000);
}

bool IsAmount(std::string_view text) {
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (whole.empty() || whole.size() > kAmountDigitsMax || !std::ranges::all_of(whole, IsDigit)) {
    return false;
  }
  if (point == std::string_view::npos) return true;
  const std::string_view decimals = text.substr(point + 1);
  return !decimals.empty() && decimals.size() <= kAmountDecimalsMax &&
         std::ranges::all_of(decimals, IsDigit);
}

bool IsWebAddress(std::string_view text) {
  const bool secure = text.starts_with("https://");
  if (!secure && !text.starts_with("http://")) return false;
  if (std::ranges::any_of(text, [](char c) {
        return c <= ' ' || c >= '\x7f' || c == '"' || c == '<' || c == '>' || c == '\\';
      })) {
    return false;
  }
  const std::string_view rest = text.substr(secure ? 8 : 7);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos) return IsHostName(authority);
  return IsHostName(authority.substr(0, colon)) && IsPort(authority.substr(colon + 1));
}

bool IsIpAddress(std::string_view text) {
  return IsAddress<in_addr>(AF_INET, text) || IsAddress<in6_addr>(AF_INET6, text);
}

bool IsEndpoint(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !IsPort(text.substr(colon + 1))) return false;
  const std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    return IsAddress<in6_addr>(AF_INET6, host.substr(1, host.size() - 2));
  }
  return IsAddress<in_addr>(AF_INET, host);
}

FileKind FileKindOf(std::string_view octets) {
  if (octets.starts_with("\xFF\xD8\xFF")) return FileKind::kJpeg;
  if (octets.starts_with("\x89PNG\r\n\x1A\n")) return FileKind::kPng;
  // The header of a bitmap file is 14 octets, that of its picture 12 at least.
  if (octets.starts_with("BM") && octets.size() >= 26) return FileKind::kBmp;
  if (octets.starts_with("%PDF-")) return FileKind::kPdf;
  return FileKind::kUnknown;
}

}  // namespace idnode
