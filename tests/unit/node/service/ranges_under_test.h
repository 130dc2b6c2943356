#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "node/service/resolver.h"
#include "node/service/serial_ranges.h"
#include "storage/audit.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {

using Done = RangeBook::Done;

inline constexpr std::string_view kRange = "01/06901234567892/10/L1/21/0000001-1000000";
inline constexpr std::string_view kProduct = "01/06901234567892";

// A node that keeps ranges of serials.
class RangesUnderTest : public NodeUnderTest {
 protected:
  RangesUnderTest() {
    // Observers come before the ledger runs; this one is told by hand.
    ranges = *SerialRanges::Open(*engine);
    registrar = std::make_unique<Registrar>(
        *engine, registry, *directory, *ledger,
        RegistrarSettings{.node_prefix = "88.118", .secrets = &secrets, .ranges = ranges.get()});
  }
  RangeBook::Outcome Allocate(std::string_view name, const Caller& caller,
                              std::string_view data = "https://acme.example/range") {
    auto outcome = Book().Allocate(name, Values(data), caller, kNow);
    if (outcome.done == RangeDone::kAllocated) Tell();
    return outcome;
  }
  RangeBook::Outcome Withdraw(std::string_view name, const Caller& caller) {
    return Book().Withdraw(name, caller, kNow);
  }
  Errc RefusalOf(const RangeBook::Outcome& outcome) {
    EXPECT_EQ(outcome.done, RangeDone::kRefused);
    return outcome.refusal.error.code;
  }
  RangeBook Book() { return {*engine, *ranges, *directory, *ledger, *acts}; }
  void Tell() {
    Change change(kNow, "tester", OperationId{}, Change::Mode::kTogether);
    change.Begin(EventKind::kRangeAllocated, 1, "range");
    ranges->OnApplied(change, std::vector<uint8_t>{1}, Position{1});
  }
  std::string Answered(std::string_view text) {
    ResolutionNote note;
    const auto answer = resolver().Resolve(text, Reach::kMemoryOnly, scratch, note);
    if (!answer) return std::string(RowOf(answer.error().code).name);
    EXPECT_EQ(note.outcome, ResolutionOutcome::kFound);
    EXPECT_EQ(note.enterprise, acme.enterprise);
    const auto values = answer->found.record.DecodeAll();
    EXPECT_TRUE(values.ok());
    return std::string(answer->text) + " " + std::string(values->at(0).data);
  }
  Resolver resolver() { return {registry, *directory, "88.118", nullptr, ranges.get()}; }
  int64_t Held() { return Sum(Metric::kAllocated) - Sum(Metric::kDeallocated); }
  void ExpectProved() {
    const auto recount = RecountOwn(*engine->OpenView(), {});
    ASSERT_TRUE(recount.ok());
    for (const Difference& difference : recount->differences) {
      ADD_FAILURE() << difference.what << ": " << difference.recounted << " against "
                    << difference.stored;
    }
  }

  std::unique_ptr<SerialRanges> ranges;
  Resolver::Scratch scratch;
};

}  // namespace idnode
