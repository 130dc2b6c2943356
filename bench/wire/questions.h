#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace idnode::wire {

// What a load asks: whole messages as they go over the wire, all made before the first is sent.
enum class Language : uint8_t { kHandle, kDns };

struct QuestionOptions {
  Language language = Language::kHandle;
  std::string prefix = "88.118.8";  // kHandle: names are <prefix>/SN-<12 digits>.
  std::string zone = "bench";       // kDns: names are sn<12 digits>.<zone>, type TXT.
  uint64_t first = 0, range = 1;    // Numbers asked for, uniformly and in no order.
  uint32_t count = 200'000;         // Distinct messages.
};
std::vector<std::string> MakeQuestions(const QuestionOptions& options);

// Whether `answer` says that something was found, or that there is no such name.
enum class Told : uint8_t { kFound, kAbsent, kOther };
Told ReadAnswer(Language language, const char* answer, size_t octets);

}  // namespace idnode::wire
