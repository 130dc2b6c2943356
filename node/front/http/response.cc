#include "node/front/http/response.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "proto/web/handle_json.h"
#include "proto/web/json_writer.h"
#include "proto/web/problem.h"

namespace idnode {
namespace {

constexpr uint32_t kProtocolError = 4;

// Refusals of the Handle protocol that stock servers leave without a word: absent, exists, no such
// value, not allowed, a proof is wanted.
bool SaysEnough(uint32_t handle_code) {
  constexpr std::array<uint32_t, 5> kSilent = {100, 101, 200, 400, 402};
  return std::ranges::find(kSilent, handle_code) != kSilent.end();
}

struct StatusRow {
  uint16_t status;
  std::string_view reason;
};
constexpr auto kStatusRows = std::to_array<StatusRow>({
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});

constexpr std::string_view kSuccessLine = "HTTP/1.1 200 OK";

void AppendNumber(uint64_t number, std::string& out) {
  std::array<char, 20> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), end);
}

// The document's own status must be that of the message (RFC 9457 section 3.1.2), which for a
// refusal of the protocol itself is another than the row's.
void WriteProblemWithStatus(const Error& error, uint16_t status, std::string_view instance,
                            std::string& out) {
  const uint16_t usual = RowOf(error.code).http;
  if (status == usual) return WriteProblem(error, instance, out);
  std::string document;
  WriteProblem(error, instance, document);
  const std::string member = "\"status\":" + std::to_string(usual);
  const size_t at = document.find(member);
  Require(at != std::string::npos);
  document.replace(at, member.size(), "\"status\":" + std::to_string(status));
  out += document;
}

}  // namespace

void Response::Clear() {
  status = 200;
  media_type = kJsonMediaType;
  body.clear();
  fields.clear();
  close = chunked = needs_disk = false;
  note.reset();
}

std::string_view ReasonOf(uint16_t status) {
  for (const StatusRow& row : kStatusRows) {
    if (row.status == status) return row.reason;
  }
  return "Other";
}

void AppendHttpDate(uint32_t seconds, std::string& out) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                 kDays[static_cast<size_t>(parts.tm_wday)], parts.tm_mday,
                                 kMonths[static_cast<size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                 parts.tm_hour, parts.tm_min, parts.tm_sec);
  out.append(text.data(), static_cast<size_t>(size));
}

std::string HttpDate(uint32_t seconds) {
  std::string date;
  AppendHttpDate(seconds, date);
  return date;
}

void HeadWriter::SetTime(uint32_t seconds) {
  if (seconds == seconds_ && !success_.empty()) return;
  seconds_ = seconds;
  success_ = kSuccessLine;
  success_ += "\r\nServer: idnode\r\nDate: ";
  AppendHttpDate(seconds, success_);
}

void HeadWriter::Write(const Response& response, const Request& request, bool keep_alive,
                       std::string& out) const {
  if (response.status == 200) {
    out += success_;
  } else {
    out += "HTTP/1.1 ";
    AppendNumber(response.status, out);
    out.append(" ").append(ReasonOf(response.status));
    out.append(success_, kSuccessLine.size());
  }
  if (response.status != 204) {
    out.append("\r\nContent-Type: ").append(response.media_type);
    if (!response.chunked) {
      out += "\r\nContent-Length: ";
      AppendNumber(response.body.size(), out);
    } else if (!request.http_1_0) {
      out += "\r\nTransfer-Encoding: chunked";
    }
  }
  if (!keep_alive) {
    out += "\r\nConnection: close";
  } else if (request.http_1_0) {
    out += "\r\nConnection: keep-alive";
  }
  if (request.Has("origin")) {
    // Any page may ask; nothing is granted by a cookie (spec/handle-protocol.md 6.8).
    out += "\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: Content-Length";
    for (const std::string_view name : response.fields.names()) out.append(",").append(name);
  }
  out.append(response.fields.lines()).append("\r\n\r\n");
}

bool SpeaksHandleJson(std::string_view path) {
  return path.starts_with("/api/") && !path.starts_with("/api/v1/");
}

uint16_t StatusOfHandleCode(uint32_t code, bool may_show_secrets) {
  switch (code) {
    case 1:
      return 200;
    case 302:
    case 303:
      return 300;
    case 4:
    case 102:
    case 200:
    case 202:
    case 301:
      return 400;
    case 402:  // Over plain HTTP nobody but this machine could authenticate.
      return may_show_secrets ? 401 : 403;
    case 400:
    case 401:
    case 403:
    case 404:
      return 403;
    case 100:
      return 404;
    case 101:
    case 201:
      return 409;
    case 5:
      return 501;
    case 3:
    case 7:
      return 503;
    default:
      return 500;
  }
}

void Refuse(const Error& error, uint16_t status, const Request& request,
            std::string_view identifier, Response& out) {
  const ErrcRow& row = RowOf(error.code);
  out.body.clear();
  if (SpeaksHandleJson(request.path)) {
    const bool secret = request.peer != nullptr && request.peer->may_show_secrets();
    out.status = status != 0 ? status : StatusOfHandleCode(row.handle_rc, secret);
    out.media_type = kHandleJsonMediaType;
    std::string message(row.en);
    if (!error.detail.empty()) message.append(" ").append(error.detail);
    const bool no_such_method = status == 405 || status == 501;
    const uint32_t code = no_such_method ? kProtocolError : row.handle_rc;
    if (SaysEnough(code)) message.clear();
    if (code == kProtocolError) identifier = {};  // It was not read.
    WriteResponse(code, identifier, message, out.body);
  } else {
    out.status = status != 0 ? status : row.http;
    out.media_type = kProblemMediaType;
    WriteProblemWithStatus(error, out.status, identifier, out.body);
  }
  if (out.status == 401) out.fields.emplace_back("WWW-Authenticate", "Bearer realm=\"idnode\"");
  if (error.code == Errc::kBusy || error.code == Errc::kShuttingDown ||
      error.code == Errc::kRateLimited) {
    out.fields.emplace_back("Retry-After", "1");
  }
}

}  // namespace idnode
