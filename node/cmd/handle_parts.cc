#include "node/cmd/handle_parts.h"

namespace idnode {

Result<NodeKeys> LoadOrMakeKeys(const std::string& directory, Log& log) {
  const Status made = MakeNodeKeys(directory);
  if (made) log.Info("keys_made", {{"directory", directory}});
  if (!made && made.error().code != Errc::kExists) return made.error();
  return LoadNodeKeys(directory);
}

SiteRecords SiteRecordsOf(const Config& config, const NodeKeys& keys, const ServedPorts& ports,
                          Log& log) {
  SiteRecords records;
  if (config.List(Option::kHandleListen).empty()) return records;
  const auto sites = SitesOf(config, keys, ports);
  if (!sites) {
    log.Warning("site_unknown", {{"error", sites.error()}});
    return records;
  }
  for (const SiteDescription& site : *sites) {
    std::string& record = SiteType(site) == "HS_SITE" ? records.ipv4 : records.ipv6;
    if (record.empty()) record = SiteRecord(site);
  }
  return records;
}

}  // namespace idnode
