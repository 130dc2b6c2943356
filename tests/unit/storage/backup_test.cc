#include "storage/backup.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "storage/durable_file.h"
#include "storage/keyspace.h"
#include "tests/document_example.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

const NodeIdentity kNode{"0123456789abcdef0123456789abcdef", "secondary", "88.118"};
constexpr Time kTaken{kMorning.ms + 1'234'567};

BackupManifest SomeManifest() {
  BackupManifest manifest{.format = keyspace::kFormatVersion,
                          .identity = kNode,
                          .position = Position{3},
                          .tip = HashLeaf("tip"),
                          .tree = {3, HashLeaf("root")},
                          .taken = Time{1'795'248'000'000}};
  manifest.files = {{"rows/000001.sst", 10, std::string(64, 'a')},
                    {"rows/CURRENT", 0, std::string(64, '0')}};
  return manifest;
}

TEST(BackupManifest, ComesBackAsItWas) {
  const BackupManifest manifest = SomeManifest();
  const auto back = DecodeManifest(EncodeManifest(manifest));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->format, manifest.format);
  EXPECT_EQ(back->identity.node_id, manifest.identity.node_id);
  EXPECT_EQ(back->identity.role, manifest.identity.role);
  EXPECT_EQ(back->identity.prefix, manifest.identity.prefix);
  EXPECT_EQ(back->position, manifest.position);
  EXPECT_EQ(back->tip, manifest.tip);
  EXPECT_EQ(back->tree, manifest.tree);
  EXPECT_EQ(back->taken, manifest.taken);
  ASSERT_EQ(back->files.size(), 2u);
  EXPECT_EQ(back->files[0].name, "rows/000001.sst");
  EXPECT_EQ(back->files[0].octets, 10u);
  EXPECT_EQ(back->files[1].sha256, std::string(64, '0'));
}

TEST(BackupDocument, ShowsTheManifestThatTheCodeMakes) {
  EXPECT_EQ(EncodeManifest(SomeManifest()), WithoutSpace(ExampleIn("backup.md", "Example")) + "\n");
}

TEST(BackupManifest, IsRefusedWithAnyOctetChangedLeftOutOrAdded) {
  const std::string text = EncodeManifest(SomeManifest());
  for (size_t i = 0; i < text.size(); ++i) {
    for (const char other : {' ', '0', 'a', '"', '\n'}) {
      if (text[i] == other) continue;
      std::string changed = text;
      changed[i] = other;
      EXPECT_FALSE(DecodeManifest(changed).ok()) << "octet " << i << " is " << other;
    }
    EXPECT_FALSE(DecodeManifest(text.substr(0, i)).ok()) << i << " octets";
    std::string longer = text;
    longer.insert(i, " ");
    EXPECT_FALSE(DecodeManifest(longer).ok()) << "a space at " << i;
  }
  EXPECT_FALSE(DecodeManifest(text + "\n").ok());
}

TEST(BackupManifest, NamesNoFileOutsideItsDirectory) {
  for (const char* name : {"manifest.json", "rows/", "rows/..", "rows/.", "rows/../x", "rows/a/b",
                           "/rows/a", "../rows/a", "rows/a b", "rows/\xE4"}) {
    BackupManifest manifest = SomeManifest();
    manifest.files = {{name, 1, std::string(64, 'a')}};
    EXPECT_EQ(DecodeManifest(EncodeManifest(manifest)).error().code, Errc::kMalformed) << name;
  }
  BackupManifest twice = SomeManifest();
  twice.files[1] = twice.files[0];
  EXPECT_FALSE(DecodeManifest(EncodeManifest(twice)).ok());
}

TEST(BackupManifest, OfAnotherFormatOrNodeOrTreeIsRefused) {
  BackupManifest newer = SomeManifest();
  newer.format = 2;
  EXPECT_EQ(DecodeManifest(EncodeManifest(newer)).error().code, Errc::kFormatVersion);
  BackupManifest nobody = SomeManifest();
  nobody.identity.node_id = "me";
  EXPECT_EQ(DecodeManifest(EncodeManifest(nobody)).error().code, Errc::kMalformed);
  BackupManifest torn = SomeManifest();
  torn.tree.size = 4;
  EXPECT_EQ(DecodeManifest(EncodeManifest(torn)).error().code, Errc::kMalformed);
  EXPECT_EQ(DecodeManifest(std::string(100'000, '[')).error().code, Errc::kMalformed);
}

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() : store_(Open(folder_ / "data")) { store_->ledger().Start(); }
  ~BackupTest() override { store_->Close(); }

  std::unique_ptr<Store> Open(const std::string& directory) {
    StoreOptions options;
    options.directory = directory;
    options.identity = kNode;
    options.reserve_octets = 0;
    options.engine.block_cache_octets = 1u << 20;
    auto store = Store::Open(options);
    EXPECT_TRUE(store.ok()) << store.error().detail;
    return *std::move(store);
  }
  bool Create(size_t serial) {
    auto change =
        std::make_shared<Change>(kMorning, "tester", OperationId{}, Change::Mode::kTogether);
    AddCreate(*change, "H88.118.8/" + std::to_string(serial), 7, RecordOf(7));
    change->Seal();
    return store_->ledger().Commit(change).done();
  }
  Result<BackupManifest> Take(const std::string& name = "backup") {
    return TakeBackup(*store_, folder_ / name, kTaken, {});
  }
  Result<BackupManifest> Restore(const std::string& to = "restored") {
    return RestoreBackup(folder_ / "backup", folder_ / to, {});
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(BackupTest, RestoresToTheSameTables) {
  for (size_t i = 0; i < 50; ++i) ASSERT_TRUE(Create(i));
  const Digest digest = *DigestOfTables(store_->engine());

  const auto taken = Take();
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(taken->position, Position{50});
  EXPECT_EQ(taken->tree, store_->ledger().tree_head());
  EXPECT_EQ(taken->taken.ms, kTaken.ms / 1000 * 1000);
  EXPECT_EQ(taken->identity.node_id, kNode.node_id);
  ASSERT_TRUE(Create(50));
  ASSERT_TRUE(VerifyBackup(folder_ / "backup", {}).ok());
  ASSERT_TRUE(Restore().ok());

  const auto restored = Open(folder_ / "restored");
  EXPECT_EQ(restored->ledger().head(), Position{50});
  EXPECT_EQ(*DigestOfTables(restored->engine()), digest);
  EXPECT_TRUE(RecountOwn(restored->engine(), {})->differences.empty());
  EXPECT_TRUE(restored->after_unclean_stop());
  restored->Close();
}

TEST_F(BackupTest, SaysExactlyWhatItHoldsWhileTheLogGrows) {
  std::atomic<bool> stop = false;
  std::atomic<size_t> created = 0;
  std::thread writer([&] {
    while (!stop && Create(created)) ++created;
  });
  while (created < 20) std::this_thread::yield();
  for (const std::string name : {"a", "b", "c"}) {
    const auto taken = Take(name);
    ASSERT_TRUE(taken.ok());
    ASSERT_TRUE(RestoreBackup(folder_ / name, folder_ / ("restored-" + name), {}).ok());
    const auto restored = Open(folder_ / ("restored-" + name));
    EXPECT_EQ(restored->ledger().head(), taken->position);
    EXPECT_EQ(restored->ledger().tree_head(), taken->tree);
    EXPECT_EQ(CountRows(restored->engine(), Table::kRecords), taken->position.value);
    restored->Close();
  }
  stop = true;
  writer.join();
}

TEST_F(BackupTest, IsNotTakenOverWhatIsThere) {
  std::filesystem::create_directory(folder_ / "backup");
  EXPECT_EQ(Take().error().code, Errc::kExists);
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "backup"));
}

TEST_F(BackupTest, LeavesNothingWhenItIsStopped) {
  ASSERT_TRUE(Create(1));
  const auto taken =
      TakeBackup(*store_, folder_ / "backup", kTaken, [](uint64_t, uint64_t) { return false; });
  EXPECT_EQ(taken.error().code, Errc::kTimeout);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "backup"));
}

TEST_F(BackupTest, IsRefusedWithAnyFileChangedCutOrGone) {
  for (size_t i = 0; i < 20; ++i) ASSERT_TRUE(Create(i));
  const auto taken = Take();
  ASSERT_TRUE(taken.ok());
  std::mt19937 chance(5);
  for (const BackupFile& file : taken->files) {
    const std::string path = folder_ / ("backup/" + file.name);
    const std::string octets = *ReadWholeFile(path, 64u << 20);
    const auto write = [&](const std::string& text) {
      std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    };
    if (!octets.empty()) {
      std::string changed = octets;
      changed[chance() % changed.size()] ^= 1;
      write(changed);
      EXPECT_EQ(VerifyBackup(folder_ / "backup", {}).error().code, Errc::kForged) << file.name;
      EXPECT_EQ(Restore().error().code, Errc::kForged) << file.name;
      write(octets.substr(1));
      EXPECT_EQ(VerifyBackup(folder_ / "backup", {}).error().code, Errc::kCorrupt) << file.name;
    }
    std::filesystem::remove(path);
    EXPECT_EQ(VerifyBackup(folder_ / "backup", {}).error().code, Errc::kNotFound) << file.name;
    write(octets);
    EXPECT_TRUE(VerifyBackup(folder_ / "backup", {}).ok()) << file.name;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "restored"));
  std::filesystem::remove(folder_ / "backup/manifest.json");
  EXPECT_EQ(VerifyBackup(folder_ / "backup", {}).error().code, Errc::kNotFound);
  EXPECT_EQ(Restore().error().code, Errc::kNotFound);
}

TEST_F(BackupTest, IsNotRestoredOverWhatIsThere) {
  ASSERT_TRUE(Create(1));
  ASSERT_TRUE(Take().ok());
  EXPECT_EQ(Restore("data").error().code, Errc::kExists);
  std::filesystem::create_directory(folder_ / "empty");
  EXPECT_TRUE(Restore("empty").ok());
}

TEST_F(BackupTest, RestoredHalfWayIsNoDataDirectory) {
  ASSERT_TRUE(Create(1));
  ASSERT_TRUE(Take().ok());
  uint64_t of_all = 0;
  const auto restored =
      RestoreBackup(folder_ / "backup", folder_ / "restored", [&](uint64_t done, uint64_t of) {
        of_all = of;
        return done < of;  // Stops with the very last piece.
      });
  EXPECT_EQ(restored.error().code, Errc::kTimeout);
  EXPECT_GT(of_all, 0u);
  StoreOptions options;
  options.directory = folder_ / "restored";
  options.identity = kNode;
  EXPECT_EQ(Store::Open(options).error().code, Errc::kFormatVersion);
}

}  // namespace
}  // namespace idnode
