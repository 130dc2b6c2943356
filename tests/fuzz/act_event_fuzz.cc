// An act that decodes is the event that its members make. The first octet: its kind.
// rooms: storage proto/base

#include <cstdint>
#include <string_view>

#include "storage/acts.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace idnode;
  if (size == 0) return 0;
  const bool refused = (data[0] & 1) != 0;
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  const LogItem item{refused ? EventKind::kActRefused : EventKind::kActDone, kNoEnterprise,
                     "backup", body};
  const auto event = DecodeAct(item);
  if (!event) return 0;
  Change change(Time{}, "fuzz", OperationId{}, Change::Mode::kTogether);
  refused ? AddRefusedAct(change, kNoEnterprise, *event) : AddAct(change, kNoEnterprise, *event);
  Require(change.items()[0].kind == item.kind);
  Require(change.Text(change.items()[0].body) == body);
  return 0;
}
