#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <memory>
#include <string>

#include "tests/front_handle/transport_node.h"

namespace idnode {
namespace {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
template <class T, auto kFree>
using Owned = std::unique_ptr<T, Freed<kFree>>;

class TlsTest : public TransportNode {
 protected:
  TlsTest() {
    node.Put("88.118.8/SN-1", {UrlValue()});
    options.tls_listen = {"127.0.0.1:0"};
    options.tls_certificate_file = (node.directory() / "certificate.pem").string();
    options.tls_key_file = (node.directory() / "key.pem").string();
    WriteIdentity(options.tls_certificate_file, options.tls_key_file);
  }

  // A key, and a certificate that it signed itself.
  static void WriteIdentity(const std::string& certificate_file, const std::string& key_file) {
    const Owned<EVP_PKEY, EVP_PKEY_free> key(EVP_EC_gen("P-256"));
    const Owned<X509, X509_free> certificate(X509_new());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3'600);
    X509_set_pubkey(certificate.get(), key.get());
    ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
    const Owned<FILE, fclose> certificate_out(std::fopen(certificate_file.c_str(), "w"));
    const Owned<FILE, fclose> key_out(std::fopen(key_file.c_str(), "w"));
    PEM_write_X509(certificate_out.get(), certificate.get());
    PEM_write_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }
};

// A client of its own kind: OpenSSL over a blocking socket.
class TlsAsker {
 public:
  explicit TlsAsker(uint16_t port) : socket_(port) {
    SSL_set_fd(tls_.get(), socket_.descriptor());
    connected = SSL_connect(tls_.get()) == 1;
  }
  std::string Ask(std::string_view octets) {
    SSL_write(tls_.get(), octets.data(), static_cast<int>(octets.size()));
    return Receive();
  }
  std::string Receive() {
    for (;;) {
      if (in_.size() >= kEnvelopeOctets) {
        const size_t octets = kEnvelopeOctets + DecodeEnvelope(in_).message_octets;
        if (in_.size() >= octets) {
          std::string message = in_.substr(0, octets);
          in_.erase(0, octets);
          return message;
        }
      }
      char octets[16'384];
      const int got = SSL_read(tls_.get(), octets, sizeof octets);
      if (got <= 0) {
        ended_properly = SSL_get_error(tls_.get(), got) == SSL_ERROR_ZERO_RETURN;
        return {};
      }
      in_.append(octets, static_cast<size_t>(got));
    }
  }
  void EndSending() { SSL_shutdown(tls_.get()); }

  bool connected = false, ended_properly = false;

 private:
  TcpAsker socket_;
  Owned<SSL_CTX, SSL_CTX_free> context_{SSL_CTX_new(TLS_client_method())};
  Owned<SSL, SSL_free> tls_{SSL_new(context_.get())};
  std::string in_;
};

TEST_F(TlsTest, AnswersAsOverTcp) {
  node.Put("88.118.8/LARGE", {UrlValue(std::string(60'000, 'x'))});
  Open();
  TlsAsker asker(front->tls_ports().at(0));
  ASSERT_TRUE(asker.connected);
  for (uint32_t id = 1; id <= 20; ++id) {
    const std::string answer = asker.Ask(Resolve(id % 2 ? "88.118.8/SN-1" : "88.118.8/LARGE", id));
    EXPECT_EQ(CodeIn(answer), 1u);
    EXPECT_EQ(IdIn(answer), id);
  }
  EXPECT_EQ(CodeIn(asker.Ask(Resolve("88.118.8/NO"))), 100u);
}

TEST_F(TlsTest, AnswersWhatIsPipelinedInOrder) {
  dispatcher.Tell([](const Question& question) {
    EXPECT_EQ(question.transport, Transport::kTls);
    Reply reply;
    reply.messages.push_back(ToldDispatcher::MessageOf(question, "told"));
    return reply;
  });
  Open();
  TlsAsker asker(front->tls_ports().at(0));
  std::string in;
  for (uint32_t id = 0; id < 200; ++id) {
    in += id % 50 == 3 ? GetSite(id) : Resolve("88.118.8/SN-1", id);
  }
  EXPECT_EQ(IdIn(asker.Ask(in)), 0u);
  for (uint32_t id = 1; id < 200; ++id) ASSERT_EQ(IdIn(asker.Receive()), id);
}

TEST_F(TlsTest, EndsProperlyWithAClientThatEnds) {
  Open();
  TlsAsker asker(front->tls_ports().at(0));
  EXPECT_EQ(CodeIn(asker.Ask(Resolve("88.118.8/SN-1"))), 1u);
  asker.EndSending();
  EXPECT_TRUE(asker.Receive().empty());
  EXPECT_TRUE(asker.ended_properly);
}

TEST_F(TlsTest, EndsAConversationThatIsNoTls) {
  options.message_seconds = 1;
  Open();
  TcpAsker plain(front->tls_ports().at(0));
  plain.Send(Resolve("88.118.8/SN-1"));
  EXPECT_TRUE(plain.WaitUntilGone());
  TcpAsker silent(front->tls_ports().at(0));
  EXPECT_TRUE(silent.WaitUntilGone());  // The handshake has its time.
}

TEST_F(TlsTest, RefusesAKeyThatIsAnothers) {
  const std::string other = (node.directory() / "other.pem").string();
  WriteIdentity(other, options.tls_key_file);
  EXPECT_EQ(HandleFront::Open(loops, work, options, services).error().code, Errc::kIo);
  options.tls_certificate_file = "/nowhere.pem";
  EXPECT_EQ(HandleFront::Open(loops, work, options, services).error().code, Errc::kIo);
}

}  // namespace
}  // namespace idnode
