#include "storage/store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "storage/data_directory.h"
#include "storage/disk_reserve.h"
#include "storage/keyspace.h"
#include "storage/watermark.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

const NodeIdentity kNode{"0123456789abcdef0123456789abcdef", "secondary", "88.118"};

class StoreTest : public ::testing::Test {
 protected:
  StoreOptions Options() const {
    StoreOptions options;
    options.directory = folder_ / "data";
    options.identity = kNode;
    options.reserve_octets = 0;
    options.engine.block_cache_octets = 1u << 20;
    return options;
  }
  std::unique_ptr<Store> Open(const StoreOptions& options) {
    auto store = Store::Open(options);
    EXPECT_TRUE(store.ok()) << store.error().detail;
    return store ? *std::move(store) : nullptr;
  }
  std::unique_ptr<Store> OpenAndStart() {
    auto store = Open(Options());
    if (store) store->ledger().Start();
    return store;
  }
  Errc OpenError(const StoreOptions& options) {
    const auto store = Store::Open(options);
    return store ? Errc::kInternal : store.error().code;
  }
  Errc OpenError() { return OpenError(Options()); }

  template <class Build>
  static Outcome Commit(Store& store, const Build& build, Time time = kMorning) {
    auto change = std::make_shared<Change>(time, "tester", OperationId{}, Change::Mode::kTogether);
    build(*change);
    change->Seal();
    return store.ledger().Commit(change);
  }
  static Outcome Create(Store& store, std::string_view key, Time time = kMorning) {
    return Commit(
        store, [&](Change& change) { AddCreate(change, key, 7, RecordOf(7)); }, time);
  }
  void Write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / ("data/" + name)) << text;
  }

  TemporaryFolder folder_;
};

TEST_F(StoreTest, IsMadeForItsOwnerAndComesBack) {
  {
    const auto store = OpenAndStart();
    ASSERT_NE(store, nullptr);
    EXPECT_FALSE(store->after_unclean_stop());
    EXPECT_EQ(store->last_record_time(), Time{});
    ASSERT_TRUE(Create(*store, "H88.118.8/1").done());
    ASSERT_TRUE(Commit(*store, [](Change& change) {
                  AddPutEnterprise(change, EnterpriseOf(7), {});
                }).done());
    EXPECT_NE(store->directory().View()->FindEnterprise(7), nullptr);
    store->Close();
  }
  struct stat info = {};
  ASSERT_EQ(::stat((folder_ / "data").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);

  const auto store = OpenAndStart();
  ASSERT_NE(store, nullptr);
  EXPECT_FALSE(store->after_unclean_stop());
  EXPECT_EQ(store->identity().prefix, "88.118");
  EXPECT_EQ(store->last_record_time(), kMorning);
  EXPECT_EQ(store->ledger().head(), Position{2});
  EXPECT_NE(store->directory().View()->FindEnterpriseByCode("E7"), nullptr);
  std::string scratch;
  EXPECT_TRUE(store->registry().Find("H88.118.8/1", Reach::kDisk, scratch).ok());
  EXPECT_TRUE(store->audit().Prove(Position{1}, 2).ok());
  EXPECT_TRUE(RecountOwn(store->engine(), {})->differences.empty());
  store->Close();
}

TEST_F(StoreTest, RefusesTheDirectoryOfAnotherNode) {
  Open(Options())->Close();
  StoreOptions other = Options();
  other.identity.node_id.back() = '0';
  EXPECT_EQ(OpenError(other), Errc::kOtherNode);
  other = Options();
  other.identity.role = "enterprise";
  EXPECT_EQ(OpenError(other), Errc::kOtherNode);
  other = Options();
  other.identity.prefix = "88.119";
  EXPECT_EQ(OpenError(other), Errc::kOtherNode);
  other.identity = {};
  other.any_identity = true;
  const auto store = Open(other);
  EXPECT_EQ(store->identity().node_id, kNode.node_id);
  store->Close();
}

TEST_F(StoreTest, KeepsTheNodeIdThatItWasMadeWith) {
  StoreOptions options = Options();
  options.identity.node_id.clear();
  options.new_node_id = std::string(32, '1');
  Open(options)->Close();
  options.new_node_id = std::string(32, '2');
  const auto store = Open(options);
  EXPECT_EQ(store->identity().node_id, std::string(32, '1'));
  store->Close();
}

TEST_F(StoreTest, RefusesAnIdentityThatIsNone) {
  StoreOptions options = Options();
  for (const NodeIdentity& identity :
       {NodeIdentity{"", "secondary", "88.118"}, NodeIdentity{kNode.node_id, "", "88.118"},
        NodeIdentity{kNode.node_id, "primary", "88.118"},
        NodeIdentity{"0123456789ABCDEF0123456789abcdef", "secondary", ""},
        NodeIdentity{kNode.node_id, "secondary", std::string(65, '8')}}) {
    options.identity = identity;
    EXPECT_EQ(OpenError(options), Errc::kMalformed);
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
}

TEST_F(StoreTest, IsOpenOnce) {
  const auto store = Open(Options());
  EXPECT_EQ(OpenError(), Errc::kInUse);
  store->Close();
  EXPECT_EQ(OpenError(), Errc::kInternal);
}

TEST_F(StoreTest, IsNotMadeWhenNotAsked) {
  StoreOptions options = Options();
  options.create = false;
  EXPECT_EQ(OpenError(options), Errc::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(options.directory));
}

TEST_F(StoreTest, IsNeverMadeOverWhatSomebodyLeftThere) {
  std::filesystem::create_directories(folder_ / "data/rows");
  EXPECT_EQ(OpenError(), Errc::kFormatVersion);
  std::filesystem::remove(folder_ / "data/rows");
  Write("letter.txt", "dear");
  EXPECT_EQ(OpenError(), Errc::kFormatVersion);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/FORMAT"));
  std::filesystem::remove(folder_ / "data/letter.txt");
  EXPECT_EQ(OpenError(), Errc::kInternal);
}

TEST_F(StoreTest, IsNeverMadeAnewWhereItHasLostItsRowsOrItsWatermark) {
  OpenAndStart()->Close();
  std::filesystem::remove(folder_ / "data/watermark");
  EXPECT_EQ(OpenError(), Errc::kCorrupt);
  std::filesystem::remove_all(folder_ / "data/rows");
  EXPECT_EQ(OpenError(), Errc::kCorrupt);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/rows"));
}

TEST_F(StoreTest, RefusesAnotherFormat) {
  Open(Options())->Close();
  for (const char* format : {"2\n", "", "one", "1 2", "999999999999999999999999999999999999999"}) {
    Write("FORMAT", format);
    EXPECT_EQ(OpenError(), Errc::kFormatVersion) << format;
  }
  Write("FORMAT", "1\n");
  EXPECT_EQ(OpenError(), Errc::kInternal);
}

TEST_F(StoreTest, IsMadeAgainWhereMakingItWasInterrupted) {
  Open(Options())->Close();
  std::filesystem::remove(folder_ / "data/FORMAT");
  std::filesystem::remove(folder_ / "data/watermark");
  EXPECT_EQ(OpenError(), Errc::kFormatVersion);  // Not marked: it may be anything.
  Write("creating", "");

  const auto store = Open(Options());

  ASSERT_NE(store, nullptr);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/creating"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "data/FORMAT"));
  store->Close();
}

TEST_F(StoreTest, RefusesALogShorterThanItsWatermarkButLetsItBeLookedAt) {
  {
    const auto store = OpenAndStart();
    ASSERT_TRUE(Create(*store, "H88.118.8/1").done());
    store->Close();
  }
  ASSERT_TRUE(WriteWatermark(folder_ / "data/watermark", {Position{2}, Digest{}}).ok());
  EXPECT_EQ(OpenError(), Errc::kShortLog);

  StoreOptions looking = Options();
  looking.any_identity = true;
  const auto store = Open(looking);
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->ledger().head(), Position{1});
  store->Close();
  EXPECT_EQ(OpenError(), Errc::kShortLog);
}

TEST_F(StoreTest, StaysUncleanUntilTheGapIsOnRecord) {
  ASSERT_TRUE(Create(*OpenAndStart(), "H88.118.8/1").done());  // No Close().
  {
    const auto store = OpenAndStart();
    EXPECT_TRUE(store->after_unclean_stop());
    ASSERT_TRUE(Create(*store, "H88.118.8/2").done());
    store->Close();
  }
  {
    StoreOptions looking = Options();
    looking.any_identity = true;
    const auto store = Open(looking);
    EXPECT_TRUE(store->after_unclean_stop());
    store->Close();
  }
  {
    const auto store = OpenAndStart();
    EXPECT_TRUE(store->after_unclean_stop());
    ASSERT_TRUE(
        Commit(*store, [&](Change& change) { AddGap(change, store->last_record_time()); }).done());
    store->Close();
  }
  {
    StoreOptions looking = Options();
    looking.any_identity = true;
    const auto store = Open(looking);
    EXPECT_FALSE(store->after_unclean_stop());
    store->Close();
  }
  const auto store = OpenAndStart();
  EXPECT_FALSE(store->after_unclean_stop());
  store->Close();
}

TEST_F(StoreTest, RefusesWritesWhileTheDiskIsNearlyFull) {
  StoreOptions options = Options();
  options.reserve_octets = uint64_t{1} << 62;
  const auto store = Open(options);
  ASSERT_NE(store, nullptr);
  store->ledger().Start();

  const Outcome outcome = Create(*store, "H88.118.8/1");

  EXPECT_EQ(outcome.kind, Outcome::Kind::kReadOnly);
  EXPECT_EQ(outcome.why, Errc::kDiskFull);
  store->Close();
}

TEST_F(StoreTest, ReportsARecordOrIdentityThatWasDamaged) {
  {
    const auto store = OpenAndStart();
    ASSERT_TRUE(Create(*store, "H88.118.8/1").done());
    Batch rows;
    rows.Put(Table::kMeta, keyspace::kIdentity, "damaged");
    store->ledger().Stop();
    ASSERT_TRUE(store->engine().Write(rows, Engine::Durability::kSynced).ok());
    store->Close();
  }
  EXPECT_EQ(OpenError(), Errc::kCorrupt);
}

TEST(DiskReserve, RefusesBelowTheReserveAndAllowsAnEighthAbove) {
  using Turn = DiskReserve::Turn;
  DiskReserve reserve(800);
  EXPECT_EQ(reserve.OnFree(800), Turn::kNone);
  EXPECT_EQ(reserve.OnFree(799), Turn::kRefuse);
  EXPECT_EQ(reserve.OnFree(0), Turn::kNone);
  EXPECT_EQ(reserve.OnFree(800), Turn::kNone);
  EXPECT_EQ(reserve.OnFree(899), Turn::kNone);
  EXPECT_EQ(reserve.OnFree(900), Turn::kAllow);
  EXPECT_EQ(reserve.OnFree(800), Turn::kNone);
  EXPECT_EQ(reserve.OnFree(799), Turn::kRefuse);
  EXPECT_EQ(DiskReserve(UINT64_MAX).OnFree(5), Turn::kRefuse);
}

TEST(NodeIdentity, IsRefusedWhereverItsRowIsCutShort) {
  const std::string row = EncodeIdentity(kNode);
  ASSERT_TRUE(DecodeIdentity(row).ok());
  EXPECT_EQ(DecodeIdentity(row)->role, "secondary");
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(DecodeIdentity(std::string_view(row).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeIdentity(row + "x").ok());
}

}  // namespace
}  // namespace idnode
