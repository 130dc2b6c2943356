#include "node/cmd/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "node/cmd/client_options.h"
#include "node/cmd/output.h"

namespace idnode {
namespace {

constexpr const char* kDefaultConfigFile = "/etc/idnode/idnode.toml";

std::vector<std::string> Environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    variables.emplace_back(*variable);
  return variables;
}

}  // namespace

bool LoadConfigFor(const GlobalOptions& global, Config& config) {
  std::string file = global.config_file;
  std::error_code ignored;
  if (file.empty() && std::filesystem::exists(kDefaultConfigFile, ignored)) {
    file = kDefaultConfigFile;
  }
  LoadedConfig loaded = LoadConfig(file, Environment(), global.settings);
  for (const ConfigProblem& problem : loaded.problems) {
    fmt::print(stderr, "idnode: {}: {}: {} {}\n", problem.where, problem.option, problem.en,
               problem.zh);
  }
  if (!loaded.problems.empty()) return false;
  config = std::move(loaded.config);
  return true;
}

std::string LocalSocketOf(const Config& config) {
  return std::string(config.Text(Option::kDataDirectory)) + "/node.sock";
}

bool ClientOptionsFor(const GlobalOptions& global, ClientOptions& options, int& exit_code) {
  options.address = global.node;
  options.ca_file = global.ca_file;
  options.certificate_file = global.certificate_file;
  options.key_file = global.key_file;
  if (options.address.empty()) {
    Config config;
    if (!LoadConfigFor(global, config)) {
      exit_code = kExitConfig;
      return false;
    }
    options.address = "unix:" + std::filesystem::absolute(LocalSocketOf(config)).string();
  }
  return TokenFor(global, options.token, exit_code);
}

bool TokenFor(const GlobalOptions& global, std::string& token, int& exit_code) {
  if (global.token_file.empty()) return true;
  Result<std::string> text = ReadSecretFile(global.token_file);
  if (!text) {
    exit_code = Refused(global.token_file, text.error());
    return false;
  }
  token = std::move(*text);
  return true;
}

std::unique_ptr<NodeClient> OpenNode(const GlobalOptions& global, int& exit_code) {
  ClientOptions options;
  if (!ClientOptionsFor(global, options, exit_code)) return nullptr;
  Result<std::unique_ptr<NodeClient>> node = NodeClient::Open(options, global.timeout_seconds);
  if (!node) {
    exit_code = Refused(options.address, node.error());
    return nullptr;
  }
  return std::move(*node);
}

std::string_view OutcomeOf(const v1::RegisterResponse& response) {
  if (response.created() > 0) return "created";
  if (response.replaced() > 0) return "replaced";
  if (response.removed() > 0) return "removed";
  return "unchanged";
}

RemoteProblem ProblemOf(const v1::Problem& problem) {
  return {ErrcOf(problem.code()).value_or(Errc::kInternal), problem.detail()};
}

int Refused(std::string_view what, const RemoteProblem& problem) {
  PrintError(what, Error{problem.code, problem.detail});
  return RowOf(problem.code).exit;
}

int Refused(std::string_view what, const Error& error) {
  PrintError(what, error);
  return RowOf(error.code).exit;
}

Result<std::string> ReadSecretFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{Errc::kIo, "the file cannot be read"};
  std::string text(std::istreambuf_iterator<char>(file), {});
  while (!text.empty() && std::string_view(" \r\n\t").find(text.back()) != std::string_view::npos) {
    text.pop_back();
  }
  return text;
}

}  // namespace idnode
