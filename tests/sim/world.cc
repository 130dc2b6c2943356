#include "tests/sim/world.h"

#include <map>
#include <optional>
#include <utility>

#include "storage/audit.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"
#include "storage/registry.h"
#include "sync/upstream/acknowledged.h"

namespace idnode::sim {
namespace {

constexpr const char* kNodeId = "0123456789abcdef0123456789abcdef";
constexpr uint32_t kNumber = 5;
constexpr uint64_t kCredit = 4'000;  // Some ten records: it runs out often.
constexpr uint64_t kHourMs = 3'600'000;
constexpr PumpOptions kPumpOptions{.records_per_send_max = 4, .octets_per_send_max = 1'500};

constexpr const char* kPrefix = "88.118.5";

uint64_t OctetsOf(const std::vector<std::string>& records, const std::vector<Filing>& filings) {
  uint64_t octets = 0;
  for (const std::string& record : records) octets += record.size();
  for (const Filing& filing : filings) octets += filing.octets();
  return octets;
}

// What is filed of a prefix: the version of its row, as long as it is active.
Result<std::optional<FiledValue>> FiledOf(std::string_view row) {
  const auto split = SplitVersion(row);
  const auto prefix = DecodePrefix(split->body);
  Require(prefix.ok());
  if (prefix->state != PrefixState::kActive) return std::optional<FiledValue>();
  return std::optional(FiledValue{"as of " + std::to_string(split->version.value), split->version});
}

// What is filed of days, with the record that made it.
std::map<std::string, std::pair<std::string, uint64_t>> DaysOf(const SimNode& node, uint32_t child,
                                                               FilingTable table) {
  std::map<std::string, std::pair<std::string, uint64_t>> rows;
  const Status read = EachFiling(node.rows(), child, table, {}, [&](const FiledRow& row) {
    const Position made = child == kOwn ? row.version : row.position;
    rows[row.name.key] = {row.body, made.value};
    return true;
  });
  Require(read.ok());
  return rows;
}

// A wrong peer, or a wrong network: the next message comes twice, or after the one behind it.
template <class Message>
void PerturbFront(std::deque<Message>& messages, bool twice) {
  if (messages.empty()) return;
  if (twice) {
    messages.push_front(Message(messages.front()));
  } else if (messages.size() > 1) {
    std::swap(messages[0], messages[1]);
  }
}

}  // namespace

World::World(uint64_t seed) : chance_(seed) {
  OpenPump();
  Change docking(now_, "operator", OperationId{}, Change::Mode::kTogether);
  AddDockChild(docking, {.number = kNumber,
                         .node_id = kNodeId,
                         .name = "factory",
                         .prefix = kPrefix,
                         .token_id = "00112233aabbccdd",
                         .docked = now_});
  docking.Seal();
  Require(above_.Commit(docking).done());
  above_.BackUp();
}

void World::Step() {
  AdvanceClock();
  switch (chance_.Below(10)) {
    case 0:
      if (!calm_) Disturb();
      return;
    case 1:
    case 2:
      if (calm_) return;
      customer_.Request(below_, chance_, now_);
      ++seen_.changes;
      if (pump_) Perform(pump_->OnCommitted(below_.head()));
      return;
    case 3:
    case 4:
      return DeliverDown();
    case 5:
    case 6:
      return CommitNext();
    case 7:
      if (!connected_) return Connect();
      if (!std::exchange(writing_, false)) return;
      return Perform(pump_->OnSent());
    default:
      return DeliverUp();
  }
}

void World::Disturb() {
  switch (chance_.Below(10)) {
    case 0:
    case 1:
      return Break();
    case 2:
      ++seen_.doubled;
      return PerturbFront(up_, /*twice=*/true);
    case 3:
      return PerturbFront(up_, /*twice=*/false);
    case 4:
      ++seen_.doubled;
      return PerturbFront(down_, chance_.OneIn(2));
    case 5:
      return CutPowerBelow();
    case 6:
      return CutPowerAbove();
    case 7:
      return above_.BackUp();
    case 8:
      return RestoreAbove();
    default:
      now_.ms += chance_.OneIn(2) ? kHourMs : -kHourMs;
  }
}

void World::AdvanceClock() { now_.ms += chance_.Below(5'000); }

// The child dials; its Hello is the first word.
void World::Connect() {
  Require(up_.empty() && down_.empty());
  connected_ = true;
  ++stream_;
  inbox_.reset();
  (void)pump_->OnCommitted(below_.head());
  up_.push_back({.hello = true, .first = below_.head(), .records = {}, .filings = {}});
}

void World::Break() {
  seen_.breaks += connected_;
  connected_ = false;
  welcomed_ = false;
  writing_ = false;
  up_.clear();
  down_.clear();
  pump_->OnDisconnected();
  // The parent may notice much later: what it has taken is decided all the same.
}

void World::CutPowerBelow() {
  ++seen_.crashes;
  Break();
  below_.CutPower();
  OpenPump();
  set_back_ |= seen_.setbacks > 0;  // It may remember what was acknowledged before the setback.
}

// A node remembers over its own restart what was acknowledged, or a little less.
void World::OpenPump() {
  const auto acknowledged = ReadAcknowledged(below_.rows(), below_.head());
  Require(acknowledged.ok());
  pump_.emplace(kPumpOptions, acknowledged->position);
}

void World::Acknowledge(Position position) {
  below_.PutLocal(keyspace::kUpstreamAcked, EncodeAcknowledged({.position = position}));
}

void World::CutPowerAbove() {
  ++seen_.crashes;
  Break();
  inbox_.reset();
  // Either the change had reached the disk and nobody was told, or it had not.
  if (!in_ledger_.empty() && chance_.OneIn(2)) (void)above_.Commit(*in_ledger_.front().change);
  in_ledger_.clear();
  above_.CutPower();
}

// Somebody stops the parent and starts it from the last backup there is.
void World::RestoreAbove() {
  ++seen_.restores;
  Break();
  inbox_.reset();
  in_ledger_.clear();
  above_.Restore();
  set_back_ = true;
}

void World::Perform(Pump::Send send) {
  if (!send.any()) return;
  auto records = below_.log().Read(Position{send.from.value + 1},
                                   send.through.value - send.from.value, send.octets_max);
  Require(records.ok() && !records->empty());
  if (records->front().size() > send.first_octets_max) {
    return Perform(pump_->OnTooLarge(records->front().size()));
  }
  const Position first{send.from.value + 1};
  auto fed = FeedFilings(Values(), kPrefix, first, *std::move(records), send.octets_max,
                         send.first_octets_max);
  Require(fed.ok() && !fed->left_out);
  if (fed->wanted > 0) return Perform(pump_->OnTooLarge(fed->wanted));
  seen_.filings += fed->filings.size();
  pump_->OnTaken(Position{send.from.value + fed->records.size()}, fed->octets);
  up_.push_back(
      {.first = first, .records = std::move(fed->records), .filings = std::move(fed->filings)});
  writing_ = true;
}

FiledValues World::Values() const {
  FiledValues values;
  values.read = [this](const FilingName& name) -> Result<std::optional<FiledValue>> {
    if (IsOfDays(name.table)) {
      const auto day = ReadFiling(below_.rows(), kOwn, name);
      Require(day.ok() && day->has_value());
      return std::optional(FiledValue{(*day)->body, (*day)->version});
    }
    std::string row;
    const auto found = below_.rows().Get(Table::kDirectory, "P" + name.key, Reach::kDisk, row);
    Require(found.ok() && name.table == FilingTable::kRouting);
    return *found ? FiledOf(row) : std::optional<FiledValue>();
  };
  return values;
}

void World::DeliverUp() {
  if (up_.empty()) return;
  const Up message = std::move(up_.front());
  up_.pop_front();
  if (message.hello != !inbox_.has_value()) {
    ++seen_.refusals;
    return Break();
  }
  message.hello ? HearHello() : HearEvents(message);
}

void World::HearHello() {
  auto child = FindChild(above_.rows(), kNodeId);
  Require(child.ok());
  down_.push_back({.welcome = true, .position = child->head, .tip = child->tip, .credit = kCredit});
  inbox_.emplace(above_.rows(), *std::move(child));
}

void World::HearEvents(const Up& events) {
  if (inbox_->under_way()) return up_.push_front(events);  // Received, and waiting for its turn.
  const std::vector<std::string_view> records(events.records.begin(), events.records.end());
  auto change = inbox_->Take(events.first, records, now_, events.filings);
  const uint64_t octets = OctetsOf(events.records, events.filings);
  if (!change) {
    ++seen_.refusals;
    Require(change.error().code == Errc::kGap);  // Nothing here forges.
    Break();
  } else if (*change) {
    in_ledger_.push_back({*change, stream_, octets});
  } else {
    down_.push_back({.position = inbox_->child().head, .credit = octets});
  }
}

// The ledger decides the change at the front of its queue, whoever is still there to hear of it.
void World::CommitNext() {
  if (in_ledger_.empty()) return;
  const UnderWay next = std::move(in_ledger_.front());
  in_ledger_.pop_front();
  const bool heard = connected_ && inbox_ && next.stream == stream_;
  Outcome outcome{.kind = Outcome::Kind::kBusy};
  if (calm_ || !chance_.OneIn(10)) outcome = above_.Commit(*next.change);
  if (!heard) return;
  const Status stored = inbox_->OnOutcome(outcome);
  if (stored) {
    down_.push_back({.position = inbox_->child().head, .credit = next.octets});
    if (chance_.OneIn(2)) CheckEvaluation();
  } else {
    seen_.conflicts += stored.error().code == Errc::kConflict;
    Break();
  }
}

// What is kept up to date from change to change is what all rows come to.
void World::CheckEvaluation() {
  const auto kept = inbox_->Evaluate();
  const auto totals = ReadTotals(above_.rows(), kNumber);
  const auto connected = ConnectedEnterprises(above_.rows(), kNumber);
  Require(kept.ok() && totals.ok() && connected.ok());
  const Evaluation counted = EvaluationOf(*totals, kAllEnterprises, *connected);
  Require(kept->registered_gross == counted.registered_gross);
  Require(kept->registered == counted.registered);
  Require(kept->resolutions == counted.resolutions);
  Require(kept->resolution_requests == counted.resolution_requests);
  Require(kept->connected_enterprises == counted.connected_enterprises);
  seen_.evaluations += kept->connected_enterprises > 0;
}

void World::DeliverDown() {
  if (down_.empty()) return;
  const Down message = down_.front();
  down_.pop_front();
  if (message.welcome != !welcomed_) {
    ++seen_.refusals;
    return Break();
  }
  if (message.welcome) return HearWelcome(message);
  const Pump::Acked acked = pump_->OnAcked(message.position, message.credit);
  if (!acked.ok) {
    ++seen_.refusals;
    return Break();
  }
  Acknowledge(message.position);
  Perform(acked.send);
}

void World::HearWelcome(const Down& welcome) {
  if (welcome.position.value > 0) {
    const auto ours = below_.log().Read(welcome.position, 1, 1);
    Require(ours.ok() && LeafHash(ours->front()) == welcome.tip);
  }
  const Pump::Resumption resumption = pump_->OnConnected(welcome.position, welcome.credit);
  Require(resumption != Pump::Resumption::kImpossible);
  const bool set_back = resumption == Pump::Resumption::kSetBack;
  // Nothing else takes an acknowledgement back: no crash, no doubled or late message.
  Require(!set_back || set_back_);
  seen_.setbacks += set_back;
  set_back_ = false;
  welcomed_ = true;
  Acknowledge(welcome.position);
  Perform(pump_->Next());
}

bool World::ComeToRest() {
  calm_ = true;
  Break();
  for (int steps = 0; steps < 20'000; ++steps) {
    if (connected_ && in_ledger_.empty() && up_.empty() && down_.empty() && !writing_ &&
        pump_->lag() == 0 && inbox_) {
      return true;
    }
    Step();
  }
  return false;
}

// What is filed is what is there, and came with the record that made it.
std::string World::FilingDifferences() const {
  std::map<std::string, FiledValue> expected;
  const auto rows = below_.rows().Scan(Table::kDirectory, "P", "Q");
  for (; rows->Valid(); rows->Next()) {
    const auto value = FiledOf(rows->value());
    if (*value) expected.emplace(rows->key().substr(1), **value);
  }
  std::string difference;
  const Status read =
      EachFiling(above_.rows(), kNumber, FilingTable::kRouting, {}, [&](const FiledRow& row) {
        const auto at = expected.find(row.name.key);
        if (at == expected.end()) {
          difference = "a row that is not there";
        } else if (at->second.body != row.body || at->second.version != row.position) {
          difference = "a row of another time";
        } else {
          expected.erase(at);
        }
        return difference.empty();
      });
  if (!read) return "filings cannot be read";
  if (difference.empty() && !expected.empty()) difference = "a row was not filed";
  for (const FilingTable table :
       {FilingTable::kOwnStatistics, FilingTable::kOwnMonitoring, FilingTable::kOwnIncident}) {
    if (difference.empty() && DaysOf(below_, kOwn, table) != DaysOf(above_, kNumber, table)) {
      difference = "a day or an incident";
    }
  }
  return difference;
}

std::string World::Differences() {
  const auto child = FindChild(above_.rows(), kNodeId);
  if (!child) return "no child";
  if (child->head != below_.head()) return "heads";
  if (child->tree.Root() != below_.tree_head().root) return "roots";

  const auto log = below_.rows().Scan(Table::kLog, {}, {});
  const auto held = above_.rows().Scan(Table::kChildren, keyspace::ChildLog(kNumber, {}),
                                       keyspace::ChildLog(kNumber, Position{UINT64_MAX}));
  for (; log->Valid() && held->Valid(); log->Next(), held->Next()) {
    if (SplitVersion(held->value())->body != log->value()) return "the octets of a record";
  }
  if (log->Valid() || held->Valid()) return "the number of records";

  Sums own, reported = *ReadTotals(above_.rows(), kNumber);
  const Sums own_totals = *ReadTotals(below_.rows(), kOwn);
  for (const auto& [figure, sum] : own_totals) {
    Figure as_above = figure;
    as_above.origin = kNumber;
    own[as_above] = sum;
  }
  if (own != reported) return "totals";

  const auto go_on = [](uint64_t, uint64_t) { return true; };
  const auto recount_below = RecountOwn(below_.rows(), go_on);
  const auto recount_above = RecountChild(above_.rows(), kNumber, go_on);
  if (!recount_below || !recount_above) return "a recount fails";
  if (!recount_below->differences.empty())
    return "recount below: " + recount_below->differences[0].what;
  if (!recount_above->differences.empty())
    return "recount above: " + recount_above->differences[0].what;

  if (auto difference = FilingDifferences(); !difference.empty()) return difference;

  const Evaluation evaluation = EvaluationOf(reported, kAllEnterprises, 0);
  const Customer::Book& book = customer_.book();
  if (evaluation.registered_gross != book.created || evaluation.resolutions != book.resolved ||
      evaluation.registered != book.created - book.removed) {
    return "the customer's own book";
  }
  return {};
}

}  // namespace idnode::sim
