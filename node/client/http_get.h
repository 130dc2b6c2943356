#pragma once

#include <boost/asio/ssl/context.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

// Where an HTTP server is reached.
struct HttpServer {
  bool secure = false;
  std::string host;  // "192.0.2.1", "2001:db8::1", "node.example".
  uint16_t port = 0;

  std::string text() const;  // http://192.0.2.1:8080, https://[2001:db8::1]:443
  bool is_this_machine() const;
};
// Who was told where to ask by somebody else asks addresses alone, never a name.
enum class HostNames : uint8_t { kRefused, kResolved };
// What stands before the path of an http or https address; the path is nobody's business here.
// kMalformed: no such address, or one with a user; kUnsupported: a host name, where none may be.
Result<HttpServer> ParseHttpServer(std::string_view uri, HostNames names = HostNames::kRefused);

// Whom to trust in TLS: the authorities of a file (PEM), or the system's. kIo: they cannot be read.
using TlsTrust = std::shared_ptr<boost::asio::ssl::context>;
Result<TlsTrust> TrustOf(const std::string& ca_file);

struct HttpGet {
  std::string target;  // Path and query, encoded.
  std::string user_agent;
  size_t octets_max = 0;  // Of the body.
  uint32_t millis = 0;    // From the connection to the last octet.
  bool head = false;      // HEAD, which has no body.
  std::string from = {};  // An address of this machine, without a port; empty: any.
  std::vector<std::pair<std::string, std::string>> fields = {};  // Besides those of every question.
};
struct HttpAnswer {
  uint16_t status = 0;
  std::string media_type;                     // Lower case, without parameters.
  std::map<std::string, std::string> fields;  // By their names in lower case; the last of a name.
  std::string body;
};
// One GET on a connection of its own; no redirect is followed, nothing is sent but what is asked.
// kUnavailable, kTimeout; kForged: the certificate is not trusted or another host's; kTooLarge;
// kMalformed: no HTTP.
//
// Threads: any. Blocks.
Result<HttpAnswer> Get(const HttpServer& server, const HttpGet& get, const TlsTrust& trust);

}  // namespace idnode
