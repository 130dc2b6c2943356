#include "storage/log_record.h"

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/tlog/tree.h"
#include "storage/checksum.h"

namespace idnode {
namespace {

constexpr uint8_t kThinVersion = 1;
constexpr uint16_t kOnlyShard = 0;

template <size_t kSize>
void ReadArray(Reader& in, std::array<char, kSize>& out) {
  in.Raw(kSize).copy(out.data(), kSize);  // Nothing is copied once the input has failed.
}

bool IsKnown(EventKind kind) {
  switch (kind) {
    case EventKind::kIdentifierCreated:
    case EventKind::kIdentifierReplaced:
    case EventKind::kIdentifierRemoved:
    case EventKind::kRangeAllocated:
    case EventKind::kRangeWithdrawn:
    case EventKind::kMemberRegistered:
    case EventKind::kMemberRemoved:
    case EventKind::kEnterprisePut:
    case EventKind::kPrefixPut:
    case EventKind::kTokenPut:
    case EventKind::kPrefixRecordPut:
    case EventKind::kPrefixRecordRemoved:
    case EventKind::kChildPut:
    case EventKind::kChildEvents:
    case EventKind::kSubjectPut:
    case EventKind::kSubjectLooked:
    case EventKind::kActDone:
    case EventKind::kActRefused:
    case EventKind::kOwnRoutingPut:
    case EventKind::kFiled:
    case EventKind::kTally:
    case EventKind::kSources:
    case EventKind::kPrefixCounted:
    case EventKind::kPrefixUncounted:
    case EventKind::kGap:
    case EventKind::kTemplatePut:
    case EventKind::kApplicationPut:
    case EventKind::kCosigned:
    case EventKind::kDirectivePut:
    case EventKind::kDayPut:
    case EventKind::kIncidentPut:
    case EventKind::kCorrection:
      return true;
  }
  return false;
}

}  // namespace

void EncodeThin(Position position, const Digest& predecessor, const Change& change,
                std::span<const uint8_t> done, const Digest& root, std::string& out) {
  const auto items = change.items();
  Require(done.size() == items.size());
  const size_t begin = out.size();
  uint32_t count = 0;
  for (uint8_t happened : done) count += happened != 0;

  Writer writer(out);
  writer.U8(kThinVersion).U16(kOnlyShard).U64(position.value).U64(change.time().ms);
  writer.Raw(AsText(predecessor));
  writer.Raw({change.operation().data(), change.operation().size()});
  writer.Text16(change.actor()).Raw(AsText(root)).U32(count);
  for (size_t i = 0; i < items.size(); ++i) {
    if (!done[i]) continue;
    writer.U8(static_cast<uint8_t>(items[i].kind)).U32(items[i].enterprise);
    writer.Text16(change.Text(items[i].key)).Text32(change.Text(items[i].body));
  }
  AppendChecksum(out, begin);
}

Result<LogRecord> DecodeThin(std::string_view octets) {
  if (octets.size() > limits::kLogRecordOctetsMax) {
    return Error{Errc::kTooLarge, "log record: over its limit"};
  }
  Reader in(octets);
  const uint8_t version = in.U8();
  if (!in.ok()) return Error{Errc::kMalformed, "log record: empty"};
  if (version != kThinVersion) return Error{Errc::kFormatVersion, "log record: another format"};
  if (!EndsWithChecksum(octets)) return Error{Errc::kForged, "log record: checksum"};

  LogRecord record;
  const uint16_t shard = in.U16();
  record.position.value = in.U64();
  record.time.ms = in.U64();
  ReadArray(in, record.predecessor);
  ReadArray(in, record.operation);
  record.actor = in.Text16(limits::kActorOctetsMax);
  ReadArray(in, record.root);
  bool known = true;
  for (uint32_t left = in.Count32(kThinItemOctets); left > 0 && in.ok(); --left) {
    LogItem& item = record.items.emplace_back();
    item.kind = static_cast<EventKind>(in.U8());
    item.enterprise = in.U32();
    item.key = in.Text16(UINT16_MAX);
    item.body = in.Text32(limits::kLogRecordOctetsMax);
    known = known && IsKnown(item.kind);
  }
  in.U64();  // The checksum.
  if (!in.AtEnd()) return Error{Errc::kMalformed, "log record: a field does not fit"};
  if (record.position.value == 0 || shard != kOnlyShard || record.items.empty()) {
    return Error{Errc::kMalformed, "log record: no position, shard or item that can be"};
  }
  if (!known) return Error{Errc::kFormatVersion, "log record: an event of a newer format"};
  return record;
}

Digest LeafHash(std::string_view thin) { return HashLeaf(thin); }

std::string EncodeTally(std::span<const TallyRow> rows) {
  std::string body;
  Writer out(body);
  WriteDeltas(rows, out);
  return body;
}

Result<std::vector<TallyRow>> DecodeTally(std::string_view body) {
  Reader in(body);
  auto rows = ReadDeltas(in);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "tally: a field does not fit"};
  return rows;
}

}  // namespace idnode
