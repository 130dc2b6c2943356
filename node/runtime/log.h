#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

// One fact of a log line. The value is text already; secrets never become one.
struct LogField {
  LogField(std::string_view key, std::string_view value) : key(key), value(value) {}
  LogField(std::string_view key, const char* value) : key(key), value(value) {}
  LogField(std::string_view key, uint64_t number) : key(key), value(std::to_string(number)) {}
  LogField(std::string_view key, const Error& error);

  std::string_view key;
  std::string value;
};

// Structured log on stderr: an event name and fields, as text for people or as one JSON object a
// line. Below node/ nobody logs. Threads: any.
class Log {
 public:
  enum class Format : uint8_t { kText, kJson };
  Log(LogLevel level, Format format);
  ~Log();

  void Debug(std::string_view event, std::initializer_list<LogField> fields = {});
  void Info(std::string_view event, std::initializer_list<LogField> fields = {});
  void Warning(std::string_view event, std::initializer_list<LogField> fields = {});
  void Error(std::string_view event, std::initializer_list<LogField> fields = {});

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace idnode
