#include "proto/gs1/epc_urn.h"

#include <algorithm>
#include <array>
#include <span>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/gs1/element_list.h"
#include "proto/gs1/key.h"

namespace idnode {
namespace {

// What company prefix and reference become.
enum class Form : uint8_t {
  kDigits,        // Digits and their check digit.
  kLeadingDigit,  // The same, and the first digit of the reference goes to the front.
  kPieces,        // kLeadingDigit, then piece and total of an ITIP.
  kFiller,        // kDigits behind a 0: a GRAI.
  kText,          // One text.
};

struct Scheme {
  std::string_view name;  // With its kind.
  size_t parts;
  uint16_t ai;  // Of the key.
  Form form;
  size_t digits;       // Of company prefix and reference together; kText: any.
  uint16_t serial_ai;  // 0: the last part, if there is a third, belongs to the key's own value.
};

constexpr auto kSchemes = std::to_array<Scheme>({
    {"id:sgtin:", 3, 1, Form::kLeadingDigit, 13, 21},
    {"id:itip:", 5, 8006, Form::kPieces, 13, 21},
    {"id:upui:", 3, 1, Form::kLeadingDigit, 13, 235},
    {"id:sscc:", 2, 0, Form::kLeadingDigit, 17, 0},
    {"id:sgln:", 3, 414, Form::kDigits, 12, 254},
    {"id:pgln:", 2, 417, Form::kDigits, 12, 0},
    {"id:grai:", 3, 8003, Form::kFiller, 12, 0},
    {"id:giai:", 2, 8004, Form::kText, 0, 0},
    {"id:gsrn:", 2, 8018, Form::kDigits, 17, 0},
    {"id:gsrnp:", 2, 8017, Form::kDigits, 17, 0},
    {"id:gdti:", 3, 253, Form::kDigits, 12, 0},
    {"id:sgcn:", 3, 255, Form::kDigits, 12, 0},
    {"id:cpi:", 3, 8010, Form::kText, 0, 8011},
    {"id:ginc:", 2, 401, Form::kText, 0, 0},
    {"id:gsin:", 2, 402, Form::kDigits, 16, 0},
    {"class:lgtin:", 3, 1, Form::kLeadingDigit, 13, 10},
    {"idpat:sgtin:", 3, 1, Form::kLeadingDigit, 13, 21},
    {"idpat:itip:", 5, 8006, Form::kPieces, 13, 21},
    {"idpat:upui:", 3, 1, Form::kLeadingDigit, 13, 235},
    {"idpat:grai:", 3, 8003, Form::kFiller, 12, 0},
    {"idpat:gdti:", 3, 253, Form::kDigits, 12, 0},
    {"idpat:sgcn:", 3, 255, Form::kDigits, 12, 0},
    {"idpat:cpi:", 3, 8010, Form::kText, 0, 8011},
});
constexpr size_t kPartsMax = 5;
constexpr size_t kCompanyDigitsMin = 6;  // TDS 6.3: shorter prefixes are written as blocks of six.
constexpr size_t kCompanyDigitsMax = 12;
constexpr size_t kPieceDigits = 2;

constexpr Error kPartCount{Errc::kInvalidIdentifier, "an EPC URN has a wrong number of parts"};

// The parts between full stops; the last one keeps its own, which are legal in a serial. None may
// be empty.
Result<std::array<std::string_view, kPartsMax>> Split(std::string_view text, size_t count) {
  std::array<std::string_view, kPartsMax> parts;
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

Status AppendKey(const Scheme& scheme, std::span<const std::string_view> parts, std::string& key) {
  const std::string_view company = parts[0];
  const std::string_view reference = parts[1];
  if (!IsDigits(company)) return Error{Errc::kNotDigits, "a company prefix is digits"};
  if (company.size() < kCompanyDigitsMin || company.size() > kCompanyDigitsMax) {
    return Error{Errc::kWrongLength, "a company prefix in an EPC URN has 6 to 12 digits"};
  }
  if (scheme.form == Form::kText) {
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
  const bool leading = scheme.form == Form::kLeadingDigit || scheme.form == Form::kPieces;
  if (leading) key.append(reference.substr(0, 1));
  key.append(company).append(reference.substr(leading ? 1 : 0));
  key.push_back(CheckDigitOf(key));
  if (scheme.form == Form::kFiller) key.insert(key.begin(), '0');
  if (scheme.form != Form::kPieces) return {};
  const Status piece = AppendPiece(parts[2], key);
  return piece ? AppendPiece(parts[3], key) : piece;
}

// The serial part, which is decoded; empty: there is none. A pattern stands for all of them.
Result<std::string> SerialOf(const Scheme& scheme, std::string_view part) {
  if (scheme.name.starts_with("idpat:")) {
    if (part != "*") return Error{Errc::kInvalidIdentifier, "an EPC pattern that is no class"};
    return std::string();
  }
  auto serial = PercentDecode(part);
  if (!serial) return Error{Errc::kInvalidIdentifier, "a % without two hexadecimal digits"};
  if (serial->empty()) return kPartCount;
  // TDS 6.3.3: the extension 0 means that there is none.
  constexpr uint16_t kGlnExtension = 254;
  if (scheme.serial_ai == kGlnExtension && *serial == "0") serial->clear();
  return serial;
}

Status Decode(const Scheme& scheme, std::string_view rest, Gs1ElementList& elements) {
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
  urn.remove_prefix(std::string_view("urn:epc:").size());
  const auto* scheme = std::ranges::find_if(
      kSchemes, [urn](const Scheme& row) { return urn.starts_with(row.name); });
  if (scheme == kSchemes.end()) return unknown;
  Gs1ElementList elements;
  const Status decoded = Decode(*scheme, urn.substr(scheme->name.size()), elements);
  if (!decoded) return decoded;
  return AppendDigitalLink(elements, path_and_query);
}

}  // namespace idnode
