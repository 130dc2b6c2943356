#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "proto/base/result.h"
#include "proto/handle/identity.h"
#include "storage/registry.h"

namespace idnode {

// The permissions in an HS_ADMIN value (spec/handle-protocol.md 2.4).
namespace admin_permission {
inline constexpr uint16_t kAddHandle = 0x0001;
inline constexpr uint16_t kDeleteHandle = 0x0002;
inline constexpr uint16_t kAddDerivedPrefix = 0x0004;
inline constexpr uint16_t kDeleteDerivedPrefix = 0x0008;
inline constexpr uint16_t kModifyValue = 0x0010;
inline constexpr uint16_t kRemoveValue = 0x0020;
inline constexpr uint16_t kAddValue = 0x0040;
inline constexpr uint16_t kModifyAdmin = 0x0080;
inline constexpr uint16_t kRemoveAdmin = 0x0100;
inline constexpr uint16_t kAddAdmin = 0x0200;
inline constexpr uint16_t kReadValue = 0x0400;
inline constexpr uint16_t kListHandles = 0x0800;
}  // namespace admin_permission

// Whether an identity means the one that is asked about. An index of 0 in what is asked about, as
// long as it is not known which key will verify, is met by any.
bool MeansAny(const ValueReference& reference, const HandleIdentity& identity);

// Who may do what, by the HS_ADMIN and HS_VLIST values in the records of this node (5.5). What is
// not here grants nothing.
//
// Threads: any; reads the disk.
class Administrators {
 public:
  explicit Administrators(const Registry& registry) : registry_(registry) {}

  // Whether one HS_ADMIN value of `record`, which lies under `key`, gives `identity` all of
  // `permissions`: by itself, or through lists that may name further lists. kDenied; kCorrupt and
  // what else keeps a list from being read. What it was granted by is added to `relied_on`.
  Status Grant(std::string_view key, const Registry::Found& record, uint16_t permissions,
               const HandleIdentity& identity, std::vector<Caller::RecordVersion>& relied_on) const;

 private:
  const Registry& registry_;
};

}  // namespace idnode
