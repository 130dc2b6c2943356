// The walk from a serial up to its product (spec/gs1-digital-link.md 5.3), as a Digital Link does
// it, without a socket; everything is in memory.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bench/ratio/measure.h"
#include "bench/ratio/scratch.h"
#include "node/service/digital_link.h"
#include "proto/gs1/key.h"
#include "proto/gs1/uri.h"
#include "proto/record/record.h"
#include "storage/registry.h"

namespace idnode::bench {
namespace {

constexpr uint64_t kCacheOctets = 4ull << 30;
constexpr uint64_t kBatch = 4'000;
constexpr uint32_t kEnterprise = 1;
constexpr Time kTime{1'763'700'000'000};
constexpr int kQuestions = 200'000;

// Product number `n` of the company 69012.
std::string ProductOf(uint64_t n) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "069012%07llu", static_cast<unsigned long long>(n));
  std::string gtin(digits, 13);
  gtin.push_back(CheckDigitOf(gtin));
  return "/01/" + gtin;
}

Gs1Path PathOf(const std::string& text) {
  Gs1Path path;
  Require(ParseGs1Path(text, path).ok());
  return path;
}

void Fill(Store& store, uint64_t products) {
  Change directory(Time{1}, "bench", OperationId{}, Change::Mode::kTogether);
  AddPutEnterprise(directory, {.number = kEnterprise, .code = "bench", .name = "bench"},
                   std::nullopt);
  AddPutPrefix(directory, {.prefix = {Scheme::kGs1, "69012"}, .enterprise = kEnterprise},
               std::nullopt);
  directory.Seal();
  Require(store.ledger().Commit(std::make_shared<Change>(std::move(directory))).done());

  Value link;
  link.index = 1;
  link.type = "gs1:defaultLink";
  link.data = R"({"href":"https://brand.example/p/{01}","title":"of a series"})";
  Record record;
  record.enterprise = kEnterprise;
  record.created = record.modified = kTime.seconds();
  record.values = {link};
  std::string octets;
  EncodeRecord(record, octets);
  std::string key;
  for (uint64_t first = 0; first < products; first += kBatch) {
    auto change = std::make_shared<Change>(kTime, "bench", OperationId{}, Change::Mode::kEach);
    for (uint64_t n = first; n < first + kBatch; ++n) {
      key.clear();
      AppendGs1Key(PathOf(ProductOf(n)), key);
      AddCreate(*change, key, kEnterprise, octets);
    }
    change->Seal();
    Require(store.ledger().Commit(change).done());
  }
  Require(store.engine().Compact().ok());
}

// In an order without pattern.
std::vector<Gs1Path> Questions(uint64_t first, uint64_t products) {
  std::vector<Gs1Path> questions;
  uint64_t state = 88;
  for (int i = 0; i < kQuestions; ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    const std::string product = ProductOf(first + (state >> 20) % products);
    questions.push_back(PathOf(product + "/22/2A/10/L20261122/21/SN000123456"));
  }
  return questions;
}

double Nanos(const Resolver& resolver, const std::vector<Gs1Path>& questions, size_t found) {
  Gs1Records records;
  const uint64_t begin = NowNanos();
  for (const Gs1Path& path : questions) {
    ResolutionNote note;
    (void)records.Find(resolver, path, Caller{}, Reach::kMemoryOnly, note);
    Require(records.size() == found);
  }
  return static_cast<double>(NowNanos() - begin) / static_cast<double>(questions.size());
}

void Run(uint64_t products, int rounds) {
  const ScratchDirectory directory;
  const auto store = OpenStore(directory.path() + "/store", "secondary", kCacheOctets);
  Fill(*store, products);
  const Resolver resolver(store->registry(), store->directory());
  const auto present = Questions(0, products), absent = Questions(products, products);
  // Blocks that are asked for are kept.
  Gs1Records records;
  for (const Gs1Path& path : present) {
    ResolutionNote note;
    Require(records.Find(resolver, path, Caller{}, Reach::kDisk, note).ok());
  }
  Nanos(resolver, absent, 0);
  for (int round = 0; round < rounds; ++round) {
    Report("five absent levels", "ns", Nanos(resolver, absent, 0), "limit", 5'000);
    Report("four absent levels and the product", "ns", Nanos(resolver, present, 1), "limit",
           10'000);
  }
  store->Close();
}

}  // namespace
}  // namespace idnode::bench

int main(int argc, char** argv) {
  const uint64_t products = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  idnode::bench::Run(std::max<uint64_t>(1, products / 4'000) * 4'000,
                     argc > 2 ? std::atoi(argv[2]) : 5);
  return 0;
}
