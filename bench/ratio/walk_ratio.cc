// The walk from a serial up to its product (spec/gs1-digital-link.md 5.3), as a Digital Link does
// it, without a socket; everything is in memory.

#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "bench/ratio/measure.h"
#include "bench/ratio/sample_products.h"
#include "bench/ratio/scratch.h"
#include "node/service/digital_link.h"

namespace idnode::bench {
namespace {

constexpr uint64_t kCacheOctets = 4ull << 30;
constexpr int kQuestions = 200'000;

// In an order without pattern.
std::vector<Gs1Path> Questions(uint64_t first, uint64_t products) {
  std::vector<Gs1Path> questions;
  uint64_t state = 88;
  for (int i = 0; i < kQuestions; ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    const std::string product = ProductText(first + (state >> 20) % products);
    questions.push_back(PathOf(product + "/22/2A/10/L20261122/21/SN000123456"));
  }
  return questions;
}

// Of this thread's processor time.
uint64_t BusyNanos() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

double Nanos(const Resolver& resolver, const std::vector<Gs1Path>& questions, size_t found) {
  Gs1Records records;
  const uint64_t begin = BusyNanos();
  for (const Gs1Path& path : questions) {
    ResolutionNote note;
    (void)records.Find(resolver, path, Caller{}, Reach::kMemoryOnly, note);
    Require(records.size() == found);
  }
  return static_cast<double>(BusyNanos() - begin) / static_cast<double>(questions.size());
}

void Run(uint64_t products, int rounds) {
  const ScratchDirectory directory;
  const auto store = OpenStore(directory.path() + "/store", "secondary", kCacheOctets);
  Fill(*store, {.products = products});
  Require(store->engine().Compact().ok());
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
  idnode::bench::Run(products, argc > 2 ? std::atoi(argv[2]) : 5);
  return 0;
}
