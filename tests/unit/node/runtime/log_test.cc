#include "node/runtime/log.h"

#include <gtest/gtest.h>

#include "node/runtime/log_line.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'248'000'123};

std::string Text(std::string_view event, std::vector<LogField> fields) {
  return TextLine({kNow, LogLevel::kInfo, event, fields}, false);
}
std::string Json(std::string_view event, std::vector<LogField> fields) {
  return JsonLine({kNow, LogLevel::kWarning, event, fields});
}

TEST(LogLine, SaysWhenWhatAndItsFacts) {
  EXPECT_EQ(Text("docked", {{"upstream", "10.0.0.1:9070"}, {"position", 17}}),
            "2026-11-21T08:00:00.123Z info docked upstream=10.0.0.1:9070 position=17");
  EXPECT_EQ(Json("docked", {{"upstream", "10.0.0.1:9070"}, {"position", 17}}),
            R"({"time":"2026-11-21T08:00:00.123Z","level":"warning","event":"docked",)"
            R"("upstream":"10.0.0.1:9070","position":"17"})");
}

TEST(LogLine, NamesAnErrorByItsCode) {
  EXPECT_EQ(Text("lost", {{"error", Error{Errc::kBusy, "queue full"}}}),
            "2026-11-21T08:00:00.123Z info lost error=\"busy: queue full\"");
}

TEST(LogLine, QuotesWhatWouldReadAsSomethingElse) {
  EXPECT_EQ(Text("e", {{"k", ""}, {"l", "a b"}, {"m", "x=y"}, {"n", "say \"hi\""}}),
            "2026-11-21T08:00:00.123Z info e k=\"\" l=\"a b\" m=\"x=y\" n=\"say \\\"hi\\\"\"");
}

TEST(LogLine, NeverHoldsAControlCharacterOrBrokenText) {
  const std::string hostile("a\nb\r\x1b[31m\0\x7f\xff", 12);
  for (const std::string& line : {Text("e", {{"k", hostile}}), Json("e", {{"k", hostile}}),
                                  Text(hostile, {}), Json("e", {{"k", "\xc2\x85"}})}) {
    for (const char c : line) {
      const auto octet = static_cast<uint8_t>(c);
      EXPECT_TRUE(octet >= 0x20 && octet < 0x7f) << line;
    }
  }
  EXPECT_NE(Text("e", {{"k", "标识"}}).find("k=标识"), std::string::npos);
}

TEST(LogLine, ColoursTheLevelOnly) {
  EXPECT_EQ(TextLine({kNow, LogLevel::kError, "e", {}}, true),
            "2026-11-21T08:00:00.123Z \x1b[31merror\x1b[0m e");
}

TEST(Log, WritesWholeLinesOfItsLevelToStderr) {
  testing::internal::CaptureStderr();
  {
    Log log(LogLevel::kWarning, Log::Format::kText);
    log.Info("quiet");
    log.Warning("heard", {{"k", "v"}});
    log.Error("loud");
  }
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_EQ(out.find("quiet"), std::string::npos);
  EXPECT_NE(out.find("Z warning heard k=v\n"), std::string::npos);
  EXPECT_TRUE(out.ends_with("Z error loud\n"));
  EXPECT_EQ(out.find('\x1b'), std::string::npos) << "no terminal, no colour";
}

}  // namespace
}  // namespace idnode
