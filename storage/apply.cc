#include "storage/apply.h"

#include "proto/base/writer.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

class Applier {
 public:
  Applier(Position position, Batch& rows) : rows_(rows) { Writer(version_).U64(position.value); }
  ~Applier() { Flush(); }

  void Put(Table table, std::string_view key, std::string_view body) {
    const bool versioned = keyspace::HasVersion(table);
    rows_.Put(table, key, versioned ? std::string_view(version_) : std::string_view(), body);
  }
  void Remove(Table table, std::string_view key) { rows_.Remove(table, key); }

  // The items of a change mostly count the same thing, so runs of one figure are added up here:
  // four rows for a thousand creates instead of four thousand.
  void Add(const FigureDelta& sum) {
    if (sum.figure != run_.figure || sum.hour != run_.hour) {
      Flush();
      run_ = {sum.figure, sum.hour, 0};
    }
    // Wraps, as the stored sums do.
    run_.delta =
        static_cast<int64_t>(static_cast<uint64_t>(run_.delta) + static_cast<uint64_t>(sum.delta));
  }

 private:
  void Flush() {
    if (run_.delta == 0) return;
    AddRows(run_.figure);
    if (run_.figure.enterprise == kAllEnterprises) return;  // It is the sum over all already.
    Figure all = run_.figure;
    all.enterprise = kAllEnterprises;
    AddRows(all);
  }
  void AddRows(const Figure& figure) {
    rows_.Add(Table::kCounters, keyspace::Total(figure), run_.delta);
    rows_.Add(Table::kCounters, keyspace::Hourly(figure, run_.hour), run_.delta);
  }

  Batch& rows_;
  std::string version_;
  FigureDelta run_;
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
