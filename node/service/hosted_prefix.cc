#include "node/service/hosted_prefix.h"

#include "proto/record/record.h"

namespace idnode {

Result<Registry::Found> HostedPrefix(const AllottedPrefix& prefix, const SiteRecords& site,
                                     std::string& octets) {
  Record record{.enterprise = prefix.enterprise,
                .created = prefix.created.seconds(),
                .modified = prefix.created.seconds(),
                .text = {},
                .values = {}};
  const auto add = [&](std::string_view type, std::string_view data) {
    if (data.empty()) return;
    const auto index = static_cast<uint32_t>(record.values.size() + 1);
    record.values.push_back({.index = index, .type = type, .data = data, .references = {}});
  };
  add("HS_SITE", site.ipv4);
  add("HS_SITE.6", site.ipv6);
  if (record.values.empty()) {
    return Error{Errc::kNotFound, "the prefix has no record, and the node no site"};
  }
  octets.clear();
  EncodeRecord(record, octets);
  const auto view = RecordView::Parse(octets);
  if (!view) return view.error();
  return Registry::Found{prefix.version, *view};
}

}  // namespace idnode
