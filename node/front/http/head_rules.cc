#include <algorithm>

#include "node/front/http/request_parser.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

// Fields that decide where a message ends and whom it is for; each may occur once.
struct Framing {
  size_t hosts = 0, lengths = 0, encodings = 0;
  std::string_view host, length, encoding;
};

Framing FramingOf(const Request& request) {
  Framing framing;
  for (const auto& [name, value] : request.fields) {
    if (name.size() == 4 && EqualFolded(name, "host")) {
      ++framing.hosts;
      framing.host = value;
    } else if (name.size() == 14 && EqualFolded(name, "content-length")) {
      ++framing.lengths;
      framing.length = value;
    } else if (name.size() == 17 && EqualFolded(name, "transfer-encoding")) {
      ++framing.encodings;
      framing.encoding = value;
    }
  }
  return framing;
}

// uri-host [":" port] (RFC 9110 section 7.2): no white space, list, path or user.
bool IsHost(std::string_view host) {
  return std::ranges::none_of(host, [](char c) {
    return c <= ' ' || c == ',' || c == '/' || c == '@' || c == '\\' || c == '?' || c == '#' ||
           static_cast<unsigned char>(c) >= 0x7F;
  });
}

HeadProblem Bad(std::string_view detail) { return {400, {Errc::kMalformed, detail}}; }

HeadProblem CheckFraming(const Framing& framing, Request& request) {
  if (framing.encodings > 0) {
    // RFC 9112 section 6.1: a message with both is an attack more often than not. Beast 1.81 lets
    // one order of the two through.
    if (framing.lengths > 0) return Bad("Content-Length together with Transfer-Encoding");
    if (request.http_1_0) return Bad("Transfer-Encoding in HTTP/1.0");
    if (framing.encodings > 1 || !EqualFolded(framing.encoding, "chunked")) {
      return {501, {Errc::kUnsupported, "a Transfer-Encoding other than chunked"}};
    }
    request.chunked = true;
  }
  if (framing.lengths > 1) return Bad("more than one Content-Length");
  if (framing.lengths == 1) {
    const auto length = ParseDecimal(framing.length, INT64_MAX);
    if (!length || framing.length.empty()) return Bad("Content-Length");
    request.content_length = *length;
  }
  return {};
}

// origin-form, absolute-form, or * for OPTIONS (RFC 9112 section 3.2).
HeadProblem CheckTarget(Request& request) {
  std::string_view target = request.target;
  if (target.size() > limits::kHttpTargetOctetsMax) {
    return {414, {Errc::kTooLarge, "the request target"}};
  }
  if (target.find('#') != std::string_view::npos) {
    return Bad("the target holds a fragment; '#' in an identifier is sent as %23");
  }
  if (target.size() >= 7 && EqualFolded(target.substr(0, 7), "http://")) {
    const size_t slash = target.find('/', 7);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  if (target == "*" && request.method == Method::kOptions) {
    request.path = target;
    return {};
  }
  if (!target.starts_with('/')) return Bad("the target does not begin with '/'");
  const size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  return {};
}

}  // namespace

HeadProblem CheckHead(Request& request) {
  if (request.fields.size() > kFieldsMax) return {431, {Errc::kTooLarge, "more than 100 fields"}};
  const Framing framing = FramingOf(request);
  if (framing.hosts > 1) return Bad("more than one Host");
  if (framing.hosts == 0 && !request.http_1_0) return Bad("Host is missing");
  if (!IsHost(framing.host)) return Bad("Host");
  if (const HeadProblem problem = CheckFraming(framing, request); problem.status != 0) {
    return problem;
  }
  return CheckTarget(request);
}

}  // namespace idnode
