#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <fstream>
#include <sstream>

#include "node/client/client.h"
#include "proto/base/limits.h"

namespace idnode {
namespace {

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) return Error{Errc::kIo, "a certificate file cannot be read"};
  return text.str();
}

// A name would be resolved by somebody else: only addresses of this machine, and its usual name.
bool IsThisMachine(std::string_view address) {
  if (address.starts_with("[::1]:") || address.starts_with("localhost:") ||
      address.starts_with("unix:")) {
    return true;
  }
  const std::string_view host = address.substr(0, address.rfind(':'));
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

Result<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const ClientOptions& options) {
  if (options.ca_file.empty() && options.certificate_file.empty() && options.key_file.empty()) {
    if (IsThisMachine(options.address)) return grpc::InsecureChannelCredentials();
    return Error{Errc::kUnsupported, "another machine is spoken to under TLS only"};
  }
  grpc::SslCredentialsOptions ssl;
  for (const auto& [path, text] : {std::pair{&options.ca_file, &ssl.pem_root_certs},
                                   std::pair{&options.certificate_file, &ssl.pem_cert_chain},
                                   std::pair{&options.key_file, &ssl.pem_private_key}}) {
    auto content = ReadFile(*path);
    if (!content) return content.error();
    *text = std::move(*content);
  }
  return grpc::SslCredentials(ssl);
}

}  // namespace

Result<std::shared_ptr<grpc::ChannelInterface>> Connect(const ClientOptions& options) {
  const auto credentials = CredentialsOf(options);
  if (!credentials) return credentials.error();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(limits::kGrpcMessageOctetsMax);
  arguments.SetMaxSendMessageSize(limits::kGrpcMessageOctetsMax);
  return std::shared_ptr<grpc::ChannelInterface>(
      grpc::CreateCustomChannel(options.address, *credentials, arguments));
}

}  // namespace idnode
