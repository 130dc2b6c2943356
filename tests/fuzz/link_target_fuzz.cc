// A link target is refused, or reads as itself once written, and leads to a Location without an
// octet that ends a header field. Links of a record make a linkset that is JSON again.
// rooms: proto/web proto/gs1 proto/record proto/base

#include <boost/json/parse.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/gs1/uri.h"
#include "proto/web/link_choice.h"
#include "proto/web/link_context.h"
#include "proto/web/linkset.h"

namespace idnode {
namespace {

bool IsLocation(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c >= '\x7F' || c == '"' || c == '<' || c == '>') return false;
  }
  return text.find("://") != std::string_view::npos;
}

void HoldTarget(std::string_view json) {
  const auto target = ParseLinkTarget(json);
  if (!target) return;
  std::string written, again;
  WriteLinkTarget(*target, written);
  const auto read = ParseLinkTarget(written);
  Require(read.ok());
  WriteLinkTarget(*read, again);
  Require(written == again && read->href == target->href);
}

void HoldLinkset(std::string_view json) {
  Gs1Path path;
  Require(ParseGs1Path("/01/06901234567892/10/L%2F1", path).ok());
  const std::vector<Value> values = {{.index = 1, .type = "gs1:pip", .data = json},
                                     {.index = 2, .type = "gs1:defaultLink", .data = json},
                                     {.index = 3, .type = "gs1:itemDescription", .data = json},
                                     {.index = 4, .type = "URL", .data = json}};
  const LinkContext context = LinkContextOf(values, path, "https://id.example/", false);
  std::string linkset;
  WriteLinkset({&context, 1}, LinksetForm::kJsonLd, linkset);
  boost::json::error_code error;
  boost::json::parse(linkset, error);
  Require(!error);
  const LinkChoice choice = ChooseLink({&context, 1}, {}, {ParseQualityList(json), {}, {}});
  if (!choice.links.empty()) {
    Require(IsLocation(LocationOf(choice.links.front()->target.href, "a=b")));
  }
}

}  // namespace
}  // namespace idnode

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  idnode::HoldTarget(input);
  idnode::HoldLinkset(input);
  return 0;
}
