#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace idnode {

// How a subcommand prints what it found.
enum class OutputFormat : uint8_t { kTable, kJson, kJsonLines };

// What every subcommand may be told. Data goes to stdout, messages to stderr.
struct GlobalOptions {
  OutputFormat output = OutputFormat::kTable;
  std::string config_file;  // Empty: /etc/idnode/idnode.toml, where there is one.
  std::vector<std::pair<std::string, std::string>> settings;  // --set name=value.
  std::string node;        // Address of the node to talk to; empty: the local one's socket.
  std::string token_file;  // Not needed on the local socket.
  std::string ca_file, certificate_file, key_file;
  uint32_t timeout_seconds = 30;
};

// Exit codes (sysexits.h where it has one); the manual prints this table. Errors of a node use the
// `exit` column of kErrcRows.
inline constexpr int kExitOk = 0;
inline constexpr int kExitNegative = 1;      // Not found; a check that failed; figures that differ.
inline constexpr int kExitPartly = 3;        // Done, but some rows were refused.
inline constexpr int kExitUsage = 64;        // The command line is wrong.
inline constexpr int kExitData = 65;         // The input is wrong.
inline constexpr int kExitUnavailable = 69;  // The node cannot be reached.
inline constexpr int kExitFailure = 70;
inline constexpr int kExitIo = 74;
inline constexpr int kExitConfig = 78;

// One subcommand: declares its options on `app` and says what runs.
using Run = std::function<int()>;
struct Subcommand {
  std::string_view name;
  std::string_view en, zh;
  std::string_view examples;  // Printed under --help.
  Run (*declare)(CLI::App& app, const GlobalOptions& global);
};

// In the order in which --help lists them.
std::span<const Subcommand> Subcommands();

// Each in the file of its name.
Run DeclareInit(CLI::App& app, const GlobalOptions& global);
Run DeclareSite(CLI::App& app, const GlobalOptions& global);
Run DeclareServe(CLI::App& app, const GlobalOptions& global);
Run DeclareImport(CLI::App& app, const GlobalOptions& global);
Run DeclareLinks(CLI::App& app, const GlobalOptions& global);
Run DeclareExport(CLI::App& app, const GlobalOptions& global);
Run DeclareRegister(CLI::App& app, const GlobalOptions& global);
Run DeclareRange(CLI::App& app, const GlobalOptions& global);
Run DeclareTemplate(CLI::App& app, const GlobalOptions& global);
Run DeclareApplication(CLI::App& app, const GlobalOptions& global);
Run DeclareFiling(CLI::App& app, const GlobalOptions& global);
Run DeclareDirective(CLI::App& app, const GlobalOptions& global);
Run DeclareIncident(CLI::App& app, const GlobalOptions& global);
Run DeclareResolve(CLI::App& app, const GlobalOptions& global);
Run DeclareExplain(CLI::App& app, const GlobalOptions& global);
Run DeclareTrace(CLI::App& app, const GlobalOptions& global);
Run DeclareStats(CLI::App& app, const GlobalOptions& global);
Run DeclareReport(CLI::App& app, const GlobalOptions& global);
Run DeclareDossier(CLI::App& app, const GlobalOptions& global);
Run DeclareRecount(CLI::App& app, const GlobalOptions& global);
Run DeclareLog(CLI::App& app, const GlobalOptions& global);
Run DeclareAudit(CLI::App& app, const GlobalOptions& global);
Run DeclareBackup(CLI::App& app, const GlobalOptions& global);
Run DeclareRestore(CLI::App& app, const GlobalOptions& global);
Run DeclareToken(CLI::App& app, const GlobalOptions& global);
Run DeclareEnterprise(CLI::App& app, const GlobalOptions& global);
Run DeclarePrefix(CLI::App& app, const GlobalOptions& global);
Run DeclareConfig(CLI::App& app, const GlobalOptions& global);
Run DeclareRehearse(CLI::App& app, const GlobalOptions& global);
Run DeclareDoctor(CLI::App& app, const GlobalOptions& global);
Run DeclareCompletion(CLI::App& app, const GlobalOptions& global);
Run DeclareVersion(CLI::App& app, const GlobalOptions& global);

}  // namespace idnode
