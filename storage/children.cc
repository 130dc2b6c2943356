#include "storage/children.h"

#include <map>
#include <utility>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "storage/counters.h"
#include "storage/keyspace.h"
#include "storage/registry.h"
#include "storage/source_part.h"

namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 1;
constexpr size_t kNodeIdOctetsMax = 64;
constexpr size_t kTokenIdOctetsMax = 64;
constexpr size_t kFrontierOctetsMax = 8 + 64 * sizeof(Digest);

bool IsPlainText(std::string_view text, size_t octets_max) {
  return text.size() <= octets_max && IsUtf8(text) && !HasControlCharacter(text);
}

Status CheckChildRow(const Child& child) {
  if (child.number == kOwn) {
    return Error{Errc::kMalformed, "child: no such number"};
  }
  if (child.node_id.empty() || !IsPlainText(child.node_id, kNodeIdOctetsMax) ||
      !IsPlainText(child.name, limits::kEnterpriseNameOctetsMax) ||
      !IsPlainText(child.prefix, limits::kPrefixOctetsMax) ||
      !IsPlainText(child.token_id, kTokenIdOctetsMax)) {
    return Error{Errc::kMalformed, "child: a text is too long or not plain"};
  }
  if (child.tree.size() != child.head.value || (child.head.value == 0 && child.tip != Digest{})) {
    return Error{Errc::kMalformed, "child: head, tip and tree disagree"};
  }
  return {};
}

// The row of a table, without its version, which goes to `version`. kNotFound.
Result<std::string> ReadRow(const Rows& rows, std::string_view key, Position& version) {
  std::string row;
  const auto found = rows.Get(Table::kChildren, key, Reach::kDisk, row);
  if (!found) return found.error();
  if (!*found) return Error{Errc::kNotFound, "children: no such child"};
  const auto versioned = SplitVersion(row);
  if (!versioned) return versioned.error();
  version = versioned->version;
  return std::string(versioned->body);
}

// Calls `each` with the version and the body of every row under `prefix` until it fails.
template <class F>
Status EachRow(const Rows& rows, const std::string& prefix, F&& each) {
  const auto cursor = rows.Scan(Table::kChildren, prefix, keyspace::After(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    const auto row = SplitVersion(cursor->value());
    if (!row) return row.error();
    if (const Status status = each(*row); !status) return status;
  }
  return cursor->status();
}

std::string RowsOf(char tag, uint32_t child) {
  std::string prefix;
  Writer(prefix).U8(static_cast<uint8_t>(tag)).U32(child);
  return prefix;
}

// What a batch of a child's records comes to.
class ChildBatch {
 public:
  explicit ChildBatch(const Child& child) : next_(child) {}

  // kGap, kForged, kMalformed, kFormatVersion, kTooLarge.
  Status Take(std::string_view thin) {
    const auto record = DecodeThin(thin);
    if (!record) return record.error();
    if (record->position.value != next_.head.value + 1) {
      return Error{Errc::kGap, "child: the record does not follow what is held"};
    }
    if (record->predecessor != next_.tip) {
      return Error{Errc::kForged, "child: the record follows another history"};
    }
    for (const LogItem& item : record->items) {
      if (const Status taken = TakeItem(item, record->time.hour()); !taken) return taken;
    }
    auto sources = SourceRowKeys(next_.number, *record);
    if (!sources) return sources.error();
    for (std::string& key : *sources) sources_.push_back(std::move(key));
    next_.head = record->position;
    next_.tip = LeafHash(thin);
    next_.tree.Append(next_.tip);
    return {};
  }

  const Child& next() const { return next_; }
  size_t directory_octets() const { return directory_octets_ + sources_.size() * kSourceRow; }

  void AddTo(Change& change, Position version, const std::vector<std::string_view>& records) const {
    const uint64_t first = next_.head.value - records.size() + 1;
    std::string event_key;
    Writer(event_key).U32(next_.number).U64(first).U64(next_.head.value);
    const std::string state_key = keyspace::ChildState(next_.number);
    change.Begin(EventKind::kChildEvents, kNoEnterprise, event_key);
    change.ExpectThat(Table::kChildren, state_key, Expect::kVersion, version.value);
    change.Put(Table::kChildren, state_key, EncodeChild(next_));
    for (size_t i = 0; i < records.size(); ++i) {
      change.Put(Table::kChildren, keyspace::ChildLog(next_.number, Position{first + i}),
                 records[i]);
    }
    for (const auto& [key, body] : directory_) change.Put(Table::kChildren, key, body);
    for (const std::string& key : sources_) change.Put(Table::kSources, key, {});
    for (const auto& [place, sum] : sums_) change.Add(place.first, place.second, sum);
  }

 private:
  static constexpr size_t kSourceRow = 16;  // Octets of its key.

  Status TakeItem(const LogItem& item, uint32_t hour) {
    bool fits = true;
    const Status counted =
        EachSumOf(item, hour, next_.number, [&](const Figure& figure, uint32_t at, int64_t delta) {
          int64_t& sum = sums_[{figure, at}];
          fits = fits && !__builtin_add_overflow(sum, delta, &sum);
        });
    if (!counted) return counted;
    if (!fits) return Error{Errc::kMalformed, "child: a sum overflows"};
    if (!IsDirectoryEvent(item.kind)) return {};
    const auto key = ChildDirectoryKey(next_.number, item);
    if (!key) return key.error();
    const auto [row, added] = directory_.insert_or_assign(*key, item.body);
    directory_octets_ += (added ? key->size() : 0) + item.body.size();
    return {};
  }

  Child next_;
  std::map<std::pair<Figure, uint32_t>, int64_t> sums_;
  std::map<std::string, std::string_view> directory_;  // The last row of each key.
  std::vector<std::string> sources_;                   // Keys of rows that find its parts.
  size_t directory_octets_ = 0;                        // At least what they take.
};

}  // namespace

std::string EncodeChild(const Child& child) {
  std::string row;
  Writer(row)
      .U8(kRowLayout)
      .U32(child.number)
      .U64(child.head.value)
      .Raw(AsText(child.tip))
      .U64(child.docked.ms)
      .Text16(child.node_id)
      .Text16(child.name)
      .Text16(child.prefix)
      .Text16(child.token_id)
      .Text16(child.tree.Encode());
  return row;
}

Result<Child> DecodeChild(std::string_view row) {
  Reader in(row);
  const uint8_t layout = in.U8();
  if (!in.ok()) return Error{Errc::kMalformed, "child: empty"};
  if (layout != kRowLayout) return Error{Errc::kFormatVersion, "child: an unknown layout"};
  Child child;
  child.number = in.U32();
  child.head.value = in.U64();
  in.Raw(sizeof(Digest)).copy(child.tip.data(), sizeof(Digest));
  child.docked.ms = in.U64();
  child.node_id = in.Text16(kNodeIdOctetsMax);
  child.name = in.Text16(limits::kEnterpriseNameOctetsMax);
  child.prefix = in.Text16(limits::kPrefixOctetsMax);
  child.token_id = in.Text16(kTokenIdOctetsMax);
  const std::string_view tree = in.Text16(kFrontierOctetsMax);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "child: the fields do not fill the row"};
  auto frontier = Frontier::Decode(tree);
  if (!frontier) return Error{Errc::kMalformed, "child: the tree is none"};
  child.tree = *std::move(frontier);
  if (const Status fits = CheckChildRow(child); !fits) return fits.error();
  return child;
}

Result<Child> ReadChild(const Rows& rows, uint32_t number) {
  Position version;
  const auto row = ReadRow(rows, keyspace::ChildState(number), version);
  if (!row) return row.error();
  auto child = DecodeChild(*row);
  if (!child || child->number != number) {
    return Error{Errc::kCorrupt, "children: the row is not that of the child"};
  }
  child->version = version;
  return child;
}

Result<Child> FindChild(const Rows& rows, std::string_view node_id) {
  Position version;
  const auto row = ReadRow(rows, keyspace::ChildNode(node_id), version);
  if (!row) return row.error();
  Reader in(*row);
  const uint32_t number = in.U32();
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "children: the node's row is no number"};
  auto child = ReadChild(rows, number);
  if (!child && child.error().code != Errc::kNotFound) return child;
  if (!child || child->node_id != node_id) {
    return Error{Errc::kCorrupt, "children: node and child name each other no more"};
  }
  return child;
}

Result<std::vector<Child>> ListChildren(const Rows& rows) {
  std::vector<Child> children;
  const Status read = EachRow(rows, "S", [&](const Versioned& row) -> Status {
    auto child = DecodeChild(row.body);
    if (!child) return Error{Errc::kCorrupt, child.error().detail};
    child->version = row.version;
    children.push_back(*std::move(child));
    return {};
  });
  if (!read) return read.error();
  return children;
}

void AddDockChild(Change& change, const Child& child) {
  Require(CheckChildRow(child).ok());
  const std::string state_key = keyspace::ChildState(child.number);
  const std::string node_key = keyspace::ChildNode(child.node_id);
  std::string identity, number;
  Writer(identity).Text16(child.node_id).Text16(child.name).Text16(child.prefix);
  Writer(number).U32(child.number);
  change.Begin(EventKind::kChildPut, kNoEnterprise, state_key, identity);
  change.ExpectThat(Table::kChildren, state_key, Expect::kAbsent);
  change.ExpectThat(Table::kChildren, node_key, Expect::kAbsent);
  change.Put(Table::kChildren, state_key, EncodeChild(child));
  change.Put(Table::kChildren, node_key, number);
}

bool IsDirectoryEvent(EventKind kind) {
  return kind == EventKind::kEnterprisePut || kind == EventKind::kPrefixPut;
}

Result<std::string> ChildDirectoryKey(uint32_t child, const LogItem& item) {
  if (item.kind == EventKind::kEnterprisePut) {
    const auto row = DecodeEnterprise(item.body);
    if (!row) return row.error();
    return keyspace::ChildEnterprise(child, row->number);
  }
  Require(item.kind == EventKind::kPrefixPut);
  const auto row = DecodePrefix(item.body);
  if (!row) return row.error();
  return keyspace::ChildPrefix(child, static_cast<char>(row->prefix.scheme), row->prefix.text);
}

Result<Child> AddChildRecords(Change& change, const Child& child,
                              const std::vector<std::string_view>& records) {
  if (records.empty()) return Error{Errc::kMalformed, "child: a batch of no record"};
  if (records.size() > limits::kSyncEventsPerBatchMax) {
    return Error{Errc::kTooLarge, "child: too many records in a batch"};
  }
  ChildBatch batch(child);
  size_t octets = 0;
  for (const std::string_view thin : records) {
    octets += thin.size();
    if (octets > limits::kSyncBatchOctetsMax) {
      return Error{Errc::kTooLarge, "child: the batch is over its limit"};
    }
    if (const Status taken = batch.Take(thin); !taken) return taken.error();
  }
  // The keys of log rows, the child's own row and the event take little more than this.
  const size_t rows_octets = records.size() * 16 + 2 * kFrontierOctetsMax;
  if (change.octets() + octets + batch.directory_octets() + rows_octets >
      limits::kChangeOctetsMax) {
    return Error{Errc::kTooLarge, "child: the batch makes too large a change"};
  }
  batch.AddTo(change, child.version, records);
  return batch.next();
}

Result<int64_t> ConnectedEnterprises(const Rows& rows, uint32_t child) {
  const auto count = ConnectedCount::Read(rows, child);
  if (!count) return count.error();
  return count->connected();
}

Status EachChildEnterprise(const Rows& rows, uint32_t child,
                           const std::function<void(const Enterprise&)>& each) {
  return EachRow(rows, RowsOf('E', child), [&](const Versioned& row) -> Status {
    auto enterprise = DecodeEnterprise(row.body);
    if (!enterprise) return Error{Errc::kCorrupt, enterprise.error().detail};
    enterprise->version = row.version;
    each(*enterprise);
    return {};
  });
}

Result<ConnectedCount> ConnectedCount::Read(const Rows& rows, uint32_t child) {
  constexpr Error kTooMany{Errc::kTooLarge, "child: more enterprises than a node may have"};
  ConnectedCount count(child);
  const Status prefixes = EachRow(rows, RowsOf('P', child), [&](const Versioned& row) -> Status {
    const auto prefix = DecodePrefix(row.body);
    if (!prefix) return Error{Errc::kCorrupt, prefix.error().detail};
    if (prefix->state == PrefixState::kActive) count.Take({prefix->enterprise, 1, {}});
    return count.holdings_.size() > limits::kEnterprisesMax ? kTooMany : Status();
  });
  if (!prefixes) return prefixes.error();
  const Status enterprises = EachRow(rows, RowsOf('E', child), [&](const Versioned& row) -> Status {
    const auto enterprise = DecodeEnterprise(row.body);
    if (!enterprise) return Error{Errc::kCorrupt, enterprise.error().detail};
    const bool active = enterprise->state == EnterpriseState::kActive;
    if (active) count.Take({enterprise->number, 0, true});
    return count.holdings_.size() > limits::kEnterprisesMax ? kTooMany : Status();
  });
  if (!enterprises) return enterprises.error();
  return count;
}

Result<std::vector<ConnectedCount::Step>> ConnectedCount::StepsOf(const Rows& rows,
                                                                  const Change& change) const {
  const std::string enterprises = RowsOf('E', child_), prefixes = RowsOf('P', child_);
  std::vector<Step> steps;
  for (size_t item = 0; item < change.items().size(); ++item) {
    for (const Change::Effect& effect : change.effects(item)) {
      if (effect.table != Table::kChildren) continue;
      const std::string_view key = change.Text(effect.key), body = change.Text(effect.body);
      if (key.starts_with(prefixes)) {
        if (auto added = AddPrefixSteps(rows, key, body, steps); !added) return added.error();
      } else if (key.starts_with(enterprises)) {
        const auto enterprise = DecodeEnterprise(body);
        if (!enterprise) return enterprise.error();
        steps.push_back({enterprise->number, 0, enterprise->state == EnterpriseState::kActive});
      }
    }
  }
  if (holdings_.size() + steps.size() > limits::kEnterprisesMax) {
    return Error{Errc::kTooLarge, "child: more enterprises than a node may have"};
  }
  return steps;
}

Status ConnectedCount::AddPrefixSteps(const Rows& rows, std::string_view key, std::string_view body,
                                      std::vector<Step>& steps) const {
  Position version;
  const auto row = ReadRow(rows, key, version);
  if (!row && row.error().code != Errc::kNotFound) return row.error();
  if (row) {
    const auto before = DecodePrefix(*row);
    if (!before) return Error{Errc::kCorrupt, before.error().detail};
    if (before->state == PrefixState::kActive) steps.push_back({before->enterprise, -1, {}});
  }
  const auto after = DecodePrefix(body);
  if (!after) return after.error();
  if (after->state == PrefixState::kActive) steps.push_back({after->enterprise, 1, {}});
  return {};
}

void ConnectedCount::Take(const std::vector<Step>& steps) {
  for (const Step& step : steps) Take(step);
}

void ConnectedCount::Take(const Step& step) {
  const auto [at, added] = holdings_.try_emplace(step.enterprise);
  Holding& holding = at->second;
  connected_ -= holding.connected();
  holding.prefixes += static_cast<uint32_t>(step.prefixes);
  if (step.active) holding.active = *step.active;
  connected_ += holding.connected();
  if (holding.prefixes == 0 && !holding.active) holdings_.erase(at);
}

}  // namespace idnode
