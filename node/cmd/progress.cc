#include "node/cmd/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/cmd/output.h"
#include "node/runtime/clock.h"

namespace idnode {
namespace {

constexpr int kBarColumns = 28;

std::string Duration(uint64_t seconds) {
  if (seconds >= 3600) return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
}

}  // namespace

ProgressBar::ProgressBar(std::string_view what, uint64_t of, bool quiet)
    : what_(what),
      of_(of),
      started_micros_(MonotonicMicros()),
      quiet_(quiet),
      terminal_(IsTerminal()) {}

ProgressBar::~ProgressBar() { Finish(); }

void ProgressBar::Update(uint64_t done, uint64_t rows) {
  done_ = done;
  rows_ = rows;
  const uint64_t pause = terminal_ ? 100'000 : 1'000'000;
  const uint64_t now = MonotonicMicros();
  if (quiet_ || now - drawn_micros_ < pause) return;
  drawn_micros_ = now;
  Draw(false);
}

void ProgressBar::Finish() {
  if (finished_ || quiet_) return;
  finished_ = true;
  Draw(true);
}

void ProgressBar::Draw(bool last) {
  const double seconds =
      std::max(0.001, static_cast<double>(MonotonicMicros() - started_micros_) / 1e6);
  const double share = of_ == 0 ? 0 : std::min(1.0, static_cast<double>(done_) / of_);
  const auto rate = static_cast<int64_t>(static_cast<double>(rows_) / seconds);
  const auto left = static_cast<uint64_t>(share > 0 ? seconds / share - seconds : 0);
  if (!terminal_) {
    fmt::print(stderr,
               R"({{"progress":"{}","done":{},"of":{},"rows":{},"rows_per_second":{},)"
               R"("seconds":{:.1f},"eta_seconds":{},"finished":{}}})"
               "\n",
               what_, done_, of_, rows_, rate, seconds, left, last);
    return;
  }
  const int full = static_cast<int>(share * kBarColumns);
  std::string bar;
  for (int i = 0; i < kBarColumns; ++i) bar += i < full ? "━" : "╌";
  fmt::print(stderr, "\r\033[K{} {} {:3.0f} %  {} rows  {}/s  {}{}", what_, bar, share * 100,
             Grouped(static_cast<int64_t>(rows_)), Grouped(rate),
             last ? "in " + Duration(static_cast<uint64_t>(seconds)) : "ETA " + Duration(left),
             last ? "\n" : "");
  std::fflush(stderr);
}

}  // namespace idnode
