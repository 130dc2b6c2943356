#include "node/stats/metrics.h"

#include <gtest/gtest.h>

#include <set>

namespace idnode {
namespace {

TEST(Metrics, HaveARowEachInTheOrderOfTheEnum) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < MetricFamilies().size(); ++i) {
    const MetricFamily& family = MetricFamilies()[i];
    EXPECT_EQ(static_cast<size_t>(family.metric), i);
    EXPECT_TRUE(family.name.starts_with("idnode_")) << family.name;
    EXPECT_FALSE(family.name.ends_with("_total")) << family.name;
    EXPECT_TRUE(family.unit.empty() || family.name.ends_with("_" + std::string(family.unit)));
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
  }
  EXPECT_EQ(MetricFamilies().size(), static_cast<size_t>(Metrics::kHandleClosedForRoom) + 1);
}

TEST(Metrics, AreWrittenAsOpenMetrics) {
  MetricsWriter writer;
  writer.Sample(Metrics::kBuildInfo, {{"version", "0.1"}, {"role", "a\"b\\c\nd"}}, 1);
  writer.Sample(Metrics::kResolutions, {{"protocol", "http"}, {"outcome", "found"}}, 3);
  writer.Sample(Metrics::kResolutions, {{"protocol", "http"}, {"outcome", "denied"}}, 0);
  writer.Sample(Metrics::kSyncLag, {}, 1.5);
  EXPECT_EQ(
      writer.Finish(),
      "# TYPE idnode_build info\n"
      "# HELP idnode_build Version and role of the node.\n"
      "idnode_build_info{version=\"0.1\",role=\"a\\\"b\\\\c\\nd\"} 1\n"
      "# TYPE idnode_resolutions counter\n"
      "# HELP idnode_resolutions Resolutions answered since the start (标识解析), by protocol "
      "and outcome.\n"
      "idnode_resolutions_total{protocol=\"http\",outcome=\"found\"} 3\n"
      "idnode_resolutions_total{protocol=\"http\",outcome=\"denied\"} 0\n"
      "# TYPE idnode_sync_lag_records gauge\n"
      "# UNIT idnode_sync_lag_records records\n"
      "# HELP idnode_sync_lag_records Records not yet acknowledged by the node above.\n"
      "idnode_sync_lag_records 1.5\n"
      "# EOF\n");
}

TEST(Metrics, WriteAHistogramAsCumulativeBuckets) {
  std::array<uint64_t, 24> buckets{};
  buckets[0] = 1;
  buckets[2] = 5;
  buckets[23] = 2;
  MetricsWriter writer;
  writer.Histogram(Metrics::kResolutionSeconds, buckets, 2'500'000);
  const std::string text = writer.Finish();
  const auto has = [&](std::string_view line) { return text.find(line) != std::string::npos; };
  EXPECT_TRUE(has("_bucket{le=\"1e-06\"} 1\n"));
  EXPECT_TRUE(has("_bucket{le=\"4e-06\"} 6\n"));
  EXPECT_TRUE(has("_bucket{le=\"+Inf\"} 8\n"));
  EXPECT_TRUE(has("_count 8\n"));
  EXPECT_TRUE(has("_sum 2.5\n"));
}

TEST(MetricsDeathTest, StopAProcessThatTearsAFamilyApart) {
  MetricsWriter writer;
  writer.Sample(Metrics::kChildren, {}, 1);
  EXPECT_DEATH(writer.Sample(Metrics::kBuildInfo, {}, 1), "");
}

}  // namespace
}  // namespace idnode
