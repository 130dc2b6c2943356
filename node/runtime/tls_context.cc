#include "node/runtime/tls_context.h"

#include <openssl/ssl.h>

namespace idnode {

namespace ssl = boost::asio::ssl;

Result<std::shared_ptr<ssl::context>> ServerTlsContext(const std::string& certificate_file,
                                                       const std::string& key_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                           ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                           ssl::context::no_tlsv1_1 | SSL_OP_NO_RENEGOTIATION,
                       error);
  if (!error) context->use_certificate_chain_file(certificate_file, error);
  if (error) return Error{Errc::kIo, "the TLS certificate cannot be read"};
  context->use_private_key_file(key_file, ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return Error{Errc::kIo, "the key of the TLS certificate cannot be read, or is another's"};
  }
  return context;
}

}  // namespace idnode
