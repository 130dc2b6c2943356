#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/security/caller.h"
#include "node/service/acts.h"
#include "node/service/incidents.h"
#include "proto/base/result.h"
#include "storage/engine/engine.h"

namespace idnode {

// How the node did, day by day, and what went wrong with it: for every front.
// Threads: any; reads the disk.
class Supervision {
 public:
  Supervision(const Engine& engine, Acts& acts, Incidents& incidents, std::string node_prefix)
      : engine_(engine), acts_(acts), incidents_(incidents), node_prefix_(std::move(node_prefix)) {}

  // The document of days, of this node or by what a child has filed. Act::kReadFigures. kMalformed,
  // kNotFound: no such child.
  Result<std::string> Days(std::string_view from, std::string_view until, uint32_t child,
                           const Caller& caller) const;
  Incidents& incidents() const { return incidents_; }

 private:
  const Engine& engine_;
  Acts& acts_;
  Incidents& incidents_;
  const std::string node_prefix_;
};

}  // namespace idnode
