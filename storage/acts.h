#pragma once

#include <cstdint>
#include <string_view>

#include "proto/base/result.h"
#include "storage/change.h"
#include "storage/log_record.h"

namespace idnode {

// Acts that write nothing themselves, and those that were refused, as events of the log. What an
// act is named is told by node/security/permissions.h; it is text here, for those who read the log
// without that table. docs/formats/log-record.md has the octets.

inline constexpr size_t kActNameOctetsMax = 64;
inline constexpr size_t kActSubjectOctetsMax = 255;

struct ActEvent {
  std::string_view act;
  std::string_view subject;  // What it was about; may be empty.
  // Of a refused one.
  std::string_view why;   // Name of an error (proto/base/errc.h).
  uint64_t left_out = 0;  // Refusals to the same actor before this one that are not on record.
};

// Each adds one item; `enterprise`: that of the caller, or kNoEnterprise. Names and subjects over
// their limits stop the process.
void AddAct(Change& change, uint32_t enterprise, const ActEvent& event);
void AddRefusedAct(Change& change, uint32_t enterprise, const ActEvent& event);

// Of an item of kind kActDone or kActRefused. Views point into the item. kMalformed.
Result<ActEvent> DecodeAct(const LogItem& item);

}  // namespace idnode
