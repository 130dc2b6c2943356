#pragma once

#include <cstdint>
#include <string>

#include "storage/directory.h"

namespace idnode {

// Who is asking. Nobody is the default: an anonymous caller may resolve what is public.
struct Caller {
  bool anonymous = true;
  Role role = Role::kReader;
  uint32_t enterprise = 0;  // kEnterprise.
  std::string actor = "-";  // For the log: "token:6f1c…", "system".

  bool is_operator() const { return !anonymous && role == Role::kOperator; }
};

}  // namespace idnode
