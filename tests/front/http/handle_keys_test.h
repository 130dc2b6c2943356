#pragma once

#include <filesystem>

#include "proto/base/text.h"
#include "proto/handle/public_key.h"
#include "proto/record/structured.h"
#include "tests/front/http/http_test.h"
#include "tests/front/http/tls_client.h"

namespace idnode {

// A node with HTTPS whose enterprise acme administers 88.118.8 by the keys of 88.118.8/ADMIN: 300
// an RSA key, 301 the secret "secret".
class HandleKeysTest : public HttpTest {
 protected:
  HandleKeysTest() : HttpTest(WithTls()) {
    const std::string public_key = PublicKeyOctets(UserKey().verifying_key());
    node_.Put("88.118.8/ADMIN", {{.index = 300, .type = "HS_PUBKEY", .data = public_key},
                                 {.index = 301,
                                  .permissions = kAdminRead | kAdminWrite,
                                  .type = "HS_SECKEY",
                                  .data = "secret"}});
    std::string by_key, by_secret;
    EncodeAdmin({.permissions = 0x0FFF, .handle = "88.118.8/ADMIN", .index = 300}, by_key);
    EncodeAdmin({.permissions = 0x0FFF, .handle = "88.118.8/ADMIN", .index = 301}, by_secret);
    node_.Put("0.NA/88.118.8", {{.index = 100, .type = "HS_ADMIN", .data = by_key},
                                {.index = 101, .type = "HS_ADMIN", .data = by_secret}});
    admin_ = by_secret;
  }

  RawAnswer AskTls(std::string_view octets, const SelfSigned* certificate = nullptr) {
    TlsClient client(front_->tls_port(), certificate);
    return client.Ask(octets);
  }
  static std::string Basic(std::string_view user, std::string_view password) {
    return "Authorization: Basic " + ToBase64(PercentEncode(user).append(":").append(password)) +
           "\r\n";
  }
  // What a PUT sends so that 301:88.118.8/ADMIN administers the record.
  std::string Administered(std::string_view url) const {
    return R"([{"index":1,"type":"URL","data":")" + std::string(url) +
           R"("},{"index":100,"type":"HS_ADMIN","data":{"format":"base64","value":")" +
           ToBase64(admin_) + R"("}}])";
  }
  static const SigningKey& UserKey() {
    static const SigningKey key = *SigningKey::Generate(KeyKind::kRsa);
    return key;
  }
  static const std::string& Directory() {
    static const std::string directory = [] {
      std::string pattern = (std::filesystem::temp_directory_path() / "idnode-tls-XXXXXX").string();
      return std::string(mkdtemp(pattern.data()));
    }();
    return directory;
  }
  static const SelfSigned& Server() {
    static const SelfSigned server(Directory(), "server", Keys().rsa.ToPem(), "");
    return server;
  }

  const std::string secret_user_ = "301:88.118.8/ADMIN";
  std::string admin_;

 private:
  static HttpOptions WithTls() {
    HttpOptions options;
    options.tls_listen = "127.0.0.1:0";
    options.certificate_file = Server().certificate_file;
    options.key_file = Server().key_file;
    return options;
  }
};

}  // namespace idnode
