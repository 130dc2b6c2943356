#pragma once

#include <cstdint>

#include "node/front/http/request.h"
#include "node/front/http/response.h"
#include "proto/base/result.h"

namespace idnode {

// What a write is conditional on (RFC 9110 section 13): versions are entity tags, as answers have
// them ("7").
struct Preconditions {
  bool any = false;
  uint64_t version = 0;         // If-Match: "7"
  bool must_be_there = false;   // If-Match: *
  bool must_be_absent = false;  // If-None-Match: *
};
// kMalformed: lists, weak tags and others' are no version of ours.
Result<Preconditions> PreconditionsOf(const Request& request);
void AddEntityTag(uint64_t version, Response& out);

}  // namespace idnode
