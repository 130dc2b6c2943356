#include "storage/engine/memory_engine.h"

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <utility>

namespace idnode {
namespace {

using Sequence = uint64_t;

// A row's states, oldest first; nullopt where it was removed.
using Versions = std::vector<std::pair<Sequence, std::optional<std::string>>>;
using SortedRows = std::map<std::string, Versions, std::less<>>;

const std::string* At(const Versions& versions, Sequence sequence) {
  const auto after = std::upper_bound(
      versions.begin(), versions.end(), sequence,
      [](Sequence at, const Versions::value_type& version) { return at < version.first; });
  if (after == versions.begin()) return nullptr;
  const std::optional<std::string>& row = std::prev(after)->second;
  return row ? &*row : nullptr;
}

// Every state of every row that a view, or a power cut, could still ask for.
class History {
 public:
  Result<bool> Get(Table table, std::string_view key, Sequence at, std::string& value) const {
    std::shared_lock lock(mutex_);
    const SortedRows& rows = RowsOf(table);
    const auto row = rows.find(key);
    const std::string* found =
        row != rows.end() ? At(row->second, std::min(at, sequence_)) : nullptr;
    if (found) value.assign(*found);
    return found != nullptr;
  }

  // The first row with key > `from` (or >= it, with `inclusive`) and < `until`.
  bool Find(Table table, std::string_view from, bool inclusive, std::string_view until, Sequence at,
            std::string& key, std::string& value) const {
    std::shared_lock lock(mutex_);
    const SortedRows& rows = RowsOf(table);
    auto row = inclusive ? rows.lower_bound(from) : rows.upper_bound(from);
    for (; row != rows.end() && (until.empty() || row->first < until); ++row) {
      if (const std::string* found = At(row->second, at)) {
        value.assign(*found);
        key.assign(row->first);
        return true;
      }
    }
    return false;
  }

  // Keeps the state of `at`, which is pinned, or else of this moment.
  Sequence Pin(std::optional<Sequence> at) {
    std::unique_lock lock(mutex_);
    return *pinned_.insert(at.value_or(sequence_));
  }
  void Unpin(Sequence sequence) {
    std::unique_lock lock(mutex_);
    pinned_.erase(pinned_.find(sequence));
  }

  Status Write(Batch& batch, bool synced) {
    const std::vector<Batch::Row>& rows = batch.Sorted();
    std::unique_lock lock(mutex_);
    for (const Batch::Row& row : rows) {
      if (row.kind != Batch::Kind::kAdd) continue;
      if (auto sum = SumOf(row); !sum) return sum.error();
    }
    const Sequence next = sequence_ + 1;
    for (const Batch::Row& row : rows) Apply(row, next);
    sequence_ = next;
    if (synced) synced_ = next;
    Forget();
    return {};
  }

  void CopySyncedTo(History& other) const {
    std::shared_lock lock(mutex_);
    for (size_t table = 0; table < kTableCount; ++table) {
      for (const auto& [key, versions] : tables_[table]) {
        const std::string* row = At(versions, synced_);
        if (row) other.Set(static_cast<Table>(table), key, 0, *row);
      }
    }
  }

  uint64_t octets() const {
    std::shared_lock lock(mutex_);
    return octets_;
  }

 private:
  const SortedRows& RowsOf(Table table) const { return tables_[static_cast<size_t>(table)]; }
  SortedRows& RowsOf(Table table) { return tables_[static_cast<size_t>(table)]; }

  Result<int64_t> SumOf(const Batch::Row& row) const {
    const auto present = RowsOf(row.table).find(row.key);
    if (present == RowsOf(row.table).end()) return int64_t{0};
    const auto& value = present->second.back().second;
    return value ? DecodeSum(*value) : int64_t{0};
  }

  void Apply(const Batch::Row& row, Sequence next) {
    switch (row.kind) {
      case Batch::Kind::kPut:
        return Set(row.table, row.key, next, std::string(row.value));
      case Batch::Kind::kRemove:
        return Set(row.table, row.key, next, std::nullopt);
      case Batch::Kind::kRemoveRange: {
        SortedRows& rows = RowsOf(row.table);
        for (auto each = rows.lower_bound(row.key); each != rows.end() && each->first < row.value;
             ++each) {
          Set(row.table, each->first, next, std::nullopt);
        }
        return;
      }
      case Batch::Kind::kAdd: {
        const auto sum = SumOf(row);
        Require(sum.ok());
        return Set(row.table, row.key, next, EncodeSum(AddSums(*sum, row.delta)));
      }
    }
  }

  void Set(Table table, std::string_view key, Sequence next, std::optional<std::string> value) {
    SortedRows& rows = RowsOf(table);
    auto row = rows.find(key);
    if (row == rows.end()) {
      if (!value) return;
      row = rows.emplace(key, Versions{}).first;
      octets_ += key.size();
    }
    Versions& versions = row->second;
    if (!versions.empty() || !value) stale_.push_back({next, table, std::string(key)});
    octets_ += value ? value->size() : 0;
    versions.emplace_back(next, std::move(value));
  }

  // Drops the states that nobody can ask for any more.
  void Forget() {
    const Sequence horizon = std::min(synced_, pinned_.empty() ? sequence_ : *pinned_.begin());
    for (; !stale_.empty() && stale_.front().since <= horizon; stale_.pop_front()) {
      SortedRows& rows = RowsOf(stale_.front().table);
      const auto row = rows.find(stale_.front().key);
      if (row == rows.end()) continue;
      Versions& versions = row->second;
      auto keep = versions.begin();
      while (keep + 1 != versions.end() && keep[1].first <= horizon) ++keep;
      for (auto old = versions.begin(); old != keep; ++old) {
        octets_ -= old->second ? old->second->size() : 0;
      }
      versions.erase(versions.begin(), keep);
      if (versions.size() == 1 && !versions.front().second) {
        octets_ -= row->first.size();
        rows.erase(row);
      }
    }
  }

  struct Stale {
    Sequence since;  // A newer state of the row exists since then.
    Table table;
    std::string key;
  };

  mutable std::shared_mutex mutex_;
  std::array<SortedRows, kTableCount> tables_;
  Sequence sequence_ = 0;
  Sequence synced_ = 0;
  std::multiset<Sequence> pinned_;
  std::deque<Stale> stale_;
  uint64_t octets_ = 0;
};

class Pinned {
 public:
  explicit Pinned(History& history, std::optional<Sequence> at = {})
      : history_(history), at_(history.Pin(at)) {}
  Pinned(const Pinned&) = delete;
  ~Pinned() { history_.Unpin(at_); }
  History& history() const { return history_; }
  Sequence at() const { return at_; }

 private:
  History& history_;
  Sequence at_;
};

class MemoryCursor : public Cursor {
 public:
  MemoryCursor(History& history, std::optional<Sequence> at, Table table, std::string_view from,
               std::string_view until)
      : state_(history, at), table_(table), until_(until) {
    Find(from, /*inclusive=*/true);
  }
  bool Valid() const override { return valid_; }
  void Next() override {
    Require(valid_);
    const std::string from = key_;
    Find(from, /*inclusive=*/false);
  }
  std::string_view key() const override { return key_; }
  std::string_view value() const override { return value_; }
  Status status() const override { return {}; }

 private:
  void Find(std::string_view from, bool inclusive) {
    valid_ = state_.history().Find(table_, from, inclusive, until_, state_.at(), key_, value_);
  }

  Pinned state_;
  Table table_;
  std::string until_;
  bool valid_ = false;
  std::string key_;
  std::string value_;
};

class MemoryView : public Rows {
 public:
  explicit MemoryView(History& history) : state_(history) {}
  Result<bool> Get(Table table, std::string_view key, Reach, std::string& value) const override {
    return state_.history().Get(table, key, state_.at(), value);
  }
  Result<bool> First(Table table, std::string_view from, std::string_view until, Reach,
                     std::string& key, std::string& value) const override {
    return state_.history().Find(table, from, /*inclusive=*/true, until, state_.at(), key, value);
  }
  std::unique_ptr<Cursor> Scan(Table table, std::string_view from,
                               std::string_view until) const override {
    return std::make_unique<MemoryCursor>(state_.history(), state_.at(), table, from, until);
  }

 private:
  Pinned state_;
};

class MemoryEngineOfMaps : public MemoryEngine {
 public:
  Result<bool> Get(Table table, std::string_view key, Reach, std::string& value) const override {
    return history_.Get(table, key, UINT64_MAX, value);
  }
  Result<bool> First(Table table, std::string_view from, std::string_view until, Reach,
                     std::string& key, std::string& value) const override {
    return history_.Find(table, from, /*inclusive=*/true, until, UINT64_MAX, key, value);
  }
  std::unique_ptr<Cursor> Scan(Table table, std::string_view from,
                               std::string_view until) const override {
    return std::make_unique<MemoryCursor>(history_, std::nullopt, table, from, until);
  }
  Status Write(Batch& batch, Durability durability) override {
    return history_.Write(batch, durability == Durability::kSynced);
  }
  std::unique_ptr<Rows> OpenView() const override { return std::make_unique<MemoryView>(history_); }
  Status Checkpoint(const std::string&) const override {
    return Error{Errc::kUnsupported, "the memory engine keeps no files"};
  }
  Status Compact() override { return {}; }
  Figures figures() const override { return {.memtable_octets = history_.octets()}; }

  std::unique_ptr<MemoryEngine> AfterPowerCut() const override {
    auto survivor = std::make_unique<MemoryEngineOfMaps>();
    history_.CopySyncedTo(survivor->history_);
    return survivor;
  }

 private:
  mutable History history_;
};

}  // namespace

std::unique_ptr<MemoryEngine> OpenMemoryEngine() { return std::make_unique<MemoryEngineOfMaps>(); }

}  // namespace idnode
