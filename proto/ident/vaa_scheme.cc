#include "proto/ident/vaa_scheme.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/ident/base58.h"
#include "proto/ident/key_range.h"
#include "proto/ident/printable.h"

namespace idnode {
namespace {

constexpr std::string_view kAgency = "VAA";
constexpr std::string_view kDids = "did:vaa";  // As a prefix.
// ISO/IEC 15459-4 has 50 characters with the agency's code; what is in use has more.
constexpr size_t kCarrierCharactersMax = 60;
constexpr size_t kBase58Min = 27, kBase58Max = 31;

constexpr char kCarrier = 'C', kBase58 = 'D', kContract = 'K';
constexpr Error kNoKey{Errc::kCorrupt, "not a canonical key"};

bool IsCapitalOrDigit(char c) { return IsDigit(c) || (c >= 'A' && c <= 'Z'); }
bool IsCarrierCharacter(char c) { return IsCapitalOrDigit(c) || c == '.' || c == '/' || c == '-'; }
bool IsCarrierCharacterOfAnyCase(char c) { return IsCarrierCharacter(UpperAscii(c)); }

Status CheckCarrier(std::string_view code) {
  if (code.size() <= kCarrierCharactersMax) return {};
  return Error{Errc::kWrongLength, "VAA is followed by 1 to 60 characters"};
}

bool IsContractName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return IsCapitalOrDigit(UpperAscii(c)) || c == '-' || c == '_' || c == '.';
  });
}

// What follows did:vaa: is a contract, a colon and what the contract names, or Base58.
Status CheckContract(std::string_view rest) {
  const size_t colon = rest.find(':');
  if (!IsContractName(rest.substr(0, colon))) {
    return Error{Errc::kInvalidIdentifier, "a contract is letters, digits, . - and _"};
  }
  if (colon + 1 == rest.size()) {
    return Error{Errc::kInvalidIdentifier, "a DID below a contract names something"};
  }
  if (!IsUtf8(rest)) return Error{Errc::kNotUtf8, "a DID is UTF-8"};
  return {};
}

Status CheckBase58(std::string_view rest) {
  if (rest.size() < kBase58Min || rest.size() > kBase58Max) {
    return Error{Errc::kWrongLength, "did:vaa: is followed by 27 to 31 characters"};
  }
  if (IsBase58(rest)) return {};
  return Error{Errc::kInvalidIdentifier, "did:vaa: is followed by characters of Base58"};
}

bool HasContract(std::string_view rest) { return rest.find(':') != std::string_view::npos; }

Status CheckKey(std::string_view key) {
  if (key.size() < 3) return kNoKey;
  const std::string_view rest = key.substr(2);
  switch (key[1]) {
    case kCarrier:
      return std::ranges::all_of(rest, IsCarrierCharacter) && CheckCarrier(rest) ? Status()
                                                                                 : Status(kNoKey);
    case kBase58:
      return CheckBase58(rest) ? Status() : Status(kNoKey);
    case kContract:
      return HasContract(rest) && CheckContract(rest) ? Status() : Status(kNoKey);
    default:
      return kNoKey;
  }
}

}  // namespace

bool VaaScheme::IsCarrierForm(std::string_view text) {
  return EqualFolded(text.substr(0, kAgency.size()), kAgency) &&
         std::ranges::all_of(text.substr(kAgency.size()), IsCarrierCharacterOfAnyCase);
}

Status VaaScheme::Parse(std::string_view text, Identifier& identifier) {
  identifier.scheme = kScheme;
  identifier.key.assign(1, static_cast<char>(kScheme));
  if (!text.starts_with(kStart)) {
    const std::string_view code = text.substr(kAgency.size());
    if (const Status right = CheckCarrier(code); !right) return right;
    identifier.key.push_back(kCarrier);
    for (const char c : code) identifier.key.push_back(UpperAscii(c));
    identifier.text.assign(kAgency).append(identifier.key, 2);
    return {};
  }
  const std::string_view rest = text.substr(kStart.size());
  const bool contract = HasContract(rest);
  if (const Status right = contract ? CheckContract(rest) : CheckBase58(rest); !right) return right;
  identifier.key.append(1, contract ? kContract : kBase58).append(rest);
  identifier.text.assign(text);
  return {};
}

Status VaaScheme::CheckForRegistration(std::string_view text) { return CheckPrintable(text); }

Result<std::string> VaaScheme::TextOfKey(std::string_view key) {
  if (const Status right = CheckKey(key); !right) return right.error();
  return std::string(key[1] == kCarrier ? kAgency : kStart).append(key.substr(2));
}

Status VaaScheme::AppendMatter(std::string_view key, std::string& matter) {
  if (const Status right = CheckKey(key); !right) return right;
  const std::string_view rest = key.substr(2);
  if (key[1] == kCarrier) {
    matter.append(kAgency).append(rest);
  } else if (key[1] == kBase58) {
    matter.append(kDids);
  } else {
    matter.append(kStart).append(rest.substr(0, rest.find(':')));
  }
  return {};
}

std::string_view VaaScheme::ShorterMatter(std::string_view matter) {
  const bool carrier = matter.starts_with(kAgency) && matter.size() > kAgency.size() + 1;
  return carrier ? matter.substr(0, matter.size() - 1) : std::string_view();
}

Result<std::string> VaaScheme::ParsePrefix(std::string_view text) {
  if (text.size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix has at most 64 octets"};
  }
  if (text == kDids) return std::string(text);
  if (text.starts_with(kStart) && IsContractName(text.substr(kStart.size()))) {
    return std::string(text);
  }
  if (text.size() <= kAgency.size() || !IsCarrierForm(text)) {
    return Error{Errc::kInvalidIdentifier,
                 "VAA and the beginning of a code, did:vaa, or did:vaa: and a contract"};
  }
  if (const Status right = CheckCarrier(text.substr(kAgency.size())); !right) return right.error();
  return UpperAscii(text);
}

KeyRange VaaScheme::RangeOf(std::string_view prefix, char) {
  std::string key(1, static_cast<char>(kScheme));
  if (prefix.starts_with(kAgency)) {
    key.append(1, kCarrier).append(prefix.substr(kAgency.size()));
  } else if (prefix == kDids) {
    key.push_back(kBase58);
  } else {
    key.append(1, kContract).append(prefix.substr(kStart.size())).append(1, ':');
  }
  return KeysThatBeginWith(std::move(key));
}

bool VaaScheme::Covers(std::string_view prefix, std::string_view key) {
  const KeyRange range = RangeOf(prefix, 0);
  return range.from <= key && key < range.until;
}

}  // namespace idnode
