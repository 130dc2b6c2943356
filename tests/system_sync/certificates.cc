#include "tests/system_sync/certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>

#include "proto/base/result.h"

namespace idnode::testing_sync {
namespace {

constexpr long kDaySeconds = 86'400;

std::shared_ptr<EVP_PKEY> NewKey() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  Require(key != nullptr);
  return {key, EVP_PKEY_free};
}

template <class F>
std::string Pem(F&& write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
  Require(memory && write(memory.get()) == 1);
  char* text = nullptr;
  const long octets = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<size_t>(octets)};
}
std::string PemOf(EVP_PKEY* key) {
  return Pem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}
std::string PemOf(X509* certificate) {
  return Pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

void AddExtension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  Require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

std::shared_ptr<X509> NewCertificate(const std::string& name, EVP_PKEY* key, int days) {
  static std::atomic<long> serial = 1;
  const std::shared_ptr<X509> certificate(X509_new(), X509_free);
  X509* x509 = certificate.get();
  Require(X509_set_version(x509, 2) == 1);
  Require(ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++) == 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -2 * kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(x509), days * kDaySeconds);
  Require(X509_set_pubkey(x509, key) == 1);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  Require(X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, text, -1, -1,
                                     0) == 1);
  return certificate;
}

}  // namespace

Authority::Authority(const std::string& name) : key_(NewKey()) {
  issuer_ = NewCertificate(name, key_.get(), 2);
  Require(X509_set_issuer_name(issuer_.get(), X509_get_subject_name(issuer_.get())) == 1);
  AddExtension(issuer_.get(), NID_basic_constraints, "critical,CA:TRUE");
  Require(X509_sign(issuer_.get(), key_.get(), EVP_sha256()) > 0);
  own_ = {PemOf(key_.get()), PemOf(issuer_.get())};
}

Certified Authority::Issue(const std::string& name, int days) const {
  const auto key = NewKey();
  const auto certificate = NewCertificate(name, key.get(), days);
  Require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer_.get())) == 1);
  const bool is_address = name.find_first_not_of("0123456789.") == std::string::npos;
  AddExtension(certificate.get(), NID_subject_alt_name, (is_address ? "IP:" : "DNS:") + name);
  Require(X509_sign(certificate.get(), key_.get(), EVP_sha256()) > 0);
  return {PemOf(key.get()), PemOf(certificate.get())};
}

}  // namespace idnode::testing_sync
