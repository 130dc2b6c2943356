#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/front/http/raw_client.h"

namespace idnode {

// A key and a certificate that it signed itself, as PEM files; removed with the object.
class SelfSigned {
 public:
  // `pem`: the private key. `subject_uid`: index:handle; empty: none.
  SelfSigned(const std::string& directory, const std::string& name, const std::string& pem,
             const std::string& subject_uid)
      : certificate_file(directory + "/" + name + ".pem"),
        key_file(directory + "/" + name + ".key") {
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
    BIO_free(in);
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3'600);
    X509_set_pubkey(certificate, key);
    X509_NAME* subject = X509_get_subject_name(certificate);
    const auto add = [&](const char* part, const std::string& text) {
      X509_NAME_add_entry_by_txt(subject, part, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
    };
    add("CN", "test");
    if (!subject_uid.empty()) add("UID", subject_uid);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    std::FILE* out = std::fopen(certificate_file.c_str(), "w");
    PEM_write_X509(out, certificate);
    std::fclose(out);
    out = std::fopen(key_file.c_str(), "w");
    std::fwrite(pem.data(), 1, pem.size(), out);
    std::fclose(out);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  const std::string certificate_file, key_file;
};

// A RawClient inside TLS that believes any certificate.
class TlsClient : public RawClient {
 public:
  explicit TlsClient(uint16_t port, const SelfSigned* certificate = nullptr) : RawClient(port) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2).
    context_ = SSL_CTX_new(TLS_client_method());
    if (certificate != nullptr) {
      SSL_CTX_use_certificate_file(context_, certificate->certificate_file.c_str(),
                                   SSL_FILETYPE_PEM);
      SSL_CTX_use_PrivateKey_file(context_, certificate->key_file.c_str(), SSL_FILETYPE_PEM);
    }
    session_ = SSL_new(context_);
    SSL_set_fd(session_, socket());
    if (SSL_connect(session_) != 1) throw std::runtime_error("TLS handshake");
  }
  ~TlsClient() override {
    SSL_free(session_);
    SSL_CTX_free(context_);
  }

 protected:
  ssize_t Write(std::string_view octets) override {
    return SSL_write(session_, octets.data(), static_cast<int>(octets.size()));
  }
  ssize_t Read(char* octets, size_t size) override {
    return SSL_read(session_, octets, static_cast<int>(size));
  }

 private:
  SSL_CTX* context_ = nullptr;
  SSL* session_ = nullptr;
};

}  // namespace idnode
