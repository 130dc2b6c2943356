#include "node/front/handle/tls_connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <vector>

#include "node/runtime/tls_context.h"

namespace idnode {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using ErrorCode = boost::system::error_code;

constexpr size_t kRecordOctets = 16u << 10;  // Of TLS: what one read brings at most.

class TlsConnection final : public HandleConnection {
 public:
  TlsConnection(std::shared_ptr<ssl::context> context, std::shared_ptr<HandleLoop> loop,
                TcpSocket socket, const Address& source)
      : HandleConnection(std::move(loop), Transport::kTls, source),
        context_(std::move(context)),
        stream_(std::move(socket), *context_),
        record_(kRecordOctets) {}

 private:
  std::shared_ptr<TlsConnection> Self() {
    return std::static_pointer_cast<TlsConnection>(shared_from_this());
  }

  void Begin() override {
    stream_.async_handshake(ssl::stream_base::server, [self = Self()](const ErrorCode& error) {
      if (self->closed()) return;
      if (error) return self->Close();
      self->OnBegun();
    });
  }
  void StartReading() override {
    stream_.async_read_some(
        asio::buffer(record_), [self = Self()](const ErrorCode& error, size_t octets) {
          if (self->closed()) return;
          const bool ended = error == asio::error::eof || error == ssl::error::stream_truncated;
          if (ended) return self->OnReadEnd();
          if (error) return self->Close();
          self->OnRead({self->record_.data(), octets});
        });
  }
  size_t WriteNow(std::string_view) override { return 0; }
  void StartWriting(std::string_view octets) override {
    stream_.async_write_some(asio::buffer(octets),
                             [self = Self()](const ErrorCode& error, size_t written) {
                               if (error) return self->Close();
                               self->OnWritten(written);
                             });
  }
  void ShutDownSending() override {
    stream_.async_shutdown([self = Self()](const ErrorCode&) { self->Close(); });
  }
  void CloseSocket() override {
    ErrorCode ignored;
    stream_.next_layer().close(ignored);
  }

  const std::shared_ptr<ssl::context> context_;
  ssl::stream<TcpSocket> stream_;
  std::vector<char> record_;
};

class Identity final : public TlsIdentity {
 public:
  explicit Identity(std::shared_ptr<ssl::context> context) : context_(std::move(context)) {}

  std::shared_ptr<HandleConnection> MakeConnection(std::shared_ptr<HandleLoop> loop,
                                                   TcpSocket socket,
                                                   const Address& source) override {
    return std::make_shared<TlsConnection>(context_, std::move(loop), std::move(socket), source);
  }

 private:
  const std::shared_ptr<ssl::context> context_;
};

}  // namespace

Result<std::shared_ptr<TlsIdentity>> TlsIdentity::Load(const std::string& certificate_file,
                                                       const std::string& key_file) {
  auto context = ServerTlsContext(certificate_file, key_file);
  if (!context) return context.error();
  return std::shared_ptr<TlsIdentity>(std::make_shared<Identity>(*std::move(context)));
}

}  // namespace idnode
