// Lookup through the service, without a socket, against a bare RocksDB Get of the same rows with
// the same table options, in turns; everything is in the block cache. And: memory per identifier,
// time to open.

#include <rocksdb/db.h>
#include <rocksdb/table.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bench/ratio/measure.h"
#include "bench/ratio/sample_records.h"
#include "bench/ratio/scratch.h"
#include "node/service/resolver.h"
#include "storage/engine/rocksdb_options.h"

namespace idnode::bench {
namespace {

constexpr uint64_t kCacheOctets = 6ull << 30;
constexpr uint32_t kBatch = 4'000;

void Fill(Store& store, uint64_t records) {
  Change directory(Time{1}, "bench", OperationId{}, Change::Mode::kTogether);
  Enterprise enterprise{.number = 1, .code = "bench", .name = "bench"};
  AddPutEnterprise(directory, enterprise, std::nullopt);
  AllottedPrefix prefix{.prefix = {Scheme::kHandle, "88.118.8"}, .enterprise = 1};
  AddPutPrefix(directory, prefix, std::nullopt);
  directory.Seal();
  Require(store.ledger().Commit(std::make_shared<Change>(std::move(directory))).done());
  SampleRecords sample(3);
  for (uint64_t first = 0; first < records; first += kBatch) {
    Require(store.ledger().Commit(sample.Creates(first, kBatch, false)).done());
  }
  Require(store.engine().Compact().ok());
}

// Keys as the clients spell them, in an order without pattern.
std::vector<std::string> Questions(uint64_t records, bool absent) {
  std::vector<std::string> questions;
  uint64_t state = 88;
  for (int i = 0; i < 400'000; ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    const uint64_t n = (state >> 20) % records + (absent ? 1ull << 36 : 0);
    questions.push_back(SampleRecords::Key(n, false).substr(1));
  }
  return questions;
}

struct Bare {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::ColumnFamilyHandle* records = nullptr;

  ~Bare() {
    for (auto* family : families) db->DestroyColumnFamilyHandle(family);
  }
};

std::unique_ptr<Bare> OpenBare(const std::string& directory) {
  RocksDbOptions options;
  auto bare = std::make_unique<Bare>();
  rocksdb::DB* db = nullptr;
  const auto families = Families(options, MakeBlockCache(kCacheOctets));
  const rocksdb::Status opened = rocksdb::DB::OpenForReadOnly(
      DatabaseOptions(options, rocksdb::Env::Default()), directory, families, &bare->families, &db);
  Require(opened.ok());
  bare->db.reset(db);
  for (auto* family : bare->families) {
    if (family->GetName() == "records") bare->records = family;
  }
  Require(bare->records != nullptr);
  return bare;
}

double BareNanos(Bare& bare, const std::vector<std::string>& questions) {
  rocksdb::PinnableSlice row;
  std::string key;
  const uint64_t begin = NowNanos();
  for (const std::string& question : questions) {
    key.assign("H").append(question);
    row.Reset();
    Keep(bare.db->Get(rocksdb::ReadOptions(), bare.records, key, &row).ok());
  }
  return static_cast<double>(NowNanos() - begin) / static_cast<double>(questions.size());
}

double OurNanos(const Resolver& resolver, const std::vector<std::string>& questions, bool found) {
  Resolver::Scratch scratch;
  ResolutionNote note;
  const uint64_t begin = NowNanos();
  for (const std::string& question : questions) {
    const auto answer = resolver.Resolve(question, Reach::kDisk, scratch, note);
    Require(answer.ok() == found);
  }
  return static_cast<double>(NowNanos() - begin) / static_cast<double>(questions.size());
}

void Run(uint64_t records, int rounds) {
  const ScratchDirectory directory;
  const std::string path = directory.path() + "/store";
  auto store = OpenStore(path, "secondary", kCacheOctets);
  Fill(*store, records);
  const auto figures = store->engine().figures();
  Report("filter and index in memory", "octets/identifier",
         static_cast<double>(figures.filter_and_index_octets) / static_cast<double>(records),
         "limit", 2);
  store->Close();
  store.reset();

  const uint64_t begin = NowNanos();
  store = OpenStore(path, "secondary", kCacheOctets);
  Report("open after a clean stop", "s", static_cast<double>(NowNanos() - begin) / 1e9, "limit",
         0.5);

  const auto bare = OpenBare(path + "/rows");
  const Resolver resolver(store->registry(), store->directory());
  const auto questions = Questions(records, false), absent = Questions(records, true);
  BareNanos(*bare, questions);
  OurNanos(resolver, questions, true);
  for (int round = 0; round < rounds; ++round) {
    const double anchor = BareNanos(*bare, questions);
    Report("lookup through the service", "ns", OurNanos(resolver, questions, true),
           "bare RocksDB Get", anchor);
    Report("lookup of an absent identifier", "ns", OurNanos(resolver, absent, false), "limit",
           1000);
  }
  store->Close();
}

}  // namespace
}  // namespace idnode::bench

int main(int argc, char** argv) {
  const uint64_t records = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  idnode::bench::Run(records / 4'000 * 4'000, argc > 2 ? std::atoi(argv[2]) : 5);
  return 0;
}
