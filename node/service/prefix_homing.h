#pragma once

#include <string_view>

#include "node/security/caller.h"
#include "node/service/enrolment.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/directory.h"

// Home and unhome (spec/handle-protocol.md 4.6), for a caller who may; both may be repeated. They
// wait for the ledger. Threads: any.
namespace idnode {

// A prefix that nobody holds is allotted to an enterprise that is named after it. kNotHomed: the
// prefix is not the node's to give; kPrefixInactive: it is suspended.
Status HomePrefix(Enrolment& enrolment, const DirectoryView& directory,
                  std::string_view node_prefix, std::string_view prefix, const Caller& caller,
                  Time now);
// kDenied: the node's own prefix stays. kPrefixInactive.
Status UnhomePrefix(Enrolment& enrolment, const DirectoryView& directory,
                    std::string_view node_prefix, std::string_view prefix, const Caller& caller,
                    Time now);

}  // namespace idnode
