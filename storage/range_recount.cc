#include "storage/range_recount.h"

#include <algorithm>

#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "storage/checksum.h"
#include "storage/registry.h"

namespace idnode {

Result<uint32_t> MemberWalk::HolderOf(std::string_view key) {
  if (!ranges_.any() || !IsSerialKey(key)) return 0u;
  if (ProductOf(key) != product_) {
    product_ = ProductOf(key);
    const auto set = ranges_.FindSet(product_, Reach::kDisk);
    if (!set) return set.error();
    has_ranges_ = set->ranges > 0;
    next_.fill({});
  }
  const std::string_view serial = SerialOf(key);
  const bool may_be =
      has_ranges_ && serial.size() <= kSerialOctetsMax && std::ranges::all_of(serial, IsDigit);
  if (!may_be) return 0u;
  Next& next = next_[serial.size()];
  if (!next.is_known || (next.holder != 0 && serial > next.last)) {
    if (const Status looked = Look(serial, next); !looked) return looked.error();
  }
  return next.holder != 0 && serial >= next.first ? next.holder : 0u;
}

Status MemberWalk::Look(std::string_view serial, Next& next) {
  next = {.is_known = true};
  const auto found = ranges_.FindAtOrAfter(product_, serial, Reach::kDisk, scratch_);
  if (!found) return found.error().code == Errc::kNotFound ? Status() : found.error();
  next.holder = found->range.record.enterprise();
  next.first = found->range.first;
  next.last = found->range.last;
  return {};
}

// What its body does not say is found with the figures.
void RangeRecount::TakeEvent(const LogItem& item) {
  Reader body(item.body);
  switch (item.kind) {
    case EventKind::kRangeAllocated:
    case EventKind::kRangeWithdrawn: {
      const int sign = item.kind == EventKind::kRangeAllocated ? 1 : -1;
      Holding& holding = logged_[item.enterprise];
      holding.ranges += sign;
      holding.keys += static_cast<uint64_t>(sign) * Checksum(item.key);
      holding.members += sign * static_cast<int64_t>(body.U64());
      return;
    }
    case EventKind::kMemberRegistered:
      --logged_[body.U32()].members;
      return;
    case EventKind::kMemberRemoved:
      ++logged_[body.U32()].members;
      return;
    default:
      return;
  }
}

Status RangeRecount::WalkRows(const Rows& rows, Position head, const Report& report) {
  const auto cursor = rows.Scan(Table::kRanges, {}, {});
  for (; cursor->Valid(); cursor->Next()) TakeRow(cursor->key(), cursor->value(), head, report);
  EndProduct(report);
  return cursor->status();
}

void RangeRecount::TakeRow(std::string_view key, std::string_view row, Position head,
                           const Report& report) {
  const auto is_wrong = [&](std::string_view why) {
    report("range " + ToHex(key) + ": " + std::string(why), 0, 0);
  };
  if (key.substr(0, kProductKeyOctets) != product_.key) {
    EndProduct(report);
    product_ = {.key = std::string(key.substr(0, kProductKeyOctets))};
  }
  const auto versioned = SplitVersion(row);
  if (!versioned) return is_wrong(versioned.error().detail);
  if (versioned->version > head) is_wrong("its version is after the log's head");
  if (IsRangeSetKey(key)) {
    const auto said = DecodeRangeSet(versioned->body);
    if (!said) return is_wrong(said.error().detail);
    product_.said = *said;
    return;
  }
  ++product_.counted;
  const auto range = DecodeRange(key, versioned->body);
  if (!range) return is_wrong(range.error().detail);
  TakeRange(key, *range, report);
}

void RangeRecount::TakeRange(std::string_view key, const SerialRange& range, const Report& report) {
  // Keys of one width begin alike, so that the first serial's place follows by comparing keys.
  if (!product_.last_key.empty() && product_.last_key.size() == key.size() &&
      RangeKey(range.product, range.first) <= product_.last_key) {
    report("range " + ToHex(key) + ": it overlaps the one before", 0, 0);
  }
  product_.last_key = key;
  Holding& holding = stored_[range.record.enterprise()];
  ++holding.ranges;
  holding.keys += Checksum(key);
  holding.members += static_cast<int64_t>(range.members);
}

void RangeRecount::EndProduct(const Report& report) {
  if (product_.said == product_.counted) return;
  report("ranges of the product " + ToHex(product_.key), product_.counted, product_.said);
}

void RangeRecount::Compare(const Report& report) {
  for (const auto& [number, holding] : logged_) stored_.try_emplace(number);
  for (const auto& [number, stored] : stored_) {
    const Holding& logged = logged_[number];
    const std::string whose = " of enterprise " + std::to_string(number);
    if (logged.ranges != stored.ranges || logged.keys != stored.keys) {
      report(
          "ranges" + whose + (logged.ranges == stored.ranges ? ": others than the log says" : ""),
          logged.ranges, stored.ranges);
    }
    if (logged.members != stored.members) {
      report("members of ranges" + whose, logged.members, stored.members);
    }
  }
}

}  // namespace idnode
