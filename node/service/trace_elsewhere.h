#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/web/trace_document.h"

namespace idnode {

// Why a trace ends at an identifier that another node answers for.
enum class TraceGap : uint8_t {
  kNone,
  kNotAsked,
  kNobodyKnown,
  kNoAddress,
  kNotAllowed,
  kUnreachable,
  kCertificate,
  kTimedOut,
  kRefused,
  kUnreadable,
  kTooLarge,
  kNamesOthers,
  kTooMany,
  kTooLate,
  kBusy,
  kAllowance,
};
struct TraceGapRow {
  TraceGap gap;
  std::string_view name;
  std::string_view en, zh;
};
const TraceGapRow& RowOf(TraceGap gap);
// Whether nothing further is asked in the same trace.
constexpr bool EndsAsking(TraceGap gap) { return gap >= TraceGap::kTooMany; }

// Other nodes, which are asked for their part of a trace.
class OtherNodes {
 public:
  // Of one node, under any of its addresses (Elsewhere::addresses).
  struct Reply {
    TraceGap gap = TraceGap::kNone;
    std::string answered_by;  // The address.
    TraceDocument told;
    size_t octets = 0;
  };

  virtual ~OtherNodes() = default;
  // Who is asked where it is not known who answers, and may name another one; empty: nobody.
  virtual std::vector<std::string> above() const { return {}; }
  // Blocks, at most for `millis`. Whatever is wrong is a gap.
  virtual Reply Ask(const TraceInquiry& inquiry) = 0;
};

}  // namespace idnode
