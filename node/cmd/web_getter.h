#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "node/client/http_get.h"
#include "node/client/node_client.h"
#include "proto/base/result.h"

namespace idnode {

// Reads from a node over HTTP or HTTPS, one request a connection. Where it is HTTPS, the node's
// certificate must be of an authority that this machine trusts, or of the one in `ca_file`.
class WebGetter {
 public:
  struct Options {
    std::string root;   // http://host[:port][/path], https://…
    std::string token;  // Empty: none.
    std::string ca_file;
    uint32_t timeout_seconds = 30;  // From the connection to the last octet.
  };
  // kMalformed: no such address; kUnsupported: a token in plain text to another machine; kIo: the
  // authority cannot be read.
  static Result<std::unique_ptr<WebGetter>> Open(const Options& options);

  // The body of `path`, which follows the root. What the node said when it said no; kUnavailable;
  // kTooLarge: over what one answer of /log/ holds.
  NodeReply<std::string> Get(const std::string& path) const;

 private:
  WebGetter(HttpServer server, std::string stem, TlsTrust trust, const Options& options)
      : server_(std::move(server)),
        stem_(std::move(stem)),
        trust_(std::move(trust)),
        options_(options) {}

  const HttpServer server_;
  const std::string stem_;  // Begins with a slash, or is empty.
  const TlsTrust trust_;    // None over HTTP.
  const Options options_;
};

}  // namespace idnode
