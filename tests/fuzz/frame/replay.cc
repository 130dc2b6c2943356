// Runs one fuzz target without a fuzzer: over its corpus, over every truncation of it, and over a
// fixed number of mutations from a fixed seed. Whatever fails is shown in hexadecimal.
//
//   fuzz_<name> <corpus folder or input file> <mutations>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/frame/mutator.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace idnode {
namespace {

constexpr uint64_t kSeed = 0x1d0de;
constexpr size_t kShownOctetsMax = 4'096;

// What the target is looking at; read by the signal handler.
const uint8_t* volatile current_input = nullptr;
volatile size_t current_size = 0;

void Say(std::string_view text) {
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) _exit(3);
}

// Only what is allowed in a signal handler.
void ShowInputAndLeave(int) {
  constexpr char kDigits[] = "0123456789abcdef";
  Say("this input failed: ");
  const uint8_t* const input = current_input;
  const size_t size = current_size;
  for (size_t i = 0; i < std::min(size, kShownOctetsMax); ++i) {
    const char hex[2] = {kDigits[input[i] >> 4], kDigits[input[i] & 15]};
    Say({hex, 2});
  }
  Say("\n");
  _exit(2);
}

void CatchFailures() {
  std::signal(SIGABRT, ShowInputAndLeave);
#ifndef __SANITIZE_ADDRESS__
  // AddressSanitizer catches these itself, reports, and aborts.
  for (const int failure : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    std::signal(failure, ShowInputAndLeave);
  }
#endif
}

// In memory of exactly its size, so that AddressSanitizer sees one octet too many.
void Run(std::string_view input) {
  const auto copy = std::make_unique<uint8_t[]>(input.size());
  std::ranges::copy(input, copy.get());
  current_input = copy.get();
  current_size = input.size();
  LLVMFuzzerTestOneInput(copy.get(), input.size());
}

std::vector<std::string> ReadCorpus(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(path)) {
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  } else {
    files.push_back(path);
  }
  std::ranges::sort(files);  // The order of a folder differs between file systems.
  std::vector<std::string> corpus;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (!in) {
      std::fprintf(stderr, "cannot read %s\n", file.c_str());
      std::exit(1);
    }
  }
  return corpus;
}

void Replay(const std::vector<std::string>& corpus, size_t mutations) {
  Run({});
  size_t truncations = 0;
  for (const std::string& input : corpus) {
    Run(input);
    const size_t sizes = std::min<size_t>(input.size(), 4'096);
    for (size_t size = 0; size < sizes; ++size) Run(std::string_view(input).substr(0, size));
    truncations += sizes;
  }
  Mutator mutator(corpus, kSeed);
  for (size_t i = 0; i < mutations; ++i) Run(mutator.Next());
  std::printf("%zu inputs, %zu truncations, %zu mutations\n", corpus.size(), truncations,
              mutations);
}

}  // namespace
}  // namespace idnode

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s <corpus folder or input file> <mutations>\n", argv[0]);
    return 1;
  }
  const std::vector<std::string> corpus = idnode::ReadCorpus(argv[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s: the corpus is empty\n", argv[1]);
    return 1;
  }
  idnode::CatchFailures();
  idnode::Replay(corpus, std::strtoul(argv[2], nullptr, 10));
  return 0;
}
