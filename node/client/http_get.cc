#include "node/client/http_get.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kPlain = "http://", kSecure = "https://";

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lower;
}

// Runs one step of a conversation to its end, or to the end of its time: then the conversation is
// over, since what was begun may still refer to its buffers.
template <class Start>
error_code Run(asio::io_context& io, Clock::time_point until, Start start) {
  std::optional<error_code> ended;
  start([&ended](const error_code& error, auto&&...) { ended = error; });
  io.restart();
  while (!ended && io.run_one_until(until) > 0) {
  }
  return ended.value_or(asio::error::timed_out);
}

Error ErrorOf(const error_code& error) {
  if (error == asio::error::timed_out) return {Errc::kTimeout, "no answer in time"};
  if (error == http::error::body_limit || error == http::error::header_limit ||
      error == http::error::buffer_overflow) {
    return {Errc::kTooLarge, "the answer is over its limit"};
  }
  const error_code no_http = http::error::bad_version;
  if (error.category() == no_http.category() && error != http::error::end_of_stream &&
      error != http::error::partial_message) {
    return {Errc::kMalformed, "the answer is no HTTP"};
  }
  return {Errc::kUnavailable, "the connection was refused or lost"};
}

template <class Stream>
Result<HttpAnswer> Ask(Stream& stream, asio::io_context& io, Clock::time_point until,
                       const HttpServer& server, const HttpGet& get) {
  http::request<http::empty_body> request(get.head ? http::verb::head : http::verb::get, get.target,
                                          11);
  const std::string host = server.text();
  request.set(http::field::host, host.substr(host.find("//") + 2));
  request.set(http::field::user_agent, get.user_agent);
  request.set(http::field::accept, "application/json");
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : get.fields) request.set(name, value);
  error_code failed =
      Run(io, until, [&](auto done) { http::async_write(stream, request, std::move(done)); });
  if (failed) return ErrorOf(failed);
  http::response_parser<http::string_body> parser;
  parser.header_limit(limits::kHttpHeaderOctetsMax);
  parser.body_limit(get.octets_max);
  parser.skip(get.head);
  boost::beast::flat_buffer buffer(limits::kHttpHeaderOctetsMax + (64u << 10));
  failed =
      Run(io, until, [&](auto done) { http::async_read(stream, buffer, parser, std::move(done)); });
  if (failed) return ErrorOf(failed);
  HttpAnswer answer;
  answer.status = static_cast<uint16_t>(parser.get().result_int());
  const auto type = parser.get()[http::field::content_type];
  const std::string_view media_type(type.data(), type.size());
  answer.media_type = LowerAscii(media_type.substr(0, media_type.find_first_of("; ")));
  for (const auto& field : parser.get()) {
    const auto name = field.name_string(), value = field.value();
    answer.fields[LowerAscii({name.data(), name.size()})] = {value.data(), value.size()};
  }
  answer.body = std::move(parser.get().body());
  return answer;
}

bool IsHostName(std::string_view host) {
  constexpr size_t kHostNameOctetsMax = 253;  // RFC 1035 2.3.4, without the root's dot.
  return !host.empty() && host.size() <= kHostNameOctetsMax &&
         host.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
             std::string_view::npos;
}

// Whoever says from where he asks says where by an address.
error_code ConnectFrom(asio::io_context& io, Clock::time_point until, const HttpServer& server,
                       const std::string& source, tcp::socket& socket) {
  error_code failed;
  const auto to = asio::ip::make_address(server.host, failed);
  const auto from = failed ? asio::ip::address() : asio::ip::make_address(source, failed);
  const tcp::endpoint endpoint(to, server.port);
  if (!failed) socket.open(endpoint.protocol(), failed);
  if (!failed) socket.bind({from, 0}, failed);
  if (failed) return failed;
  return Run(io, until, [&](auto done) { socket.async_connect(endpoint, std::move(done)); });
}

error_code Connect(asio::io_context& io, Clock::time_point until, const HttpServer& server,
                   tcp::socket& socket) {
  tcp::resolver resolver(io);
  tcp::resolver::results_type endpoints;
  const error_code failed = Run(io, until, [&](auto done) {
    resolver.async_resolve(
        server.host, std::to_string(server.port),
        [&endpoints, done](const error_code& error, const tcp::resolver::results_type& found) {
          endpoints = found;
          done(error);
        });
  });
  if (failed) return failed;
  return Run(io, until,
             [&](auto done) { asio::async_connect(socket, endpoints, std::move(done)); });
}

}  // namespace

std::string HttpServer::text() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::string text(secure ? kSecure : kPlain);
  text.append(ipv6 ? "[" : "").append(host).append(ipv6 ? "]:" : ":");
  return text.append(std::to_string(port));
}

bool HttpServer::is_this_machine() const {
  error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  return host == "localhost" || (!no_address && address.is_loopback());
}

Result<HttpServer> ParseHttpServer(std::string_view uri, HostNames names) {
  const Error malformed{Errc::kMalformed, "not an http or https address"};
  HttpServer server;
  const auto starts = [&](std::string_view with) {
    return uri.size() > with.size() && EqualFolded(uri.substr(0, with.size()), with);
  };
  server.secure = starts(kSecure);
  if (!server.secure && !starts(kPlain)) return malformed;
  uri.remove_prefix(server.secure ? kSecure.size() : kPlain.size());
  uri = uri.substr(0, uri.find_first_of("/?#"));
  if (uri.find('@') != std::string_view::npos) return malformed;
  const bool brackets = uri.starts_with('[');
  const size_t host_end = brackets ? uri.find(']') : uri.find(':');
  if (brackets && host_end == std::string_view::npos) return malformed;
  const std::string_view host = brackets ? uri.substr(1, host_end - 1) : uri.substr(0, host_end);
  uri.remove_prefix(std::min(uri.size(), host.size() + (brackets ? 2 : 0)));
  server.port = server.secure ? 443 : 80;
  if (!uri.empty()) {
    const auto port = ParseDecimal(uri.substr(1), UINT16_MAX);
    if (uri[0] != ':' || !port || *port == 0) return malformed;
    server.port = static_cast<uint16_t>(*port);
  }
  error_code error;
  if (brackets) {
    const auto address = asio::ip::make_address_v6(std::string(host), error);
    if (error || address.scope_id() != 0) return malformed;
    server.host = address.to_string();
    return server;
  }
  const auto address = asio::ip::make_address_v4(std::string(host), error);
  if (!error) {
    server.host = address.to_string();
    return server;
  }
  if (host.empty()) return malformed;
  if (names == HostNames::kRefused) return Error{Errc::kUnsupported, "a host name"};
  if (!IsHostName(host)) return malformed;
  server.host = host;
  return server;
}

Result<TlsTrust> TrustOf(const std::string& ca_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  const Error unreadable{Errc::kIo, "the certificates of authorities cannot be read"};
  if (SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1) {
    return unreadable;
  }
  error_code error;
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(ca_file, error);
  }
  if (!error) context->set_verify_mode(ssl::verify_peer, error);
  if (error) return unreadable;
  return context;
}

Result<HttpAnswer> Get(const HttpServer& server, const HttpGet& get, const TlsTrust& trust) {
  const auto until = Clock::now() + std::chrono::milliseconds(get.millis);
  asio::io_context io(1);
  tcp::socket socket(io);
  error_code error = get.from.empty() ? Connect(io, until, server, socket)
                                      : ConnectFrom(io, until, server, get.from, socket);
  if (error) return ErrorOf(error);
  if (!server.secure) return Ask(socket, io, until, server, get);
  ssl::stream<tcp::socket> stream(std::move(socket), *trust);
  stream.set_verify_callback(ssl::host_name_verification(server.host), error);
  if (error) return Error{Errc::kInternal, "TLS"};
  error_code is_name;  // RFC 6066 3: of names the server is told, of addresses not.
  (void)asio::ip::make_address(server.host, is_name);
  if (is_name && SSL_set_tlsext_host_name(stream.native_handle(), server.host.c_str()) != 1) {
    return Error{Errc::kInternal, "TLS"};
  }
  error = Run(io, until, [&](auto done) {
    stream.async_handshake(ssl::stream_base::client, std::move(done));
  });
  if (error && SSL_get_verify_result(stream.native_handle()) != X509_V_OK) {
    return Error{Errc::kForged, "the certificate is not trusted, or another host's"};
  }
  if (error) return ErrorOf(error);
  return Ask(stream, io, until, server, get);
}

}  // namespace idnode
