#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "bench/load/load.h"

namespace {

bool IsLoopback(const std::string& node) {
  return node.starts_with("127.") || node.starts_with("[::1]:") || node.starts_with("localhost:") ||
         node.starts_with("unix:");
}

double Percentile(std::vector<double>& sorted, size_t percent) {
  return sorted.empty() ? 0 : sorted[(sorted.size() - 1) * percent / 100];
}

int Print(idnode::load::Result result) {
  std::ranges::sort(result.millis);
  fmt::print(R"({{"done":{},"failed":{},"seconds":{:.3f},"per_second":{:.0f},)"
             R"("calls":{},"p50_ms":{:.3f},"p99_ms":{:.3f}}})"
             "\n",
             result.done, result.failed, result.seconds,
             static_cast<double>(result.done) / std::max(result.seconds, 1e-9),
             result.millis.size(), Percentile(result.millis, 50), Percentile(result.millis, 99));
  return result.failed == 0 && result.done > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Bounded load on a node on this machine, over gRPC.", "idnode_load");
  idnode::load::Options options;
  app.add_option("--node", options.node, "host:port or unix:PATH, on this machine");
  app.add_option("--token", options.token, "Access token; not needed on the local socket");
  app.add_option("--threads", options.threads)->check(CLI::Range(1, 256));
  app.add_option("--batch", options.batch, "Identifiers a call")->check(CLI::Range(1, 1'000));
  app.add_option("--count", options.count, "Identifiers in all");
  app.add_option("--seconds", options.seconds_max, "At most so long")->check(CLI::Range(1, 3'600));
  app.add_option("--prefix", options.prefix, "Handle prefix");
  app.require_subcommand(1);
  const CLI::App* registers = app.add_subcommand("register", "Register ascending serials");
  app.add_subcommand("resolve", "Look up what `register` registered");
  CLI11_PARSE(app, argc, argv);
  if (!IsLoopback(options.node)) {
    fmt::print(stderr, "idnode_load: only a node on this machine may be loaded\n");
    return 64;
  }
  return Print(registers->parsed() ? idnode::load::Register(options)
                                   : idnode::load::Resolve(options));
}
