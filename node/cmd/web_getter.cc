#include "node/cmd/web_getter.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <utility>

#include "node/service/published_log.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kHeadOctetsMax = 16'384;
constexpr size_t kBodyOctetsMax = kLogRunOctetsMax + limits::kLogRecordOctetsMax;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

struct Answer {
  uint64_t status = 0;
  std::string body;
};

// Of HTTP/1.0: the status line, fields, and a body that ends with the connection, of which a length
// may be told.
Result<Answer> ParseAnswer(std::string_view octets) {
  constexpr Error kNoAnswer{Errc::kUnavailable, "what came is no answer of HTTP"};
  const size_t end = octets.find(kHeadEnd);
  if (end == std::string_view::npos || end > kHeadOctetsMax || !octets.starts_with("HTTP/1.") ||
      end < 12) {
    return kNoAnswer;
  }
  const auto status = ParseDecimal(octets.substr(9, 3));
  if (!status) return kNoAnswer;
  Answer answer{*status, std::string(octets.substr(end + kHeadEnd.size()))};
  constexpr std::string_view kLength = "\r\ncontent-length:";
  std::string_view head = octets.substr(0, end);
  for (size_t at = head.find("\r\n"); at != std::string_view::npos;
       at = head.find("\r\n", at + 2)) {
    if (!EqualFolded(head.substr(at, kLength.size()), kLength)) continue;
    std::string_view text = head.substr(at + kLength.size());
    text = text.substr(0, text.find("\r\n"));
    while (text.starts_with(' ')) text.remove_prefix(1);
    const auto length = ParseDecimal(text);
    if (!length || *length != answer.body.size()) {
      return Error{Errc::kUnavailable, "the answer was cut short"};
    }
  }
  return answer;
}

struct WebAddress {
  bool secure = false;
  std::string host, port, stem;  // The stem begins with a slash, or is empty.
};

Result<WebAddress> ParseRoot(std::string_view root) {
  WebAddress address;
  constexpr Error kNone{Errc::kMalformed, "the address is not http:// or https:// and a host"};
  if (root.starts_with("https://")) {
    address.secure = true;
    root.remove_prefix(8);
  } else if (root.starts_with("http://")) {
    root.remove_prefix(7);
  } else {
    return kNone;
  }
  const size_t slash = std::min(root.find('/'), root.size());
  std::string_view authority = root.substr(0, slash);
  address.stem = root.substr(slash);
  while (address.stem.ends_with('/')) address.stem.pop_back();
  address.port = address.secure ? "443" : "80";
  const size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return kNone;
  if (const size_t colon = authority.find(':', bracket); colon != std::string_view::npos) {
    const auto port = ParseDecimal(authority.substr(colon + 1), UINT16_MAX);
    if (!port || colon + 1 == authority.size()) return kNone;
    address.port = std::to_string(*port);
    authority = authority.substr(0, colon);
  }
  address.host = bracket == 0 ? authority : authority.substr(1, bracket - 1);
  if (address.host.empty()) return kNone;
  return address;
}

bool IsThisMachine(const std::string& host) {
  error_code none;
  const auto address = asio::ip::make_address(host, none);
  return host == "localhost" || (!none && address.is_loopback());
}

RemoteProblem ProblemIn(const Answer& answer) {
  error_code failure;
  const auto document = boost::json::parse(answer.body, failure);
  if (!failure && document.is_object()) {
    const auto text = [&](std::string_view member) -> std::string {
      const auto* value = document.as_object().if_contains(member);
      if (value == nullptr || !value->is_string()) return {};
      return std::string(std::string_view(value->as_string()));
    };
    if (const auto code = ErrcOf(text("code"))) return {*code, text("detail")};
  }
  return {Errc::kUnavailable, "HTTP status " + std::to_string(answer.status)};
}

class AsioGetter : public WebGetter {
 public:
  AsioGetter(WebAddress address, const Options& options)
      : address_(std::move(address)), options_(options), tls_(asio::ssl::context::tls_client) {}

  Status TrustAuthorities() {
    if (!address_.secure) return {};
    error_code failure;
    if (options_.ca_file.empty()) {
      tls_.set_default_verify_paths(failure);
    } else {
      tls_.load_verify_file(options_.ca_file, failure);
    }
    if (failure) return Error{Errc::kIo, "the authority of certificates cannot be read"};
    tls_.set_verify_mode(asio::ssl::verify_peer);
    tls_.set_verify_callback(asio::ssl::host_name_verification(address_.host));
    return {};
  }

  NodeReply<std::string> Get(const std::string& path) override {
    std::string octets;
    const error_code failure = address_.secure ? GetByTls(path, octets) : GetPlain(path, octets);
    if (failure) return RemoteProblem{Errc::kUnavailable, address_.host + ": " + failure.message()};
    auto answer = ParseAnswer(octets);
    if (!answer) return RemoteProblem{answer.error().code, std::string(answer.error().detail)};
    if (answer->status != 200) return ProblemIn(*answer);
    return std::move(answer->body);
  }

 private:
  // Runs one step to its end, or to that of its time: then what it waits for is closed.
  template <class Start>
  error_code Await(asio::io_context& io, tcp::socket& socket, Start start) const {
    error_code result = asio::error::timed_out;
    start([&result](error_code failure, const auto&...) { result = failure; });
    io.restart();
    io.run_for(std::chrono::seconds(options_.timeout_seconds));
    if (io.stopped()) return result;
    error_code ignored;
    socket.close(ignored);
    io.run();
    return asio::error::timed_out;
  }

  error_code Connect(asio::io_context& io, tcp::socket& socket) const {
    error_code failure;
    tcp::resolver resolver(io);
    const auto endpoints = resolver.resolve(address_.host, address_.port, failure);
    if (failure) return failure;
    return Await(io, socket, [&](auto done) { asio::async_connect(socket, endpoints, done); });
  }

  std::string RequestFor(const std::string& path) const {
    const bool is_ipv6 = address_.host.find(':') != std::string::npos;
    const std::string host = is_ipv6 ? "[" + address_.host + "]" : address_.host;
    std::string request = "GET " + address_.stem + path + " HTTP/1.0\r\nHost: " + host + ":" +
                          address_.port + "\r\nUser-Agent: idnode\r\n";
    if (!options_.token.empty()) request += "Authorization: Bearer " + options_.token + "\r\n";
    return request + "\r\n";
  }

  template <class Stream>
  error_code Exchange(asio::io_context& io, tcp::socket& socket, Stream& stream,
                      const std::string& path, std::string& octets) const {
    const std::string request = RequestFor(path);
    if (const error_code failure = Await(io, socket, [&](auto done) {
          asio::async_write(stream, asio::buffer(request), done);
        })) {
      return failure;
    }
    const error_code end = Await(io, socket, [&](auto done) {
      asio::async_read(stream, asio::dynamic_buffer(octets, kHeadOctetsMax + kBodyOctetsMax), done);
    });
    if (!end) return asio::error::message_size;  // There is more than anybody of us sends.
    // Some end a connection without saying so within TLS: the length in the head tells.
    const bool ended = end == asio::error::eof || end == asio::ssl::error::stream_truncated;
    return ended ? error_code() : end;
  }

  error_code GetPlain(const std::string& path, std::string& octets) const {
    asio::io_context io;
    tcp::socket socket(io);
    if (const error_code failure = Connect(io, socket)) return failure;
    return Exchange(io, socket, socket, path, octets);
  }

  error_code GetByTls(const std::string& path, std::string& octets) {
    asio::io_context io;
    asio::ssl::stream<tcp::socket> stream(io, tls_);
    SSL_set_tlsext_host_name(stream.native_handle(), address_.host.c_str());
    if (const error_code failure = Connect(io, stream.next_layer())) return failure;
    if (const error_code failure = Await(io, stream.next_layer(), [&](auto done) {
          stream.async_handshake(asio::ssl::stream_base::client, done);
        })) {
      return failure;
    }
    return Exchange(io, stream.next_layer(), stream, path, octets);
  }

  const WebAddress address_;
  const Options options_;
  asio::ssl::context tls_;
};

}  // namespace

Result<std::unique_ptr<WebGetter>> WebGetter::Open(const Options& options) {
  const auto address = ParseRoot(options.root);
  if (!address) return address.error();
  if (!options.token.empty() && !address->secure && !IsThisMachine(address->host)) {
    return Error{Errc::kUnsupported, "a token goes to another machine over HTTPS only"};
  }
  auto getter = std::make_unique<AsioGetter>(*address, options);
  if (const Status trusted = getter->TrustAuthorities(); !trusted) return trusted.error();
  return std::unique_ptr<WebGetter>(std::move(getter));
}

}  // namespace idnode
