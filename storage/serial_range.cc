#include "storage/serial_range.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/ident/serial_key.h"
#include "storage/counters.h"
#include "storage/registry.h"

namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 1;
constexpr size_t kLotOctetsMax = 20;  // AI 10.
// Digits that a u64 holds, whatever they are.
constexpr size_t kLowDigits = 18;
constexpr uint64_t kLowModulus = 1'000'000'000'000'000'000;

bool AllDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return IsDigit(c); });
}

uint64_t NumberOf(std::string_view digits) {
  uint64_t number = 0;
  for (const char digit : digits) number = number * 10 + static_cast<uint64_t>(digit - '0');
  return number;
}

bool IsLot(std::string_view lot) {
  return lot.size() <= kLotOctetsMax &&
         std::ranges::all_of(lot, [](char c) { return c > ' ' && c < '\x7f'; });
}

// product | 00 | width: what the keys of all ranges of a width begin with.
std::string RangesOf(std::string_view product, size_t width) {
  std::string key;
  key.reserve(kProductKeyOctets + 2 + kSerialOctetsMax);
  Writer(key).Raw(product).U8(0).U8(static_cast<uint8_t>(width));
  return key;
}

// The set as it will be.
void PutSet(Change& change, std::string_view product, uint32_t ranges) {
  if (ranges == 0) {
    change.Remove(Table::kRanges, product);
  } else {
    change.Put(Table::kRanges, product, EncodeRangeSet(ranges));
  }
}

void ExpectNoneRegistered(Change& change, std::string_view product, std::string_view first,
                          std::string_view last) {
  change.ExpectNoneBetween(Table::kRecords, SerialKeyOf(product, first),
                           SerialKeyOf(product, last) + '\0');
}

}  // namespace

Result<uint64_t> MembersBetween(std::string_view first, std::string_view last) {
  if (first.empty() || first.size() > kSerialOctetsMax || first.size() != last.size()) {
    return Error{Errc::kWrongLength, "first and last serial have the same 1 to 20 digits"};
  }
  if (!AllDigits(first) || !AllDigits(last)) {
    return Error{Errc::kNotDigits, "the serials of a range are digits"};
  }
  if (first > last) return Error{Errc::kMalformed, "the first serial is after the last"};
  const Error too_large{Errc::kTooLarge, "a range has at most 10^12 serials"};
  const size_t high = first.size() - std::min(first.size(), kLowDigits);
  const uint64_t high_apart = NumberOf(last.substr(0, high)) - NumberOf(first.substr(0, high));
  if (high_apart > 1) return too_large;
  const uint64_t apart =
      high_apart * kLowModulus + NumberOf(last.substr(high)) - NumberOf(first.substr(high));
  if (apart >= limits::kRangeMembersMax) return too_large;
  return apart + 1;
}

std::string RangeKey(std::string_view product, std::string_view last) {
  return RangesOf(product, last.size()).append(last);
}

bool IsRangeSetKey(std::string_view key) { return key.size() == kProductKeyOctets; }

std::string EncodeRange(std::string_view first, std::string_view lot, std::string_view record) {
  Require(IsLot(lot));
  std::string body;
  Writer(body).U8(kRowLayout).Raw(first).U8(static_cast<uint8_t>(lot.size())).Raw(lot).Raw(record);
  return body;
}

Result<SerialRange> DecodeRange(std::string_view key, std::string_view body) {
  const Error corrupt{Errc::kCorrupt, "ranges: the row holds no range"};
  Reader name(key);
  SerialRange range;
  range.product = name.Raw(kProductKeyOctets);
  const uint8_t mark = name.U8(), width = name.U8();
  range.last = name.Raw(width);
  if (!name.AtEnd() || mark != 0 || !IsProductKey(range.product)) return corrupt;

  Reader in(body);
  const uint8_t layout = in.U8();
  if (!in.ok()) return corrupt;
  if (layout != kRowLayout) return Error{Errc::kFormatVersion, "ranges: an unknown layout"};
  range.first = in.Raw(width);
  range.lot = in.Raw(in.U8());
  range.record_octets = in.Rest();
  if (!in.ok() || !IsLot(range.lot)) return corrupt;
  const auto members = MembersBetween(range.first, range.last);
  if (!members) return corrupt;
  range.members = *members;
  const auto record = RecordView::Parse(range.record_octets);
  if (!record) return record.error();
  range.record = *record;
  return range;
}

std::string EncodeRangeSet(uint32_t ranges) {
  std::string body;
  Writer(body).U8(kRowLayout).U32(ranges);
  return body;
}

Result<uint32_t> DecodeRangeSet(std::string_view body) {
  Reader in(body);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kRowLayout) {
    return Error{Errc::kFormatVersion, "ranges: an unknown layout"};
  }
  const uint32_t ranges = in.U32();
  if (!in.AtEnd() || ranges == 0 || ranges > limits::kRangesPerProductMax) {
    return Error{Errc::kCorrupt, "ranges: the row of a set holds none"};
  }
  return ranges;
}

Result<SerialRanges::Found> RangeInRow(std::string_view key, std::string_view row) {
  const auto versioned = SplitVersion(row);
  if (!versioned) return versioned.error();
  auto range = DecodeRange(key, versioned->body);
  if (!range) return range.error();
  return SerialRanges::Found{versioned->version, *range};
}

Result<std::unique_ptr<SerialRanges>> SerialRanges::Open(const Rows& rows) {
  std::unique_ptr<SerialRanges> ranges(new SerialRanges(rows));
  const auto cursor = rows.Scan(Table::kRanges, {}, {});
  ranges->any_ = cursor->Valid();
  if (const Status read = cursor->status(); !read) return read.error();
  return ranges;
}

void SerialRanges::OnApplied(const Change& change, std::span<const uint8_t> done, Position) {
  if (any_) return;
  for (size_t i = 0; i < done.size(); ++i) {
    if (done[i] && change.items()[i].kind == EventKind::kRangeAllocated) any_ = true;
  }
}

Result<SerialRanges::Set> SerialRanges::FindSet(std::string_view product, Reach reach) const {
  if (!any()) return Set{};
  std::string row;
  const auto found = rows_.Get(Table::kRanges, product, reach, row);
  if (!found) return found.error();
  if (!*found) return Set{};
  const auto versioned = SplitVersion(row);
  if (!versioned) return versioned.error();
  const auto ranges = DecodeRangeSet(versioned->body);
  if (!ranges) return ranges.error();
  return Set{versioned->version, *ranges};
}

Result<SerialRanges::Found> SerialRanges::FindMember(std::string_view serial_key, Reach reach,
                                                     Scratch& scratch) const {
  const Error none{Errc::kNotFound, "no range has the serial"};
  if (!any() || !IsSerialKey(serial_key)) return none;
  const std::string_view serial = SerialOf(serial_key);
  if (serial.size() > kSerialOctetsMax || !AllDigits(serial)) return none;
  const std::string_view product = ProductOf(serial_key);
  // Most products have no ranges, and a filter says so without a walk.
  const auto has_ranges = rows_.Get(Table::kRanges, product, reach, scratch.row);
  if (!has_ranges) return has_ranges.error();
  if (!*has_ranges) return none;
  auto found = FindAtOrAfter(product, serial, reach, scratch);
  if (found && found->range.first > serial) return none;
  return found;
}

Result<SerialRanges::Found> SerialRanges::FindAtOrAfter(std::string_view product,
                                                        std::string_view serial, Reach reach,
                                                        Scratch& scratch) const {
  const auto found =
      rows_.First(Table::kRanges, RangeKey(product, serial), RangesOf(product, serial.size() + 1),
                  reach, scratch.key, scratch.row);
  if (!found) return found.error();
  if (!*found) return Error{Errc::kNotFound, "no range has the serial"};
  return RangeInRow(scratch.key, scratch.row);
}

void ExpectRangeSet(Change& change, std::string_view product, const SerialRanges::Set& set) {
  change.ExpectForAll(Table::kRanges, product,
                      set.version == Position{} ? Expect::kAbsent : Expect::kVersion,
                      set.version.value);
}

void AddAllocateRange(Change& change, const SerialRanges::Set& set, std::string_view product,
                      std::string_view first, std::string_view last, std::string_view lot,
                      uint32_t enterprise, std::string_view record) {
  const auto members = MembersBetween(first, last);
  Require(members.ok() && set.ranges < limits::kRangesPerProductMax);
  const std::string key = RangeKey(product, last), body = MembersBody(*members);
  change.Begin(EventKind::kRangeAllocated, enterprise, key, body);
  ExpectNoneRegistered(change, product, first, last);
  change.Put(Table::kRanges, key, EncodeRange(first, lot, record));
  PutSet(change, product, set.ranges + 1);
  AddEventSums(change, EventKind::kRangeAllocated, enterprise, change.time().hour(), body);
}

void AddWithdrawRange(Change& change, const SerialRanges::Set& set,
                      const SerialRanges::Found& found) {
  const SerialRange& range = found.range;
  Require(set.ranges > 0);
  const std::string key = RangeKey(range.product, range.last), body = MembersBody(range.members);
  const uint32_t enterprise = range.record.enterprise();
  change.Begin(EventKind::kRangeWithdrawn, enterprise, key, body);
  change.ExpectThat(Table::kRanges, key, Expect::kVersion, found.version.value);
  ExpectNoneRegistered(change, range.product, range.first, range.last);
  change.Remove(Table::kRanges, key);
  PutSet(change, range.product, set.ranges - 1);
  AddEventSums(change, EventKind::kRangeWithdrawn, enterprise, change.time().hour(), body);
}

}  // namespace idnode
