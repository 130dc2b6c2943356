#include "node/config/option_value.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr size_t kTextOctetsMax = 4'096;
constexpr size_t kNearEditsMax = 3;

struct Unit {
  std::string_view name;
  uint64_t octets;
};
constexpr auto kUnits = std::to_array<Unit>(
    {{"KiB", uint64_t{1} << 10}, {"MiB", kMebi}, {"GiB", kGibi}, {"TiB", kTebi}, {"B", 1}});

OptionRefusal Refuse(std::string en, std::string zh) { return {std::move(en), std::move(zh)}; }

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<OptionRefusal> CheckRange(const OptionRow& row, uint64_t number) {
  if (number >= row.min && number <= row.max) return std::nullopt;
  const std::string range = std::to_string(row.min) + " - " + std::to_string(row.max);
  return Refuse("must be within " + range, "必须在 " + range + " 之间");
}

std::optional<OptionRefusal> ParseNumber(const OptionRow& row, std::string_view text,
                                         OptionValue& value) {
  const auto number = ParseDecimal(text);
  if (!number) return Refuse("must be a whole number", "必须是整数");
  value.number = *number;
  return CheckRange(row, *number);
}

std::optional<OptionRefusal> ParseOctets(const OptionRow& row, std::string_view text,
                                         OptionValue& value) {
  uint64_t scale = 1;
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    text = Trim(text.substr(0, text.size() - unit.name.size()));
    scale = unit.octets;
    break;
  }
  const auto number = ParseDecimal(text, UINT64_MAX / scale);
  if (!number) {
    return Refuse("must be a number of octets such as 512MiB (KiB, MiB, GiB, TiB)",
                  "必须是字节数，例如 512MiB（KiB、MiB、GiB、TiB）");
  }
  value.number = *number * scale;
  return CheckRange(row, value.number);
}

std::optional<OptionRefusal> ParseChoice(const OptionRow& row, std::string_view text) {
  for (std::string_view left = row.choices; !left.empty();) {
    const size_t bar = std::min(left.find('|'), left.size());
    if (left.substr(0, bar) == text) return std::nullopt;
    left.remove_prefix(std::min(bar + 1, left.size()));
  }
  const std::string choices(row.choices);
  return Refuse("must be one of " + choices, "必须是 " + choices + " 之一");
}

bool IsHostName(std::string_view host) {
  return host.size() <= 253 && std::ranges::all_of(host, [](char c) {
           return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '.' ||
                  c == '-';
         });
}

std::optional<OptionRefusal> CheckAddress(std::string_view text) {
  const auto address = SplitAddress(text);
  in6_addr ipv6;
  const bool fits = address && (address->host.find(':') == std::string::npos
                                    ? IsHostName(address->host)
                                    : inet_pton(AF_INET6, address->host.c_str(), &ipv6) == 1);
  if (fits) return std::nullopt;
  return Refuse("must be host:port, such as 127.0.0.1:8080 or [::1]:8080",
                "必须是“主机:端口”，例如 127.0.0.1:8080 或 [::1]:8080");
}

bool IsNetwork(const std::string& text) {
  const size_t slash = text.find('/');
  const std::string head = text.substr(0, slash);
  in6_addr octets;
  const bool ipv4 = inet_pton(AF_INET, head.c_str(), &octets) == 1;
  if (!ipv4 && inet_pton(AF_INET6, head.c_str(), &octets) != 1) return false;
  return slash == std::string::npos ||
         ParseDecimal(std::string_view(text).substr(slash + 1), ipv4 ? 32 : 128).ok();
}

// index:handle, as the Handle protocol names administrators.
bool IsIdentity(std::string_view text) {
  const size_t colon = text.find(':');
  return colon != std::string_view::npos && colon + 1 < text.size() &&
         ParseDecimal(text.substr(0, colon), INT32_MAX).ok();
}

// Whether each of the parts between commas is one.
template <class F>
bool AreAll(std::string_view text, const F& is_one) {
  for (;;) {
    const size_t comma = text.find(',');
    if (!is_one(Trim(text.substr(0, comma)))) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

std::optional<OptionRefusal> CheckAddresses(std::string_view text) {
  const auto is_one = [](std::string_view part) { return !CheckAddress(part); };
  if (AreAll(text, is_one)) return std::nullopt;
  return Refuse("must be host:port, such as 0.0.0.0:2641, [::]:2641, separated by commas",
                "必须是“主机:端口”，以逗号分隔，例如 0.0.0.0:2641, [::]:2641");
}

std::optional<OptionRefusal> CheckChoices(const OptionRow& row, std::string_view text) {
  const auto is_one = [&](std::string_view part) { return !ParseChoice(row, part); };
  if (AreAll(text, is_one)) return std::nullopt;
  return Refuse("must be of " + std::string(row.choices) + ", separated by commas",
                "必须取自 " + std::string(row.choices) + "，以逗号分隔");
}

std::optional<OptionRefusal> CheckNetworks(std::string_view text) {
  const auto is_one = [](std::string_view part) { return IsNetwork(std::string(part)); };
  if (AreAll(text, is_one)) return std::nullopt;
  return Refuse("must be networks such as 10.0.0.0/8, fd00::/8, separated by commas",
                "必须是网络地址，以逗号分隔，例如 10.0.0.0/8, fd00::/8");
}

std::optional<OptionRefusal> CheckIdentities(std::string_view text) {
  if (AreAll(text, IsIdentity)) return std::nullopt;
  return Refuse("must be administrators such as 300:88.118/ADMIN, separated by commas",
                "必须是管理员（索引:标识），以逗号分隔，例如 300:88.118/ADMIN");
}

// /products/cn: what an URI shows as it is, without a slash at its end.
bool IsPlainPath(std::string_view path) {
  return path.size() > 1 && path.front() == '/' && !path.ends_with('/') &&
         path.find("//") == std::string_view::npos && std::ranges::all_of(path, [](char c) {
           return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') ||
                  std::string_view("/-_.~").find(c) != std::string_view::npos;
         });
}

// host/path
bool IsStem(std::string_view text) {
  const size_t slash = std::min(text.find('/'), text.size());
  return slash > 0 && IsHostName(text.substr(0, slash)) && IsPlainPath(text.substr(slash));
}

std::optional<OptionRefusal> CheckStems(std::string_view text) {
  if (AreAll(text, IsStem)) return std::nullopt;
  return Refuse("must be host/path, such as id.example.cn/products, separated by commas",
                "必须是“主机/路径”，以逗号分隔，例如 id.example.cn/products");
}

// scheme://host[:port][/path]
bool IsRoot(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    const size_t slash = std::min(text.find('/'), text.size());
    const std::string_view authority = text.substr(0, slash);
    const std::string_view path = text.substr(slash);
    const bool is_host = !authority.empty() && IsHostName(authority);
    return (is_host || !CheckAddress(authority)) && (path.empty() || IsPlainPath(path));
  }
  return false;
}

std::optional<OptionRefusal> CheckRoot(std::string_view text) {
  if (IsRoot(text)) return std::nullopt;
  return Refuse("must be a web address without a slash at its end, such as https://id.example.cn",
                "必须是末尾不带斜杠的网址，例如 https://id.example.cn");
}

// Digits of a GS1 key from the company prefix on, and whose they are.
bool IsHandler(std::string_view text) {
  constexpr size_t kDigitsMin = 3, kDigitsMax = 12;
  const size_t equals = std::min(text.find('='), text.size());
  const std::string_view digits = text.substr(0, equals);
  return digits.size() >= kDigitsMin && digits.size() <= kDigitsMax &&
         std::ranges::all_of(digits, IsDigit) &&
         IsRoot(text.substr(std::min(equals + 1, text.size())));
}

std::optional<OptionRefusal> CheckHandlers(std::string_view text) {
  if (AreAll(text, IsHandler)) return std::nullopt;
  return Refuse("must be digits=address, such as 690123=https://id.example.cn, separated by commas",
                "必须是“数字=网址”，以逗号分隔，例如 690123=https://id.example.cn");
}

// A Handle prefix, and where the directory of who answers for it begins.
bool IsDirectory(std::string_view text) {
  const size_t equals = std::min(text.find('='), text.size());
  const std::string_view prefix = text.substr(0, equals);
  return !prefix.empty() && IsDigit(prefix.front()) && IsDigit(prefix.back()) &&
         prefix.find("..") == std::string_view::npos &&
         std::ranges::all_of(prefix, [](char c) { return IsDigit(c) || c == '.'; }) &&
         IsRoot(text.substr(std::min(equals + 1, text.size())));
}

std::optional<OptionRefusal> CheckDirectories(std::string_view text) {
  if (AreAll(text, IsDirectory)) return std::nullopt;
  return Refuse(
      "must be prefix=address, such as 88.118.8=https://sn.example.cn/iiidap, separated "
      "by commas",
      "必须是“前缀=网址”，以逗号分隔，例如 88.118.8=https://sn.example.cn/iiidap");
}

// How many characters have to be put in, taken out or replaced (Levenshtein).
size_t EditsBetween(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::optional<OptionRefusal> ParseOptionValue(const OptionRow& row, std::string_view text,
                                              OptionValue& value) {
  if (text.size() > kTextOctetsMax || !IsUtf8(text) || HasControlCharacter(text)) {
    return Refuse("must be printable UTF-8 of at most 4096 octets",
                  "必须是可打印的 UTF-8 文本，不超过 4096 字节");
  }
  text = Trim(text);
  value.text = text;
  // Empty means "not set" where that is the default.
  if (text.empty() && row.default_value.empty()) return std::nullopt;
  switch (row.type) {
    case OptionType::kText:
      return std::nullopt;
    case OptionType::kChoice:
      return ParseChoice(row, text);
    case OptionType::kNumber:
      return ParseNumber(row, text, value);
    case OptionType::kOctets:
      return ParseOctets(row, text, value);
    case OptionType::kAddress:
      return CheckAddress(text);
    case OptionType::kPath:
      if (text.starts_with('/')) return std::nullopt;
      return Refuse("must be an absolute path", "必须是绝对路径");
    case OptionType::kAddresses:
      return CheckAddresses(text);
    case OptionType::kIdentities:
      return CheckIdentities(text);
    case OptionType::kStems:
      return CheckStems(text);
    case OptionType::kHandlers:
      return CheckHandlers(text);
    case OptionType::kDirectories:
      return CheckDirectories(text);
    case OptionType::kRoot:
      return CheckRoot(text);
    case OptionType::kChoices:
      return CheckChoices(row, text);
    case OptionType::kNetworks:
      break;
  }
  return CheckNetworks(text);
}

std::optional<HostPort> SplitAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const auto port = ParseDecimal(text.substr(colon + 1), 65'535);
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!port || bracketed != (host.find(':') != std::string_view::npos)) return std::nullopt;
  return HostPort{std::string(host), *port};
}

bool IsLoopbackAddress(std::string_view address) {
  const auto split = SplitAddress(address);
  if (!split) return false;
  in_addr ipv4;
  in6_addr ipv6;
  if (inet_pton(AF_INET, split->host.c_str(), &ipv4) == 1) return ntohl(ipv4.s_addr) >> 24 == 127;
  if (inet_pton(AF_INET6, split->host.c_str(), &ipv6) == 1) return IN6_IS_ADDR_LOOPBACK(&ipv6);
  return EqualFolded(split->host, "localhost");
}

const OptionRow* FindOption(std::string_view name) {
  const auto row = std::ranges::find(kOptionRows, name, &OptionRow::name);
  return row == kOptionRows.end() ? nullptr : &*row;
}

std::string_view NearestOption(std::string_view name) {
  if (name.size() > 64) return {};
  std::string_view nearest;
  size_t fewest = kNearEditsMax + 1;
  for (const OptionRow& row : kOptionRows) {
    const size_t edits = EditsBetween(name, row.name);
    if (edits >= fewest) continue;
    fewest = edits;
    nearest = row.name;
  }
  return nearest;
}

std::string EnvironmentNameOf(const OptionRow& row) {
  std::string name = "IDNODE_" + UpperAscii(row.name);
  std::ranges::replace(name, '.', '_');
  return name;
}

}  // namespace idnode
