#pragma once

#include <boost/json/object.hpp>

#include "proto/rpc/admin.pb.h"

namespace idnode {

// A node's figures as `stats` and `report` print them.
boost::json::object StatsJson(const v1::Stats& stats);
boost::json::object EvaluationJson(const v1::Evaluation& evaluation);

}  // namespace idnode
