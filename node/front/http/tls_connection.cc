#include "node/front/http/tls_connection.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "node/runtime/tls_context.h"

namespace idnode {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using ErrorCode = boost::system::error_code;

constexpr size_t kSubjectOctetsMax = 512;

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* pipe) const { BIO_free(pipe); }
};

// One part of the subject; empty: it has none, or one that is too long.
std::string SubjectPart(X509_NAME* subject, int part) {
  std::array<char, kSubjectOctetsMax> text{};
  const int size = X509_NAME_get_text_by_NID(subject, part, text.data(), text.size());
  if (size <= 0 || static_cast<size_t>(size) + 1 >= text.size()) return {};
  return {text.data(), static_cast<size_t>(size)};
}

// Null: none was sent, or its subject names nobody. UID, else CN, else O (5.8).
std::shared_ptr<const ClientCertificate> CertificateOf(SSL* session) {
  const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(session));
  if (certificate == nullptr) return nullptr;
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  std::string name;
  for (const int part : {NID_userId, NID_commonName, NID_organizationName}) {
    if (name.empty()) name = SubjectPart(subject, part);
  }
  auto identity = ParseHandleIdentity(name);
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  if (!identity || out == nullptr ||
      PEM_write_bio_PUBKEY(out.get(), X509_get0_pubkey(certificate.get())) != 1) {
    return nullptr;
  }
  char* pem = nullptr;
  const long size = BIO_get_mem_data(out.get(), &pem);  // NOLINT(google-runtime-int)
  return std::make_shared<const ClientCertificate>(
      ClientCertificate{std::move(*identity), std::string(pem, static_cast<size_t>(size))});
}

class TlsHttpConnection final : public Connection {
 public:
  TlsHttpConnection(std::shared_ptr<ssl::context> context, std::shared_ptr<Loop> loop,
                    TcpSocket socket, const Peer& peer)
      : Connection(std::move(loop), peer),
        context_(std::move(context)),
        stream_(std::move(socket), *context_) {}

 private:
  std::shared_ptr<TlsHttpConnection> Self() {
    return std::static_pointer_cast<TlsHttpConnection>(shared_from_this());
  }

  void Begin() override {
    stream_.async_handshake(ssl::stream_base::server, [self = Self()](const ErrorCode& error) {
      if (self->closed()) return;
      if (error) return self->Close();
      self->session().SetSecure(CertificateOf(self->stream_.native_handle()));
      self->OnBegun();
    });
  }
  void StartReading(std::span<char> room) override {
    const auto on_read = [self = Self()](const ErrorCode& error, size_t octets) {
      // Who goes without a farewell may have lost octets: HTTP's own framing tells.
      const bool ended = error == asio::error::eof || error == ssl::error::stream_truncated;
      if (ended) return self->OnReadEnd();
      if (error) return self->Close();
      self->OnRead(octets);
    };
    const auto buffer = asio::buffer(room.data(), room.size());
    if (said_farewell_) return stream_.next_layer().async_read_some(buffer, on_read);
    stream_.async_read_some(buffer, on_read);
  }
  // Records are written as a whole: what a socket that is full would take cannot be said.
  size_t WriteNow(std::string_view) override { return 0; }
  void StartWriting(std::string_view octets) override {
    stream_.async_write_some(asio::buffer(octets),
                             [self = Self()](const ErrorCode& error, size_t written) {
                               if (error) return self->Close();
                               self->OnWrote(written);
                             });
  }
  // Whatever becomes of the farewell, what the peer still sends is read until it ends.
  void StartShuttingDown() override {
    stream_.async_shutdown([self = Self()](const ErrorCode&) {
      if (self->closed()) return;
      self->said_farewell_ = true;
      ErrorCode error;
      self->stream_.next_layer().shutdown(asio::socket_base::shutdown_send, error);
      if (error) return self->Close();
      self->OnShutDown();
    });
  }
  void CloseSocket() override {
    ErrorCode ignored;
    stream_.next_layer().close(ignored);
  }

  const std::shared_ptr<ssl::context> context_;
  ssl::stream<TcpSocket> stream_;
  bool said_farewell_ = false;
};

// Clients are asked for a certificate; whoever issued it, it is taken.
void AskForCertificates(SSL_CTX* context) {
  // Without it a client that shows a certificate could not resume its session.
  constexpr std::string_view kContext = "idnode-http";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(kContext.data()),
                                 static_cast<unsigned>(kContext.size()));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
}

class Identity final : public HttpsIdentity {
 public:
  explicit Identity(std::shared_ptr<ssl::context> context) : context_(std::move(context)) {}

  std::shared_ptr<Connection> MakeConnection(std::shared_ptr<Loop> loop, TcpSocket socket,
                                             const Peer& peer) override {
    return std::make_shared<TlsHttpConnection>(context_, std::move(loop), std::move(socket), peer);
  }

 private:
  const std::shared_ptr<ssl::context> context_;
};

}  // namespace

Result<std::shared_ptr<HttpsIdentity>> HttpsIdentity::Load(const std::string& certificate_file,
                                                           const std::string& key_file) {
  auto context = ServerTlsContext(certificate_file, key_file);
  if (!context) return context.error();
  AskForCertificates((*context)->native_handle());
  return std::shared_ptr<HttpsIdentity>(std::make_shared<Identity>(*std::move(context)));
}

}  // namespace idnode
