#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

// What a node above may do wrong on purpose, so that those below can be rehearsed against it. Each
// befalls an acknowledgement of records that are durable: whatever happens to it, nothing may be
// lost, and nothing stored twice.
enum class Fault : uint8_t {
  kLate,     // It comes up to a second later.
  kLost,     // The stream is cut instead.
  kDoubled,  // It comes twice.
  kRefused,  // A farewell comes instead: busy.
  kGarbled,  // Octets that are no message come instead.
  kSlow,     // Credit comes in drops.
};
std::string_view NameOf(Fault fault);
Result<Fault> ParseFault(std::string_view name);  // kUnsupported.

struct FaultOptions {
  std::vector<Fault> kinds;  // Empty: none.
  uint64_t seed = 1;
};

// Draws what goes wrong: the same seed, the same faults in the same order.
// Threads: one.
class Faults {
 public:
  static constexpr uint32_t kOneIn = 4;           // Acknowledgements that something befalls.
  static constexpr uint32_t kLateTicksMax = 10;   // Of ConversationLine.
  static constexpr uint64_t kDropOctets = 2'048;  // Of credit.

  explicit Faults(const FaultOptions& options);

  // What befalls the acknowledgement that is due; never kSlow.
  std::optional<Fault> Draw();
  uint32_t LateTicks() { return 1 + static_cast<uint32_t>(Next() % kLateTicksMax); }
  bool slow() const { return slow_; }

 private:
  uint64_t Next();

  std::vector<Fault> drawn_;
  bool slow_ = false;
  uint64_t state_;
};

}  // namespace idnode
