#include "node/service/listing.h"

#include "node/service/serial_ranges.h"
#include "proto/base/limits.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

using Texts = std::vector<std::string>;

class ListingTest : public NodeUnderTest {
 protected:
  ListingTest() {
    Register({Item("88.118.8/a"), Item("88.118.8/b"), Item("88.118.8/c"), Item("6901234567892"),
              Item("414/6901234000009")},
             acme);
    Register({Item("88.118.9/x")}, other);
  }
  Texts List(ListRequest request, const Caller& caller) {
    Texts texts;
    for (int pages = 0; pages < 100; ++pages) {
      const auto page = listing.List(request, caller);
      EXPECT_TRUE(page.ok());
      if (!page) break;
      EXPECT_LE(page->rows.size(), request.count);
      for (const auto& one : page->rows) texts.push_back(one.text);
      if (page->next_cursor.empty()) break;
      request.cursor = page->next_cursor;
    }
    return texts;
  }
  Texts Export(const ExportFilter& filter, const Caller& caller) {
    Texts texts;
    EXPECT_TRUE(listing
                    .Export(filter, caller,
                            [&](std::string_view key, const Registry::Found& found) {
                              texts.push_back(*TextOf(key, found.record));
                              return true;
                            })
                    .ok());
    return texts;
  }
  Errc Refusal(const ListRequest& request, const Caller& caller) {
    return listing.List(request, caller).error().code;
  }
  Listing listing{*engine, *directory, *acts};
};

TEST_F(ListingTest, ListsAPrefixAPageAtATime) {
  for (const size_t count : {1u, 2u, 3u, 100u}) {
    EXPECT_EQ(List({Scheme::kHandle, "88.118.8", "", count}, acme),
              (Texts{"88.118.8/a", "88.118.8/b", "88.118.8/c"}));
  }
}

TEST_F(ListingTest, ListsAllKeyTypesUnderAGs1Prefix) {
  const Texts both = {"01/06901234567892", "414/6901234000009"};
  for (const auto* prefix : {"690", "6901", "6901234"}) {
    EXPECT_EQ(List({Scheme::kGs1, prefix, "", 1}, op), both) << prefix;
  }
  EXPECT_EQ(List({Scheme::kGs1, "6901235", "", 1}, op), Texts{});
}

TEST_F(ListingTest, ShowsAnOperatorTheWholeSchemeAndAnEnterpriseItsOwn) {
  EXPECT_EQ(List({Scheme::kHandle, "", "", 2}, op).size(), 4u);
  EXPECT_EQ(List({Scheme::kHandle, "", "", 2}, acme).size(), 3u);
  EXPECT_EQ(List({Scheme::kHandle, "", "", 2}, other), Texts{"88.118.9/x"});
  EXPECT_EQ(List({Scheme::kGs1, "", "", 2}, other), Texts{});
}

TEST_F(ListingTest, GivesTheEncodedRecordAndItsVersion) {
  const auto page = listing.List({Scheme::kHandle, "88.118.9", "", 10}, other);
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(RecordView::Parse(page->rows[0].record)->enterprise(), other.enterprise);
  EXPECT_EQ(page->rows[0].version, Find("88.118.9/x")->version.value);
}

TEST_F(ListingTest, RefusesCallersCursorsAndCountsThatAreNotRight) {
  const ListRequest request{Scheme::kHandle, "88.118.8", "", 10};
  EXPECT_EQ(Refusal(request, Caller{}), Errc::kUnauthenticated);
  EXPECT_EQ(Refusal(request, {.anonymous = false, .role = Role::kReader}), Errc::kDenied);
  EXPECT_EQ(Refusal(request, other), Errc::kOutsidePrefix);
  EXPECT_EQ(Refusal({Scheme::kHandle, "88.118.8", "!", 10}, acme), Errc::kInvalidCursor);
  EXPECT_EQ(Refusal({Scheme::kHandle, "88.118.8", "R0E", 10}, acme), Errc::kInvalidCursor);
  EXPECT_EQ(Refusal({Scheme::kHandle, "88.118.8", "", 0}, acme), Errc::kTooLarge);
  EXPECT_EQ(Refusal({Scheme::kHandle, "88.118.8", "", limits::kListPageMax + 1}, acme),
            Errc::kTooLarge);
  EXPECT_EQ(Refusal({Scheme::kOid, "1", "", 10}, op), Errc::kInvalidIdentifier);
}

TEST_F(ListingTest, ExportsEverythingInOrderOfKey) {
  EXPECT_EQ(Export({}, op).size(), 6u);
  EXPECT_EQ(Export({.scheme = "gs1"}, op).size(), 2u);
  EXPECT_EQ(Export({.prefix = "88.118.9"}, op), Texts{"88.118.9/x"});
  EXPECT_EQ(Export({.enterprise = acme.enterprise}, op).size(), 5u);
  EXPECT_EQ(Export({.after_key = "H88.118.8/B"}, op), (Texts{"88.118.8/c", "88.118.9/x"}));
}

TEST_F(ListingTest, ExportsAnEnterpriseItsOwnOnly) {
  EXPECT_EQ(Export({}, acme).size(), 5u);
  EXPECT_EQ(Export({.scheme = "handle"}, acme).size(), 3u);
  EXPECT_EQ(Export({}, other), Texts{"88.118.9/x"});
  const auto none = [](std::string_view, const Registry::Found&) { return true; };
  EXPECT_EQ(listing.Export({.enterprise = acme.enterprise}, other, none).error().code,
            Errc::kDenied);
  EXPECT_EQ(listing.Export({.prefix = "88.118.8"}, other, none).error().code, Errc::kOutsidePrefix);
  EXPECT_EQ(listing.Export({.scheme = "isbn"}, op, none).error().code, Errc::kMalformed);
  EXPECT_EQ(listing.Export({}, Caller{}, none).error().code, Errc::kUnauthenticated);
}

TEST_F(ListingTest, ExportsRangesOfSerialsBeforeRecords) {
  Enrol("third", {{Scheme::kGs1, "6909876"}});
  const auto ranges = *SerialRanges::Open(*engine);
  RangeBook book(*engine, *ranges, *directory, *ledger, *acts);
  std::vector<RangeItem> items;
  for (const char* name : {"01/06901234567892/21/30-39", "01/06901234567892/10/L1/21/10-19",
                           "01/06901234567908/21/1-9", "01/06909876000005/21/1-9"}) {
    items.push_back({.name = name, .values = Values()});
  }
  for (const RangeOutcome& made : book.AllocateAll(items, op, "", kNow).items) {
    EXPECT_EQ(made.done, RangeDone::kAllocated) << made.refusal.detail();
  }
  const auto exported = [&](const ExportFilter& filter, const Caller& caller, size_t stop = 100) {
    Texts texts;
    const auto take = [&](std::string text) {
      texts.push_back(std::move(text));
      return texts.size() < stop;
    };
    const Status done = listing.Export(
        filter, caller,
        [&](std::string_view key, const Registry::Found& found) {
          return take(*TextOf(key, found.record));
        },
        [&](const SerialRanges::Found& found) { return take(TextOfRange(found.range)); });
    EXPECT_TRUE(done.ok());
    return texts;
  };
  const Texts ours = {"01/06901234567892/10/L1/21/10-19", "01/06901234567892/21/30-39",
                      "01/06901234567908/21/1-9"};
  Texts all = ours;
  all.emplace_back("01/06909876000005/21/1-9");
  for (const std::string& text : Export({}, op)) all.push_back(text);
  EXPECT_EQ(exported({}, op), all);
  EXPECT_EQ(exported({}, op, 2), Texts(all.begin(), all.begin() + 2));
  EXPECT_EQ(exported({}, acme).size(), ours.size() + 5);
  EXPECT_EQ(exported({.enterprise = acme.enterprise}, op).size(), ours.size() + 5);
  EXPECT_EQ(exported({.scheme = "handle"}, op).size(), 4u);
  EXPECT_EQ(exported({.scheme = "gs1", .prefix = "6909876"}, op),
            Texts{"01/06909876000005/21/1-9"});
  EXPECT_EQ(exported({}, other), Texts{"88.118.9/x"});
  EXPECT_EQ(exported({.after_key = "A"}, op), Export({}, op));
}

TEST_F(ListingTest, StopsAnExportWhenItIsTold) {
  int seen = 0;
  ASSERT_TRUE(
      listing.Export({}, op, [&](std::string_view, const auto&) { return ++seen < 2; }).ok());
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace idnode
