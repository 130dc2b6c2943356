#pragma once

#include <span>
#include <string>
#include <string_view>

#include "node/runtime/log.h"
#include "proto/base/time.h"

namespace idnode {

// One line of the log, without its newline. A value can hold anything: in the line it holds neither
// a control character nor octets that are no UTF-8, so that nobody writes a line of his own.
struct LogLine {
  Time time;
  LogLevel level;
  std::string_view event;
  std::span<const LogField> fields;
};

// 2026-11-21T08:00:00.123Z info docked upstream=10.0.0.1:9070 position=17
// Values with spaces, quotes or '=' stand in quotes.
std::string TextLine(const LogLine& line, bool colour);

// {"time":"2026-11-21T08:00:00.123Z","level":"info","event":"docked","position":"17"}
std::string JsonLine(const LogLine& line);

}  // namespace idnode
