#include "storage/templates.h"

#include <array>

#include "proto/base/octets.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/crypto/digest.h"
#include "storage/keyspace.h"
#include "storage/registry.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kDocumentOctetsMax = 196'608;
constexpr std::array<std::string_view, 4> kStateNames = {"", "draft", "published", "withdrawn"};

Result<StoredTemplate> DecodeStored(std::string_view row_key, std::string_view stored) {
  const auto split = SplitVersion(stored);
  if (!split) return split.error();
  auto row = DecodeTemplateRow(row_key, split->body);
  if (row) row->position = split->version;
  return row;
}

}  // namespace

std::string_view NameOf(TemplateState state) {
  const auto number = static_cast<size_t>(state);
  return number < kStateNames.size() ? kStateNames.at(number) : std::string_view();
}

Result<TemplateState> ParseTemplateState(std::string_view name) {
  for (size_t i = 1; i < kStateNames.size(); ++i) {
    if (kStateNames.at(i) == name) return static_cast<TemplateState>(i);
  }
  return Error{Errc::kInvalidValue, "a template is draft, published or withdrawn"};
}

std::string EncodeTemplateRow(const StoredTemplate& row) {
  Require(row.document.size() <= kDocumentOctetsMax);
  std::string octets;
  Writer(octets)
      .U8(kLayout)
      .U8(static_cast<uint8_t>(row.state))
      .U32(row.enterprise)
      .U32(row.place)
      .U64(row.created.ms)
      .U64(row.changed.ms)
      .Text32(row.document);
  return octets;
}

Result<StoredTemplate> DecodeTemplateRow(std::string_view row_key, std::string_view row) {
  const size_t bar = row_key.find('|');
  constexpr Error kBadRow{Errc::kCorrupt, "business: the row is no template"};
  if (!row_key.starts_with('M') || bar == std::string_view::npos || bar < 2) return kBadRow;
  Reader in(row);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "business: the template has another layout"};
  }
  StoredTemplate stored;
  stored.key = row_key.substr(1, bar - 1);
  stored.version = row_key.substr(bar + 1);
  const uint8_t state = in.U8();
  stored.state = static_cast<TemplateState>(state);
  stored.enterprise = in.U32();
  stored.place = in.U32();
  stored.created.ms = in.U64();
  stored.changed.ms = in.U64();
  stored.document = in.Text32(kDocumentOctetsMax);
  if (!in.AtEnd() || state < 1 || state > 3) return kBadRow;
  return stored;
}

Result<std::optional<StoredTemplate>> ReadTemplate(const Rows& rows, std::string_view key,
                                                   std::string_view version) {
  const std::string row_key = keyspace::Template(key, version);
  std::string stored;
  const auto found = rows.Get(Table::kBusiness, row_key, Reach::kDisk, stored);
  if (!found) return found.error();
  if (!*found) return std::optional<StoredTemplate>();
  auto row = DecodeStored(row_key, stored);
  if (!row) return row.error();
  return std::optional(*std::move(row));
}

Status EachTemplate(const Rows& rows, std::string_view key, std::string_view after,
                    const std::function<bool(const StoredTemplate&)>& each) {
  const std::string all = key.empty() ? std::string("M") : keyspace::Template(key, {});
  const std::string from = after.empty() ? all : std::string(after) + '\0';
  const auto cursor = rows.Scan(Table::kBusiness, from, keyspace::After(all));
  for (; cursor->Valid(); cursor->Next()) {
    const auto row = DecodeStored(cursor->key(), cursor->value());
    if (!row) return row.error();
    if (!each(*row)) return {};
  }
  return cursor->status();
}

void AddPutTemplate(Change& change, const StoredTemplate& row, const StoredTemplate* before) {
  Require(before == nullptr || (before->key == row.key && before->version == row.version));
  const std::string key = keyspace::Template(row.key, row.version);
  const std::string octets = EncodeTemplateRow(row);
  const Digest digest = Sha256(octets);
  change.Begin(EventKind::kTemplatePut, row.enterprise, key, AsText(digest));
  change.ExpectThat(Table::kBusiness, key, before == nullptr ? Expect::kAbsent : Expect::kVersion,
                    before == nullptr ? 0 : before->position.value);
  change.Put(Table::kBusiness, key, octets);
}

void ExpectTemplateUnchanged(Change& change, const StoredTemplate& row) {
  change.ExpectForAll(Table::kBusiness, keyspace::Template(row.key, row.version), Expect::kVersion,
                      row.position.value);
}

}  // namespace idnode
