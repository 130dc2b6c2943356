#include "storage/directory.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <unordered_map>
#include <utility>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/snapshot.h"
#include "storage/keyspace.h"
#include "storage/registry.h"
#include "storage/shared_map.h"

namespace idnode {
namespace {

uint64_t HashOf(std::string_view text) { return std::hash<std::string_view>{}(text); }

struct ByNumber {
  using Value = Enterprise;
  using Key = uint32_t;
  static Key KeyOf(const Enterprise& enterprise) { return enterprise.number; }
  // Fibonacci hashing: neighbours fall into different branches.
  static uint64_t Hash(Key number) { return number * 0x9E37'79B9'7F4A'7C15u; }
};
struct ByCode {
  struct Value {
    std::string code;
    uint32_t number;
  };
  using Key = std::string_view;
  static Key KeyOf(const Value& value) { return value.code; }
  static uint64_t Hash(Key code) { return HashOf(code); }
};
struct ByPrefix {
  using Value = AllottedPrefix;
  using Key = std::pair<Scheme, std::string_view>;
  static Key KeyOf(const AllottedPrefix& prefix) {
    return {prefix.prefix.scheme, prefix.prefix.text};
  }
  static uint64_t Hash(const Key& key) {
    return HashOf(key.second) ^ ByNumber::Hash(static_cast<uint8_t>(key.first));
  }
};
struct ByHolder {
  struct Value {
    uint32_t enterprise;
    std::vector<std::string> prefixes;  // Ascending.
  };
  using Key = uint32_t;
  static Key KeyOf(const Value& value) { return value.enterprise; }
  static uint64_t Hash(Key number) { return ByNumber::Hash(number); }
};
struct ByTokenId {
  using Value = Token;
  using Key = std::string_view;
  static Key KeyOf(const Token& token) { return token.id; }
  static uint64_t Hash(Key id) { return HashOf(id); }
};

template <class Traits, class F>
void EachAscending(const SharedMap<Traits>& map, const F& each) {
  std::vector<const typename Traits::Value*> values;
  values.reserve(map.size());
  map.Each([&](const auto& value) { values.push_back(&value); });
  std::ranges::sort(values, {}, [](const auto* value) { return Traits::KeyOf(*value); });
  for (const auto* value : values) each(*value);
}

class LiveView final : public DirectoryView {
 public:
  const Enterprise* FindEnterprise(uint32_t number) const override {
    return enterprises.Find(number);
  }
  const Enterprise* FindEnterpriseByCode(std::string_view code) const override {
    const ByCode::Value* found = codes.Find(code);
    return found == nullptr ? nullptr : enterprises.Find(found->number);
  }
  const AllottedPrefix* FindPrefix(const IdentifierPrefix& prefix) const override {
    return prefixes.Find({prefix.scheme, prefix.text});
  }
  const AllottedPrefix* Owner(const PrefixMatter& matter) const override {
    const Lengths& lengths = by_length[PlaceOf(matter.scheme)];
    for (std::string_view text = matter.text; !text.empty();
         text = ShorterMatter(matter.scheme, text)) {
      if (text.size() >= lengths.size() || lengths[text.size()] == 0) continue;
      if (const auto* found = prefixes.Find({matter.scheme, text})) return found;
    }
    return nullptr;
  }
  const Token* FindToken(std::string_view id) const override { return tokens.Find(id); }
  std::span<const std::string> HandlePrefixesOf(uint32_t enterprise) const override {
    const ByHolder::Value* found = holdings.Find(enterprise);
    return found == nullptr ? std::span<const std::string>() : found->prefixes;
  }

  void EachEnterprise(const std::function<void(const Enterprise&)>& each) const override {
    EachAscending(enterprises, each);
  }
  void EachPrefix(const std::function<void(const AllottedPrefix&)>& each) const override {
    EachAscending(prefixes, each);
  }
  void EachToken(const std::function<void(const Token&)>& each) const override {
    EachAscending(tokens, each);
  }
  size_t enterprise_count() const override { return enterprises.size(); }
  size_t prefix_count() const override { return prefixes.size(); }
  size_t connected_enterprises() const override { return connected; }
  uint32_t next_enterprise_number() const override { return next_number; }

  SharedMap<ByNumber> enterprises;
  SharedMap<ByCode> codes;
  SharedMap<ByPrefix> prefixes;
  SharedMap<ByTokenId> tokens;
  SharedMap<ByHolder> holdings;
  // How many prefixes of a scheme have so many octets: a look-up for each length would be too many.
  using Lengths = std::array<uint32_t, limits::kPrefixOctetsMax + 1>;
  std::array<Lengths, kSchemeRows.size()> by_length{};
  size_t connected = 0;
  uint32_t next_number = 1;
};

// The view that is being changed, and what only changes need.
class Draft {
 public:
  std::shared_ptr<const LiveView> Publish() {
    auto view = std::make_shared<LiveView>(view_);
    view->enterprises = view_.enterprises.Publish();
    view->codes = view_.codes.Publish();
    view->prefixes = view_.prefixes.Publish();
    view->tokens = view_.tokens.Publish();
    view->holdings = view_.holdings.Publish();
    return view;
  }

  // One row of the table; no `body`: it was removed.
  Status Take(Position version, std::string_view key, const std::string_view* body) {
    if (key.empty()) return Error{Errc::kCorrupt, "directory: an empty key"};
    switch (key.front()) {
      case 'E':
        return TakeEnterprise(version, key, body);
      case 'C':
        return TakeCode(key, body);
      case 'P':
        return TakePrefix(version, key, body);
      case 'T':
        return TakeToken(version, key, body);
      default:
        return Error{Errc::kCorrupt, "directory: a key of no known kind"};
    }
  }

  size_t unhomed() const { return unhomed_; }

  // That codes and enterprises name each other.
  Status CheckCodes() const {
    bool agree = view_.codes.size() == view_.enterprises.size();
    view_.codes.Each([&](const ByCode::Value& code) {
      const Enterprise* enterprise = view_.enterprises.Find(code.number);
      agree = agree && enterprise != nullptr && enterprise->code == code.code;
    });
    if (!agree) return Error{Errc::kCorrupt, "directory: codes and enterprises disagree"};
    return {};
  }

 private:
  Status TakeEnterprise(Position version, std::string_view key, const std::string_view* body) {
    Reader in(key.substr(1));
    const uint32_t number = in.U32();
    if (!in.AtEnd()) return Error{Errc::kCorrupt, "directory: not the key of an enterprise"};
    const bool before = IsConnected(number);
    if (body == nullptr) {
      view_.enterprises.Erase(number);
    } else {
      auto row = DecodeEnterprise(*body);
      if (!row) return Error{Errc::kCorrupt, row.error().detail};
      if (row->number != number) return Error{Errc::kCorrupt, "enterprise: key and row differ"};
      row->version = version;
      view_.next_number = std::max(view_.next_number, number + 1);
      view_.enterprises.Put(*std::move(row));
    }
    Recount(before, number);
    return {};
  }

  Status TakeCode(std::string_view key, const std::string_view* body) {
    if (body == nullptr) {
      view_.codes.Erase(key.substr(1));
      return {};
    }
    Reader in(*body);
    const uint32_t number = in.U32();
    if (!in.AtEnd()) return Error{Errc::kCorrupt, "directory: the code's row is no number"};
    view_.codes.Put({std::string(key.substr(1)), number});
    return {};
  }

  Status TakePrefix(Position version, std::string_view key, const std::string_view* body) {
    if (key.size() < 2) return Error{Errc::kCorrupt, "directory: not the key of a prefix"};
    const ByPrefix::Key place{static_cast<Scheme>(key[1]), key.substr(2)};
    std::optional<AllottedPrefix> row;
    if (body != nullptr) {
      auto decoded = DecodePrefix(*body);
      if (!decoded) return Error{Errc::kCorrupt, decoded.error().detail};
      if (ByPrefix::KeyOf(*decoded) != place) {
        return Error{Errc::kCorrupt, "prefix: key and row differ"};
      }
      decoded->version = version;
      row = *std::move(decoded);
    }
    if (const AllottedPrefix* old = view_.prefixes.Find(place)) Count(*old, false);
    if (row) {
      Count(*row, true);
      Hold(*row);
      view_.prefixes.Put(*std::move(row));
    } else {
      view_.prefixes.Erase(place);
    }
    return {};
  }

  Status TakeToken(Position version, std::string_view key, const std::string_view* body) {
    if (body == nullptr) {
      view_.tokens.Erase(key.substr(1));
      return {};
    }
    auto row = DecodeToken(*body);
    if (!row) return Error{Errc::kCorrupt, row.error().detail};
    if (row->id != key.substr(1)) return Error{Errc::kCorrupt, "token: key and row differ"};
    row->version = version;
    view_.tokens.Put(*std::move(row));
    return {};
  }

  // Rows of prefixes are replaced, never removed: who holds one keeps it.
  void Hold(const AllottedPrefix& prefix) {
    if (prefix.prefix.scheme != Scheme::kHandle) return;
    ByHolder::Value held{prefix.enterprise, {}};
    if (const ByHolder::Value* found = view_.holdings.Find(prefix.enterprise)) held = *found;
    const auto at = std::ranges::lower_bound(held.prefixes, prefix.prefix.text);
    const auto place = static_cast<size_t>(at - held.prefixes.begin());
    if (place == limits::kHandlePrefixesShownMax) return;
    if (at != held.prefixes.end() && *at == prefix.prefix.text) return;
    held.prefixes.insert(at, prefix.prefix.text);
    if (held.prefixes.size() > limits::kHandlePrefixesShownMax) held.prefixes.pop_back();
    view_.holdings.Put(std::move(held));
  }

  // Counts a prefix in or out: its length, and what makes its enterprise connected.
  void Count(const AllottedPrefix& prefix, bool in) {
    view_.by_length[PlaceOf(prefix.prefix.scheme)][prefix.prefix.text.size()] += in ? 1 : -1;
    if (prefix.state == PrefixState::kUnhomed) unhomed_ += in ? 1 : -1;
    if (prefix.state != PrefixState::kActive) return;
    const bool before = IsConnected(prefix.enterprise);
    const auto at = active_prefixes_.try_emplace(prefix.enterprise, 0).first;
    at->second += in ? 1 : -1;
    if (at->second == 0) active_prefixes_.erase(at);
    Recount(before, prefix.enterprise);
  }

  bool IsConnected(uint32_t number) const {
    const Enterprise* enterprise = view_.enterprises.Find(number);
    return enterprise != nullptr && enterprise->state == EnterpriseState::kActive &&
           active_prefixes_.contains(number);
  }
  void Recount(bool before, uint32_t number) {
    if (const bool after = IsConnected(number); after != before) view_.connected += after ? 1 : -1;
  }

  LiveView view_;
  size_t unhomed_ = 0;
  std::unordered_map<uint32_t, uint32_t> active_prefixes_;  // Enterprise -> its active prefixes.
};

class LiveDirectory final : public Directory {
 public:
  explicit LiveDirectory(Draft draft)
      : draft_(std::move(draft)), view_(draft_.Publish()), any_unhomed_(draft_.unhomed() > 0) {}

  std::shared_ptr<const DirectoryView> View() const override { return view_.Read(); }
  bool AnyUnhomed() const override { return any_unhomed_.load(std::memory_order_acquire); }

  void OnApplied(const Change& change, std::span<const uint8_t> done, Position position) override {
    bool changed = false;
    for (size_t i = 0; i < done.size(); ++i) {
      if (!done[i]) continue;
      for (const Change::Effect& effect : change.effects(i)) {
        if (effect.table != Table::kDirectory) continue;
        const std::string_view body = change.Text(effect.body);
        // What was put met its check, so what was decided can be taken.
        Require(
            draft_.Take(position, change.Text(effect.key), effect.remove ? nullptr : &body).ok());
        changed = true;
      }
    }
    if (!changed) return;
    view_.Swap(draft_.Publish());
    any_unhomed_.store(draft_.unhomed() > 0, std::memory_order_release);
  }
  void OnCommitted(Position) override {}

 private:
  Draft draft_;  // The ledger's thread only.
  Snapshot<DirectoryView> view_;
  std::atomic<bool> any_unhomed_;
};

}  // namespace

Result<std::unique_ptr<Directory>> Directory::Open(const Engine& engine) {
  Draft draft;
  const auto cursor = engine.Scan(Table::kDirectory, {}, {});
  for (; cursor->Valid(); cursor->Next()) {
    const auto row = SplitVersion(cursor->value());
    if (!row) return row.error();
    if (const Status taken = draft.Take(row->version, cursor->key(), &row->body); !taken) {
      return taken.error();
    }
  }
  if (const Status status = cursor->status(); !status) return status.error();
  if (const Status codes = draft.CheckCodes(); !codes) return codes.error();
  return std::unique_ptr<Directory>(std::make_unique<LiveDirectory>(std::move(draft)));
}

}  // namespace idnode
