#include "storage/engine/rocksdb_engine.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "storage/engine/manifest_check.h"
#include "tests/unit/storage/engine/temporary_directory.h"

namespace idnode {
namespace {

namespace fs = std::filesystem;

const RocksDbOptions kOptions{.block_cache_octets = 8u << 20, .memtable_octets = 1u << 20};

std::unique_ptr<Engine> Open(const std::string& directory) {
  auto opened = OpenRocksDb(directory, kOptions);
  EXPECT_TRUE(opened.ok()) << opened.error().detail;
  return opened ? std::move(*opened) : nullptr;
}

std::string KeyOf(int i) { return "88.118.8/SN-" + std::to_string(1'000'000 + i); }

std::string ValueOf(int i) {
  std::mt19937_64 random(i);
  std::string value = "value of row " + std::to_string(i) + ": ";
  while (value.size() < 200) value.push_back(static_cast<char>(random()));
  return value;
}

void WriteRows(Engine& engine, int from, int until) {
  Batch batch;
  for (int i = from; i < until; ++i) {
    batch.Put(Table::kRecords, KeyOf(i), ValueOf(i));
    batch.Put(Table::kLog, KeyOf(i), ValueOf(i));
    batch.Add(Table::kCounters, KeyOf(i % 10), i);
  }
  ASSERT_TRUE(engine.Write(batch, Engine::Durability::kSynced).ok());
}

std::vector<fs::path> FilesOf(const std::string& directory, std::string_view ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().string().ends_with(ending)) files.push_back(entry.path());
  }
  return files;
}

TEST(RocksDbEngine, IsInUseWhileItIsOpenInThisProcess) {
  TemporaryDirectory directory;
  const auto engine = Open(directory.path());
  const auto second = OpenRocksDb(directory.path(), kOptions);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::kInUse);
}

TEST(RocksDbEngine, IsInUseWhileAnotherProcessHoldsItsLock) {
  TemporaryDirectory directory;
  Open(directory.path());
  int held[2];
  int finished[2];
  ASSERT_EQ(pipe(held), 0);
  ASSERT_EQ(pipe(finished), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(finished[1]);
    const int lock = open((directory.path() + "/LOCK").c_str(), O_RDWR);
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    const bool locked = lock >= 0 && fcntl(lock, F_SETLK, &whole) == 0;
    char octet = 0;
    if (write(held[1], locked ? "y" : "n", 1) == 1) (void)!read(finished[0], &octet, 1);
    _exit(0);
  }
  close(finished[0]);
  char locked = 0;
  ASSERT_EQ(read(held[0], &locked, 1), 1);
  EXPECT_EQ(locked, 'y');

  const auto refused = OpenRocksDb(directory.path(), kOptions);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kInUse);

  close(finished[1]);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(OpenRocksDb(directory.path(), kOptions).ok());
}

TEST(RocksDbEngine, CreatesItsDirectoryAndItsParents) {
  TemporaryDirectory directory;
  EXPECT_NE(Open(directory.path() + "/a/b"), nullptr);
}

TEST(RocksDbEngine, IsNotCreatedUnlessAsked) {
  TemporaryDirectory directory;
  RocksDbOptions options = kOptions;
  options.create_if_missing = false;
  for (const std::string& missing : {directory.path(), directory.path() + "/missing"}) {
    const auto opened = OpenRocksDb(missing, options);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, Errc::kIo);
  }
}

TEST(RocksDbEngine, IsNotCreatedOverTheRemainsOfAnother) {
  TemporaryDirectory directory;
  WriteRows(*Open(directory.path()), 0, 100);
  fs::remove(directory.path() + "/CURRENT");
  const auto tables = FilesOf(directory.path(), ".sst");
  ASSERT_FALSE(tables.empty());

  const auto opened = OpenRocksDb(directory.path(), kOptions);

  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::kCorrupt);
  EXPECT_EQ(FilesOf(directory.path(), ".sst"), tables);
}

TEST(RocksDbEngine, IsCorruptWithoutOneOfItsTableFiles) {
  TemporaryDirectory directory;
  WriteRows(*Open(directory.path()), 0, 100);
  fs::remove(FilesOf(directory.path(), ".sst").front());
  const auto opened = OpenRocksDb(directory.path(), kOptions);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::kCorrupt);
}

TEST(RocksDbEngine, LeavesNothingToReplayWhenItIsClosed) {
  TemporaryDirectory directory;
  WriteRows(*Open(directory.path()), 0, 100);
  for (const auto& log : FilesOf(directory.path(), ".log")) fs::remove(log);
  const auto engine = Open(directory.path());
  ASSERT_NE(engine, nullptr);
  std::string value;
  EXPECT_TRUE(*engine->Get(Table::kRecords, KeyOf(99), Reach::kDisk, value));
}

TEST(RocksDbEngine, AnswersFromMemoryOrSaysBusy) {
  TemporaryDirectory directory;
  WriteRows(*Open(directory.path()), 0, 1000);
  const auto engine = Open(directory.path());  // Nothing is cached yet.
  std::string value;

  const auto cold = engine->Get(Table::kRecords, KeyOf(5), Reach::kMemoryOnly, value);
  ASSERT_FALSE(cold.ok());
  EXPECT_EQ(cold.error().code, Errc::kBusy);

  const auto absent = engine->Get(Table::kRecords, "88.118.8/none", Reach::kMemoryOnly, value);
  ASSERT_TRUE(absent.ok()) << "the resident filter knows";
  EXPECT_FALSE(*absent);

  ASSERT_TRUE(*engine->Get(Table::kRecords, KeyOf(5), Reach::kDisk, value));
  value.clear();
  const auto warm = engine->Get(Table::kRecords, KeyOf(5), Reach::kMemoryOnly, value);
  ASSERT_TRUE(warm.ok());
  EXPECT_TRUE(*warm);
  EXPECT_EQ(value, ValueOf(5));

  WriteRows(*engine, 1000, 1001);
  EXPECT_TRUE(*engine->Get(Table::kRecords, KeyOf(1000), Reach::kMemoryOnly, value));
  EXPECT_EQ(value, ValueOf(1000));
}

TEST(RocksDbEngine, ReusesTheCapacityOfTheAnswer) {
  TemporaryDirectory directory;
  const auto engine = Open(directory.path());
  WriteRows(*engine, 0, 10);
  std::string value;
  value.reserve(4096);
  const char* memory = value.data();
  for (int round = 0; round < 2; ++round) {  // From the memtable, then from a block.
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(*engine->Get(Table::kRecords, KeyOf(i), Reach::kDisk, value));
      EXPECT_EQ(value, ValueOf(i));
      EXPECT_EQ(value.data(), memory);
    }
    ASSERT_TRUE(engine->Compact().ok());
  }
}

TEST(RocksDbEngine, CheckpointIsTheStateOfItsMoment) {
  TemporaryDirectory directory;
  const auto engine = Open(directory.path() + "/live");
  WriteRows(*engine, 0, 1000);
  const std::string copy = directory.path() + "/copy";

  ASSERT_TRUE(engine->Checkpoint(copy).ok());
  WriteRows(*engine, 1000, 1001);

  const auto restored = Open(copy);
  ASSERT_NE(restored, nullptr);
  std::string value;
  ASSERT_TRUE(*restored->Get(Table::kRecords, KeyOf(999), Reach::kDisk, value));
  EXPECT_EQ(value, ValueOf(999));
  EXPECT_FALSE(*restored->Get(Table::kRecords, KeyOf(1000), Reach::kDisk, value));
  EXPECT_EQ(*restored->Sum(Table::kCounters, KeyOf(0)), 99 * 100 / 2 * 10);
}

TEST(RocksDbEngine, CheckpointIsNotMadeOverAnything) {
  TemporaryDirectory directory;
  const auto engine = Open(directory.path() + "/live");
  const Status made = engine->Checkpoint(directory.path());
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, Errc::kExists);
}

TEST(RocksDbEngine, ReportsDiskFilterAndCache) {
  TemporaryDirectory directory;
  const auto engine = Open(directory.path());
  WriteRows(*engine, 0, 10'000);
  EXPECT_GT(engine->figures().disk_octets, 10'000u * 200) << "the log counts too";
  ASSERT_TRUE(engine->Compact().ok());
  std::string value;
  ASSERT_TRUE(*engine->Get(Table::kRecords, KeyOf(1), Reach::kDisk, value));

  const Engine::Figures figures = engine->figures();

  EXPECT_GT(figures.disk_octets, 10'000u * 150);
  EXPECT_GT(figures.filter_and_index_octets, 10'000u);
  EXPECT_LT(figures.filter_and_index_octets, 1'000'000u);
  EXPECT_GT(figures.cache_octets, 0u);
}

// A store of a few table files, whose answers are known.
class FlippedBit : public testing::Test {
 protected:
  static constexpr int kRows = 3000;

  void SetUp() override {
    const auto engine = Open(pristine());
    for (int i = 0; i < kRows; i += 1000) {
      WriteRows(*engine, i, i + 1000);
      ASSERT_TRUE(engine->Compact().ok());
    }
  }
  std::string pristine() const { return directory_.path() + "/pristine"; }
  std::string damaged() const { return directory_.path() + "/damaged"; }

  void FlipBit(const fs::path& file, uint64_t bit) {
    fs::remove_all(damaged());
    fs::copy(pristine(), damaged());
    const fs::path target = fs::path(damaged()) / file.filename();
    const auto at = static_cast<std::streamoff>(bit / 8);
    std::fstream stream(target, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(at);
    const char octet = static_cast<char>(stream.get() ^ (1 << bit % 8));
    stream.seekp(at);
    stream.put(octet);
  }
  fs::path Manifest() const {
    for (const auto& entry : fs::directory_iterator(pristine())) {
      if (entry.path().filename().string().starts_with("MANIFEST-")) return entry.path();
    }
    return {};
  }

  // Opens the damaged store and asks for everything. True: the damage was told. Every answer is
  // either right or an error.
  bool AsksForEverything() {
    const auto opened = OpenRocksDb(damaged(), kOptions);
    if (!opened) {
      EXPECT_EQ(opened.error().code, Errc::kCorrupt) << opened.error().detail;
      return true;
    }
    bool told = false;
    std::string value;
    for (Table table : {Table::kRecords, Table::kLog}) {
      for (int i = 0; i < kRows; ++i) {
        const auto found = (*opened)->Get(table, KeyOf(i), Reach::kDisk, value);
        if (found) {
          EXPECT_TRUE(*found) << "a damaged row is not an absent one: " << KeyOf(i);
          EXPECT_EQ(value, ValueOf(i));
        } else {
          EXPECT_EQ(found.error().code, Errc::kCorrupt);
          told = true;
        }
      }
      const auto cursor = (*opened)->Scan(table, "", "");
      int rows = 0;
      for (; cursor->Valid(); cursor->Next()) ++rows;
      if (rows != kRows) {
        EXPECT_FALSE(cursor->status().ok()) << "a scan ended early without a word";
      }
      told = told || !cursor->status().ok();
    }
    for (int i = 0; i < 10; ++i) {
      const auto sum = (*opened)->Sum(Table::kCounters, KeyOf(i));
      if (sum) {
        EXPECT_EQ(*sum, (kRows / 10 - 1) * (kRows / 10) / 2 * 10 + i * (kRows / 10));
      }
      told = told || !sum.ok();
    }
    return told;
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(FlippedBit, InATableFileIsNeverAWrongAnswer) {
  std::mt19937_64 random(20261121);
  const auto files = FilesOf(pristine(), ".sst");
  ASSERT_GE(files.size(), 3u);
  int told = 0;
  for (int round = 0; round < 60; ++round) {
    const fs::path& file = files[random() % files.size()];
    FlipBit(file, random() % (fs::file_size(file) * 8));
    told += AsksForEverything();
    if (HasFailure()) FAIL() << "round " << round << ", file " << file;
  }
  EXPECT_GE(told, 40) << "most octets of a table file are rows or index";
}

TEST_F(FlippedBit, InTheManifestIsNeverAWrongAnswer) {
  std::mt19937_64 random(20261122);
  const uint64_t bits = fs::file_size(Manifest()) * 8;
  for (int round = 0; round < 100; ++round) {
    const uint64_t bit = random() % bits;
    FlipBit(Manifest(), bit);
    AsksForEverything();
    if (HasFailure()) FAIL() << "bit " << bit;
  }
}

TEST_F(FlippedBit, InTheNameOfTheManifestIsNeverAWrongAnswer) {
  const fs::path current = pristine() + "/CURRENT";
  for (uint64_t bit = 0; bit < fs::file_size(current) * 8; ++bit) {
    FlipBit(current, bit);
    AsksForEverything();
    if (HasFailure()) FAIL() << "bit " << bit;
  }
}

// RocksDB alone takes these two for the end of the manifest and forgets every table after it.
TEST_F(FlippedBit, InTheHeaderOfAManifestRecordIsToldWhereverItIs) {
  std::ifstream stream(Manifest(), std::ios::binary);
  const std::string manifest{std::istreambuf_iterator<char>(stream), {}};
  ASSERT_EQ(*ManifestOctetsToKeep(manifest), manifest.size());
  int records = 0;
  for (size_t at = 0; at + 7 <= manifest.size(); ++records) {
    for (size_t bit = (at + 4) * 8; bit < (at + 7) * 8; ++bit) {
      std::string flipped = manifest;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      const auto checked = ManifestOctetsToKeep(flipped);
      ASSERT_FALSE(checked.ok()) << "record " << records << ", bit " << bit - at * 8;
      EXPECT_EQ(checked.error().code, Errc::kCorrupt);
    }
    at += 7 + uint8_t(manifest[at + 4]) + 256 * uint8_t(manifest[at + 5]);
  }
  EXPECT_GT(records, 10);
}

TEST_F(FlippedBit, IsNotSuspectedInAManifestThatIsCutShort) {
  std::ifstream stream(Manifest(), std::ios::binary);
  const std::string manifest{std::istreambuf_iterator<char>(stream), {}};
  for (size_t size = 0; size <= manifest.size(); ++size) {
    std::string torn = manifest.substr(0, size);
    EXPECT_TRUE(ManifestOctetsToKeep(torn).ok()) << size;
    torn.resize(manifest.size());
    EXPECT_TRUE(ManifestOctetsToKeep(torn).ok()) << size << " and zeros";
  }
}

// The power cut left the record's second sector as zeros.
TEST_F(FlippedBit, IsNotATornLastRecordWhichIsCutOff) {
  std::string manifest;
  {
    std::ifstream stream(Manifest(), std::ios::binary);
    manifest.assign(std::istreambuf_iterator<char>(stream), {});
  }
  std::vector<size_t> starts;
  for (size_t at = 0; at + 7 <= manifest.size();) {
    starts.push_back(at);
    at += 7 + uint8_t(manifest[at + 4]) + 256 * uint8_t(manifest[at + 5]);
  }
  int torn_records = 0;
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    const size_t sector = (starts[i] + 7 + 511) / 512 * 512;
    if (sector >= starts[i + 1]) continue;
    std::string torn = manifest.substr(0, starts[i + 1]);
    if (torn.find_first_not_of('\0', sector) == torn.npos) continue;
    std::string flipped = torn;
    flipped[starts[i] + 8] ^= 1;
    EXPECT_EQ(*ManifestOctetsToKeep(flipped), flipped.size()) << "damaged, for RocksDB to tell";
    torn.replace(sector, torn.size() - sector, torn.size() - sector, '\0');
    EXPECT_EQ(*ManifestOctetsToKeep(torn), starts[i]);
    torn.replace(starts[i], torn.size() - starts[i], torn.size() - starts[i], '\0');
    EXPECT_EQ(*ManifestOctetsToKeep(torn), starts[i]);
    ++torn_records;
    torn.append(5000, 'x');
    EXPECT_EQ(*ManifestOctetsToKeep(torn), torn.size()) << "too far from the end to be torn";
  }
  EXPECT_GT(torn_records, 0);
}

// The power cut left the sector as zeros in which the last record's header begins, and kept the one
// in which it ends.
TEST_F(FlippedBit, IsNotATornHeaderOfTheLastRecordWhichIsCutOff) {
  std::ifstream stream(Manifest(), std::ios::binary);
  const std::string manifest{std::istreambuf_iterator<char>(stream), {}};
  const std::string first =
      manifest.substr(0, 7 + uint8_t(manifest[4]) + 256 * uint8_t(manifest[5]));
  int torn_headers = 0;
  for (std::string torn = first; torn.size() + first.size() < 32'768; torn += first) {
    const size_t start = torn.size();
    const size_t in_lost_sector = 512 - start % 512;
    if (in_lost_sector > 6) continue;
    std::string last = first;
    last.replace(0, in_lost_sector, in_lost_sector, '\0');
    if (last == first) continue;
    EXPECT_EQ(*ManifestOctetsToKeep(torn + last), start) << in_lost_sector;
    ++torn_headers;
  }
  EXPECT_GT(torn_headers, 0);
}

// The power cut left a manifest longer than what was synced of it.
TEST(RocksDbEngine, CutsOffATornManifestAndOpensAgainAndAgain) {
  TemporaryDirectory directory;
  { WriteRows(*Open(directory.path()), 0, 1'000); }
  for (int time = 0; time < 3; ++time) {
    fs::path manifest;
    for (const auto& entry : fs::directory_iterator(directory.path())) {
      if (entry.path().filename().string().starts_with("MANIFEST-")) manifest = entry.path();
    }
    std::ofstream(manifest, std::ios::app | std::ios::binary) << std::string(300, '\0');

    const auto opened = OpenRocksDb(directory.path(), kOptions);

    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    std::string value;
    for (int i = 0; i < 1'000; ++i) {
      ASSERT_TRUE(*(*opened)->Get(Table::kRecords, KeyOf(i), Reach::kDisk, value));
    }
  }
}

}  // namespace
}  // namespace idnode
