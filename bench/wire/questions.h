#pragma once

#include <cstdint>
#include <string>

namespace idnode::wire {

enum class Language : uint8_t { kHandle, kDns };

struct QuestionOptions {
  Language language = Language::kHandle;
  std::string prefix = "88.118.8";  // kHandle: names are <prefix>/SN-<12 digits>.
  std::string zone = "bench";       // kDns: names are sn<12 digits>.<zone>, type TXT.
  std::string name;                 // kHandle: this one alone, if any.
  uint64_t first = 0, range = 1;    // Numbers asked for, uniformly and in no order.
};

// Makes whole messages as they go over the wire. They differ in the digits of the name and in the
// request id only, which are written over the message before: making one costs a few nanoseconds
// and no memory, so that the load measures the server.
class QuestionMaker {
 public:
  QuestionMaker(const QuestionOptions& options, uint64_t seed);

  // A message to be written over by Next.
  const std::string& form() const { return form_; }
  void Next(std::string& message);

 private:
  const QuestionOptions options_;
  std::string form_;
  size_t digits_at_ = 0, id_at_ = 0, id_octets_ = 0;
  uint64_t state_;
  uint32_t id_ = 0;
};

// Whether `answer` says that something was found, or that there is no such name.
enum class Told : uint8_t { kFound, kAbsent, kOther };
Told ReadAnswer(Language language, const char* answer, size_t octets);

}  // namespace idnode::wire
