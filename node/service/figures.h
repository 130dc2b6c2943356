#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/service/takeover_watch.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/counters.h"
#include "storage/counting_rules.h"
#include "storage/evaluation_rules.h"
#include "storage/store.h"

namespace idnode {

// How the nodes above and below stand to us; supplied by whoever holds the conversations.
struct UpstreamFigures {
  std::string address;
  bool connected = false;
  uint64_t acknowledged = 0;
  uint64_t lag = 0;
  Time last_acknowledged;
  std::optional<Evaluation> evaluation;  // As the node above counts us.
  std::string problem;                   // Code of the last break; empty: none.
  // It resumed from less than it had acknowledged, and was sent the rest again.
  struct Setback {
    uint64_t from = 0, to = 0;  // Positions.
    Time at;
  };
  std::optional<Setback> setback;  // The last one.
  uint64_t setbacks = 0;           // Since this node started.
};
struct ChildFigures {
  Child child;
  bool connected = false;
  Time last_seen;
  Evaluation evaluation;
  ProbeFigures probes;
};
struct Peers {
  std::function<std::optional<UpstreamFigures>()> upstream;
  struct Presence {
    std::string node_id;
    bool connected = false;
    Time last_seen;
  };
  std::function<std::vector<Presence>()> children;
  // How probes of a node below went.
  std::function<ProbeFigures(const std::string& node_id)> probes = {};
};

struct EnterpriseFigures {
  Enterprise enterprise;
  Evaluation evaluation;
};
struct HourFigures {
  uint32_t hour = 0;
  Evaluation evaluation;
};

// Everything a report, a dashboard or an auditor asks for, of one moment.
struct NodeFigures {
  NodeIdentity identity;
  Position head;
  TreeHead tree;
  Time now;
  Evaluation evaluation;
  Sums totals;  // Of this node, over all enterprises.
  std::vector<EnterpriseFigures> enterprises;
  std::vector<HourFigures> hours;
  std::vector<ChildFigures> children;
  std::optional<UpstreamFigures> upstream;
};

struct FiguresRequest {
  bool enterprises = false;
  uint32_t hours = 0;  // At most 24 * 400.
};

// Threads: any; reads the disk.
class Figures {
 public:
  Figures(Store& store, Peers peers) : store_(store), peers_(std::move(peers)) {}
  Result<NodeFigures> Collect(const FiguresRequest& request, Time now) const;

  // Tables 3 and 8 of a day, of this node or by what a child has sent, as one JSON document.
  struct DayRequest {
    std::string_view day;   // yyyy-mm-dd
    std::string_view zone;  // Empty: Asia/Shanghai.
    uint32_t after = 0;     // Of the page before.
    uint32_t child = 0;     // 0: this node.
  };
  // Who asked, and enterprise by enterprise: the caller has made sure that who asks may
  // Act::kReadFigures. kMalformed, kNotFound: no such child.
  Result<std::string> DocumentOfDay(const DayRequest& request) const;

 private:
  Store& store_;
  Peers peers_;
};

}  // namespace idnode
