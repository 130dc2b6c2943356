#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace idnode {

// The EPC URNs of GS1 keys (EPC Tag Data Standard 2.3, chapters 6 and 7), a row each.

// What company prefix and reference become.
enum class EpcUrnForm : uint8_t {
  kDigits,        // Digits and their check digit.
  kLeadingDigit,  // The same, and the first digit of the reference goes to the front.
  kPieces,        // kLeadingDigit, then piece and total of an ITIP.
  kFiller,        // kDigits behind a 0: a GRAI.
  kText,          // One text.
};

struct EpcUrnScheme {
  std::string_view name;  // With its kind.
  size_t parts;
  uint16_t ai;  // Of the key.
  EpcUrnForm form;
  size_t digits;       // Of company prefix and reference together; kText: any.
  uint16_t serial_ai;  // 0: the last part, if there is a third, belongs to the key's own value.
};

inline constexpr auto kEpcUrnSchemes = std::to_array<EpcUrnScheme>({
    {"id:sgtin:", 3, 1, EpcUrnForm::kLeadingDigit, 13, 21},
    {"id:itip:", 5, 8006, EpcUrnForm::kPieces, 13, 21},
    {"id:upui:", 3, 1, EpcUrnForm::kLeadingDigit, 13, 235},
    {"id:sscc:", 2, 0, EpcUrnForm::kLeadingDigit, 17, 0},
    {"id:sgln:", 3, 414, EpcUrnForm::kDigits, 12, 254},
    {"id:pgln:", 2, 417, EpcUrnForm::kDigits, 12, 0},
    {"id:grai:", 3, 8003, EpcUrnForm::kFiller, 12, 0},
    {"id:giai:", 2, 8004, EpcUrnForm::kText, 0, 0},
    {"id:gsrn:", 2, 8018, EpcUrnForm::kDigits, 17, 0},
    {"id:gsrnp:", 2, 8017, EpcUrnForm::kDigits, 17, 0},
    {"id:gdti:", 3, 253, EpcUrnForm::kDigits, 12, 0},
    {"id:sgcn:", 3, 255, EpcUrnForm::kDigits, 12, 0},
    {"id:cpi:", 3, 8010, EpcUrnForm::kText, 0, 8011},
    {"id:ginc:", 2, 401, EpcUrnForm::kText, 0, 0},
    {"id:gsin:", 2, 402, EpcUrnForm::kDigits, 16, 0},
    {"class:lgtin:", 3, 1, EpcUrnForm::kLeadingDigit, 13, 10},
    {"idpat:sgtin:", 3, 1, EpcUrnForm::kLeadingDigit, 13, 21},
    {"idpat:itip:", 5, 8006, EpcUrnForm::kPieces, 13, 21},
    {"idpat:upui:", 3, 1, EpcUrnForm::kLeadingDigit, 13, 235},
    {"idpat:grai:", 3, 8003, EpcUrnForm::kFiller, 12, 0},
    {"idpat:gdti:", 3, 253, EpcUrnForm::kDigits, 12, 0},
    {"idpat:sgcn:", 3, 255, EpcUrnForm::kDigits, 12, 0},
    {"idpat:cpi:", 3, 8010, EpcUrnForm::kText, 0, 8011},
});
inline constexpr std::string_view kEpcUrnStart = "urn:epc:";
inline constexpr std::string_view kEpcPatterns = "idpat:";
inline constexpr size_t kEpcUrnPartsMax = 5;
inline constexpr size_t kEpcCompanyDigitsMin = 6;  // TDS 6.3: shorter ones are blocks of six.
inline constexpr size_t kEpcCompanyDigitsMax = 12;
inline constexpr uint16_t kGlnExtensionAi = 254;  // TDS 6.3.3: 0 means that there is none.

}  // namespace idnode
