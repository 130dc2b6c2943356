#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/business/subject_data.h"
#include "proto/web/json_writer.h"

namespace idnode {

// Subject data as JSON: members under their names, groups as objects or lists of objects; choices
// as numbers, files in Base64.

// What was read, and what could not be: members that the table does not have, or of a wrong kind. A
// member that is null, or an empty text, list or object, is not there.
struct SubjectReading {
  SubjectData data;
  std::vector<SubjectFault> faults;
};
// kTooLarge, kNotUtf8, kTooDeep, kMalformed: no document at all.
Result<SubjectReading> ReadSubjectJson(std::string_view text, SubjectKind kind);

void WriteSubject(const SubjectData& data, JsonWriter& json);

// [{"member":"legal_crt_no","zh":"…","en":"…","code":"check_digit","reason":"…","reason_zh":"…"}]
void WriteSubjectFaults(const std::vector<SubjectFault>& faults, JsonWriter& json);

// An empty document with every member, whose values say what belongs there, in both languages, and
// whether it must be there. For people; not accepted as a document.
std::string SubjectTemplate(SubjectKind kind);

}  // namespace idnode
