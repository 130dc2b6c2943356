#pragma once

#include <string>
#include <string_view>

#include "node/service/subjects.h"

namespace idnode {

// Answers about subject data as JSON, alike over HTTP and gRPC (docs/api/subject.md).
// {"enterprise":"haier","kind":"enterprise","version":7,"updated":"…","complete":false,
//  "missing":[…],"personal":"masked","withheld":[…],"subject":{…}}
std::string DocumentOf(const Subjects::Shown& shown);
// {"subjects":[{"enterprise":"haier","state":"draft",…}],"next":"…"}
std::string DocumentOf(const Subjects::Page& page);
// What was put, and what a draft lacks.
std::string DocumentOf(const Subjects::PutOutcome& done);
// The problem document of a refusal, with `faults`.
std::string ProblemOf(const Subjects::PutOutcome& refused, std::string_view instance);

}  // namespace idnode
