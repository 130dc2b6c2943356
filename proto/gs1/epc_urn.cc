#include "proto/gs1/epc_urn.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/gs1/element_list.h"
#include "proto/gs1/epc_urn_schemes.h"
#include "proto/gs1/key.h"

namespace idnode {
namespace {

constexpr size_t kPieceDigits = 2;

constexpr Error kPartCount{Errc::kInvalidIdentifier, "an EPC URN has a wrong number of parts"};

// The parts between full stops; the last one keeps its own, which are legal in a serial. None may
// be empty.
Result<std::array<std::string_view, kEpcUrnPartsMax>> Split(std::string_view text, size_t count) {
  std::array<std::string_view, kEpcUrnPartsMax> parts;
  for (size_t i = 0; i < count; ++i) {
    const bool last = i + 1 == count;
    const size_t end = last ? text.size() : text.find('.');
    if (end == std::string_view::npos) return kPartCount;
    parts[i] = text.substr(0, end);
    text.remove_prefix(last ? end : end + 1);
  }
  return parts;
}

bool IsDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return IsDigit(c); });
}

Status AppendPiece(std::string_view part, std::string& key) {
  if (part.size() != kPieceDigits || !IsDigits(part)) {
    return Error{Errc::kWrongLength, "piece and total in an EPC URN have two digits"};
  }
  key.append(part);
  return {};
}

Status AppendKey(const EpcUrnScheme& scheme, std::span<const std::string_view> parts,
                 std::string& key) {
  const std::string_view company = parts[0];
  const std::string_view reference = parts[1];
  if (!IsDigits(company)) return Error{Errc::kNotDigits, "a company prefix is digits"};
  if (company.size() < kEpcCompanyDigitsMin || company.size() > kEpcCompanyDigitsMax) {
    return Error{Errc::kWrongLength, "a company prefix in an EPC URN has 6 to 12 digits"};
  }
  if (scheme.form == EpcUrnForm::kText) {
    const auto text = PercentDecode(reference);
    if (!text) return Error{Errc::kInvalidIdentifier, "a % without two hexadecimal digits"};
    if (text->empty()) return kPartCount;
    key.append(company).append(*text);
    return {};
  }
  if (!IsDigits(reference)) return Error{Errc::kNotDigits, "the reference of this key is digits"};
  if (company.size() + reference.size() != scheme.digits) {
    return Error{Errc::kWrongLength, "company prefix and reference have a wrong number of digits"};
  }
  const bool leading =
      scheme.form == EpcUrnForm::kLeadingDigit || scheme.form == EpcUrnForm::kPieces;
  if (leading) key.append(reference.substr(0, 1));
  key.append(company).append(reference.substr(leading ? 1 : 0));
  key.push_back(CheckDigitOf(key));
  if (scheme.form == EpcUrnForm::kFiller) key.insert(key.begin(), '0');
  if (scheme.form != EpcUrnForm::kPieces) return {};
  const Status piece = AppendPiece(parts[2], key);
  return piece ? AppendPiece(parts[3], key) : piece;
}

// The serial part, which is decoded; empty: there is none. A pattern stands for all of them.
Result<std::string> SerialOf(const EpcUrnScheme& scheme, std::string_view part) {
  if (scheme.name.starts_with(kEpcPatterns)) {
    if (part != "*") return Error{Errc::kInvalidIdentifier, "an EPC pattern that is no class"};
    return std::string();
  }
  auto serial = PercentDecode(part);
  if (!serial) return Error{Errc::kInvalidIdentifier, "a % without two hexadecimal digits"};
  if (serial->empty()) return kPartCount;
  if (scheme.serial_ai == kGlnExtensionAi && *serial == "0") serial->clear();
  return serial;
}

Status Decode(const EpcUrnScheme& scheme, std::string_view rest, Gs1ElementList& elements) {
  const auto parts = Split(rest, scheme.parts);
  if (!parts) return parts.error();
  std::string key;
  const Status appended = AppendKey(scheme, *parts, key);
  if (!appended) return appended;
  std::string serial;
  if (scheme.parts > 2) {
    auto decoded = SerialOf(scheme, (*parts)[scheme.parts - 1]);
    if (!decoded) return decoded.error();
    serial = *std::move(decoded);
  }
  if (scheme.serial_ai == 0) key.append(serial);
  elements.Add(*FindApplicationIdentifier(scheme.ai), key);
  if (scheme.serial_ai != 0 && !serial.empty()) {
    elements.Add(*FindApplicationIdentifier(scheme.serial_ai), serial);
  }
  return {};
}

}  // namespace

Status DecodeEpcUrn(std::string_view urn, std::string& path_and_query) {
  path_and_query.clear();
  if (urn.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "an EPC URN is over its limit"};
  }
  const Error unknown{Errc::kUnknownScheme, "no EPC URN of a scheme with a GS1 key"};
  if (!MayBeEpcUrn(urn)) return unknown;
  urn.remove_prefix(kEpcUrnStart.size());
  const auto* scheme = std::ranges::find_if(
      kEpcUrnSchemes, [urn](const EpcUrnScheme& row) { return urn.starts_with(row.name); });
  if (scheme == kEpcUrnSchemes.end()) return unknown;
  Gs1ElementList elements;
  const Status decoded = Decode(*scheme, urn.substr(scheme->name.size()), elements);
  if (!decoded) return decoded;
  return AppendDigitalLink(elements, path_and_query);
}

}  // namespace idnode
