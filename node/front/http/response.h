#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/front/http/request.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/result.h"

namespace idnode {

inline constexpr std::string_view kJsonMediaType = "application/json";
// As the stock REST interface spells it (spec/handle-protocol.md 6.4).
inline constexpr std::string_view kHandleJsonMediaType = "application/json;charset=UTF-8";
inline constexpr std::string_view kHandleMessageMediaType = "application/x-hdl-message";
inline constexpr std::string_view kNdjsonMediaType = "application/x-ndjson";

// Header fields in their order, in memory that is used again.
class ResponseFields {
 public:
  // `name` is static text.
  void emplace_back(std::string_view name, std::string_view value) { Begin(name).append(value); }
  // The caller appends the value.
  std::string& Begin(std::string_view name) {
    names_.push_back(name);
    return lines_.append("\r\n").append(name).append(": ");
  }
  void clear() {
    names_.clear();
    lines_.clear();
  }

  std::span<const std::string_view> names() const { return names_; }
  std::string_view lines() const { return lines_; }  // Each behind the end of the line before.

 private:
  std::vector<std::string_view> names_;
  std::string lines_;
};

// An answer without anything of the wire: length, date and connection are the session's.
struct Response {
  uint16_t status = 200;
  std::string_view media_type = kJsonMediaType;  // Static text.
  std::string body;
  ResponseFields fields;
  bool close = false;
  bool chunked = false;  // The body follows in pieces of unknown sum.
  // The handler was told to stay in memory and could not: ask again on a thread that may block.
  bool needs_disk = false;
  // How to count it, once it was handed to the kernel.
  std::optional<ResolutionNote> note;

  void Clear();  // Keeps the memory of body and fields.
};

std::string_view ReasonOf(uint16_t status);

// IMF-fixdate (RFC 9110 section 5.6.7).
void AppendHttpDate(uint32_t seconds, std::string& out);
std::string HttpDate(uint32_t seconds);

// What every head of a loop begins with; the date is refreshed once a second.
class HeadWriter {
 public:
  void SetTime(uint32_t seconds);
  // Appends the head of `response` to `out`: the same for HEAD as for GET.
  void Write(const Response& response, const Request& request, bool keep_alive,
             std::string& out) const;

 private:
  uint32_t seconds_ = 0;
  std::string success_;  // The first lines of every 200; but for the status, of all others too.
};

// A refusal in the words of the interface that was called: Handle JSON under /api/ (but for
// /api/v1/), a problem document (RFC 9457) everywhere else. `status` 0: that of the error's row.
// `identifier`: for Handle JSON.
void Refuse(const Error& error, uint16_t status, const Request& request,
            std::string_view identifier, Response& out);

// spec/handle-protocol.md 6.6.
uint16_t StatusOfHandleCode(uint32_t code, bool may_show_secrets);

// Whether a path speaks Handle JSON.
bool SpeaksHandleJson(std::string_view path);

}  // namespace idnode
