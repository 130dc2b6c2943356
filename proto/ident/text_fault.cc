#include "proto/ident/text_fault.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/gs1/element_string.h"
#include "proto/gs1/epc_urn_schemes.h"
#include "proto/gs1/fault.h"
#include "proto/gs1/key.h"
#include "proto/gs1/path.h"
#include "proto/gs1/segment.h"
#include "proto/ident/ecode_scheme.h"

namespace idnode {
namespace {

// A place in the text, in octets.
struct Spot {
  size_t at = 0;
  Error error;
  std::string right;
  std::string_view en = {}, zh = {};
};

bool IsLetterOrDigit(char c) {
  return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z');
}
bool IsSmallOrDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z'); }

// The first octet from `from` on that `fits` does not take; the end: all fit.
template <class Fits>
size_t FirstOther(std::string_view text, size_t from, const Fits& fits) {
  while (from < text.size() && fits(text[from])) ++from;
  return from;
}

Spot SpotOf(const Gs1Fault& fault, size_t value_at) {
  return {value_at + fault.at, fault.error, fault.right};
}

// AIs and values by turns, from `from` on.
Spot InPath(std::string_view text, size_t from, const Error& error) {
  Gs1Path path;
  for (size_t at = from; at < text.size();) {
    const size_t slash = std::min(text.find('/', at), text.size());
    const auto* ai = FindApplicationIdentifier(text.substr(at, slash - at));
    if (ai == nullptr) return {at, error, {}, "a GS1 Application Identifier", "GS1 应用标识符"};
    if (slash + 1 >= text.size()) return {text.size(), error, {}, "a value", "取值"};
    const size_t value_at = slash + 1;
    const size_t end = std::min(text.find_first_of("/?#", value_at), text.size());
    Gs1Segment segment;
    const auto value = segment.Decode(text.substr(value_at, end - value_at),
                                      Gs1Segment::BadEscape::kRefused, Gs1Segment::Plus::kPlus);
    if (!value) return {value_at, value.error()};
    if (const auto fault = FindGs1Fault(*ai, *value)) {
      const bool encoded = value->size() != end - value_at;
      return encoded ? Spot{value_at, fault->error} : SpotOf(*fault, value_at);
    }
    if (const Status added = path.Add(*ai, *value); !added) return {at, added.error()};
    at = end < text.size() && text[end] == '/' ? end + 1 : text.size();
  }
  return {text.size(), error};
}

// From its first primary key on.
Spot InAddress(std::string_view text, const Error& error) {
  const size_t path = PathOfAddress(text);
  for (size_t at = path; at < text.size() && text[at] == '/';) {
    const size_t end = std::min(text.find_first_of("/?#", at + 1), text.size());
    const auto* ai = FindApplicationIdentifier(text.substr(at + 1, end - at - 1));
    if (ai != nullptr && ai->primary_key) return InPath(text, at + 1, error);
    at = end;
  }
  return {
      path, error, {}, "a primary key of GS1, as /01/ and a GTIN", "GS1 主键，例如 /01/ 加 GTIN"};
}

Spot InBracketed(std::string_view text, const Error& error) {
  for (size_t at = 0; at < text.size();) {
    const size_t close = text.find(')', at);
    if (text[at] != '(' || close == std::string_view::npos) {
      return {at, error, {}, "an Application Identifier in brackets", "括号内的应用标识符"};
    }
    const auto* ai = FindApplicationIdentifier(text.substr(at + 1, close - at - 1));
    if (ai == nullptr) return {at + 1, error, {}, "a GS1 Application Identifier", "GS1 应用标识符"};
    size_t end = close + 1;
    while (end < text.size() && (text[end] != '(' || text[end - 1] == '\\')) ++end;
    if (end == close + 1) return {end, error, {}, "a value", "取值"};
    const auto fault = FindGs1Fault(*ai, text.substr(close + 1, end - close - 1));
    if (fault) return SpotOf(*fault, close + 1);
    at = end;
  }
  return {0, error, {}, "a primary key of GS1, as (01) and a GTIN", "GS1 主键，例如 (01) 加 GTIN"};
}

Spot InProductCode(std::string_view text, const Error& error) {
  constexpr uint16_t kGtin = 1;
  const bool has_length = text.size() == 8 || (text.size() >= 12 && text.size() <= 14);
  if (!has_length)
    return {text.size(), error, {}, "8, 12, 13 or 14 digits", "8、12、13 或 14 位数字"};
  const auto fault = FindGs1Fault(*FindApplicationIdentifier(kGtin), text);
  return fault ? SpotOf(*fault, 0) : Spot{0, error};
}

Spot InBareKey(std::string_view text, const Error& error) {
  const size_t digit = FirstOther(text, 0, IsDigit);
  if (digit < text.size() || text.empty()) return {digit, error};
  const std::string_view others = text.substr(0, text.size() - 1);
  return {others.size(), error, std::string(1, CheckDigitOf(others))};
}

Spot InEpcUrn(std::string_view text, const Error& error) {
  const std::string_view behind = text.substr(kEpcUrnStart.size());
  const auto* scheme = std::ranges::find_if(
      kEpcUrnSchemes, [&](const EpcUrnScheme& row) { return behind.starts_with(row.name); });
  if (scheme == kEpcUrnSchemes.end()) {
    return {kEpcUrnStart.size(),
            error,
            {},
            "id:sgtin:, id:sscc:, id:sgln:, … of a GS1 key",
            "GS1 编码的方案名，例如 id:sgtin:、id:sscc:、id:sgln:"};
  }
  const size_t company = kEpcUrnStart.size() + scheme->name.size();
  const size_t dot = FirstOther(text, company, IsDigit);
  if (dot == text.size() || text[dot] != '.') return {dot, error, {}, "a digit", "数字"};
  if (dot - company < kEpcCompanyDigitsMin || dot - company > kEpcCompanyDigitsMax) {
    return {dot, error, {}, "a company prefix of 6 to 12 digits", "6 至 12 位厂商识别代码"};
  }
  const size_t end = std::min(text.find('.', dot + 1), text.size());
  if (scheme->form == EpcUrnForm::kText) return {end, error};
  const size_t digits = FirstOther(text.substr(0, end), dot + 1, IsDigit);
  if (digits < end) return {digits, error, {}, "a digit", "数字"};
  if (dot - company + end - dot - 1 != scheme->digits) {
    return {end,
            error,
            {},
            "as many digits as company prefix and reference have together",
            "厂商识别代码与参考代码合计位数正确"};
  }
  return {end, error};
}

Spot InHexadecimal(std::string_view text, const Error& error) {
  const size_t start = text.starts_with("eh") || text.starts_with("ex") ? 2 : 0;
  const bool hexadecimal = !text.starts_with("ex");
  const size_t wrong = FirstOther(text, start, [&](char c) {
    return hexadecimal ? IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'F')
                       : IsLetterOrDigit(c) || c == '-' || c == '_';
  });
  return {wrong < text.size() ? wrong : start, error};
}

Spot InOid(std::string_view text, const Error& error) {
  const size_t start = IsDigit(text[0]) ? 0 : std::string_view("urn:oid:").size();
  size_t arcs = 0;
  for (size_t at = start;; ++arcs) {
    const size_t end = std::min(text.find('.', at), text.size());
    const size_t other = FirstOther(text.substr(0, end), at, IsDigit);
    if (other < end || other == at) return {other, error, {}, "a digit", "数字"};
    if (text[at] == '0' && end > at + 1) {
      return {at, error, {}, "an arc without leading zeros", "弧值不带前导零"};
    }
    if (arcs == 0 && (end > at + 1 || text[at] > '2'))
      return {at, error, {}, "0, 1 or 2", "0、1 或 2"};
    const bool few = arcs == 1 && text[start] != '2';
    if (few && (end - at > 2 || text.substr(at, end - at) > (end - at == 2 ? "39" : "9"))) {
      return {at, error, {}, "an arc of at most 39", "不大于 39 的弧值"};
    }
    if (end == text.size()) break;
    at = end + 1;
  }
  return {arcs == 0 ? text.size() : start, error};
}

Spot InEcode(std::string_view text, const Error& error) {
  const size_t start = text.find_first_of(":=") + 1;
  if (start >= text.size()) return {text.size(), error, {}, "a version, 1 to 4", "版本号 1 至 4"};
  const auto* layout = std::ranges::find(kEcodeLayouts, text[start], &EcodeLayout::version);
  if (layout == kEcodeLayouts.end()) {
    return {start, error, {}, "a version, 1 to 4", "版本号 1 至 4"};
  }
  const size_t main_at = start + 1 + layout->nsi_digits;
  const size_t number =
      FirstOther(text.substr(0, std::min(main_at, text.size())), start + 1, IsDigit);
  if (number < main_at)
    return {number, error, {}, "a digit of the number system", "编码体系标识数字"};
  const size_t other = FirstOther(text, main_at, [&](char c) {
    return layout->main_code == EcodeAlphabet::kUnicode || IsDigit(c) ||
           (layout->main_code == EcodeAlphabet::kAlphanumeric && IsLetterOrDigit(c));
  });
  if (other < text.size()) return {other, error};
  const bool long_code =
      layout->main_code_max != 0 && text.size() > main_at + layout->main_code_max;
  return {long_code ? main_at + layout->main_code_max : text.size(), error};
}

Spot InDid(std::string_view text, const Error& error) {
  constexpr size_t kMethodAt = 4;
  const size_t colon = FirstOther(text, kMethodAt, IsSmallOrDigit);
  if (colon == kMethodAt || colon == text.size() || text[colon] != ':') {
    return {colon,
            error,
            {},
            "a method in small letters and digits, and a colon",
            "小写字母或数字组成的方法名及冒号"};
  }
  const size_t other = FirstOther(text, colon + 1, [](char c) {
    return IsLetterOrDigit(c) || std::string_view(".-_:%").find(c) != std::string_view::npos;
  });
  if (other == text.size() && text.ends_with(':')) return {text.size() - 1, error};
  return {other, error};
}

Spot InVaaDid(std::string_view text, const Error& error) {
  constexpr size_t kStart = 8;  // did:vaa:
  constexpr std::string_view kNotBase58 = "0OIl";
  const size_t other = FirstOther(text, kStart, [&](char c) {
    return IsLetterOrDigit(c) && kNotBase58.find(c) == std::string_view::npos;
  });
  return {other,
          error,
          {},
          "27 to 31 characters of Base58, or a contract, a colon and a name",
          "27 至 31 个 Base58 字符，或合约名、冒号和名称"};
}

Spot InBid(std::string_view text, const Error& error) {
  const size_t suffix = text.rfind(':') + 1;
  const auto wrong_at = [&](size_t at, std::string_view letters) {
    return at >= text.size() || letters.find(text[at]) == std::string_view::npos;
  };
  if (wrong_at(suffix, "ezs")) {
    return {std::min(suffix, text.size()),
            error,
            {},
            "e, z or s (Ed25519, SM2, secp256k1)",
            "e、z 或 s（Ed25519、SM2、secp256k1）"};
  }
  if (wrong_at(suffix + 1, "fst")) {
    return {std::min(suffix + 1, text.size()),
            error,
            {},
            "f, s or t (Base58, Base64, Bech32)",
            "f、s 或 t（Base58、Base64、Bech32）"};
  }
  if (error.code == Errc::kWrongLength) return {text.size(), error};
  const size_t other = FirstOther(text, suffix + 2, IsLetterOrDigit);
  return {other < text.size() ? other : suffix + 2, error};
}

Spot InHandle(std::string_view text, const Error& error) {
  if (error.code == Errc::kNotUtf8) {
    size_t good = text.size();
    while (good > 0 && !IsUtf8(text.substr(0, good))) --good;
    return {good, error};
  }
  if (error.code == Errc::kInvalidIdentifier) return {0, error, {}, "a prefix", "前缀"};
  const size_t other =
      FirstOther(text, 0, [](char c) { return IsLetterOrDigit(c) || c == '.' || c == '-'; });
  return {other,
          error,
          {},
          "an identifier of a scheme that is known here, such as 88.118.8/1",
          "已知体系的标识，例如 88.118.8/1"};
}

Spot SpotIn(TextForm form, std::string_view text, const Error& error) {
  switch (form) {
    case TextForm::kDigitalLink:
    case TextForm::kEpcBinaryAddress:
    case TextForm::kCompressedAddress:
      return InAddress(text, error);
    case TextForm::kElementString:
      return InBracketed(text, error);
    case TextForm::kGs1Path:
      return InPath(text, 0, error);
    case TextForm::kProductCode:
      return InProductCode(text, error);
    case TextForm::kBareKey:
      return InBareKey(text, error);
    case TextForm::kEpcUrn:
      return InEpcUrn(text, error);
    case TextForm::kEpcBinary:
      return InHexadecimal(text, error);
    case TextForm::kOid:
      return InOid(text, error);
    case TextForm::kEcode:
      return InEcode(text, error);
    case TextForm::kVaaCode:
      return {std::min<size_t>(text.size(), 63), error};
    case TextForm::kVaaDid:
      return InVaaDid(text, error);
    case TextForm::kBid:
      return InBid(text, error);
    case TextForm::kDid:
      return InDid(text, error);
    case TextForm::kScannedElements:
    case TextForm::kCompressed:
      return {0, error};
    case TextForm::kPrefixHandle:
    case TextForm::kBarePrefix:
    case TextForm::kHandle:
    case TextForm::kHandleAddress:
    case TextForm::kUnknown:
      break;
  }
  return InHandle(text, error);
}

// From 1 on; every octet counts where the text is not UTF-8.
size_t CharacterAt(std::string_view text, size_t octet) {
  const std::string_view before = text.substr(0, octet);
  if (!IsUtf8(before)) return octet + 1;
  const auto starts = std::ranges::count_if(
      before, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; });
  return static_cast<size_t>(starts) + 1;
}

}  // namespace

TextFault FindTextFault(TextForm form, std::string_view text, const Error& error) {
  Spot spot = SpotIn(form, text, error);
  return {CharacterAt(text, std::min(spot.at, text.size())), spot.error, std::move(spot.right),
          spot.en, spot.zh};
}

size_t PathOfAddress(std::string_view address) {
  const size_t authority = address.find("://");
  if (authority == std::string_view::npos) return address.size();
  return std::min(address.find('/', authority + 3), address.size());
}

}  // namespace idnode
