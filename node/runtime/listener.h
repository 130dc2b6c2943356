#pragma once

#include <boost/asio/basic_datagram_socket.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// How a front takes its addresses: with SO_REUSEPORT, once for each event loop.
using TcpAcceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                       boost::asio::io_context::executor_type>;
using UdpSocket = boost::asio::basic_datagram_socket<boost::asio::ip::udp,
                                                     boost::asio::io_context::executor_type>;

// "127.0.0.1:8080", "[::1]:8080". kMalformed.
Result<boost::asio::ip::tcp::endpoint> ParseEndpoint(std::string_view text);

// Makes sure that nobody listens there, which binding with SO_REUSEPORT would not tell; port 0
// becomes a free one. kInUse, kIo.
Result<boost::asio::ip::tcp::endpoint> FreeEndpoint(boost::asio::io_context& io,
                                                    const boost::asio::ip::tcp::endpoint& endpoint);
Result<boost::asio::ip::udp::endpoint> FreeEndpoint(boost::asio::io_context& io,
                                                    const boost::asio::ip::udp::endpoint& endpoint);

// `shared_port`: other sockets of this process listen there, too. The sockets do not block. kInUse,
// kIo.
Status ListenOn(TcpAcceptor& acceptor, const boost::asio::ip::tcp::endpoint& endpoint,
                bool shared_port);
Status ListenOn(UdpSocket& socket, const boost::asio::ip::udp::endpoint& endpoint,
                bool shared_port);

}  // namespace idnode
