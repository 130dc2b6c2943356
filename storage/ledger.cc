#include "storage/ledger.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "proto/base/guarded.h"
#include "proto/base/limits.h"
#include "storage/apply.h"
#include "storage/chain.h"
#include "storage/change_queue.h"
#include "storage/decider.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"
#include "storage/watermark.h"

namespace idnode {
namespace {

Outcome Refused(Outcome::Kind kind, Errc why) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.why = why;
  return outcome;
}

Digest RootOf(const Change& change, std::span<const uint8_t> done, const Outcome& outcome) {
  if (outcome.items.empty()) return change.root();
  std::vector<Digest> digests;
  for (size_t i = 0; i < done.size(); ++i) {
    if (done[i]) digests.push_back(change.items()[i].digest);
  }
  return TreeHash(digests);
}

class GroupLedger : public Ledger {
 public:
  GroupLedger(Engine& engine, CommitLog& log, const LedgerOptions& options, Chain chain,
              CommitLog::Tail tail, std::unique_ptr<Watermark> watermark)
      : engine_(engine),
        log_(log),
        options_(options),
        queue_({options.queue_items_max, options.queue_octets_max}),
        decider_(engine),
        chain_(std::move(chain)),
        epoch_(tail.epoch),
        watermark_(std::move(watermark)) {
    Publish();
  }
  ~GroupLedger() override { Stop(); }

  void AddObserver(Observer* observer) override {
    Require(!thread_.joinable());
    observers_.push_back(observer);
  }

  void Start() override {
    Require(!thread_.joinable());
    thread_ = std::thread([this] { Run(); });
  }

  void Submit(std::shared_ptr<const Change> change, Completion completion) override {
    Require(change && change->sealed());
    if (const auto refusal = Refusal(*change)) return completion(*refusal);
    PendingChange pending{std::move(change), std::move(completion)};
    switch (queue_.Put(pending)) {
      case ChangeQueue::Entry::kTaken:
        return;
      case ChangeQueue::Entry::kFull:
        busy_.fetch_add(1, std::memory_order_relaxed);
        return pending.completion(Refused(Outcome::Kind::kBusy, Errc::kBusy));
      case ChangeQueue::Entry::kClosed:
        return pending.completion(Refused(Outcome::Kind::kReadOnly, Errc::kShuttingDown));
    }
  }

  void Refuse(Errc why) override { refusing_ = ItemOctet(why); }
  void Allow() override { refusing_ = 0; }

  void PutLocal(std::string_view key, std::string_view row) override {
    local_.With([&](LocalRows& rows) { rows.insert_or_assign(std::string(key), row); });
    queue_.Wake();
  }

  void Stop() override {
    std::call_once(stopped_, [this] {
      queue_.Close();
      if (!thread_.joinable()) {
        Run();
      } else {
        thread_.join();
      }
      if (watermark_) (void)watermark_->Stop();
    });
  }

  Position head() const override { return Position{head_.load(std::memory_order_acquire)}; }

  TreeHead tree_head() const override {
    const Frontier tree = tree_.With([](const Frontier& now) { return now; });
    return {tree.size(), tree.Root()};
  }

  Figures figures() const override {
    Figures figures;
    figures.groups = groups_.load(std::memory_order_relaxed);
    figures.changes = changes_.load(std::memory_order_relaxed);
    figures.items = items_.load(std::memory_order_relaxed);
    figures.refused = refused_.load(std::memory_order_relaxed);
    figures.busy = busy_.load(std::memory_order_relaxed);
    figures.queued_items = queue_.items();
    figures.writable = refusing_ == 0 && !Broken();
    return figures;
  }

 private:
  using LocalRows = std::map<std::string, std::string, std::less<>>;

  std::optional<Outcome> Refusal(const Change& change) const {
    const size_t items = change.items().size();
    if (items == 0) return Refused(Outcome::Kind::kRefused, Errc::kMissingField);
    const size_t record =
        kThinFixedOctets + change.actor().size() + items * kThinItemOctets + change.event_octets();
    if (items > std::min(limits::kItemsPerChangeMax, options_.queue_items_max) ||
        change.octets() > std::min(limits::kChangeOctetsMax, options_.queue_octets_max) ||
        record > limits::kLogRecordOctetsMax) {
      return Refused(Outcome::Kind::kRefused, Errc::kTooLarge);
    }
    if (const uint8_t why = refusing_) {
      return Refused(Outcome::Kind::kReadOnly, static_cast<Errc>(why - 1));
    }
    return Broken();
  }

  // Nothing: it is whole.
  std::optional<Outcome> Broken() const {
    switch (state_.load()) {
      case State::kWhole:
        return std::nullopt;
      case State::kFenced:
        return Refused(Outcome::Kind::kNotLeader, Errc::kNotLeader);
      case State::kBroken:
        break;
    }
    return Refused(Outcome::Kind::kReadOnly, Errc::kIo);
  }

  void Run() {
    const ChangeQueue::Limits limits{options_.group_items_max, options_.group_octets_max};
    while (queue_.Take(limits, group_)) {
      if (watermark_ && watermark_->failed()) state_ = State::kBroken;
      if (const auto broken = Broken()) {
        AnswerAll(*broken);
      } else {
        CommitGroup();
      }
    }
    if (!Broken()) CommitGroup();  // No change is left, but perhaps local rows.
  }

  void CommitGroup() {
    rows_.Clear();
    entry_count_ = 0;
    if (decisions_.size() < group_.size()) decisions_.resize(group_.size());
    for (size_t i = 0; i < group_.size(); ++i) {
      const Change& change = *group_[i].change;
      decider_.Decide(change, Position{chain_.head().value + 1}, chain_.latest_day(),
                      decisions_[i]);
      if (decisions_[i].writes()) Record(change, decisions_[i]);
    }
    AddLocalRows();
    if (entry_count_ == 0) {
      decider_.OnDurable();
      if (!rows_.empty() && !engine_.Write(rows_, Engine::Durability::kBuffered)) {
        state_ = State::kBroken;
      }
      return Answer();
    }
    chain_.PutApplied(rows_);
    switch (log_.Append(epoch_, head(), std::span(entries_).first(entry_count_), rows_)) {
      case CommitLog::Outcome::kDurable:
        return OnDurable();
      case CommitLog::Outcome::kFenced:
        state_ = State::kFenced;
        return AnswerAll(Refused(Outcome::Kind::kNotLeader, Errc::kNotLeader));
      case CommitLog::Outcome::kUnknown:
        state_ = State::kBroken;
        return AnswerAll(Refused(Outcome::Kind::kUnknown, Errc::kUnknownOutcome));
    }
  }

  // The log entry of a decided change, and the rows that it means.
  void Record(const Change& change, const Decider::Decision& decision) {
    const Outcome& outcome = decision.outcome;
    if (entry_count_ == entries_.size()) entries_.emplace_back();
    LogEntry& entry = entries_[entry_count_++];
    entry.position = outcome.position;
    entry.thin.clear();
    EncodeThin(outcome.position, chain_.tip(), change, decision.done,
               RootOf(change, decision.done, outcome), entry.thin);
    entry.effects.clear();
    if (log_.wants_effects()) {
      EncodeEffects(change, decision.done, outcome.items, entry.effects);
    }
    Apply(outcome.position, change, decision.done, rows_);
    const std::string_view outcomes(reinterpret_cast<const char*>(outcome.items.data()),
                                    outcome.items.size());
    chain_.Append(
        entry.thin,
        {change.time(), change.operation(), static_cast<uint32_t>(change.items().size()), outcomes},
        rows_);
  }

  void AddLocalRows() {
    local_.With([&](LocalRows& local) {
      for (const auto& [key, row] : local) rows_.Put(Table::kLocal, key, row);
      local.clear();
    });
  }

  void OnDurable() {
    decider_.OnDurable();
    Publish();
    if (watermark_) watermark_->Follow({chain_.head(), chain_.tip()});
    for (size_t i = 0; i < group_.size(); ++i) {
      if (!decisions_[i].writes()) continue;
      for (Observer* observer : observers_) {
        observer->OnApplied(*group_[i].change, decisions_[i].done, decisions_[i].outcome.position);
      }
    }
    groups_.fetch_add(1, std::memory_order_relaxed);
    Answer();
    for (Observer* observer : observers_) observer->OnCommitted(chain_.head());
  }

  void Publish() {
    tree_.With([&](Frontier& tree) { tree = chain_.tree(); });
    head_.store(chain_.head().value, std::memory_order_release);
  }

  // Tells everybody what was decided.
  void Answer() {
    Count();
    queue_.Release(group_);
    for (size_t i = 0; i < group_.size(); ++i) {
      group_[i].completion(decisions_[i].outcome);
    }
    group_.clear();
  }
  // Tells everybody the same.
  void AnswerAll(const Outcome& outcome) {
    queue_.Release(group_);
    for (const PendingChange& pending : group_) pending.completion(outcome);
    group_.clear();
  }

  void Count() {
    uint64_t changes = 0, items = 0, refused = 0;
    for (size_t i = 0; i < group_.size(); ++i) {
      if (!decisions_[i].outcome.done()) ++refused;
      if (!decisions_[i].writes()) continue;
      ++changes;
      for (uint8_t happened : decisions_[i].done) items += happened;
    }
    changes_.fetch_add(changes, std::memory_order_relaxed);
    items_.fetch_add(items, std::memory_order_relaxed);
    refused_.fetch_add(refused, std::memory_order_relaxed);
  }

  // What no one lifts: another writer, or a write of which nobody knows how it ended.
  enum class State : uint8_t { kWhole, kFenced, kBroken };

  Engine& engine_;
  CommitLog& log_;
  const LedgerOptions options_;
  std::vector<Observer*> observers_;
  ChangeQueue queue_;
  Guarded<LocalRows> local_;
  std::atomic<uint8_t> refusing_ = 0;  // ItemOctet of the reason; 0: not.
  std::atomic<State> state_ = State::kWhole;
  std::atomic<uint64_t> head_ = 0;
  Guarded<Frontier> tree_;
  std::atomic<uint64_t> groups_ = 0, changes_ = 0, items_ = 0, refused_ = 0, busy_ = 0;
  std::once_flag stopped_;

  // The ledger's thread's; their memory is reused from group to group.
  Decider decider_;
  Chain chain_;  // Ahead of head_ while a group is under way.
  const uint64_t epoch_;
  const std::unique_ptr<Watermark> watermark_;
  std::vector<PendingChange> group_;
  std::vector<Decider::Decision> decisions_;
  std::vector<LogEntry> entries_;
  size_t entry_count_ = 0;
  Batch rows_;

  std::thread thread_;
};

// The engine must have come back with everything that the watermark saw on disk.
Status HoldAgainst(const Rows& rows, Position head, const WatermarkMark& mark) {
  if (mark.position == Position{}) return {};
  if (head < mark.position) {
    return Error{Errc::kShortLog, "the log ends before the durability watermark"};
  }
  std::string record;
  const auto found = rows.Get(Table::kLog, keyspace::Log(mark.position), Reach::kDisk, record);
  if (!found) return found.error();
  if (!*found || LeafHash(record) != mark.tip) {
    return Error{Errc::kShortLog, "the log has another record at the durability watermark"};
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::Open(Engine& engine, CommitLog& log,
                                             const std::string& watermark_file,
                                             const LedgerOptions& options) {
  const auto tail = log.Open();
  if (!tail) return tail.error();
  auto chain = Chain::Open(engine);
  if (!chain) return chain.error();
  if (chain->head() != tail->position) {
    return Error{Errc::kCorrupt, "the engine is not where the log ends"};
  }
  std::unique_ptr<Watermark> watermark;
  if (!watermark_file.empty()) {
    auto opened = Watermark::Open(watermark_file, options.watermark_ms);
    if (!opened) return opened.error();
    watermark = *std::move(opened);
    auto held = HoldAgainst(engine, chain->head(), watermark->recovered());
    if (!held) return held.error();
    if (chain->head() > watermark->recovered().position) {
      watermark->Follow({chain->head(), chain->tip()});
    }
  }
  return std::unique_ptr<Ledger>(std::make_unique<GroupLedger>(
      engine, log, options, *std::move(chain), *tail, std::move(watermark)));
}

Outcome Ledger::Commit(std::shared_ptr<const Change> change) {
  // Shared: the waiter may be gone before set_value has returned on the ledger's thread.
  const auto promise = std::make_shared<std::promise<Outcome>>();
  auto outcome = promise->get_future();
  Submit(std::move(change), [promise](const Outcome& decided) { promise->set_value(decided); });
  return outcome.get();
}

}  // namespace idnode
