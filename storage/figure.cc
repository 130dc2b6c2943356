#include "storage/figure.h"

#include <algorithm>

namespace idnode {
namespace {

// Null: no row has the value.
const MetricName* RowOf(Metric metric) {
  const auto row = std::ranges::find(kMetricNames, metric, &MetricName::metric);
  return row == kMetricNames.end() ? nullptr : &*row;
}

const TrafficClassName* RowOf(TrafficClass traffic_class) {
  const auto row =
      std::ranges::find(kTrafficClassNames, traffic_class, &TrafficClassName::traffic_class);
  return row == kTrafficClassNames.end() ? nullptr : &*row;
}

const ResolutionOutcomeName* RowOf(ResolutionOutcome outcome) {
  const auto row =
      std::ranges::find(kResolutionOutcomeNames, outcome, &ResolutionOutcomeName::outcome);
  return row == kResolutionOutcomeNames.end() ? nullptr : &*row;
}

template <class Row>
std::string_view NameIn(const Row* row) {
  return row == nullptr ? std::string_view("unknown") : row->name;
}

}  // namespace

std::string_view NameOf(Metric metric) { return NameIn(RowOf(metric)); }
std::string_view NameOf(TrafficClass traffic_class) { return NameIn(RowOf(traffic_class)); }
std::string_view NameOf(ResolutionOutcome outcome) { return NameIn(RowOf(outcome)); }

void WriteFigure(const Figure& figure, Writer& out) {
  out.U32(figure.origin)
      .U8(static_cast<uint8_t>(figure.metric))
      .U32(figure.enterprise)
      .U8(static_cast<uint8_t>(figure.traffic_class))
      .U8(static_cast<uint8_t>(figure.outcome));
}

Figure ReadFigure(Reader& in) {
  Figure figure;
  figure.origin = in.U32();
  figure.metric = static_cast<Metric>(in.U8());
  figure.enterprise = in.U32();
  figure.traffic_class = static_cast<TrafficClass>(in.U8());
  figure.outcome = static_cast<ResolutionOutcome>(in.U8());
  const bool known = RowOf(figure.metric) != nullptr && RowOf(figure.traffic_class) != nullptr &&
                     RowOf(figure.outcome) != nullptr;
  if (!known) in.Fail();
  return figure;
}

void WriteDeltas(std::span<const FigureDelta> deltas, Writer& out) {
  out.U32(static_cast<uint32_t>(deltas.size()));
  for (const FigureDelta& row : deltas) {
    WriteFigure(row.figure, out);
    out.U32(row.hour).U64(static_cast<uint64_t>(row.delta));
  }
}

std::vector<FigureDelta> ReadDeltas(Reader& in) {
  std::vector<FigureDelta> deltas;
  for (uint32_t left = in.Count32(kFigureDeltaOctets); left > 0 && in.ok(); --left) {
    FigureDelta& row = deltas.emplace_back();
    row.figure = ReadFigure(in);
    row.hour = in.U32();
    row.delta = static_cast<int64_t>(in.U64());
  }
  return deltas;
}

}  // namespace idnode
