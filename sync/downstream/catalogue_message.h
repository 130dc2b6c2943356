#pragma once

#include <string>

#include "proto/base/result.h"
#include "proto/rpc/filing.pb.h"
#include "storage/filings.h"

namespace idnode {

// The octets of what a node below files of its templates and applications under a name.
// kInvalidTemplate, kInvalidApplication: it has faults.
Result<std::string> MetadataBody(const v1::Metadata& message, const FilingName& name);
Result<std::string> ApplicationBody(const v1::Application& message, const FilingName& name);

}  // namespace idnode
