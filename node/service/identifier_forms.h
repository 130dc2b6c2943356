#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/service/explain.h"

namespace idnode {

// The forms in which an identifier may be written. `company_digits`: of its company prefix, where
// it is known; else 0, and there is no EPC URN.
std::vector<Explanation::Form> FormsOf(const Identifier& identifier, std::string_view root,
                                       size_t company_digits);

// How many digits of company prefix an EPC URN says; 0: it is none.
size_t CompanyDigitsOf(std::string_view epc_urn);

}  // namespace idnode
