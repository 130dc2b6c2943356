#pragma once

#include <string>
#include <string_view>

#include "proto/ident/identifier.h"
#include "proto/ident/serial_key.h"
#include "storage/serial_range.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {

// A node in memory whose products have ranges of serials.
class RangeNode : public MemoryNode {
 public:
  static std::string Product(std::string_view gtin = "06901234567892") {
    return ParseIdentifier("01/" + std::string(gtin))->key;
  }
  static std::string Serial(std::string_view serial) { return SerialKeyOf(Product(), serial); }

  Outcome Allocate(std::string_view first, std::string_view last, std::string_view lot = "",
                   uint32_t enterprise = 1, const std::string& product = Product()) {
    return Commit([&](Change& change) {
      const SerialRanges::Set set = *ranges_->FindSet(product, Reach::kDisk);
      ExpectRangeSet(change, product, set);
      AddAllocateRange(change, set, product, first, last, lot, enterprise, RecordOf(enterprise));
    });
  }
  Outcome Withdraw(std::string_view last) {
    return Commit([&](Change& change) {
      const SerialRanges::Set set = *ranges_->FindSet(Product(), Reach::kDisk);
      ExpectRangeSet(change, Product(), set);
      AddWithdrawRange(change, set,
                       *ranges_->FindAtOrAfter(Product(), last, Reach::kDisk, scratch_));
    });
  }
  // Registers a serial by itself, as whoever has read the ranges would.
  Outcome Register(std::string_view serial, uint32_t enterprise = 1) {
    return Commit([&](Change& change) {
      ExpectRangeSet(change, Product(), *ranges_->FindSet(Product(), Reach::kDisk));
      AddCreate(change, Serial(serial), enterprise, RecordOf(enterprise), HolderOf(serial));
    });
  }
  Outcome Remove(std::string_view serial, uint32_t enterprise = 1) {
    return Commit([&](Change& change) {
      std::string row;
      const Position version = registry().Find(Serial(serial), Reach::kDisk, row)->version;
      AddRemove(change, Serial(serial), enterprise, version, HolderOf(serial));
    });
  }
  uint32_t HolderOf(std::string_view serial) {
    const auto member = ranges_->FindMember(Serial(serial), Reach::kDisk, scratch_);
    if (member) return member->range.record.enterprise();
    EXPECT_EQ(member.error().code, Errc::kNotFound);
    return 0;
  }
  int64_t Sum(Metric metric, uint32_t enterprise = kAllEnterprises) {
    return (*ReadTotals(engine(), kOwn))[Figure{.metric = metric, .enterprise = enterprise}];
  }
  int64_t Held() { return Sum(Metric::kAllocated) - Sum(Metric::kDeallocated); }

  SerialRanges& ranges() { return *ranges_; }

 private:
  // Not an observer: it is asked to look whenever the test does.
  std::unique_ptr<SerialRanges> ranges_ = Looking();
  std::unique_ptr<SerialRanges> Looking() {
    auto ranges = SerialRanges::Open(engine());
    EXPECT_TRUE(ranges.ok());
    Change change(kMorning, "tester", OperationId{}, Change::Mode::kTogether);
    change.Begin(EventKind::kRangeAllocated, 1, "range");
    (*ranges)->OnApplied(change, std::vector<uint8_t>{1}, Position{1});
    return *std::move(ranges);
  }
  SerialRanges::Scratch scratch_;
};

}  // namespace idnode
