#include "proto/record/record.h"

#include <cstring>

#include "proto/base/writer.h"
#include "proto/record/distinct_indexes.h"

namespace idnode {
namespace {

constexpr uint8_t kFormat = 1;
constexpr size_t kLengthOctets = 4;

// Places inside one encoded value (spec/handle-protocol.md 2.1).
constexpr size_t kTimestampAt = 4;
constexpr size_t kAfterTimestamp = 8;
constexpr size_t kTtlTypeAt = 8;
constexpr size_t kPermissionsAt = 13;
constexpr size_t kTypeLengthAt = 14;
constexpr size_t kTypeAt = 18;
constexpr size_t kValueOctetsMin = 26;

uint32_t U32At(std::string_view octets, size_t place) {
  uint32_t big_endian;
  std::memcpy(&big_endian, octets.data() + place, sizeof big_endian);
  return __builtin_bswap32(big_endian);
}

// Steps over a u32 length and that many octets; false: they run past the end.
bool Skip(std::string_view octets, size_t& place) {
  if (octets.size() - place < kLengthOctets) return false;
  const uint32_t size = U32At(octets, place);
  place += kLengthOctets;
  if (size > octets.size() - place) return false;
  place += size;
  return true;
}

// Whether the fields of one value fill exactly these octets: what DecodeValue would find, without
// decoding.
bool IsOneValue(std::string_view octets) {
  if (octets.size() < kValueOctetsMin || static_cast<uint8_t>(octets[kTtlTypeAt]) > 1) return false;
  size_t place = kTypeLengthAt;
  if (!Skip(octets, place) || !Skip(octets, place)) return false;
  if (octets.size() - place < kLengthOctets) return false;
  uint32_t references = U32At(octets, place);
  place += kLengthOctets;
  for (; references > 0; --references) {
    if (!Skip(octets, place) || octets.size() - place < kLengthOctets) return false;
    place += kLengthOctets;
  }
  return place == octets.size();
}

// Whether `values` is one value after the other, of the given lengths, with distinct indexes. Most
// records ascend by index, and are done with one walk.
bool AreValues(std::string_view lengths, std::string_view values) {
  const std::string_view whole = values;
  bool ascending = true;
  uint32_t previous = 0;
  for (size_t i = 0; i < lengths.size(); i += kLengthOctets) {
    const uint32_t size = U32At(lengths, i);
    if (size > values.size() || !IsOneValue(values.substr(0, size))) return false;
    const uint32_t index = U32At(values, 0);
    if (index == 0) return false;
    ascending = ascending && index > previous;
    previous = index;
    values.remove_prefix(size);
  }
  if (!values.empty() || ascending) return values.empty();
  size_t at = 0, place = 0;
  return AreDistinct(lengths.size() / kLengthOctets, [&] {
    const uint32_t index = U32At(whole, at);
    at += U32At(lengths, place);
    place += kLengthOctets;
    return index;
  });
}

void PutU32(std::string& out, size_t place, size_t value) {
  const uint32_t big_endian = __builtin_bswap32(static_cast<uint32_t>(value));
  std::memcpy(out.data() + place, &big_endian, sizeof big_endian);
}

}  // namespace

void EncodeRecord(const Record& record, std::string& out) {
  const std::vector<Value>& values = record.values;
  Require(values.size() <= UINT16_MAX);
  Writer writer(out);
  writer.U8(kFormat).U32(record.enterprise).U32(record.template_number);
  writer.U32(record.created).U32(record.modified).Text16(record.text);
  writer.U16(static_cast<uint16_t>(values.size()));

  // CheckValues has seen them: no index is 0 or occurs twice.
  auto value_seen = values.begin();
  Require(AreDistinct(values.size(), [&] { return (value_seen++)->index; }));
  size_t length_place = out.size();
  out.append(values.size() * kLengthOctets, '\0');
  for (const Value& value : values) {
    Require(value.index > 0);
    const size_t start = out.size();
    EncodeValue(value, out);
    if (value.timestamp == 0) PutU32(out, start + kTimestampAt, record.modified);
    PutU32(out, length_place, out.size() - start);
    length_place += kLengthOctets;
  }
}

Result<RecordView> RecordView::Parse(std::string_view octets) {
  Reader in(octets);
  RecordView view;
  const uint8_t format = in.U8();
  if (in.ok() && format != kFormat) {
    return Error{Errc::kFormatVersion, "a record of another format"};
  }
  view.enterprise_ = in.U32();
  view.template_number_ = in.U32();
  view.created_ = in.U32();
  view.modified_ = in.U32();
  view.text_ = in.Text16(in.left());
  view.lengths_ = in.Raw(in.U16() * kLengthOctets);
  view.values_ = in.Rest();
  if (!in.ok()) return Error{Errc::kCorrupt, "a record is cut short"};
  if (!AreValues(view.lengths_, view.values_)) {
    return Error{Errc::kCorrupt, "a record's lengths and its values disagree"};
  }
  return view;
}

bool RecordView::Walk::Next() {
  if (lengths_.empty()) return false;
  const uint32_t size = U32At(lengths_, 0);
  lengths_.remove_prefix(kLengthOctets);
  octets_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

uint32_t RecordView::Walk::index() const { return U32At(octets_, 0); }

uint8_t RecordView::Walk::permissions() const {
  return static_cast<uint8_t>(octets_[kPermissionsAt]);
}

std::string_view RecordView::Walk::type() const {
  return octets_.substr(kTypeAt, U32At(octets_, kTypeLengthAt));
}

RecordView::Walk RecordView::values() const {
  Walk walk;
  walk.lengths_ = lengths_;
  walk.rest_ = values_;
  return walk;
}

Result<std::vector<Value>> RecordView::DecodeAll() const {
  std::vector<Value> decoded;
  decoded.reserve(value_count());
  for (Walk walk = values(); walk.Next();) {
    Reader in(walk.octets());
    decoded.push_back(DecodeValue(in));
    if (!in.AtEnd()) return Error{Errc::kCorrupt, "a value does not fill its octets"};
  }
  return decoded;
}

bool RecordView::SameContent(const RecordView& other) const {
  if (enterprise_ != other.enterprise_ || template_number_ != other.template_number_) return false;
  if (text_ != other.text_ || lengths_ != other.lengths_) return false;
  Walk theirs = other.values();
  for (Walk ours = values(); ours.Next();) {
    theirs.Next();
    if (ours.index() != theirs.index()) return false;
    if (ours.octets().substr(kAfterTimestamp) != theirs.octets().substr(kAfterTimestamp)) {
      return false;
    }
  }
  return true;
}

}  // namespace idnode
