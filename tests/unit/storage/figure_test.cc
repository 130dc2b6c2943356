#include "storage/figure.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

TEST(Figure, IsNamedByItsRows) {
  for (const MetricName& row : kMetricNames) EXPECT_EQ(NameOf(row.metric), row.name);
  for (const TrafficClassName& row : kTrafficClassNames) {
    EXPECT_EQ(NameOf(row.traffic_class), row.name);
  }
  for (const ResolutionOutcomeName& row : kResolutionOutcomeNames) {
    EXPECT_EQ(NameOf(row.outcome), row.name);
  }
}

TEST(Figure, IsUnknownOutsideOfItsRows) {
  EXPECT_EQ(NameOf(static_cast<Metric>(0)), "unknown");
  EXPECT_EQ(NameOf(static_cast<Metric>(9)), "unknown");
  EXPECT_EQ(NameOf(static_cast<TrafficClass>(8)), "unknown");
  EXPECT_EQ(NameOf(static_cast<ResolutionOutcome>(7)), "unknown");
}

}  // namespace
}  // namespace idnode
