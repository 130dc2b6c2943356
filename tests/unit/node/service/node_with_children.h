#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/service/child_routes.h"
#include "proto/record/structured.h"
#include "storage/keyspace.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {

// A site of one server at 127.0.0.x.
inline std::string SiteAt(char last_octet) {
  Site site;
  SiteServer server{.id = 1, .address = {}, .public_key = {}, .interfaces = {{2, 1, 2641}}};
  server.address[12] = 127;
  server.address[15] = last_octet;
  site.servers.push_back(server);
  std::string octets;
  EncodeSite(site, octets);
  return octets;
}

// A node of prefix 88.118 below which others dock and file.
class NodeWithChildren : public NodeUnderTest {
 protected:
  void Commit(const std::shared_ptr<Change>& change) {
    change->Seal();
    const Outcome outcome = ledger->Commit(change);
    ASSERT_TRUE(outcome.done());
    const std::vector<uint8_t> done(change->items().size(), 1);
    routes->OnApplied(*change, done, outcome.position);
  }
  static std::shared_ptr<Change> NewChange() {
    return std::make_shared<Change>(kNow, "tester", OperationId{}, Change::Mode::kTogether);
  }
  void Dock(uint32_t number, const std::string& prefix) {
    auto change = NewChange();
    AddDockChild(*change, {.number = number,
                           .node_id = std::string(32, static_cast<char>('a' + number)),
                           .name = "factory",
                           .prefix = prefix,
                           .token_id = "00112233aabbccdd",
                           .docked = kNow});
    Commit(change);
  }
  void File(uint32_t child, FilingTable table, const std::string& prefix,
            std::optional<char> at = {}) {
    auto change = NewChange();
    Routing routing{{Scheme::kHandle, prefix}, !at, {}};
    const std::string site = SiteAt(at.value_or(0));
    if (at) routing.sites.push_back({"HS_SITE", site});
    const Filing filing{{table, "H" + prefix}, Position{1}, EncodeRouting(routing)};
    AddFilings(*change, child, {&filing, 1});
    Commit(change);
  }
  void TakeBack(uint32_t child, FilingTable table, const std::string& prefix) {
    auto change = NewChange();
    const Filing filing{{table, "H" + prefix}, Position{1}, {}};
    AddFilings(*change, child, {&filing, 1});
    Commit(change);
  }

  std::unique_ptr<ChildRoutes> routes = *ChildRoutes::Open(*engine, *directory);
};

}  // namespace idnode
