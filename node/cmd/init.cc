#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/serve_options.h"
#include "node/cmd/session.h"
#include "node/cmd/site_records.h"
#include "node/runtime/random.h"
#include "proto/base/text.h"
#include "storage/store.h"

namespace idnode {
namespace {

// The data directory, of a node that never served or of one that did.
Result<NodeIdentity> OpenOrMake(const Config& config) {
  StoreOptions options = StoreOptionsOf(config);
  options.new_node_id = ToHex(RandomOctets(16));
  auto store = Store::Open(options);
  if (!store) return store.error();
  const NodeIdentity identity = (*store)->identity();
  (*store)->ledger().Start();
  (*store)->Close();
  return identity;
}

// What the operator of the node above needs to know of this one.
boost::json::object Introduction(const NodeIdentity& identity, const NodeKeys& keys,
                                 const Result<std::vector<SiteDescription>>& sites) {
  boost::json::object introduction{
      {"node_id", identity.node_id},
      {"role", identity.role},
      {"prefix", identity.prefix},
      {"rsa_public_key", keys.rsa.verifying_key().ToPem()},
      {"ed25519_public_key", ToHex(keys.ed25519.verifying_key().ed25519_octets())},
      {"sm2_public_key", keys.sm2.verifying_key().ToPem()}};
  if (sites) {
    boost::json::array values;
    for (const SiteDescription& site : *sites) {
      values.push_back({{"type", SiteType(site)}, {"base64", ToBase64(SiteRecord(site))}});
    }
    introduction["site"] = std::move(values);
  }
  return introduction;
}

int RunInit(const GlobalOptions& global) {
  Config config;
  if (!LoadConfigFor(global, config)) return kExitConfig;
  const auto identity = OpenOrMake(config);
  if (!identity) return Refused(config.Text(Option::kDataDirectory), identity.error());
  const std::string directory = KeyDirectoryOf(config);
  const Status made = MakeNodeKeys(directory);
  if (!made && made.error().code != Errc::kExists) return Refused(directory, made.error());
  const auto keys = LoadNodeKeys(directory);
  if (!keys) return Refused(directory, keys.error());

  const auto sites = SitesOf(config, *keys, ServedPortsOf(config));
  PrintObject(global.output, Introduction(*identity, *keys, sites));
  PrintMessage(made ? "New keys lie in " + directory +
                          ". Keep a copy apart from the backups.  "
                          "新密钥已生成，请在备份之外另行保存。"
                    : "The keys in " + directory + " were there already.  密钥已存在，未作更改。");
  if (!sites) {
    PrintMessage("No site record yet: " + std::string(sites.error().detail) + ".  尚无站点信息。");
  } else {
    PrintMessage(
        "The operator of the node above enters prefix, site record and public key.  "
        "请将前缀、站点信息和公钥提供给上级节点运营方。");
  }
  return kExitOk;
}

}  // namespace

Run DeclareInit(CLI::App&, const GlobalOptions& global) {
  return [&global] { return RunInit(global); };
}

}  // namespace idnode
