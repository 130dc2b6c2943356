#include "node/runtime/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "node/runtime/clock.h"
#include "node/runtime/log_line.h"

namespace idnode {
namespace {

spdlog::level::level_enum LevelOf(LogLevel level) {
  constexpr std::array kLevels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                  spdlog::level::err};
  return kLevels[static_cast<size_t>(level)];
}

// https://no-color.org: present and not empty, whatever its value.
bool ColourWanted() {
  const char* no_colour = std::getenv("NO_COLOR");
  return (no_colour == nullptr || *no_colour == '\0') && isatty(STDERR_FILENO) == 1;
}

}  // namespace

LogField::LogField(std::string_view key, const Error& error) : key(key) {
  value = RowOf(error.code).name;
  if (!error.detail.empty()) value.append(": ").append(error.detail);
}

struct Log::Sink {
  Sink(LogLevel level, Format format)
      : logger("idnode", std::make_shared<spdlog::sinks::stderr_sink_mt>()),
        json(format == Format::kJson),
        colour(!json && ColourWanted()) {
    logger.set_level(LevelOf(level));
    logger.set_pattern("%v");  // The line is made by FormatLine.
  }

  void Write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    if (!logger.should_log(LevelOf(level))) return;
    const LogLine line{Now(), level, event, {fields.begin(), fields.size()}};
    logger.log(LevelOf(level),
               spdlog::string_view_t(json ? JsonLine(line) : TextLine(line, colour)));
    logger.flush();
  }

  spdlog::logger logger;  // Our own: nothing is registered globally.
  const bool json;
  const bool colour;
};

Log::Log(LogLevel level, Format format) : sink_(std::make_unique<Sink>(level, format)) {}
Log::~Log() = default;

void Log::Debug(std::string_view event, std::initializer_list<LogField> fields) {
  sink_->Write(LogLevel::kDebug, event, fields);
}
void Log::Info(std::string_view event, std::initializer_list<LogField> fields) {
  sink_->Write(LogLevel::kInfo, event, fields);
}
void Log::Warning(std::string_view event, std::initializer_list<LogField> fields) {
  sink_->Write(LogLevel::kWarning, event, fields);
}
void Log::Error(std::string_view event, std::initializer_list<LogField> fields) {
  sink_->Write(LogLevel::kError, event, fields);
}

}  // namespace idnode
