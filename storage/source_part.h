#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/log_record.h"
#include "storage/unique_sketch.h"

namespace idnode {

// An address that asked, as sixteen octets; IPv4 is mapped (::ffff:a.b.c.d).
using SourceAddress = std::array<uint8_t, 16>;
std::string TextOf(const SourceAddress& address);
// Four octets of IPv4, or sixteen. kMalformed: other octets; a mapped address in sixteen.
std::string_view AddressOctets(const SourceAddress& address);
Result<SourceAddress> AddressOfOctets(std::string_view octets);

// Who asked how often: at least `count` times, and at most `error` times more.
struct SourceCount {
  SourceAddress address{};
  uint64_t count = 0;
  uint64_t error = 0;
  friend bool operator==(const SourceCount&, const SourceCount&) = default;
};

// Who asked for identifiers of one enterprise (kNoEnterprise: of none; kAllEnterprises: of any) in
// one hour, and about how many different identifiers were resolved. An hour may have several parts,
// each of other resolutions: parts are added up, and none is ever written again.
struct SourcePart {
  uint64_t requests = 0;             // Resolutions of every class and outcome that it tells of.
  uint64_t floor = 0;                // Who is not among the sources asked at most so many times.
  std::vector<SourceCount> sources;  // Most counts first; equal ones by address.
  // External and found. `unlooked`: so many were not looked at, for want of room.
  UniqueSketch identifiers;
  uint64_t unlooked = 0;

  uint64_t Counted() const;  // By all sources together; what `requests` is more is the rest.
  friend bool operator==(const SourcePart&, const SourcePart&) = default;
};
// What is encoded meets what decoding demands: at most limits::kSourcesPerPartMax sources in their
// order, each counted at least once, together not more than the requests, and no error over the
// rest. kMalformed, kFormatVersion.
std::string EncodeSourcePart(const SourcePart& part);
Result<SourcePart> DecodeSourcePart(std::string_view body);

// Which part: `nonce` tells those of one enterprise and hour apart.
struct SourcePartName {
  uint32_t enterprise = 0;
  uint32_t hour = 0;
  uint64_t nonce = 0;
};
// Of the item of such an event. kMalformed.
Result<SourcePartName> SourcePartNameOf(const LogItem& item);

// Adds the events of parts of our own, all of one hour, and the row that finds them: parts are kept
// once, in the log. Each has an enterprise of its own.
struct PartOf {
  uint32_t enterprise = 0;
  SourcePart part;
};
void AddSourceParts(Change& change, uint32_t hour, uint64_t nonce, std::span<const PartOf> parts);

// The keys of the rows that find the parts in a record; none: it has none. A record of our own is
// at the version of its row; one of a child at the position in its key. kMalformed,
// kFormatVersion: an event is none.
Result<std::vector<std::string>> SourceRowKeys(uint32_t origin, const LogRecord& record);

// Tells `each` of the parts of the hours [from, until), record by record. kCorrupt.
using EachPart = std::function<Status(const SourcePartName& name, std::string_view body)>;
Status EachSourcePart(const Rows& rows, uint32_t origin, uint32_t from, uint32_t until,
                      const EachPart& each);

}  // namespace idnode
