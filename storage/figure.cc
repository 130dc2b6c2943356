#include "storage/figure.h"

namespace idnode {
namespace {

template <class Rows, class Value>
bool IsKnown(const Rows& rows, Value value, Value Rows::value_type::*field) {
  for (const auto& row : rows) {
    if (row.*field == value) return true;
  }
  return false;
}

}  // namespace

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
  if (!IsKnown(kMetricNames, figure.metric, &MetricName::metric) ||
      !IsKnown(kTrafficClassNames, figure.traffic_class, &TrafficClassName::traffic_class) ||
      !IsKnown(kResolutionOutcomeNames, figure.outcome, &ResolutionOutcomeName::outcome)) {
    in.Fail();
  }
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
