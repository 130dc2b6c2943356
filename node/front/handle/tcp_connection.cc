#include "node/front/handle/tcp_connection.h"

#include <boost/asio/buffer.hpp>

namespace idnode {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

class TcpConnection final : public HandleConnection {
 public:
  TcpConnection(std::shared_ptr<HandleLoop> loop, TcpSocket socket, const Address& source)
      : HandleConnection(std::move(loop), Transport::kTcp, source), socket_(std::move(socket)) {}

 private:
  std::shared_ptr<TcpConnection> Self() {
    return std::static_pointer_cast<TcpConnection>(shared_from_this());
  }

  // The loop's buffer is read into only when there is something: so ten thousand idle connections
  // have none.
  void StartReading() override {
    socket_.async_wait(asio::socket_base::wait_read, [self = Self()](const ErrorCode& error) {
      if (self->closed()) return;
      if (error) return self->Close();
      self->Read();
    });
  }
  void Read() {
    ErrorCode error;
    auto& in = loop().in;
    const size_t octets = socket_.read_some(asio::buffer(in), error);
    if (error == asio::error::would_block) return StartReading();
    if (error == asio::error::eof) return OnReadEnd();
    if (error) return Close();
    OnRead({in.data(), octets});
  }

  size_t WriteNow(std::string_view octets) override {
    ErrorCode error;
    const size_t taken = socket_.write_some(asio::buffer(octets), error);
    if (error && error != asio::error::would_block) Close();
    return error ? 0 : taken;
  }
  void StartWriting(std::string_view octets) override {
    socket_.async_write_some(asio::buffer(octets),
                             [self = Self()](const ErrorCode& error, size_t written) {
                               if (error) return self->Close();
                               self->OnWritten(written);
                             });
  }
  void ShutDownSending() override {
    ErrorCode ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  }
  void CloseSocket() override {
    ErrorCode ignored;
    socket_.close(ignored);
  }

  TcpSocket socket_;
};

}  // namespace

std::shared_ptr<HandleConnection> MakeTcpConnection(std::shared_ptr<HandleLoop> loop,
                                                    TcpSocket socket, const Address& source) {
  return std::make_shared<TcpConnection>(std::move(loop), std::move(socket), source);
}

}  // namespace idnode
