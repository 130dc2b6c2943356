#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/cmd/site_records.h"
#include "proto/web/handle_json.h"

namespace idnode {
namespace {

constexpr uint32_t kFirstIndex = 2;  // Where prefix handles keep their sites.

struct Options {
  std::string form = "json";
};

// The records as values of a prefix handle, in JSON.
std::vector<std::string> ValuesOf(const std::vector<std::string>& records,
                                  const std::vector<SiteDescription>& sites) {
  std::vector<std::string> values;
  for (size_t i = 0; i < records.size(); ++i) {
    Value value;
    value.index = kFirstIndex + static_cast<uint32_t>(i);
    value.type = SiteType(sites[i]);
    value.data = records[i];
    WriteValue(value, values.emplace_back());
  }
  return values;
}

// The site alone, as clients of the Handle protocol have it in their files.
std::string SiteJson(const std::string& value) {
  return boost::json::serialize(boost::json::parse(value).at("data").at("value"));
}

int RunSite(const Options& options, const GlobalOptions& global) {
  Config config;
  if (!LoadConfigFor(global, config)) return kExitConfig;
  const auto keys = LoadNodeKeys(KeyDirectoryOf(config));
  if (!keys) return Refused(KeyDirectoryOf(config), keys.error());
  const auto sites = SitesOf(config, *keys, ServedPortsOf(config));
  if (!sites) return Refused("site", sites.error());
  std::vector<std::string> records;
  for (const SiteDescription& site : *sites) records.push_back(SiteRecord(site));

  if (options.form == "binary") {
    std::fwrite(records.front().data(), 1, records.front().size(), stdout);
    return kExitOk;
  }
  const std::vector<std::string> values = ValuesOf(records, *sites);
  if (options.form == "values") {
    fmt::print("[{}]\n", fmt::join(values, ","));
  } else {
    for (const std::string& value : values) fmt::print("{}\n", SiteJson(value));
  }
  return kExitOk;
}

}  // namespace

Run DeclareSite(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("form", options->form,
                 "json; binary (of the first address); values: HS_SITE values as JSON / 输出形式")
      ->check(CLI::IsMember({"json", "binary", "values"}));
  return [options, &global] { return RunSite(*options, global); };
}

}  // namespace idnode
