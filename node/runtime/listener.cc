#include "node/runtime/listener.h"

#include <sys/socket.h>

#include <string>

#include "proto/base/text.h"

namespace idnode {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Udp = asio::ip::udp;
using ErrorCode = boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

Error ErrorOf(const ErrorCode& error) {
  if (error == asio::error::address_in_use) {
    return {Errc::kInUse, "another program listens on the address"};
  }
  return {Errc::kIo, "the address cannot be listened on"};
}

template <class Socket, class Endpoint>
Result<Endpoint> FreeEndpointOf(asio::io_context& io, const Endpoint& endpoint) {
  Socket probe(io);
  if (const Status listening = ListenOn(probe, endpoint, false); !listening) {
    return listening.error();
  }
  ErrorCode error;
  const auto bound = probe.local_endpoint(error);
  if (error) return ErrorOf(error);
  return bound;
}

}  // namespace

Result<Tcp::endpoint> ParseEndpoint(std::string_view text) {
  constexpr std::string_view kForm = "an address and a port: 127.0.0.1:8080 or [::1]:8080";
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Error{Errc::kMalformed, kForm};
  const std::string_view digits = text.substr(colon + 1);
  const auto port = ParseDecimal(digits, UINT16_MAX);
  if (!port || digits.empty()) return Error{Errc::kMalformed, kForm};
  std::string host(text.substr(0, colon));
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  ErrorCode error;
  const auto address = asio::ip::make_address(host, error);
  if (error || address.is_v6() != bracketed) return Error{Errc::kMalformed, kForm};
  return Tcp::endpoint(address, static_cast<uint16_t>(*port));
}

Result<Tcp::endpoint> FreeEndpoint(asio::io_context& io, const Tcp::endpoint& endpoint) {
  return FreeEndpointOf<TcpAcceptor>(io, endpoint);
}

Result<Udp::endpoint> FreeEndpoint(asio::io_context& io, const Udp::endpoint& endpoint) {
  return FreeEndpointOf<UdpSocket>(io, endpoint);
}

Status ListenOn(TcpAcceptor& acceptor, const Tcp::endpoint& endpoint, bool shared_port) {
  ErrorCode error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && shared_port) acceptor.set_option(ReusePort(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return ErrorOf(error);
  return {};
}

Status ListenOn(UdpSocket& socket, const Udp::endpoint& endpoint, bool shared_port) {
  ErrorCode error;
  socket.open(endpoint.protocol(), error);
  if (!error && shared_port) socket.set_option(ReusePort(true), error);
  if (!error) socket.bind(endpoint, error);
  if (!error) socket.non_blocking(true, error);
  if (error) return ErrorOf(error);
  return {};
}

}  // namespace idnode
