#include "storage/decider.h"

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string_view>

#include "proto/base/reader.h"
#include "storage/checksum.h"
#include "storage/keyspace.h"
#include "storage/operations.h"
#include "storage/serial_range.h"

namespace idnode {
namespace {

// The version of a row that is not there.
constexpr uint64_t kAbsent = 0;

constexpr size_t kItemsWorthForeseeing = 8;

struct RowName {
  Table table;
  std::string_view key;
  friend bool operator==(const RowName&, const RowName&) = default;
};
struct HashRowName {
  using is_avalanching = void;  // NOLINT(readability-identifier-naming): Boost asks for it.
  size_t operator()(const RowName& name) const {
    return Checksum(name.key) ^ static_cast<size_t>(name.table);
  }
};
struct HashText {
  using is_avalanching = void;  // NOLINT(readability-identifier-naming): Boost asks for it.
  using is_transparent = void;  // NOLINT(readability-identifier-naming): Boost asks for it.
  size_t operator()(std::string_view text) const { return Checksum(text); }
};
struct HashOperation {
  using is_avalanching = void;  // NOLINT(readability-identifier-naming): Boost asks for it.
  size_t operator()(const OperationId& id) const { return Checksum({id.data(), id.size()}); }
};

// Rows of which one moment's conditions ask again and again: the prefix under which somebody
// registers a million identifiers, the ranges of the product whose serials they are, the state of
// the child that sends them.
bool IsCached(Table table, std::string_view key) {
  return table == Table::kDirectory || (table == Table::kRanges && IsRangeSetKey(key)) ||
         (table == Table::kChildren && key.starts_with('S'));
}

}  // namespace

// What the group under way will have written.
class Decider::Group {
 public:
  std::optional<uint64_t> Find(const RowName& name) const {
    const auto found = versions_.find(name);
    if (found == versions_.end()) return std::nullopt;
    return found->second;
  }

  // What the engine holds; the group has not touched it.
  void Know(const RowName& name, uint64_t version) { versions_.try_emplace(name, version); }

  // `version` kAbsent: removed. Until Keep(), Undo() takes it back.
  void Set(const RowName& name, uint64_t version) {
    const auto [row, added] = versions_.try_emplace(name, version);
    undo_.emplace_back(name, added ? std::nullopt : std::optional(row->second));
    row->second = version;
  }
  void Keep() { undo_.clear(); }
  void Undo() {
    for (; !undo_.empty(); undo_.pop_back()) {
      const auto& [name, before] = undo_.back();
      if (before) {
        versions_[name] = *before;
      } else {
        versions_.erase(name);
      }
    }
  }

  struct Operation {
    uint16_t day;
    StoredOutcome outcome;
  };
  const Operation* FindOperation(const OperationId& id, uint16_t day) const {
    const auto found = operations_.find(id);
    if (found == operations_.end()) return nullptr;
    const int apart = static_cast<int>(found->second.day) - day;
    return apart >= -1 && apart <= 1 ? &found->second : nullptr;
  }
  void SetOperation(const OperationId& id, uint16_t day, StoredOutcome outcome) {
    operations_[id] = {day, std::move(outcome)};
  }

  template <class F>
  void EachRow(F&& each) const {
    for (const auto& [name, version] : versions_) each(name, version);
  }
  void Clear() {
    versions_.clear();
    operations_.clear();
    undo_.clear();
  }

 private:
  boost::unordered_flat_map<RowName, uint64_t, HashRowName> versions_;
  boost::unordered_flat_map<OperationId, Operation, HashOperation> operations_;
  std::vector<std::pair<RowName, std::optional<uint64_t>>> undo_;
};

// Versions of rows as they are in the engine.
class Decider::VersionCache {
 public:
  std::optional<uint64_t> Find(const RowName& name) const {
    const auto& versions = Of(name.table);
    const auto found = versions.find(name.key);
    if (found == versions.end()) return std::nullopt;
    return found->second;
  }
  void Keep(const RowName& name, uint64_t version) {
    auto& versions = Of(name.table);
    if (versions.size() >= kRowsMax) versions.clear();
    versions.emplace(name.key, version);
  }
  void Update(const RowName& name, uint64_t version) {
    auto& versions = Of(name.table);
    const auto found = versions.find(name.key);
    if (found != versions.end()) found->second = version;
  }

 private:
  using Versions = boost::unordered_flat_map<std::string, uint64_t, HashText, std::equal_to<>>;
  // Some 100 octets a row: 6 MiB a table.
  static constexpr size_t kRowsMax = 65'536;

  Versions& Of(Table table) { return versions_[static_cast<size_t>(table)]; }
  const Versions& Of(Table table) const { return versions_[static_cast<size_t>(table)]; }

  std::array<Versions, kTableCount> versions_;  // Of most tables none is kept.
};

Decider::Decider(const Rows& rows)
    : rows_(rows), group_(std::make_unique<Group>()), cache_(std::make_unique<VersionCache>()) {}

Decider::~Decider() = default;

void Decider::Decide(const Change& change, Position next, uint16_t latest_day, Decision& decision) {
  decision.outcome = Outcome{.kind = Outcome::Kind::kRefused};
  decision.done.assign(change.items().size(), 0);
  if (Recall(change, latest_day, decision.outcome)) return;
  if (auto held = Hold(change, change.shared_conditions()); !held) {
    decision.outcome.why = held.error().code;
    return;
  }
  Foresee(change);
  DecideItems(change, next, decision);
  if (decision.outcome.done()) {
    group_->Keep();
    Remember(change, decision);
  } else {
    group_->Undo();
    std::fill(decision.done.begin(), decision.done.end(), 0);
  }
}

void Decider::DecideItems(const Change& change, Position next, Decision& decision) {
  Outcome& outcome = decision.outcome;
  size_t failed = 0;
  for (size_t i = 0; i < decision.done.size(); ++i) {
    if (auto held = Hold(change, change.conditions(i)); !held) {
      if (outcome.items.empty()) outcome.items.resize(decision.done.size());
      outcome.items[i] = ItemOctet(held.error().code);
      if (failed++ == 0) outcome.why = held.error().code;
      continue;
    }
    decision.done[i] = 1;
    for (const Change::Effect& effect : change.effects(i)) {
      if (!keyspace::HasVersion(effect.table)) continue;
      group_->Set({effect.table, change.Text(effect.key)}, effect.remove ? kAbsent : next.value);
    }
  }
  const bool happens =
      change.mode() == Change::Mode::kTogether ? failed == 0 : failed < decision.done.size();
  if (!happens) return;
  outcome.kind = Outcome::Kind::kDone;
  outcome.position = next;
}

// Reads the versions that the conditions of many items ask for in one go. What cannot be read here
// is read again, and refused, with its item.
void Decider::Foresee(const Change& change) {
  if (change.items().size() < kItemsWorthForeseeing) return;
  names_.clear();
  for (size_t i = 0; i < change.items().size(); ++i) {
    for (const Change::Condition& condition : change.conditions(i)) {
      const std::string_view key = change.Text(condition.key);
      if (condition.table == Table::kRecords && !group_->Find({condition.table, key})) {
        names_.push_back(key);
      }
    }
  }
  (void)rows_.GetMany(Table::kRecords, names_, [&](size_t place, auto row) {
    const uint64_t version = row ? Reader(*row).U64() : kAbsent;
    if (!row || version != kAbsent) group_->Know({Table::kRecords, names_[place]}, version);
  });
}

Status Decider::Hold(const Change& change, std::span<const Change::Condition> conditions) {
  for (const Change::Condition& condition : conditions) {
    if (condition.expect == Expect::kNoneBetween) {
      const Status none = HoldNoneBetween(condition.table, change.Text(condition.key),
                                          change.Text(condition.until));
      if (!none) return none;
      continue;
    }
    const auto version = VersionOf(condition.table, change.Text(condition.key));
    if (!version) return version.error();
    if (condition.expect == Expect::kAbsent) {
      if (*version != kAbsent) return Error{Errc::kExists, "condition: the row is there"};
      continue;
    }
    if (*version == kAbsent) return Error{Errc::kNotFound, "condition: the row is not there"};
    if (condition.expect == Expect::kVersion && *version != condition.version) {
      return Error{Errc::kConflict, "condition: the row has another version"};
    }
  }
  return {};
}

// What the engine has and the group under way has not removed, and what the group has put there.
Status Decider::HoldNoneBetween(Table table, std::string_view from, std::string_view until) {
  const Error there{Errc::kExists, "condition: a row lies between"};
  bool group_has_one = false;
  group_->EachRow([&](const RowName& name, uint64_t version) {
    group_has_one = group_has_one || (name.table == table && version != kAbsent &&
                                      name.key >= from && name.key < until);
  });
  if (group_has_one) return there;
  const auto cursor = rows_.Scan(table, from, until);
  for (; cursor->Valid(); cursor->Next()) {
    if (group_->Find({table, cursor->key()}) != kAbsent) return there;
  }
  return cursor->status();
}

Result<uint64_t> Decider::VersionOf(Table table, std::string_view key) {
  const RowName name{table, key};
  if (const auto version = group_->Find(name)) return *version;
  const bool cached = IsCached(table, key);
  if (cached) {
    if (const auto version = cache_->Find(name)) return *version;
  }
  const auto found = rows_.Get(table, key, Reach::kDisk, row_);
  if (!found) return found.error();
  uint64_t version = kAbsent;
  if (*found) {
    version = Reader(row_).U64();
    if (version == kAbsent) return Error{Errc::kCorrupt, "a row without a version"};
  }
  if (cached) cache_->Keep(name, version);
  return version;
}

bool Decider::Recall(const Change& change, uint16_t latest_day, Outcome& outcome) {
  if (!change.has_operation()) return false;
  std::optional<StoredOutcome> stored;
  if (const auto* known = group_->FindOperation(change.operation(), change.time().day())) {
    stored = known->outcome;
  } else {
    auto found = FindOperation(rows_, change.time(), latest_day, change.operation(), row_);
    if (!found) {
      outcome.why = found.error().code;
      return true;
    }
    stored = *std::move(found);
  }
  if (!stored) return false;
  if (stored->items != change.items().size()) {
    outcome.why = Errc::kConflict;  // The same id for another request.
    return true;
  }
  outcome.kind = Outcome::Kind::kDone;
  outcome.position = stored->position;
  outcome.items = std::move(stored->outcomes);
  outcome.repeated = true;
  return true;
}

void Decider::Remember(const Change& change, const Decision& decision) {
  if (!change.has_operation()) return;
  group_->SetOperation(change.operation(), change.time().day(),
                       {decision.outcome.position, static_cast<uint32_t>(change.items().size()),
                        decision.outcome.items});
}

void Decider::OnDurable() {
  group_->EachRow([&](const RowName& name, uint64_t version) {
    if (IsCached(name.table, name.key)) cache_->Update(name, version);
  });
  group_->Clear();
}

}  // namespace idnode
