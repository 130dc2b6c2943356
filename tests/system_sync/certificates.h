#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace idnode::testing_sync {

// A key and its certificate, as PEM text.
struct Certified {
  std::string key, certificate;
};

// A certificate authority of a test: P-256 keys, certificates from yesterday on.
class Authority {
 public:
  explicit Authority(const std::string& name);

  const std::string& certificate() const { return own_.certificate; }
  // For `name` as host name (or address, if it is one), until so many days from now: negative, it
  // has expired.
  Certified Issue(const std::string& name, int days = 1) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> issuer_;
  Certified own_;
};

}  // namespace idnode::testing_sync
