#include "storage/directives.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/commit_log.h"
#include "storage/engine/memory_engine.h"
#include "storage/ledger.h"
#include "storage/witnessed.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'000'000'000};

GivenDirective Whole() {
  return {.child = 7,
          .id = "d-1",
          .kind = DirectiveKind::kAllotPrefix,
          .subject = "88.118.8",
          .detail = "acme",
          .given = kNow,
          .by = "token:1",
          .state = DirectiveState::kRefused,
          .code = "not_found",
          .why = "there is no such enterprise",
          .answer = "{}",
          .answered = Time{kNow.ms + 5}};
}

TEST(Directives, DecodeToWhatWasEncoded) {
  const std::string row = EncodeDirective(Whole());
  const auto directive = DecodeDirective(row);
  ASSERT_TRUE(directive.ok());
  EXPECT_EQ(EncodeDirective(*directive), row);
  EXPECT_EQ(directive->detail, "acme");
  EXPECT_EQ(directive->answered.ms, kNow.ms + 5);
}

TEST(Directives, AreRefusedWhereverARowIsCutShortOrOtherwiseNone) {
  const std::string row = EncodeDirective(Whole());
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(DecodeDirective(std::string_view(row).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeDirective(row + "x").ok());
  std::string layout = row;
  layout[0] = 2;
  EXPECT_EQ(DecodeDirective(layout).error().code, Errc::kFormatVersion);
  const size_t kind = 1 + 4 + 2 + 3;
  for (const char other : {'\0', '\6', '\xff'}) {
    std::string row_of_other = row;
    row_of_other[kind] = other;
    EXPECT_FALSE(DecodeDirective(row_of_other).ok());
    row_of_other = row;
    row_of_other[kind + 1] = other;
    EXPECT_FALSE(DecodeDirective(row_of_other).ok());
  }
}

TEST(Directives, HaveAnIdAndPlainWords) {
  EXPECT_TRUE(CheckDirective(Whole()).ok());
  const auto with = [](auto&& change) {
    GivenDirective directive = Whole();
    change(directive);
    const Status fits = CheckDirective(directive);
    return fits ? Errc::kInternal : fits.error().code;
  };
  EXPECT_EQ(with([](auto& d) { d.id.clear(); }), Errc::kMalformed);
  EXPECT_EQ(with([](auto& d) { d.id = "a b"; }), Errc::kMalformed);
  EXPECT_EQ(with([](auto& d) { d.id = std::string(65, 'a'); }), Errc::kMalformed);
  EXPECT_EQ(with([](auto& d) { d.subject.clear(); }), Errc::kMissingField);
  EXPECT_EQ(with([](auto& d) { d.subject = "a\nb"; }), Errc::kMalformed);
  EXPECT_EQ(with([](auto& d) { d.detail = std::string(2'049, 'a'); }), Errc::kMalformed);
  EXPECT_EQ(with([](auto& d) { d.detail.clear(); }), Errc::kMissingField);
  for (const char* kind : {"suspend", "resume", "allot", "query", "challenge"}) {
    EXPECT_EQ(NameOf(*ParseDirectiveKind(kind)), kind);
  }
  EXPECT_EQ(ParseDirectiveKind("drop").error().code, Errc::kUnsupported);
}

Witnessed Signed() {
  Witnessed witnessed{.child = 7,
                      .origin = "idnode/88.118/below",
                      .keys = {"one", "two"},
                      .token_id = "00112233",
                      .tree = {},
                      .at = kNow,
                      .version = {}};
  for (int leaf = 0; leaf < 11; ++leaf) witnessed.tree.Append(HashLeaf(std::to_string(leaf)));
  return witnessed;
}

TEST(WitnessedRow, DecodesToWhatWasEncodedAndToNothingElse) {
  const std::string row = EncodeWitnessed(Signed());
  const auto witnessed = DecodeWitnessed(row);
  ASSERT_TRUE(witnessed.ok());
  EXPECT_EQ(EncodeWitnessed(*witnessed), row);
  EXPECT_EQ(witnessed->tree.Root(), Signed().tree.Root());
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(DecodeWitnessed(std::string_view(row).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeWitnessed(row + "x").ok());
  std::string layout = row;
  layout[0] = 2;
  EXPECT_EQ(DecodeWitnessed(layout).error().code, Errc::kFormatVersion);
}

// The ledger above is asked to sign twice from one state: once it does.
TEST(WitnessedRow, IsReplacedOnlyAsItWasRead) {
  const auto engine = OpenMemoryEngine();
  const auto log = OpenMemoryCommitLog(*engine);
  const auto ledger = *Ledger::Open(*engine, *log, "", {});
  ledger->Start();
  const auto put = [&](const Witnessed& witnessed, std::optional<Position> kept) {
    auto change = std::make_shared<Change>(kNow, "t", OperationId{}, Change::Mode::kTogether);
    AddWitnessed(*change, witnessed, kept);
    change->Seal();
    return ledger->Commit(std::move(change)).done();
  };
  EXPECT_FALSE((*ReadWitnessed(*engine, 7)).has_value());
  ASSERT_TRUE(put(Signed(), std::nullopt));
  EXPECT_FALSE(put(Signed(), std::nullopt));
  const auto kept = *ReadWitnessed(*engine, 7);
  ASSERT_TRUE(kept.has_value());
  Witnessed grown = *kept;
  grown.tree.Append(HashLeaf("11"));
  EXPECT_TRUE(put(grown, kept->version));
  EXPECT_FALSE(put(grown, kept->version));
  EXPECT_EQ((*ReadWitnessed(*engine, 7))->tree.size(), 12u);
  ledger->Stop();
}

}  // namespace
}  // namespace idnode
