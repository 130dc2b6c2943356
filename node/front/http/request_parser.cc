#include "node/front/http/request_parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <cstring>
#include <limits>
#include <optional>

#include "proto/base/limits.h"

namespace idnode {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;

// Whether a last chunk has its first line and not yet five octets, the fewest it can have. Beast
// 1.81 asserts them when it comes back to one that no other went before, which would end the
// process (basic_parser::parse_chunk_header).
bool IsCutLastChunk(std::string_view octets) {
  return octets.size() < 5 && octets.starts_with('0') &&
         octets.find("\r\n") != std::string_view::npos;
}

std::string_view ViewOf(boost::beast::string_view text) { return {text.data(), text.size()}; }

Method MethodOf(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::kGet;
    case http::verb::head:
      return Method::kHead;
    case http::verb::post:
      return Method::kPost;
    case http::verb::put:
      return Method::kPut;
    case http::verb::delete_:
      return Method::kDelete;
    case http::verb::options:
      return Method::kOptions;
    case http::verb::patch:
    case http::verb::trace:
    case http::verb::connect:
      return Method::kKnown;
    default:
      return Method::kOther;
  }
}

// Static text for what Beast found.
Error ErrorOf(const ErrorCode& error) {
  if (error == http::error::bad_method) return {Errc::kMalformed, "the method is not a token"};
  if (error == http::error::bad_target) {
    return {Errc::kMalformed, "the target holds a character that is not allowed"};
  }
  if (error == http::error::bad_version) return {Errc::kMalformed, "the HTTP version"};
  if (error == http::error::bad_field) return {Errc::kMalformed, "a field name is not a token"};
  if (error == http::error::bad_value) {
    return {Errc::kMalformed, "a field value holds a control character"};
  }
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length) {
    return {Errc::kMalformed, "Content-Length"};
  }
  if (error == http::error::bad_transfer_encoding) {
    return {Errc::kMalformed, "Transfer-Encoding"};
  }
  if (error == http::error::bad_chunk) return {Errc::kMalformed, "a chunk size"};
  if (error == http::error::bad_chunk_extension) return {Errc::kMalformed, "a chunk extension"};
  if (error == http::error::bad_line_ending) {
    return {Errc::kMalformed, "a line does not end in CRLF"};
  }
  return {Errc::kMalformed, "HTTP"};
}

bool HasBareLineFeed(std::string_view octets) {
  for (size_t at = octets.find('\n'); at != std::string_view::npos;
       at = octets.find('\n', at + 1)) {
    if (at == 0 || octets[at - 1] != '\r') return true;
  }
  return false;
}

}  // namespace

Result<size_t> HeadScanner::Find(std::string_view data) {
  while (scanned_ < data.size()) {
    const void* found = std::memchr(data.data() + scanned_, '\n', data.size() - scanned_);
    if (found == nullptr) {
      scanned_ = data.size();
      break;
    }
    const size_t end = static_cast<size_t>(static_cast<const char*>(found) - data.data());
    if (end == line_ || data[end - 1] != '\r') {
      return Error{Errc::kMalformed, "a line does not end in CRLF"};
    }
    if (end - 1 == line_) return end + 1;
    const char first = data[line_];
    if (first == ' ' || first == '\t') {
      return Error{Errc::kMalformed, "a line begins with white space (obs-fold)"};
    }
    line_ = scanned_ = end + 1;
  }
  return size_t{0};
}

// Beast's grammar, which hands views of the input to a Request and keeps nothing.
struct RequestParser::Grammar : http::basic_parser<true> {
  Grammar() {
    header_limit(std::numeric_limits<uint32_t>::max());  // Held by the session.
    body_limit(boost::none);
  }

  void on_request_impl(http::verb verb, boost::beast::string_view, boost::beast::string_view target,
                       int version, ErrorCode&) override {
    request->method = MethodOf(verb);
    request->target = ViewOf(target);
    request->http_1_0 = version == 10;
  }
  void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                     ErrorCode&) override {
    if (in_head) request->fields.push_back({ViewOf(name), ViewOf(value)});
  }
  void on_header_impl(ErrorCode&) override { in_head = false; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(boost::beast::string_view piece, ErrorCode&) override {
    body->append(piece.data(), piece.size());
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, ErrorCode&) override {
    in_chunks = true;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view piece,
                                 ErrorCode&) override {
    body->append(piece.data(), piece.size());
    return piece.size();
  }
  void on_finish_impl(ErrorCode&) override {}
  // Only responses have one.
  void on_response_impl(int, boost::beast::string_view, int, ErrorCode&) override {}

  Request* request = nullptr;
  std::string* body = nullptr;
  bool in_head = true;
  bool in_chunks = false;  // Behind the head of the first.
};

struct RequestParser::State {
  std::optional<Grammar> grammar;
};

RequestParser::RequestParser() : state_(std::make_unique<State>()) {}
RequestParser::~RequestParser() = default;

HeadProblem RequestParser::ParseHead(std::string_view head, Request& request) {
  request = {.fields = std::move(request.fields), .peer = request.peer};
  request.fields.clear();
  Grammar& grammar = state_->grammar.emplace();
  grammar.request = &request;
  ErrorCode error;
  const size_t taken = grammar.put({head.data(), head.size()}, error);
  if (error) {
    return {static_cast<uint16_t>(error == http::error::bad_version ? 505 : 400), ErrorOf(error)};
  }
  if (!grammar.is_header_done() || taken != head.size()) {
    return {400, {Errc::kMalformed, "HTTP"}};
  }
  request.keep_alive = grammar.keep_alive();
  grammar.eager(true);
  return CheckHead(request);
}

Result<size_t> RequestParser::ParseBody(std::string_view octets, std::string& body) {
  Grammar& grammar = *state_->grammar;
  if (grammar.is_done()) return size_t{0};
  const bool at_first_chunk = grammar.chunked() && !grammar.in_chunks;
  if (at_first_chunk && IsCutLastChunk(octets)) return size_t{0};
  grammar.body = &body;
  ErrorCode error;
  const size_t taken = grammar.put({octets.data(), octets.size()}, error);
  if (error && error != http::error::need_more) return ErrorOf(error);
  // What is left over is a chunk's head or the trailer, still without its end.
  if (error && HasBareLineFeed(octets.substr(taken))) {
    return Error{Errc::kMalformed, "a line does not end in CRLF"};
  }
  return taken;
}

bool RequestParser::complete() const { return state_->grammar->is_done(); }

}  // namespace idnode
