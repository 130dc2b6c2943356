#include "storage/change.h"

#include "proto/base/result.h"
#include "proto/base/writer.h"
#include "proto/tlog/tree.h"
#include "storage/keyspace.h"

namespace idnode {

Change::Change(Time time, std::string_view actor, const OperationId& operation, Mode mode)
    : time_(time), actor_(actor), operation_(operation), mode_(mode) {
  Require(actor.size() <= limits::kActorOctetsMax);
}

Change::Span Change::Keep(std::string_view text) {
  Require(arena_.size() + text.size() <= UINT32_MAX);
  const Span span{static_cast<uint32_t>(arena_.size()), static_cast<uint32_t>(text.size())};
  arena_.append(text);
  return span;
}

// An item's key is usually that of its condition and of its effect: kept once.
Change::Span Change::KeepKey(std::string_view key) {
  Require(key.size() <= UINT16_MAX);
  if (!items_.empty() && Text(items_.back().key) == key) return items_.back().key;
  return Keep(key);
}

void Change::ExpectForAll(Table table, std::string_view key, Expect expect, uint64_t version) {
  Require(items_.empty() && !sealed_ && keyspace::HasVersion(table));
  conditions_.push_back({table, expect, KeepKey(key), version});
  ++shared_conditions_;
}

void Change::Begin(EventKind kind, uint32_t enterprise, std::string_view key,
                   std::string_view body) {
  Require(!sealed_);
  Require(key.size() <= UINT16_MAX);
  Item item{.kind = kind, .enterprise = enterprise, .key = Keep(key), .body = Keep(body)};
  item.conditions_end = static_cast<uint32_t>(conditions_.size());
  item.effects_end = static_cast<uint32_t>(effects_.size());
  item.sums_end = static_cast<uint32_t>(sums_.size());
  items_.push_back(item);
  event_octets_ += key.size() + body.size();
}

void Change::ExpectThat(Table table, std::string_view key, Expect expect, uint64_t version) {
  Require(!items_.empty() && !sealed_ && keyspace::HasVersion(table));
  conditions_.push_back({table, expect, KeepKey(key), version});
  ++items_.back().conditions_end;
}

void Change::ExpectNoneBetween(Table table, std::string_view from, std::string_view until) {
  Require(!items_.empty() && !sealed_ && keyspace::HasVersion(table));
  Require(from < until && until.size() <= UINT16_MAX);
  const Span kept = KeepKey(from);
  conditions_.push_back(
      {.table = table, .expect = Expect::kNoneBetween, .key = kept, .until = Keep(until)});
  ++items_.back().conditions_end;
}

void Change::Put(Table table, std::string_view key, std::string_view body) {
  Require(!items_.empty() && !sealed_ && keyspace::IsWrittenByChanges(table));
  const Span kept = KeepKey(key);
  effects_.push_back({.table = table, .remove = false, .key = kept, .body = Keep(body)});
  ++items_.back().effects_end;
}

void Change::Remove(Table table, std::string_view key) {
  Require(!items_.empty() && !sealed_ && keyspace::IsWrittenByChanges(table));
  effects_.push_back({.table = table, .remove = true, .key = KeepKey(key), .body = {}});
  ++items_.back().effects_end;
}

void Change::Add(const Figure& figure, uint32_t hour, int64_t delta) {
  Require(!items_.empty() && !sealed_);
  sums_.push_back({figure, hour, delta});
  ++items_.back().sums_end;
}

void Change::Seal() {
  Require(!sealed_);
  std::string octets;
  std::vector<Digest> digests;
  digests.reserve(items_.size());
  for (size_t i = 0; i < items_.size(); ++i) {
    octets.clear();
    EncodeItem(i, octets);
    digests.push_back(items_[i].digest = HashLeaf(octets));
  }
  root_ = TreeHash(digests);
  sealed_ = true;
}

void Change::EncodeItem(size_t item, std::string& out) const {
  Writer writer(out);
  writer.U32(static_cast<uint32_t>(effects(item).size()));
  for (const Effect& effect : effects(item)) {
    writer.U8(static_cast<uint8_t>(effect.table))
        .U8(static_cast<uint8_t>(effect.remove ? EffectKind::kRemove : EffectKind::kPut))
        .Text16(Text(effect.key));
    if (!effect.remove) writer.Text32(Text(effect.body));
  }
  WriteDeltas(sums(item), writer);
}

std::span<const Change::Condition> Change::shared_conditions() const {
  return std::span(conditions_).first(shared_conditions_);
}

std::span<const Change::Condition> Change::conditions(size_t item) const {
  const size_t begin = item == 0 ? shared_conditions_ : items_[item - 1].conditions_end;
  return std::span(conditions_).subspan(begin, items_[item].conditions_end - begin);
}

std::span<const Change::Effect> Change::effects(size_t item) const {
  const size_t begin = item == 0 ? 0 : items_[item - 1].effects_end;
  return std::span(effects_).subspan(begin, items_[item].effects_end - begin);
}

std::span<const Change::Sum> Change::sums(size_t item) const {
  const size_t begin = item == 0 ? 0 : items_[item - 1].sums_end;
  return std::span(sums_).subspan(begin, items_[item].sums_end - begin);
}

}  // namespace idnode
