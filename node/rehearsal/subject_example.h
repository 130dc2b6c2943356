#pragma once

#include <string>
#include <string_view>

namespace idnode {

// Subject data of nobody that exists, with every member that is required
// (docs/api/subject.md). Certificates are held once each, so `code` makes another one.
struct ExampleSubjectOptions {
  std::string_view organisation;
  unsigned code = 0;            // Below 1,000.
  std::string_view usc_code{};  // A certificate of one's own; empty: one made of `code`.
};
std::string ExampleSubject(const ExampleSubjectOptions& options);
// The same of the operator of a node: with images and contracts.
std::string ExampleOperator(std::string_view organisation);
// With other values of some members: {"addr_city":"310100"}. Null takes one away.
std::string Changed(std::string_view document, std::string_view members);

// The unified social credit code of this body, with its check character
// (spec/secondary-node.md 7.8).
std::string SocialCreditCodeOf(std::string_view seventeen);

}  // namespace idnode
