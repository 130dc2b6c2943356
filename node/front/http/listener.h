#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string_view>

#include "node/front/http/http_front.h"
#include "node/front/http/request.h"
#include "proto/base/result.h"

namespace idnode {

using TcpAcceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                       boost::asio::io_context::executor_type>;

// "127.0.0.1:8080", "[::1]:8080". kMalformed.
Result<boost::asio::ip::tcp::endpoint> ParseEndpoint(std::string_view text);

// Makes sure that nobody listens there, which binding with SO_REUSEPORT would not tell; port 0
// becomes a free one. kInUse, kIo.
Result<boost::asio::ip::tcp::endpoint> FreeEndpoint(boost::asio::io_context& io,
                                                    const boost::asio::ip::tcp::endpoint& endpoint);

// `shared_port`: other acceptors of this process listen there, too. kInUse, kIo.
Status ListenOn(TcpAcceptor& acceptor, const boost::asio::ip::tcp::endpoint& endpoint,
                bool shared_port);

Peer PeerOf(const boost::asio::ip::address& address, const HttpServices& services);

}  // namespace idnode
