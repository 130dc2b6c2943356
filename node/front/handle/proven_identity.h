#pragma once

#include <string>

#include "node/service/handle_operations.h"
#include "node/service/resolver.h"

namespace idnode {

// An identity that was proven once and is relied on for longer than one request: by a session, by a
// login. It stands as long as its key does; other values of the key's record may change.
//
// Threads: any, but it is the caller's to guard.
class ProvenIdentity {
 public:
  // What `authority` was proven with, as it lies in the store. kAuthenticationTimeout in effect: a
  // record that has changed since the proof does not stand, and StillStands says so at once.
  ProvenIdentity(HandleAuthority authority, const Resolver& resolver);

  const HandleAuthority& authority() const { return authority_; }

  // Looks whether the key is there as it was. Follows the record to its present version if so.
  // Reads the disk.
  bool StillStands(const Resolver& resolver);

 private:
  HandleAuthority authority_;
  std::string key_digest_;  // Of the key's value; empty: there was none.
};

}  // namespace idnode
