#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/filings.h"

namespace idnode {

// Incidents as the node above wants to hear of them at once (spec/secondary-node.md 5.5): something
// is abnormal, and later it is well again. Both are rows of tables 23 and 24, which never change.

enum class IncidentKind : uint8_t { kAbnormal = 1, kRecovered = 2 };
enum class IncidentCause : uint8_t { kNetwork = 1, kSystem = 2, kAttack = 3, kOther = 4 };
std::string_view NameOf(IncidentKind kind);    // "abnormal", "recovered".
std::string_view NameOf(IncidentCause cause);  // "network", "system", "attack", "other".
Result<IncidentCause> ParseIncidentCause(std::string_view name);

inline constexpr size_t kIncidentDetailOctetsMax = 1'024;
// What was meant to be so is an incident of cause kOther whose detail begins with this.
inline constexpr std::string_view kPlanned = "planned: ";

struct IncidentEvent {
  IncidentKind kind = IncidentKind::kAbnormal;
  std::string number;  // Of this event. 20261122T081502Z-upstream-3f9a1c
  std::string closes;  // Of kRecovered: the number of what it ends.
  uint64_t at = 0;     // Seconds since 1970-01-01 UTC.
  IncidentCause cause = IncidentCause::kOther;
  std::string detail;

  bool planned() const { return detail.starts_with(kPlanned); }
  friend bool operator==(const IncidentEvent&, const IncidentEvent&) = default;
};

// A number that nobody has had: moment, what it is about ("upstream", "child-6f1c0a2b"), chance.
std::string IncidentNumber(uint64_t at, std::string_view about, uint32_t chance);
// What it is about, by its number.
std::string_view AboutOf(std::string_view number);

// Of the row of that key. kMalformed.
Status CheckIncident(const IncidentEvent& event, std::string_view key);
std::string EncodeIncident(const IncidentEvent& event);
// kMalformed, kFormatVersion. Not held against a key.
Result<IncidentEvent> DecodeIncident(std::string_view body);

// Adds an event of this node's own.
FilingName IncidentNameOf(const IncidentEvent& event, std::string_view node_prefix);
void AddIncident(Change& change, const IncidentEvent& event, std::string_view node_prefix);

// What of this node is abnormal and was not said to be well again, by number.
Result<std::map<std::string, IncidentEvent>> ReadOpenIncidents(const Rows& rows);

}  // namespace idnode
