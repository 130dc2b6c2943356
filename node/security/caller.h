#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/directory.h"

namespace idnode {

// Who is asking. Nobody is the default: an anonymous caller may resolve what is public.
struct Caller {
  bool anonymous = true;
  Role role = Role::kReader;
  uint32_t enterprise = 0;  // IsOfEnterprise(role).
  std::string application;  // Role::kApplication: the handle of whoever holds the token.
  std::string actor = "-";  // For the log: "token:6f1c…", "handle:300:88.118.8/ADMIN", "system".

  // Records by which the caller's right was judged: the key that proved who it is, the values that
  // name it an administrator. What is decided after one of them has changed is refused.
  struct RecordVersion {
    std::string key;  // Canonical.
    uint64_t version = 0;
  };
  std::vector<RecordVersion> relied_on;
};

}  // namespace idnode
