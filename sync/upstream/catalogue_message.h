#pragma once

#include <string_view>

#include "proto/base/result.h"
#include "proto/rpc/filing.pb.h"

namespace idnode {

// Templates and applications as they are filed. `body`: our own octets. kCorrupt.
Status FillMetadata(std::string_view body, v1::Metadata& message);
Status FillApplication(std::string_view body, v1::Application& message);

}  // namespace idnode
