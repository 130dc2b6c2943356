#include "storage/apply.h"

#include <array>
#include <utility>

#include "proto/base/writer.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

class Applier {
 public:
  Applier(Position position, Batch& rows) : rows_(rows) { Writer(version_).U64(position.value); }
  ~Applier() {
    for (const FigureDelta& run : runs_) Flush(run);
  }

  void Put(Table table, std::string_view key, std::string_view body) {
    const bool versioned = keyspace::HasVersion(table);
    rows_.Put(table, key, versioned ? std::string_view(version_) : std::string_view(), body);
  }
  void Remove(Table table, std::string_view key) { rows_.Remove(table, key); }

  // The items of a change mostly count the same thing, so runs of one figure are added up here:
  // four rows for a thousand creates instead of four thousand. Those of members of ranges count two
  // things each.
  void Add(const FigureDelta& sum) {
    const auto is_same = [&](const FigureDelta& run) {
      return run.figure == sum.figure && run.hour == sum.hour;
    };
    if (!is_same(runs_[0])) std::swap(runs_[0], runs_[1]);
    if (!is_same(runs_[0])) {
      Flush(runs_[0]);
      runs_[0] = {sum.figure, sum.hour, 0};
    }
    runs_[0].delta = AddSums(runs_[0].delta, sum.delta);
  }

 private:
  void Flush(const FigureDelta& run) {
    if (run.delta == 0) return;
    AddRows(run, run.figure);
    if (run.figure.enterprise == kAllEnterprises) return;  // It is the sum over all already.
    Figure all = run.figure;
    all.enterprise = kAllEnterprises;
    AddRows(run, all);
  }
  void AddRows(const FigureDelta& run, const Figure& figure) {
    rows_.Add(Table::kCounters, keyspace::Total(figure), run.delta);
    rows_.Add(Table::kCounters, keyspace::Hourly(figure, run.hour), run.delta);
  }

  Batch& rows_;
  std::string version_;
  std::array<FigureDelta, 2> runs_;  // The latest first.
};

}  // namespace

void Apply(Position position, const Change& change, std::span<const uint8_t> done, Batch& rows) {
  Require(done.size() == change.items().size());
  Applier applier(position, rows);
  for (size_t i = 0; i < done.size(); ++i) {
    if (!done[i]) continue;
    for (const Change::Effect& effect : change.effects(i)) {
      const std::string_view key = change.Text(effect.key);
      if (effect.remove) {
        applier.Remove(effect.table, key);
      } else {
        applier.Put(effect.table, key, change.Text(effect.body));
      }
    }
    for (const Change::Sum& sum : change.sums(i)) applier.Add(sum);
  }
}

void ApplyDecoded(Position position, const DecodedEffects& effects, Batch& rows) {
  Applier applier(position, rows);
  for (const DecodedEffects::Item& item : effects.items) {
    for (const DecodedEffects::Effect& effect : item.effects) {
      if (effect.kind == EffectKind::kRemove) {
        applier.Remove(effect.table, effect.key);
      } else {
        applier.Put(effect.table, effect.key, effect.body);
      }
    }
    for (const FigureDelta& sum : item.sums) applier.Add(sum);
  }
}

Status ApplyEncoded(Position position, std::string_view effects, Batch& rows) {
  const auto decoded = DecodeEffects(effects);
  if (!decoded) return decoded.error();
  ApplyDecoded(position, *decoded, rows);
  return {};
}

}  // namespace idnode
