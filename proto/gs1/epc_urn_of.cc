#include <algorithm>

#include "proto/base/text.h"
#include "proto/gs1/epc_urn.h"
#include "proto/gs1/epc_urn_schemes.h"
#include "proto/gs1/key.h"

namespace idnode {
namespace {

// What of an identifier its URN is made of.
struct UrnParts {
  std::string_view digits;  // Company prefix and reference without check digit; kText: the whole.
  std::string_view more;    // Piece and total of an ITIP, or the serial in a key of its own.
};

// The key without filler and check digit.
UrnParts PartsOf(const EpcUrnScheme& scheme, const Gs1KeyRow& row, std::string_view value) {
  if (scheme.form == EpcUrnForm::kText) return {value, {}};
  if (row.filler) value.remove_prefix(1);
  return {value.substr(0, row.digits - 1u), value.substr(row.digits)};
}

// Everything but what the URI grammar allows in an EPC becomes %XX (TDS 6.3.1).
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') ||
        std::string_view("-_.!'()*+,:;=").find(c) != std::string_view::npos) {
      escaped.push_back(c);
    } else {
      AppendPercentEncoded(std::string_view(&c, 1), escaped);
    }
  }
  return escaped;
}

void AppendCompanyAndReference(const EpcUrnScheme& scheme, std::string_view digits,
                               size_t company_digits, std::string& urn) {
  if (scheme.form == EpcUrnForm::kText) {
    urn.append(digits.substr(0, company_digits)).push_back('.');
    urn.append(Escaped(digits.substr(company_digits)));
    return;
  }
  const bool leading =
      scheme.form == EpcUrnForm::kLeadingDigit || scheme.form == EpcUrnForm::kPieces;
  const std::string_view first = digits.substr(0, leading ? 1 : 0);
  digits.remove_prefix(first.size());
  urn.append(digits.substr(0, company_digits)).push_back('.');
  urn.append(first).append(digits.substr(company_digits));
}

// Which row has the identifier's key, and its only qualifier or none.
const EpcUrnScheme* SchemeOf(const Gs1Path& path, bool has_own_serial) {
  const uint16_t qualifier = path.size() == 2 ? path[1].ai->number : 0;
  const auto fits = [&](const EpcUrnScheme& scheme) {
    if (scheme.ai != path.key().ai->number) return false;
    const bool is_pattern = scheme.name.starts_with(kEpcPatterns);
    if (scheme.serial_ai == 0) {
      return qualifier == 0 && (scheme.parts == 2 || has_own_serial != is_pattern);
    }
    if (qualifier != 0) return !is_pattern && scheme.serial_ai == qualifier;
    return is_pattern || scheme.serial_ai == kGlnExtensionAi;
  };
  const auto* scheme =
      path.size() > 2 ? kEpcUrnSchemes.end() : std::ranges::find_if(kEpcUrnSchemes, fits);
  return scheme == kEpcUrnSchemes.end() ? nullptr : scheme;
}

}  // namespace

std::string EpcUrnOf(const Gs1Path& path, size_t company_digits) {
  if (path.empty() || company_digits < kEpcCompanyDigitsMin ||
      company_digits > kEpcCompanyDigitsMax) {
    return {};
  }
  const std::string_view value = path.key().value;
  const Gs1KeyRow* row = FindGs1KeyOfAi(path.key().ai->number);
  if (row == nullptr) return {};
  const size_t number = row->digits + (row->filler ? 1u : 0u);
  const bool has_own_serial = row->tail == Gs1KeyTail::kSerial && value.size() > number;
  const EpcUrnScheme* scheme = SchemeOf(path, has_own_serial);
  if (scheme == nullptr) return {};
  const UrnParts parts = PartsOf(*scheme, *row, value);
  if (parts.digits.size() <= company_digits) return {};

  std::string urn(kEpcUrnStart);
  urn.append(scheme->name);
  AppendCompanyAndReference(*scheme, parts.digits, company_digits, urn);
  if (scheme->form == EpcUrnForm::kPieces) {
    urn.append(".").append(parts.more.substr(0, 2)).append(".").append(parts.more.substr(2));
  }
  if (scheme->parts == 2) return urn;
  std::string serial = Escaped(has_own_serial     ? value.substr(number)
                               : path.size() == 2 ? path[1].value
                                                  : std::string_view());
  if (scheme->name.starts_with(kEpcPatterns)) serial = "*";
  if (serial.empty()) serial = "0";  // No extension of a GLN.
  urn.append(".").append(serial);
  // The schemes with a GS1 key are each other's inverse; what would not come back is none.
  std::string decoded, expected("/");
  AppendCanonicalPath(path, expected);
  return DecodeEpcUrn(urn, decoded) && decoded == expected ? urn : std::string();
}

}  // namespace idnode
