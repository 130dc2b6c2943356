#include "node/rehearsal/rehearsed_node.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "proto/base/text.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

constexpr uint32_t kStartSeconds = 60, kStopSeconds = 30, kCallSeconds = 30;
constexpr auto kPause = std::chrono::milliseconds(10);
constexpr size_t kLogOctetsMax = 64u << 20;
constexpr int kPortTries = 64;

class Socket {
 public:
  Socket(int family, int type) : descriptor_(::socket(family, type | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

// The port that was bound; 0: it could not be.
uint16_t Bind(const Socket& socket, const std::string& host, uint16_t port) {
  sockaddr_in6 v6{.sin6_family = AF_INET6, .sin6_port = htons(port)};
  sockaddr_in v4{.sin_family = AF_INET, .sin_port = htons(port)};
  const bool is_v6 = host.find(':') != std::string::npos;
  const int parsed = is_v6 ? ::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr)
                           : ::inet_pton(AF_INET, host.c_str(), &v4.sin_addr);
  auto* const address = is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  socklen_t size = is_v6 ? sizeof v6 : sizeof v4;
  if (parsed != 1 || ::bind(socket.descriptor(), address, size) != 0) return 0;
  if (::getsockname(socket.descriptor(), address, &size) != 0) return 0;
  return ntohs(is_v6 ? v6.sin6_port : v4.sin_port);
}

// What follows `name=` in a line of a log.
std::string_view FieldOf(std::string_view line, std::string_view name) {
  const std::string wanted = std::string(" ").append(name).append("=");
  const size_t at = line.find(wanted);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + wanted.size());
  return line.substr(0, line.find(' '));
}

uint16_t PortIn(std::string_view line, std::string_view name) {
  const auto port = ParseDecimal(FieldOf(line, name), UINT16_MAX);
  return port ? static_cast<uint16_t>(*port) : uint16_t{0};
}

}  // namespace

Result<uint16_t> FreePort(std::string_view host) {
  const std::string address(host);
  const int family = address.find(':') != std::string::npos ? AF_INET6 : AF_INET;
  for (int i = 0; i < kPortTries; ++i) {
    const Socket tcp(family, SOCK_STREAM), udp(family, SOCK_DGRAM);
    const uint16_t port = Bind(tcp, address, 0);
    if (port == 0) break;
    if (Bind(udp, address, port) == port) return port;
  }
  return Error{Errc::kUnavailable, "no port of this loopback address is free"};
}

RehearsedNode::RehearsedNode(Processes& processes, const std::string& folder, std::string name,
                             Settings settings)
    : processes_(processes),
      folder_(folder + "/" + name),
      name_(std::move(name)),
      settings_{{"data.directory", folder_},      {"data.reserve", "64MiB"},
                {"storage.block_cache", "16MiB"}, {"http.listen", "127.0.0.1:0"},
                {"grpc.listen", "127.0.0.1:0"},   {"log.format", "text"}} {
  for (auto& [option, value] : settings) settings_[option] = std::move(value);
}

Status RehearsedNode::WriteConfiguration() const {
  std::string text;
  for (const auto& [option, value] : settings_) {
    text.append(option).append(" = \"");
    for (const char c : value) {
      if (c == '"' || c == '\\') text.push_back('\\');
      text.push_back(c);
    }
    text.append("\"\n");
  }
  return WriteFileDurably(folder_ + ".toml", text);
}

Status RehearsedNode::Start() {
  if (const Status written = WriteConfiguration(); !written) return written;
  const size_t before = LogLines("ready").size();
  const auto process = processes_.Start({"serve", "--config", folder_ + ".toml"}, log_file());
  if (!process) return process.error();
  process_ = *process;
  if (const Status ready = WaitUntilReady(before); !ready) {
    Kill();
    return ready;
  }
  Set("grpc.listen", "127.0.0.1:" + std::to_string(grpc_port_));
  return Connect();
}

Status RehearsedNode::WaitUntilReady(size_t lines_before) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(kStartSeconds);
  for (;;) {
    const bool runs = Runs();
    const std::vector<std::string> lines = LogLines("ready");
    if (lines.size() > lines_before) {
      http_port_ = PortIn(lines.back(), "http_port");
      grpc_port_ = PortIn(lines.back(), "grpc_port");
      if (http_port_ != 0 && grpc_port_ != 0) return {};
    }
    if (!runs) return Error{Errc::kInternal, "the node ended instead of serving; see its log"};
    if (std::chrono::steady_clock::now() > until) {
      return Error{Errc::kTimeout, "the node was not ready in time; see its log"};
    }
    std::this_thread::sleep_for(kPause);
  }
}

Status RehearsedNode::Connect() {
  auto client = NodeClient::Open(local(), kCallSeconds);
  if (!client) return client.error();
  auto log = LogClient::Open(local(), kCallSeconds);
  if (!log) return log.error();
  client_ = *std::move(client);
  log_ = *std::move(log);
  return {};
}

Status RehearsedNode::Stop() { return processes_.Stop(process_, kStopSeconds); }
void RehearsedNode::Kill() { processes_.Kill(process_); }

std::string RehearsedNode::handle_server() const {
  const std::string& listen = settings_.at("handle.listen");
  return listen.substr(0, listen.find(','));
}

HttpServer RehearsedNode::http_server() const { return {false, "127.0.0.1", http_port_}; }

std::vector<std::string> RehearsedNode::LogLines(std::string_view event) const {
  std::vector<std::string> lines;
  const auto text = ReadWholeFile(log_file(), kLogOctetsMax);
  if (!text) return lines;
  std::string_view rest = *text;
  for (size_t end; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) {
    const std::string_view line = rest.substr(0, end);
    size_t word = line.find(' ');  // Time, level, event.
    if (word != std::string_view::npos) word = line.find(' ', word + 1);
    if (word == std::string_view::npos) continue;
    const std::string_view named = line.substr(word + 1);
    if (named.substr(0, named.find(' ')) == event) lines.emplace_back(line);
  }
  return lines;
}

NodeReply<bool> PutEnterprise(RehearsedNode& node, const std::string& code,
                              const std::string& name) {
  v1::PutEnterpriseRequest request;
  request.set_code(code);
  request.set_name(name);
  auto reply = node.client().PutEnterprise(request);
  if (!reply) return reply.problem();
  return true;
}

NodeReply<bool> PutPrefix(RehearsedNode& node, const std::string& prefix, const std::string& code,
                          const std::string& scheme) {
  v1::PutPrefixRequest request;
  request.set_scheme(scheme);
  request.set_prefix(prefix);
  request.set_enterprise_code(code);
  auto reply = node.client().PutPrefix(request);
  if (!reply) return reply.problem();
  return true;
}

NodeReply<bool> Register(RehearsedNode& node, std::string_view identifier,
                         const std::vector<Value>& values) {
  v1::RegisterRequest request;
  v1::RegisterItem* const item = request.add_items();
  item->set_identifier(std::string(identifier));
  item->set_action(v1::REGISTER_ACTION_PUT);
  for (const Value& value : values) {
    v1::Value* const added = item->add_values();
    added->set_index(value.index);
    added->set_type(std::string(value.type));
    added->set_data(std::string(value.data));
    added->set_permissions(value.permissions);
  }
  auto reply = node.client().Register(request);
  if (!reply) return reply.problem();
  const v1::Problem* problem = reply->has_problem() ? &reply->problem() : nullptr;
  for (const v1::RegisterItemOutcome& outcome : reply->items()) {
    if (outcome.has_problem()) problem = &outcome.problem();
  }
  if (problem == nullptr) return true;
  return RemoteProblem{ErrcOf(problem->code()).value_or(Errc::kInternal), problem->detail()};
}

}  // namespace idnode
