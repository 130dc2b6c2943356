#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/record/value.h"
#include "proto/web/link_target.h"

namespace idnode {

// One link of a record as the links API has it (docs/api/links.md), in the words of GS1's own
// resolver:
//
//   {"linktype":"gs1:pip","href":"https://brand.example/p","title":"Kettle","type":"text/html",
//    "hreflang":["en"],"context":["consumer"],"default":true}
struct LinkEntry {
  std::string link_type;  // As it was given: gs1:pip, https://ref.gs1.org/voc/pip, alternate.
  LinkTarget target;
  bool is_default = false;  // It is where the default link leads, too.
};

// A document that was read before; lists may be a single text, members may be null. kMissingField:
// no linktype or href. kInvalidValue: no link type, or another member; the errors of
// ReadLinkMember. A link without a title has an empty one.
Result<LinkEntry> ReadLinkEntry(const boost::json::value& json);
Result<std::vector<LinkEntry>> ReadLinkEntries(const boost::json::value& json);

// A list of links, or one. kMalformed, kNotUtf8, kTooDeep, kTooLarge: more than kLinksMax;
// kSeveralDefaultLinks: more than one is the default.
inline constexpr size_t kLinksMax = 1'000;
Result<std::vector<LinkEntry>> ParseLinkEntries(std::string_view json);
void WriteLinkEntries(std::span<const LinkEntry> links, std::string& out);

// The links among the values of a record, in its order; nothing else can be seen of the record. The
// default link is the link of the same address and title, if there is one, and comes by itself (as
// gs1:defaultLink) otherwise. Values that are no valid links are left out.
std::vector<LinkEntry> LinkEntriesOf(std::span<const Value> values, bool with_private);

// Links as the values of a record, without indexes. The views are this one's.
class LinkValues {
 public:
  void Add(const LinkEntry& link);
  void AddDescription(std::string_view text);  // gs1:itemDescription
  const std::vector<Value>& values() const { return values_; }

 private:
  void AddValue(std::string_view relation, const LinkTarget& target);

  std::deque<std::string> texts_;
  std::vector<Value> values_;
};

}  // namespace idnode
