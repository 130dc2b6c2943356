// What a child files, over real gRPC between real stores: with its records, and again where the
// parent has something else.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "storage/filings.h"
#include "storage/keyspace.h"
#include "storage/registry.h"
#include "storage/routing.h"
#include "tests/system_sync/nodes.h"

namespace idnode {
namespace {

using testing_sync::ChildNode;
using testing_sync::Folder;
using testing_sync::Parent;

// Routing of each prefix in the directory of a store: hosted.
UpstreamDesk DeskOf(Store& store) {
  const auto read = [&store](const FilingName& name) -> Result<std::optional<FiledValue>> {
    std::string row;
    const auto found = store.engine().Get(Table::kDirectory, "P" + name.key, Reach::kDisk, row);
    if (!found) return found.error();
    if (!*found || name.table != FilingTable::kRouting) {
      return std::optional<FiledValue>();
    }
    const Routing routing{{Scheme::kHandle, name.key.substr(1)}, true, {}};
    return std::optional(FiledValue{EncodeRouting(routing), SplitVersion(row)->version});
  };
  const auto keys = [&store](FilingTable table,
                             std::string_view) -> Result<std::vector<std::string>> {
    std::vector<std::string> found;
    if (table != FilingTable::kRouting) return found;
    const auto rows = store.engine().Scan(Table::kDirectory, "P", "Q");
    for (; rows->Valid(); rows->Next()) found.emplace_back(rows->key().substr(1));
    return found;
  };
  return {.values = {read, keys}};
}

class FilingStream : public testing::Test {
 protected:
  FilingStream() : parent_(folder_ / "above") { parent_.PutToken("child-token", "88.118.5"); }

  std::map<std::string, Position> Filed() {
    std::map<std::string, Position> filed;
    const auto children = ListChildren(parent_.store().engine());
    for (const Child& child : *children) {
      const Status read = EachFiling(parent_.store().engine(), child.number, FilingTable::kRouting,
                                     {}, [&](const FiledRow& row) {
                                       filed[row.name.key] = row.position;
                                       return true;
                                     });
      EXPECT_TRUE(read.ok());
    }
    return filed;
  }
  static Reconciled RoutingIn(const std::vector<Reconciled>& tables) {
    const auto at = std::ranges::find(tables, FilingTable::kRouting, &Reconciled::table);
    return at == tables.end() ? Reconciled{} : *at;
  }
  bool WaitUntilReconciled(ChildNode& child, uint64_t count) {
    const auto until = std::chrono::steady_clock::now() + testing_sync::kPatience;
    while (child.upstream().state().reconciliations < count) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  Folder folder_;
  Parent parent_;
};

TEST_F(FilingStream, BringsRowsWithTheirRecords) {
  ChildNode child(folder_ / "below", Towards(parent_.server()), DeskOf);
  testing_sync::Enrol(child.store(), 3);
  ASSERT_TRUE(child.WaitUntilLevel());
  const auto filed = Filed();
  ASSERT_EQ(filed.size(), 3u);
  EXPECT_EQ(filed.at("H88.118.5.3"), Position{3});
  const uint64_t before = child.upstream().state().reconciliations;
  child.upstream().Reconcile();
  ASSERT_TRUE(WaitUntilReconciled(child, before + 1));
  EXPECT_EQ(RoutingIn(child.upstream().state().filings).rows_there, 3u);
  for (const Reconciled& table : child.upstream().state().filings) EXPECT_TRUE(table.equal);
  testing_sync::Enrol(child.store(), 0);
}

TEST_F(FilingStream, IsFiledAgainByItselfWhereTheParentHasNothing) {
  {
    ChildNode silent(folder_ / "below", Towards(parent_.server()));
    testing_sync::Enrol(silent.store(), 200);
    ASSERT_TRUE(silent.WaitUntilLevel());
  }
  EXPECT_TRUE(Filed().empty());
  ChildNode child(folder_ / "below", Towards(parent_.server()), DeskOf);
  ASSERT_TRUE(WaitUntilReconciled(child, 2));
  const auto filed = Filed();
  ASSERT_EQ(filed.size(), 200u);
  EXPECT_EQ(filed.at("H88.118.5.42"), Position{42});
  const Upstream::State state = child.upstream().state();
  EXPECT_EQ(RoutingIn(state.repaired).missing_there, 200u);
  for (const Reconciled& table : state.filings) EXPECT_TRUE(table.equal);
}

}  // namespace
}  // namespace idnode
