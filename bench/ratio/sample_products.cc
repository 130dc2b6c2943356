#include "bench/ratio/sample_products.h"

#include <cstdio>
#include <memory>
#include <string_view>

#include "proto/gs1/key.h"
#include "proto/gs1/packed_key.h"
#include "proto/gs1/uri.h"
#include "proto/record/record.h"
#include "storage/registry.h"

namespace idnode::bench {
namespace {

constexpr uint32_t kEnterprise = 1;
constexpr Time kTime{1'763'700'000'000};
constexpr size_t kBatch = 4'000;

std::string RecordOf(std::string_view type, std::string_view target) {
  Value link;
  link.index = 1;
  link.type = type;
  link.data = target;
  Record record;
  record.enterprise = kEnterprise;
  record.created = record.modified = kTime.seconds();
  record.values = {link};
  std::string octets;
  EncodeRecord(record, octets);
  return octets;
}

// Creates identifiers, many in one change; ascending keys are the cheapest.
class Creates {
 public:
  explicit Creates(Store& store) : store_(store) {}

  void Add(const std::string& text, std::string_view record) {
    if (change_ == nullptr) {
      change_ = std::make_shared<Change>(kTime, "bench", OperationId{}, Change::Mode::kEach);
    }
    key_.clear();
    AppendGs1Key(PathOf(text), key_);
    AddCreate(*change_, key_, kEnterprise, record);
    if (++count_ == kBatch) Commit();
  }
  void Commit() {
    if (change_ == nullptr) return;
    change_->Seal();
    Require(store_.ledger().Commit(change_).done());
    change_.reset();
    count_ = 0;
  }

 private:
  Store& store_;
  std::shared_ptr<Change> change_;
  size_t count_ = 0;
  std::string key_;
};

void Enrol(Store& store) {
  Change directory(Time{1}, "bench", OperationId{}, Change::Mode::kTogether);
  const Enterprise enterprise{.number = kEnterprise, .code = "bench", .name = "bench"};
  AddPutEnterprise(directory, enterprise, std::nullopt);
  const AllottedPrefix prefix{.prefix = {Scheme::kGs1, "69012"}, .enterprise = kEnterprise};
  AddPutPrefix(directory, prefix, std::nullopt);
  directory.Seal();
  Require(store.ledger().Commit(std::make_shared<Change>(std::move(directory))).done());
}

}  // namespace

std::string ProductText(uint64_t product) {
  char text[24];
  std::snprintf(text, sizeof text, "/01/069012%07llu", static_cast<unsigned long long>(product));
  std::string whole(text);
  whole.push_back(CheckDigitOf(std::string_view(whole).substr(4)));
  return whole;
}

std::string SerialText(uint64_t product, uint64_t serial) {
  char text[16];
  std::snprintf(text, sizeof text, "/21/S%07llu", static_cast<unsigned long long>(serial));
  return ProductText(product) + text;
}

Gs1Path PathOf(const std::string& text) {
  Gs1Path path;
  Require(ParseGs1Path(text, path).ok());
  return path;
}

void Fill(Store& store, const SampleProducts& sample) {
  Enrol(store);
  const std::string product = RecordOf(
      "gs1:defaultLink", R"({"href":"https://brand.example/p/{01}","title":"of a series"})");
  const std::string serial = RecordOf(
      "gs1:traceability", R"({"href":"https://trace.example/{01}/{21}","title":"history"})");
  Creates creates(store);
  for (uint64_t n = 0; n < sample.products; ++n) {
    creates.Add(ProductText(n), product);
    uint64_t serials = n < sample.with_serials ? sample.serials : 0;
    if (n + 1 == sample.products) serials += sample.large_serials;
    for (uint64_t s = 0; s < serials; ++s) creates.Add(SerialText(n, s), serial);
  }
  creates.Commit();
}

}  // namespace idnode::bench
