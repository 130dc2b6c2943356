#pragma once

#include <string>

#include "node/front/handle/handle_front.h"
#include "node/service/checkpoints.h"
#include "node/service/figures.h"
#include "node/stats/metrics.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/time.h"
#include "storage/store.h"

namespace idnode {

// The exposition at /metrics. Threads: any; reads the disk.
class MetricsPage {
 public:
  MetricsPage(Store& store, const ResolutionCounts& counts, const Figures& figures,
              const HandleFront& handle, const Checkpoints& checkpoints);

  std::string Text(Time now) const;

 private:
  void AddResolutions(MetricsWriter& writer) const;
  void AddFigures(MetricsWriter& writer, Time now) const;
  static void AddProbes(const ChildFigures& child, MetricsWriter& writer);
  void AddLedger(MetricsWriter& writer) const;
  void AddStorage(MetricsWriter& writer) const;
  void AddHandle(MetricsWriter& writer) const;

  Store& store_;
  const ResolutionCounts& counts_;
  const Figures& figures_;
  const HandleFront& handle_;
  const Checkpoints& checkpoints_;
  const double started_seconds_;
};

}  // namespace idnode
