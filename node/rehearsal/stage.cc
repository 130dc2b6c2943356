#include "node/rehearsal/stage.h"

#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "storage/durable_file.h"

namespace idnode {
namespace {

constexpr auto kPause = std::chrono::milliseconds(10);
constexpr uint32_t kDockSeconds = 20;
constexpr std::string_view kLink = "https://example.cn/";

// The errors of a stage are told with static text: the code is the node's.
Status StatusOf(const NodeReply<bool>& reply, std::string_view doing) {
  if (reply) return {};
  return Error{reply.problem().code, doing};
}

}  // namespace

Stage::Stage(StageSettings settings, std::string folder, Processes& processes)
    : settings_(std::move(settings)), folder_(std::move(folder)), processes_(processes) {}

std::string Stage::Below(unsigned number) const {
  return settings_.prefix + "." + std::to_string(number);
}

std::string Stage::LinkOf(std::string_view identifier) {
  return std::string(kLink).append(identifier);
}

bool Stage::WaitFor(uint32_t seconds, const std::function<bool()>& holds) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!was_interrupted()) {
    if (holds()) return true;
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(kPause);
  }
  return false;
}

RehearsedNode& Stage::Add(const std::string& name, RehearsedNode::Settings settings) {
  return nodes_.emplace_back(processes_, folder_, name, std::move(settings));
}

RehearsedNode& Stage::Served(const std::string& name, const std::string& host, std::string prefix,
                             RehearsedNode::Settings more) {
  const auto port = FreePort(host);
  more["node.prefix"] = std::move(prefix);
  more["handle.listen"] = host + ":" + std::to_string(port ? *port : 0);
  return Add(name, std::move(more));
}

Status Stage::Dock(RehearsedNode& below, RehearsedNode& above) {
  v1::CreateTokenRequest request;
  request.set_role("child");
  request.set_prefix(below.prefix());
  auto token = above.client().CreateToken(request);
  if (!token) return Error{token.problem().code, "the node above gives no token"};
  const std::string file = folder_ + "/" + below.name() + ".token";
  if (const Status kept = WriteFileDurably(file, token->secret()); !kept) return kept;
  below.Set("upstream.address", "127.0.0.1:" + std::to_string(above.grpc_port()));
  below.Set("upstream.token_file", file);
  if (const Status started = below.Start(); !started) return started;
  const bool docked =
      WaitFor(kDockSeconds, [&] { return !below.LogLines("upstream_docked").empty(); });
  return docked ? Status() : Error{Errc::kTimeout, "the node does not dock; see its log"};
}

NodeReply<bool> Stage::Hold(RehearsedNode& node, const std::string& prefix,
                            const std::string& identifier) {
  const std::string code = "ENT-" + prefix.substr(prefix.rfind('.') + 1);
  if (auto done = PutEnterprise(node, code, code); !done) return done;
  if (auto done = PutPrefix(node, prefix, code); !done) return done;
  const std::string link = LinkOf(identifier);
  return Register(node, identifier, {{.index = 1, .type = "URL", .data = link}});
}

Status Stage::Open(std::string& where) {
  const std::string& prefix = settings_.prefix;
  top_ = &Served("top", "127.0.0.1", prefix.substr(0, prefix.find('.')),
                 {{"node.role", "top-level"}, {"node.name", "演练国家顶级节点"}});
  secondary_ = &Served("secondary", "127.0.0.2", prefix,
                       {{"node.role", "secondary"},
                        {"node.name", settings_.name},
                        {"handle.administrators", "300:" + Below(12) + "/ADMIN"},
                        {"iiidap.elsewhere", Below(70) + "=https://directory.example/iiidap"}});
  if (const auto port = FreePort("::1")) {
    ipv6_port_ = *port;
    secondary_->Set("handle.listen", secondary_->handle_server() + ", " + ipv6_server());
  }
  first_ = &Served("first", "127.0.0.3", Below(9), {{"node.role", "enterprise"}});
  second_ = &Served("second", "127.0.0.4", Below(10), {{"node.role", "enterprise"}});

  where = top_->name();
  if (const Status started = top_->Start(); !started) return started;
  const std::pair<RehearsedNode*, RehearsedNode*> docked[] = {
      {secondary_, top_}, {first_, secondary_}, {second_, secondary_}};
  for (const auto& [below, above] : docked) {
    where = below->name();
    if (const Status done = Dock(*below, *above); !done) return done;
  }
  struct {
    RehearsedNode* node;
    std::string prefix, identifier;
  } const held[] = {{secondary_, Below(8), hosted()},
                    {first_, Below(9), self_built()},
                    {second_, Below(10), other()}};
  for (const auto& each : held) {
    where = each.node->name();
    const Status done =
        StatusOf(Hold(*each.node, each.prefix, each.identifier), "first identifier");
    if (!done) return done;
  }
  return {};
}

Result<ScratchFolder> ScratchFolder::Make() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  std::string path = (error ? "/tmp" : parent.string()) + "/idnode-rehearsal.XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return Error{Errc::kIo, "no temporary folder can be made"};
  }
  return ScratchFolder(std::move(path));
}

ScratchFolder::~ScratchFolder() {
  if (path_.empty() || is_kept_) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace idnode
