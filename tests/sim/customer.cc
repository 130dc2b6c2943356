#include "tests/sim/customer.h"

#include <array>
#include <memory>
#include <optional>

#include "storage/counters.h"
#include "storage/day_filing.h"
#include "storage/directory.h"
#include "storage/registry.h"

namespace idnode::sim {
namespace {

constexpr uint64_t kKeys = 12;
constexpr uint32_t kEnterprises = 3;
constexpr std::string_view kNodePrefix = "88.118.5";

OperationId OperationOf(uint64_t number) {
  OperationId id{};
  for (size_t i = 0; i < 8; ++i) id[i] = static_cast<char>(number >> 8 * i);
  return id;
}

}  // namespace

void Customer::Request(SimNode& node, Chance& chance, Time now) {
  switch (chance.Below(9)) {
    case 0:
      return Enrol(node, chance, now);
    case 1:
      return Tally(node, chance, now);
    case 2:
      return FileDay(node, now);
    default:
      return Register(node, chance, now);
  }
}

void Customer::Register(SimNode& node, Chance& chance, Time now) {
  const uint64_t serial = chance.Below(kKeys);
  const std::string key = "H88.118.5/SN-" + std::to_string(serial);
  const auto enterprise = static_cast<uint32_t>(1 + serial % kEnterprises);
  const auto held = held_.find(key);
  Change change(now, "customer", OperationOf(++operations_), Change::Mode::kTogether);
  std::string record;
  EncodeRecord({.enterprise = enterprise, .created = 1, .modified = now.seconds()}, record);
  const bool removes = held != held_.end() && chance.OneIn(3);
  const bool replaces = held != held_.end() && !removes && !chance.OneIn(4);
  if (removes) {
    AddRemove(change, key, enterprise, held->second);
  } else if (replaces) {
    AddReplace(change, key, enterprise, record, held->second);
  } else {
    AddCreate(change, key, enterprise, record);  // Refused if somebody holds it.
  }
  change.Seal();
  const Outcome outcome = node.Commit(change);
  Require(outcome.done() == (removes || replaces || held == held_.end()));
  if (!outcome.done()) return;
  if (chance.OneIn(5)) Require(node.Commit(change).repeated);  // A caller that heard no answer.
  book_.created += !removes && !replaces;
  book_.replaced += replaces;
  book_.removed += removes;
  if (removes) {
    held_.erase(key);
  } else {
    held_[key] = outcome.position;
  }
}

void Customer::Enrol(SimNode& node, Chance& chance, Time now) {
  const auto number = static_cast<uint32_t>(1 + chance.Below(kEnterprises));
  const auto version = [&](const std::map<uint32_t, Position>& rows) {
    const auto row = rows.find(number);
    return row == rows.end() ? std::nullopt : std::optional(row->second);
  };
  const std::string text = std::to_string(number);
  Change change(now, "operator", OperationId{}, Change::Mode::kTogether);
  AddPutEnterprise(
      change,
      {.number = number,
       .code = "E" + text,
       .name = "Factory " + text,
       .state = chance.OneIn(4) ? EnterpriseState::kSuspended : EnterpriseState::kActive},
      version(enterprises_));
  AddPutPrefix(change,
               {.prefix = {Scheme::kHandle, "88.118.5." + text},
                .enterprise = number,
                .state = chance.OneIn(4) ? PrefixState::kSuspended : PrefixState::kActive},
               version(prefixes_));
  change.Seal();
  const Outcome outcome = node.Commit(change);
  Require(outcome.done());
  enterprises_[number] = prefixes_[number] = outcome.position;
}

void Customer::Tally(SimNode& node, Chance& chance, Time now) {
  const auto delta = static_cast<int64_t>(1 + chance.Below(1'000));
  const std::array<TallyRow, 1> rows = {
      {{{kOwn, Metric::kResolutions, static_cast<uint32_t>(1 + chance.Below(kEnterprises)),
         TrafficClass::kExternal, ResolutionOutcome::kFound},
        now.hour(),
        delta}}};
  Change change(now, "node", OperationId{}, Change::Mode::kTogether);
  AddTally(change, rows);
  change.Seal();
  Require(node.Commit(change).done());
  book_.resolved += delta;
}

void Customer::FileDay(SimNode& node, Time now) {
  constexpr uint32_t kFirstDay = 15'000;  // Long ago: the clock of neither node matters.
  const std::string day = DayText(kFirstDay + days_++), own = OwnFilingKey(kNodePrefix);
  Change change(now, "node", OperationId{}, Change::Mode::kTogether);
  AddOwnFiling(change, EventKind::kDayPut, {FilingTable::kOwnStatistics, DayKeyOf(day, own)},
               "statistics of " + day);
  AddOwnFiling(change, EventKind::kDayPut, {FilingTable::kOwnMonitoring, DayKeyOf(day, own)},
               "monitoring of " + day);
  AddOwnFiling(change, EventKind::kIncidentPut,
               {FilingTable::kOwnIncident, DayKeyOf(day, own, "N-1")}, "incident of " + day);
  change.Seal();
  Require(node.Commit(change).done());
}

}  // namespace idnode::sim
