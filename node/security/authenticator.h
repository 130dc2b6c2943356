#pragma once

#include <memory>
#include <string_view>

#include "node/security/caller.h"
#include "proto/base/result.h"
#include "storage/directory.h"

namespace idnode {

// Threads: any.
class Authenticator {
 public:
  explicit Authenticator(const Directory& directory) : directory_(directory) {}

  // `authorization`: the header's value ("Bearer idn_…"); empty: an anonymous caller. kMalformed,
  // kTokenUnknown, kTokenRevoked, kEnterpriseInactive.
  Result<Caller> Identify(std::string_view authorization) const;

 private:
  const Directory& directory_;
};

}  // namespace idnode
