#include "storage/witnessed.h"

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "storage/keyspace.h"
#include "storage/registry.h"

namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 1;
constexpr size_t kTokenIdOctetsMax = 64;
constexpr size_t kTreeOctetsMax = 8 + 64 * sizeof(Digest);

}  // namespace

std::string EncodeWitnessed(const Witnessed& witnessed) {
  std::string row;
  Writer out(row);
  out.U8(kRowLayout).U32(witnessed.child).Text16(witnessed.origin);
  out.U8(static_cast<uint8_t>(witnessed.keys.size()));
  for (const std::string& key : witnessed.keys) out.Text16(key);
  out.Text16(witnessed.token_id).U64(witnessed.at.ms).Text16(witnessed.tree.Encode());
  return row;
}

Result<Witnessed> DecodeWitnessed(std::string_view row) {
  Reader in(row);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kRowLayout) {
    return Error{Errc::kFormatVersion, "witnessed: the row has another layout"};
  }
  Witnessed witnessed;
  witnessed.child = in.U32();
  witnessed.origin = in.Text16(kCheckpointOriginOctetsMax);
  const uint8_t keys = in.U8();
  if (keys > kWitnessedKeysMax) in.Fail();
  for (uint8_t key = 0; key < keys && in.ok(); ++key) {
    witnessed.keys.emplace_back(in.Text16(kVerifierKeyOctetsMax));
  }
  witnessed.token_id = in.Text16(kTokenIdOctetsMax);
  witnessed.at = Time{in.U64()};
  const std::string_view tree = in.Text16(kTreeOctetsMax);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "witnessed: the fields do not fill the row"};
  auto frontier = Frontier::Decode(tree);
  if (!frontier) return frontier.error();
  witnessed.tree = *std::move(frontier);
  return witnessed;
}

Result<std::optional<Witnessed>> ReadWitnessed(const Rows& rows, uint32_t child) {
  std::string row;
  const auto found = rows.Get(Table::kChildren, keyspace::ChildWitnessed(child), Reach::kDisk, row);
  if (!found) return found.error();
  if (!*found) return std::optional<Witnessed>();
  const auto split = SplitVersion(row);
  if (!split) return split.error();
  auto witnessed = DecodeWitnessed(split->body);
  if (!witnessed) return Error{Errc::kCorrupt, witnessed.error().detail};
  witnessed->version = split->version;
  return std::optional(*std::move(witnessed));
}

void AddWitnessed(Change& change, const Witnessed& witnessed, std::optional<Position> kept) {
  const std::string key = keyspace::ChildWitnessed(witnessed.child);
  std::string body;
  Writer(body).Text16(witnessed.origin).U64(witnessed.tree.size());
  const Digest root = witnessed.tree.Root();
  Writer(body).Raw(AsText(root));
  change.Begin(EventKind::kCosigned, kNoEnterprise, key, body);
  change.ExpectThat(Table::kChildren, key, kept ? Expect::kVersion : Expect::kAbsent,
                    kept ? kept->value : 0);
  change.Put(Table::kChildren, key, EncodeWitnessed(witnessed));
}

}  // namespace idnode
