#include "node/front/grpc/grpc_front.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <sys/stat.h>
#include <sys/un.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>

#include "node/front/grpc/admin_service.h"
#include "node/front/grpc/registry_service.h"
#include "node/front/grpc/resolver_service.h"
#include "node/runtime/work_pool.h"
#include "proto/base/limits.h"

namespace idnode {
namespace {

constexpr size_t kWorkThreads = 4;
constexpr size_t kWorkQueueMax = 4'096;
// spec/reliability.md R47.
constexpr int kStreamsPerConnectionMax = 256;
constexpr int kHeaderOctetsMax = 16'384;
constexpr size_t kMemoryOctetsMax = 512u << 20;
constexpr int kThreadsMax = 64;
constexpr auto kHealthInterval = std::chrono::milliseconds(500);

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) return Error{Errc::kIo, "a certificate file cannot be read"};
  return text.str();
}

bool ListensOnLoopback(std::string_view listen) {
  const size_t colon = listen.rfind(':');
  std::string host(listen.substr(0, colon));
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  const auto address = ParseAddress(host);
  return address && IsLoopback(*address);
}

Status CheckAddress(std::string_view listen) {
  const size_t colon = listen.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == listen.size()) {
    return Error{Errc::kMalformed, "an address and a port: 127.0.0.1:9070"};
  }
  return {};
}

Result<std::shared_ptr<grpc::ServerCredentials>> CredentialsOf(const GrpcOptions& options) {
  const bool any =
      !options.ca_file.empty() || !options.certificate_file.empty() || !options.key_file.empty();
  if (!any) {
    if (ListensOnLoopback(options.listen)) return grpc::InsecureServerCredentials();
    return Error{Errc::kUnsupported, "gRPC in plain text is offered on loopback only"};
  }
  const auto ca = ReadFile(options.ca_file);
  if (!ca) return ca.error();
  const auto certificate = ReadFile(options.certificate_file);
  if (!certificate) return certificate.error();
  const auto key = ReadFile(options.key_file);
  if (!key) return key.error();
  grpc::SslServerCredentialsOptions ssl(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  ssl.pem_root_certs = *ca;
  ssl.pem_key_cert_pairs.push_back({*key, *certificate});
  return grpc::SslServerCredentials(ssl);
}

void SetLimits(grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("idnode");
  quota.Resize(kMemoryOctetsMax).SetMaxThreads(kThreadsMax);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(limits::kGrpcMessageOctetsMax);
  builder.SetMaxSendMessageSize(limits::kGrpcMessageOctetsMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kHeaderOctetsMax);
  // Else a second program on the same port would silently get half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// Keeps the standard health service at what the node says of itself.
class HealthMirror {
 public:
  HealthMirror(const Health& health, grpc::HealthCheckServiceInterface& service)
      : health_(health), service_(service), thread_([this] { Run(); }) {}
  ~HealthMirror() {
    {
      std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      service_.SetServingStatus(health_.ready());
      wake_.wait_for(lock, kHealthInterval);
    }
  }

  const Health& health_;
  grpc::HealthCheckServiceInterface& service_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

// What is made in the file system meanwhile is the owner's alone: gRPC binds the local socket
// itself, and between bind and chmod anybody could connect.
class OwnerOnly {
 public:
  OwnerOnly() : old_(umask(0177)) {}
  ~OwnerOnly() { umask(old_); }

 private:
  mode_t old_;
};

class Front : public GrpcFront {
 public:
  explicit Front(const GrpcServices& services)
      : services_(services),
        work_(kWorkThreads, kWorkQueueMax),
        registry_(MakeRegistryService(services_, work_)),
        resolver_(MakeResolverService(services_, work_)),
        admin_(MakeAdminService(services_)) {}
  ~Front() override { Stop(0); }

  Status Start(const GrpcOptions& options) {
    if (const Status fits = CheckAddress(options.listen); !fits) return fits;
    const auto credentials = CredentialsOf(options);
    if (!credentials) return credentials.error();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    SetLimits(builder);
    if (services_.set_up) services_.set_up(builder);
    int port = 0;
    builder.AddListeningPort(options.listen, *credentials, &port);
    if (const Status local = AddLocalSocket(options.local_socket, builder); !local) return local;
    for (const auto& service : {registry_.get(), resolver_.get(), admin_.get()}) {
      builder.RegisterService(service);
    }
    for (grpc::Service* service : services_.more) builder.RegisterService(service);
    {
      const OwnerOnly owner_only;
      server_ = builder.BuildAndStart();
    }
    if (server_ == nullptr || port <= 0) {
      return Error{Errc::kInUse, "the gRPC address cannot be listened on"};
    }
    if (!options.local_socket.empty() && local_port_ <= 0) {
      return Error{Errc::kIo, "the local socket cannot be listened on"};
    }
    port_ = static_cast<uint16_t>(port);
    health_.emplace(services_.health, *server_->GetHealthCheckService());
    return {};
  }

  Status AddLocalSocket(const std::string& path, grpc::ServerBuilder& builder) {
    if (path.empty()) return {};
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
      return Error{Errc::kTooLarge, "the local socket's path has at most 107 octets"};
    }
    builder.AddListeningPort("unix:" + path, grpc::InsecureServerCredentials(), &local_port_);
    return {};
  }

  uint16_t port() const override { return port_; }

  void Stop(uint32_t seconds) override {
    if (server_ == nullptr || std::exchange(stopped_, true)) return;
    health_.reset();
    server_->GetHealthCheckService()->Shutdown();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
    server_->Wait();
  }

 private:
  const GrpcServices services_;
  WorkPool work_;
  std::unique_ptr<grpc::Service> registry_, resolver_, admin_;
  std::unique_ptr<grpc::Server> server_;
  std::optional<HealthMirror> health_;
  uint16_t port_ = 0;
  int local_port_ = 0;  // 1: the local socket is bound.
  bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<GrpcFront>> GrpcFront::Open(const GrpcOptions& options,
                                                   const GrpcServices& services) {
  auto front = std::make_unique<Front>(services);
  if (const Status started = front->Start(options); !started) return started.error();
  return std::unique_ptr<GrpcFront>(std::move(front));
}

}  // namespace idnode
