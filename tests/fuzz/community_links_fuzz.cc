// An entry of GS1's community resolver is refused for a reason of the input, or it is an entry of
// ours, which reads as itself once written.
// rooms: proto/web proto/gs1 proto/record proto/base

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/guarded.h"
#include "proto/web/community_links.h"
#include "proto/web/link_warnings.h"

namespace idnode {
namespace {

void Hold(std::string_view input, LinkFormat format) {
  const auto read = ReadCommunityEntry(input, format);
  if (!read) return Require(RowOf(read.error().code).http < 500);
  for (const LinkNote& note : read->notes) Require(!NameOf(note.code).empty());
  Require(!read->entry.identifier.empty() || format != LinkFormat::kOurs);
  LinkValues values;
  for (const LinkEntry& link : read->entry.links) values.Add(link);
  for (const Value& value : values.values()) Require(ParseLinkTarget(value.data).ok());
  Require(WarningsOf(read->entry.links).size() <= read->entry.links.size() * 5);
  if (read->entry.identifier.empty()) return;
  std::string written, again;
  WriteLinkBatchEntry(read->entry, written);
  const auto ours = ParseLinkBatchEntry(written);
  if (!ours) return Require(ours.error().code == Errc::kTooLarge);
  WriteLinkBatchEntry(*ours, again);
  Require(written == again);
}

}  // namespace
}  // namespace idnode

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const auto format : {idnode::LinkFormat::kAuto, idnode::LinkFormat::kVersion3,
                            idnode::LinkFormat::kVersion2, idnode::LinkFormat::kOurs}) {
    idnode::Hold(input, format);
  }
  return 0;
}
