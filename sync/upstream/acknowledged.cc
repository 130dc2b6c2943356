#include "sync/upstream/acknowledged.h"

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 2;
constexpr uint8_t kRowLayoutWithoutRanges = 1;  // Of versions that had no ranges of serials.

void WriteEvaluation(const Evaluation& evaluation, Writer& out) {
  for (const int64_t figure :
       {evaluation.registered_gross, evaluation.registered, evaluation.resolutions,
        evaluation.resolution_requests, evaluation.connected_enterprises, evaluation.allocated}) {
    out.U64(static_cast<uint64_t>(figure));
  }
}

Evaluation ReadEvaluation(uint8_t layout, Reader& in) {
  Evaluation evaluation;
  for (int64_t* figure :
       {&evaluation.registered_gross, &evaluation.registered, &evaluation.resolutions,
        &evaluation.resolution_requests, &evaluation.connected_enterprises}) {
    *figure = static_cast<int64_t>(in.U64());
  }
  if (layout == kRowLayout) evaluation.allocated = static_cast<int64_t>(in.U64());
  return evaluation;
}

// 0: what follows is not there; 1: it is.
bool ReadPresence(Reader& in) {
  const uint8_t presence = in.U8();
  if (presence > 1) in.Fail();
  return presence == 1;
}

}  // namespace

std::string EncodeAcknowledged(const Acknowledged& acknowledged) {
  std::string row;
  Writer out(row);
  out.U8(kRowLayout).U64(acknowledged.position.value).U64(acknowledged.at.ms);
  out.U8(acknowledged.evaluation.has_value());
  if (acknowledged.evaluation) WriteEvaluation(*acknowledged.evaluation, out);
  out.U8(acknowledged.setback.has_value());
  if (const auto& setback = acknowledged.setback) {
    out.U64(setback->from.value).U64(setback->to.value).U64(setback->at.ms);
  }
  return row;
}

Result<Acknowledged> DecodeAcknowledged(std::string_view row) {
  Reader in(row);
  const uint8_t layout = in.U8();
  if (!in.ok()) return Error{Errc::kMalformed, "acknowledged: empty"};
  if (layout != kRowLayout && layout != kRowLayoutWithoutRanges)
    return Error{Errc::kFormatVersion, "acknowledged: an unknown layout"};
  Acknowledged acknowledged;
  acknowledged.position.value = in.U64();
  acknowledged.at.ms = in.U64();
  if (ReadPresence(in)) acknowledged.evaluation = ReadEvaluation(layout, in);
  if (ReadPresence(in)) {
    Setback& setback = acknowledged.setback.emplace();
    setback.from.value = in.U64();
    setback.to.value = in.U64();
    setback.at.ms = in.U64();
    if (setback.to >= setback.from) in.Fail();
  }
  if (!in.AtEnd()) return Error{Errc::kMalformed, "acknowledged: the fields do not fill the row"};
  return acknowledged;
}

Result<Acknowledged> ReadAcknowledged(const Rows& rows, Position head) {
  std::string row;
  const auto found = rows.Get(Table::kLocal, keyspace::kUpstreamAcked, Reach::kDisk, row);
  if (!found) return found.error();
  if (!*found) return Acknowledged{};
  auto acknowledged = DecodeAcknowledged(row);
  if (!acknowledged) return Error{Errc::kCorrupt, acknowledged.error().detail};
  if (acknowledged->position > head) {
    return Error{Errc::kCorrupt, "acknowledged: the position is ahead of the log"};
  }
  return acknowledged;
}

}  // namespace idnode
