#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <string_view>

namespace idnode {

// What the files of this room share of OpenSSL; no other room includes it.

struct OpensslFree {
  void operator()(BIO* pipe) const { BIO_free(pipe); }
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
  void operator()(OSSL_PARAM_BLD* parameters) const { OSSL_PARAM_BLD_free(parameters); }
};
template <class T>
using Openssl = std::unique_ptr<T, OpensslFree>;

// Null: no such algorithm, or this OpenSSL is configured without it. Owned by the thread. Names as
// Hasher has them.
const EVP_MD* FetchedDigest(std::string_view name);

// What a stranger sent fails often, and each failure leaves entries in the queue of the thread,
// where TLS would find them.
struct ErrorQueueGuard {
  ErrorQueueGuard() = default;
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
  ~ErrorQueueGuard() { ERR_clear_error(); }
};

// OpenSSL takes a null pointer for "none", which an empty text is not.
inline const unsigned char* OpensslOctets(std::string_view octets) {
  return reinterpret_cast<const unsigned char*>(octets.empty() ? "" : octets.data());
}

}  // namespace idnode
