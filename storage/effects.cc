#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/tlog/tree.h"
#include "storage/checksum.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"

namespace idnode {
namespace {

constexpr uint8_t kEffectsVersion = 1;
constexpr size_t kItemOctetsMin = 8;    // No effects, no sums.
constexpr size_t kEffectOctetsMin = 4;  // The removal of an empty key.

DecodedEffects::Effect ReadEffect(Reader& in) {
  DecodedEffects::Effect effect{};
  effect.table = static_cast<Table>(in.U8());
  effect.kind = static_cast<EffectKind>(in.U8());
  if (!keyspace::IsWrittenByChanges(effect.table)) in.Fail();
  if (effect.kind != EffectKind::kPut && effect.kind != EffectKind::kRemove) in.Fail();
  effect.key = in.Text16(UINT16_MAX);
  if (effect.kind == EffectKind::kPut) effect.body = in.Text32(limits::kChangeOctetsMax);
  return effect;
}

DecodedEffects::Item ReadItem(std::string_view octets, Reader& in) {
  DecodedEffects::Item item;
  const size_t begin = octets.size() - in.left();
  for (uint32_t left = in.Count32(kEffectOctetsMin); left > 0 && in.ok(); --left) {
    item.effects.push_back(ReadEffect(in));
  }
  item.sums = ReadDeltas(in);
  if (in.ok()) item.octets = octets.substr(begin, octets.size() - in.left() - begin);
  return item;
}

size_t CountDone(std::string_view outcomes) {
  size_t count = 0;
  for (char outcome : outcomes) count += outcome == 0;
  return count;
}

}  // namespace

void EncodeEffects(const Change& change, std::span<const uint8_t> done,
                   std::span<const uint8_t> outcomes, std::string& out) {
  Require(done.size() == change.items().size());
  Require(outcomes.empty() || outcomes.size() == done.size());
  const size_t begin = out.size();
  uint32_t count = 0;
  for (uint8_t happened : done) count += happened != 0;

  Writer writer(out);
  writer.U8(kEffectsVersion).U32(static_cast<uint32_t>(done.size()));
  writer.U32(static_cast<uint32_t>(outcomes.size()));
  for (uint8_t outcome : outcomes) writer.U8(outcome);
  writer.U32(count);
  for (size_t i = 0; i < done.size(); ++i) {
    if (done[i]) change.EncodeItem(i, out);
  }
  AppendChecksum(out, begin);
}

Result<DecodedEffects> DecodeEffects(std::string_view octets) {
  Reader in(octets);
  const uint8_t version = in.U8();
  if (!in.ok()) return Error{Errc::kMalformed, "effects: empty"};
  if (version != kEffectsVersion) return Error{Errc::kFormatVersion, "effects: another format"};
  if (!EndsWithChecksum(octets)) return Error{Errc::kForged, "effects: checksum"};

  DecodedEffects decoded;
  decoded.change_items = in.U32();
  decoded.outcomes = in.Text32(limits::kItemsPerChangeMax);
  for (uint32_t left = in.Count32(kItemOctetsMin); left > 0 && in.ok(); --left) {
    decoded.items.push_back(ReadItem(octets, in));
  }
  in.U64();  // The checksum.
  if (!in.AtEnd()) return Error{Errc::kMalformed, "effects: a field does not fit"};
  const bool all = decoded.outcomes.empty();
  if ((!all && decoded.outcomes.size() != decoded.change_items) ||
      decoded.items.size() != (all ? decoded.change_items : CountDone(decoded.outcomes))) {
    return Error{Errc::kMalformed, "effects: not as many items as outcomes"};
  }
  return decoded;
}

Digest DecodedEffects::Root() const {
  std::vector<Digest> digests;
  digests.reserve(items.size());
  for (const Item& item : items) digests.push_back(HashLeaf(item.octets));
  return TreeHash(digests);
}

}  // namespace idnode
