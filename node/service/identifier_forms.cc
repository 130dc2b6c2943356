#include "node/service/identifier_forms.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/gs1/element_list.h"
#include "proto/gs1/element_string.h"
#include "proto/gs1/epc_urn.h"
#include "proto/gs1/uri.h"
#include "proto/ident/handle_name.h"

namespace idnode {
namespace {

constexpr uint16_t kGtin = 1;
constexpr size_t kGtinDigits = 14;

// The shorter numbers that are the same product code (spec/gs1-digital-link.md 1.2).
void AddGtins(std::string_view gtin, std::vector<Explanation::Form>& forms) {
  struct Short {
    std::string_view name;
    size_t digits;
  };
  for (const Short& form :
       {Short{"gtin_14", 14}, {"gtin_13", 13}, {"gtin_12", 12}, {"gtin_8", 8}}) {
    const std::string_view zeros = gtin.substr(0, kGtinDigits - form.digits);
    if (std::ranges::any_of(zeros, [](char c) { return c != '0'; })) return;
    forms.push_back({form.name, std::string(gtin.substr(zeros.size()))});
  }
}

void AddGs1(const Identifier& identifier, std::string_view root, size_t company_digits,
            std::vector<Explanation::Form>& forms) {
  Gs1DigitalLink link;
  if (!ParseGs1Path(identifier.text, link.path, {.key_alone = true})) return;
  if (!root.empty()) {
    forms.push_back({"digital_link", std::string(root).append("/").append(identifier.text)});
  }
  forms.push_back({"element_string", BracketedElements(link)});
  if (std::string urn = EpcUrnOf(link.path, company_digits); !urn.empty()) {
    forms.push_back({"epc_urn", std::move(urn)});
  }
  if (link.path.key().ai->number == kGtin) AddGtins(link.path.key().value, forms);
}

std::string_view OriginOf(std::string_view root) {
  const size_t authority = root.find("://");
  return authority == std::string_view::npos ? root : root.substr(0, root.find('/', authority + 3));
}

}  // namespace

std::vector<Explanation::Form> FormsOf(const Identifier& identifier, std::string_view root,
                                       size_t company_digits) {
  std::vector<Explanation::Form> forms;
  const bool is_bare_prefix =
      identifier.scheme == Scheme::kHandle && identifier.text.find('/') == std::string::npos;
  const std::string handle =
      std::string(is_bare_prefix ? kPrefixHandles : std::string_view()).append(identifier.text);
  forms.push_back({"canonical", identifier.text});
  switch (identifier.scheme) {
    case Scheme::kGs1:
      AddGs1(identifier, root, company_digits, forms);
      break;
    case Scheme::kOid:
      forms.push_back({"urn_oid", "urn:oid:" + identifier.text});
      break;
    case Scheme::kHandle:
    case Scheme::kEcode:
    case Scheme::kVaa:
    case Scheme::kBid:
    case Scheme::kDid:
      break;
  }
  if (identifier.text.starts_with("did:") && !root.empty()) {
    forms.push_back(
        {"did_document",
         std::string(OriginOf(root)).append("/1.0/identifiers/").append(identifier.text)});
  }
  forms.push_back({"handle", handle});  // Handle clients ask for any scheme's identifier as it is.
  return forms;
}

size_t CompanyDigitsOf(std::string_view epc_urn) {
  if (!MayBeEpcUrn(epc_urn)) return 0;
  const size_t company = epc_urn.rfind(':') + 1;
  const std::string_view parts = epc_urn.substr(company);
  const size_t dot = parts.find('.');
  return dot == std::string_view::npos ? 0 : dot;
}

}  // namespace idnode
