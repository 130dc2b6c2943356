#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "bench/wire/load.h"

int main(int argc, char** argv) {
  using namespace idnode::wire;
  CLI::App app("Bounded load on a server of 127.0.0.1, message by message.", "wire_load");
  LoadOptions load;
  QuestionOptions asked;
  std::string transport;
  app.add_option("transport", transport)->required()->check(CLI::IsMember({"udp", "tcp"}));
  app.add_option("--port", load.port)->required();
  app.add_option("--sockets", load.sockets)->check(CLI::Range(1, 1'024));
  app.add_option("--window", load.window, "Questions under way on each")->check(CLI::Range(1, 256));
  app.add_option("--seconds", load.seconds)->check(CLI::Range(0.1, 600.0));
  app.add_option("--pause", load.pause_micros, "Microseconds between rounds");
  app.add_option("--rate", load.per_second, "UDP: at this pace, and say how long answers took")
      ->check(CLI::Range(1.0, 1e7));
  const std::map<std::string, Language> languages{{"handle", Language::kHandle},
                                                  {"dns", Language::kDns}};
  app.add_option("--language", asked.language)->transform(CLI::CheckedTransformer(languages));
  app.add_option("--prefix", asked.prefix);
  app.add_option("--name", asked.name, "Ask for this Handle only");
  app.add_option("--zone", asked.zone);
  app.add_option("--first", asked.first, "Lowest number asked for");
  app.add_option("--range", asked.range, "How many numbers from there")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  if (transport == "tcp" && asked.language != Language::kHandle) {
    fmt::print(stderr, "wire_load: over TCP only the Handle protocol is spoken\n");
    return 64;
  }
  const bool paced = load.per_second > 0;
  if (paced && (transport != "udp" || asked.language != Language::kHandle)) {
    fmt::print(stderr, "wire_load: a pace is kept over UDP in the Handle protocol only\n");
    return 64;
  }
  const LoadResult result = paced                ? LoadUdpPaced(load, asked)
                            : transport == "udp" ? LoadUdp(load, asked)
                                                 : LoadTcp(load, asked);
  fmt::print(
      R"({{"found":{},"absent":{},"other":{},"lost":{},"seconds":{:.3f},"per_second":{:.0f})",
      result.found, result.absent, result.other, result.lost, result.seconds,
      static_cast<double>(result.answers()) / std::max(result.seconds, 1e-9));
  if (paced) {
    fmt::print(R"(,"p50_micros":{:.0f},"p99_micros":{:.0f},"late_p99_micros":{:.0f})",
               result.p50_micros, result.p99_micros, result.late_p99_micros);
  }
  fmt::print("}}\n");
  return result.answers() > 0 ? 0 : 1;
}
