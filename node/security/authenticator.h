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
  // `separate_duties`: CheckDuties (node/security/permissions.h) holds for every token.
  explicit Authenticator(const Directory& directory, bool separate_duties = false)
      : directory_(directory), separate_duties_(separate_duties) {}

  // `authorization`: the header's value ("Bearer idn_…"); empty: an anonymous caller. kMalformed,
  // kTokenUnknown, kTokenRevoked, kEnterpriseInactive, kDenied: duties are separate.
  Result<Caller> Identify(std::string_view authorization) const;
  // Who may read the data directory: the operator; where duties are separate, a security officer,
  // who gives out tokens and does nothing else.
  Caller Local() const;

 private:
  const Directory& directory_;
  const bool separate_duties_;
};

}  // namespace idnode
