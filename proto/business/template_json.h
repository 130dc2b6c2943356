#pragma once

#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/business/template.h"
#include "proto/web/json_writer.h"

namespace idnode {

// A template as JSON, under the names of proto/business/template_members.h.

// What was read, and every fault of it: members that are none, of a wrong kind, or against the
// rules (CheckTemplate).
struct TemplateReading {
  DataTemplate data;
  std::vector<MemberFault> faults;
};
// kTooLarge, kNotUtf8, kTooDeep, kMalformed: no document at all.
Result<TemplateReading> ReadTemplateJson(std::string_view text);

// Appends the members, of an object that the caller begins and ends. `with_grants`: to whom items
// are granted, too.
void WriteTemplateMembers(const DataTemplate& data, bool with_grants, JsonWriter& json);

}  // namespace idnode
