#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proto/base/result.h"
#include "proto/ident/serial_key.h"
#include "storage/engine/engine.h"
#include "storage/log_record.h"
#include "storage/position.h"
#include "storage/serial_range.h"

namespace idnode {

// Tells which registered serials are members of a range, in one walk through them: the ranges are
// looked up once each, not once for each serial.
class MemberWalk {
 public:
  explicit MemberWalk(const SerialRanges& ranges) : ranges_(ranges) {}

  // The enterprise that holds the range of which the identifier is a member; 0: of none. Keys come
  // ascending.
  Result<uint32_t> HolderOf(std::string_view key);

 private:
  // The range that has the next serials of a width, or none.
  struct Next {
    bool is_known = false;
    uint32_t holder = 0;
    std::string first, last;
  };
  Status Look(std::string_view serial, Next& next);

  const SerialRanges& ranges_;
  SerialRanges::Scratch scratch_;
  std::string product_;
  bool has_ranges_ = false;
  std::array<Next, kSerialOctetsMax + 1> next_;
};

// The ranges of a recount: by what the log says, and by the rows that are there.
class RangeRecount {
 public:
  using Report = std::function<void(std::string what, int64_t recounted, int64_t stored)>;

  void TakeEvent(const LogItem& item);
  // Walks the table; what is wrong with single rows is told at once.
  Status WalkRows(const Rows& rows, Position head, const Report& report);
  // A registered identifier is a member of a range that this enterprise holds.
  void TakeRegisteredMember(uint32_t holder) { --stored_[holder].members; }
  void Compare(const Report& report);

 private:
  // What an enterprise holds: ranges, a sum over checksums of their keys, so that one in place of
  // another is found too, and members that are not registered by themselves.
  struct Holding {
    int64_t ranges = 0;
    uint64_t keys = 0;
    int64_t members = 0;
  };
  // A product's rows are together, the set row first.
  struct Product {
    std::string key;
    uint32_t said = 0, counted = 0;
    std::string last_key;  // Of the range before.
  };
  void TakeRow(std::string_view key, std::string_view row, Position head, const Report& report);
  void TakeRange(std::string_view key, const SerialRange& range, const Report& report);
  void EndProduct(const Report& report);

  std::unordered_map<uint32_t, Holding> logged_, stored_;
  Product product_;
};

}  // namespace idnode
