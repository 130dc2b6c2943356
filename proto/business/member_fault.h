#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/errc.h"
#include "proto/web/json_writer.h"

namespace idnode {

// Why a member of a document is not what it should be, as every document tells it:
// {"member":"items[2].index","zh":"…","en":"…","code":"duplicate_index","reason":"…","reason_zh":
// "…"}. `zh` and `en` are what the member means; both empty: there is no such member.
void WriteMemberFault(std::string_view path, std::string_view zh, std::string_view en, Errc code,
                      JsonWriter& json);

struct MemberFault {
  std::string path;
  std::string_view zh, en;
  Errc code = Errc::kInvalidValue;
};
inline constexpr size_t kMemberFaultsMax = 100;  // Told of one document.

void WriteMemberFaults(const std::vector<MemberFault>& faults, JsonWriter& json);
// "items[2].index: duplicate_index; name: missing_field", for those who are told in a line.
std::string LineOf(const std::vector<MemberFault>& faults);

}  // namespace idnode
