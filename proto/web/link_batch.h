#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/web/link_entry.h"

namespace idnode {

// What is to become of the links of one identifier, as an entry of a batch has it:
//
//   {"identifier":"01/06901234567892/10/L1","action":"put","itemDescription":"Kettle",
//    "links":[{"linktype":"gs1:pip",…}],"expected_version":7}
enum class LinkAction : uint8_t { kPut, kAdd, kRemove };

struct LinkBatchEntry {
  std::string identifier;  // Any text form.
  LinkAction action = LinkAction::kPut;
  std::optional<std::string> description;
  std::vector<LinkEntry> links;
  uint64_t expected_version = 0;
  // "linkType", "hreflang", "context" of a removal; all empty: every link.
  std::string link_type, language, context;
};

// kMalformed, kTooDeep, kNotUtf8, kMissingField, kInvalidValue: another member; the errors of
// ReadLinkEntries.
Result<LinkBatchEntry> ParseLinkBatchEntry(std::string_view json);
void WriteLinkBatchEntry(const LinkBatchEntry& entry, std::string& out);

}  // namespace idnode
