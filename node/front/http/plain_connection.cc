#include <boost/asio/buffer.hpp>

#include "node/front/http/connection.h"

// HTTP over a plain socket.
namespace idnode {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

class PlainConnection final : public Connection {
 public:
  PlainConnection(std::shared_ptr<Loop> loop, TcpSocket socket, const Peer& peer)
      : Connection(std::move(loop), peer), socket_(std::move(socket)) {}

 private:
  std::shared_ptr<PlainConnection> Self() {
    return std::static_pointer_cast<PlainConnection>(shared_from_this());
  }

  void StartReading(std::span<char> room) override {
    socket_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = Self()](const ErrorCode& error, size_t octets) {
                              if (error == asio::error::eof) return self->OnReadEnd();
                              if (error) return self->Close();
                              self->OnRead(octets);
                            });
  }
  size_t WriteNow(std::string_view octets) override {
    ErrorCode error;
    const size_t written = socket_.write_some(asio::buffer(octets), error);
    if (error && error != asio::error::would_block) Close();
    return written;
  }
  void StartWriting(std::string_view octets) override {
    socket_.async_write_some(asio::buffer(octets),
                             [self = Self()](const ErrorCode& error, size_t written) {
                               if (error) return self->Close();
                               self->OnWrote(written);
                             });
  }
  void StartShuttingDown() override {
    ErrorCode error;
    socket_.shutdown(asio::socket_base::shutdown_send, error);
    if (error) return Close();
    OnShutDown();
  }
  void CloseSocket() override {
    ErrorCode ignored;
    socket_.close(ignored);
  }

  TcpSocket socket_;
};

}  // namespace

std::shared_ptr<Connection> MakePlainConnection(std::shared_ptr<Loop> loop, TcpSocket socket,
                                                const Peer& peer) {
  return std::make_shared<PlainConnection>(std::move(loop), std::move(socket), peer);
}

}  // namespace idnode
