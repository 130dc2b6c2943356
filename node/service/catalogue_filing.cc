#include "node/service/catalogue_filing.h"

#include <set>
#include <utility>

#include "proto/business/application.h"
#include "proto/business/metadata.h"
#include "proto/ident/handle_name.h"
#include "storage/applications.h"
#include "storage/children.h"
#include "storage/keyspace.h"
#include "storage/templates.h"

namespace idnode {
namespace {

std::string KeyOf(std::string_view handle) {
  std::string key;
  AppendHandleKey(handle, key);
  return key;
}

Result<std::optional<FiledValue>> ReadOwn(const Rows& rows, const FilingName& name) {
  const CatalogueName said = CatalogueNameOf(name);
  if (IsApplication(name.table)) {
    auto row = ReadApplication(rows, KeyOf(said.handle));
    if (!row) return row.error();
    if (!*row) return std::optional<FiledValue>();
    return std::optional(FiledValue{std::move((*row)->document), (*row)->position});
  }
  const auto row = ReadTemplate(rows, KeyOf(said.handle), said.version);
  if (!row) return row.error();
  if (!*row || (*row)->state != TemplateState::kPublished) return std::optional<FiledValue>();
  const auto data = DecodeTemplate((*row)->document);
  if (!data) return data.error();
  return std::optional(FiledValue{EncodeMetadata(MetadataOf(*data)), (*row)->position});
}

// As the node below that has the prefix, or one that this is derived from, has filed it.
Result<std::optional<FiledValue>> ReadBelow(const Rows& rows, const FilingName& name) {
  const std::string_view handle = CatalogueNameOf(name).handle;
  const std::string_view prefix = handle.substr(0, handle.find('/'));
  const auto children = ListChildren(rows);
  if (!children) return children.error();
  const bool is_application = IsApplication(name.table);
  for (const Child& child : *children) {
    if (!IsUnder(prefix, child.prefix)) continue;
    const bool is_own = prefix == child.prefix;
    const FilingTable there =
        is_application ? (is_own ? FilingTable::kOwnApplication : FilingTable::kApplication)
                       : (is_own ? FilingTable::kOwnMetadata : FilingTable::kMetadata);
    auto row = ReadFiling(rows, child.number, {there, name.key});
    if (!row) return row.error();
    if (!*row) continue;
    return std::optional(FiledValue{std::move((*row)->body), (*row)->version});
  }
  return std::optional<FiledValue>();
}

}  // namespace

Result<std::optional<FiledValue>> ReadCatalogue(const Rows& rows, const FilingName& name,
                                                std::string_view node_prefix) {
  if (!CheckFilingName(name, node_prefix)) return std::optional<FiledValue>();
  auto own = ReadOwn(rows, name);
  const bool is_own =
      name.table == FilingTable::kOwnMetadata || name.table == FilingTable::kOwnApplication;
  if (!own || *own || is_own) return own;
  return ReadBelow(rows, name);
}

Result<std::vector<std::string>> KeysOfCatalogue(const Rows& rows, FilingTable table,
                                                 std::string_view node_prefix) {
  std::set<std::string> sorted;
  const auto add = [&](std::string_view row_key) {
    sorted.emplace(row_key.substr(1));  // Behind 'M' or 'A'.
    return true;
  };
  const Status own = IsApplication(table)
                         ? EachApplication(rows, {},
                                           [&](const StoredApplication& row) {
                                             return add(keyspace::Application(row.key));
                                           })
                         : EachTemplate(rows, {}, {}, [&](const StoredTemplate& row) {
                             return row.state != TemplateState::kPublished ||
                                    add(keyspace::Template(row.key, row.version));
                           });
  if (!own) return own.error();
  const auto children = ListChildren(rows);
  if (!children) return children.error();
  for (const Child& child : *children) {
    for (const FilingTable each : kFilingTables) {
      const bool wanted = IsApplication(table) ? IsApplication(each) : IsMetadata(each);
      if (!wanted) continue;
      const Status read = EachFiling(rows, child.number, each, {}, [&](const FiledRow& row) {
        sorted.insert(row.name.key);
        return true;
      });
      if (!read) return read.error();
    }
  }
  std::vector<std::string> keys;
  for (const std::string& key : sorted) {
    if (CheckFilingName({table, key}, node_prefix)) keys.push_back(key);
  }
  return keys;
}

Result<std::string> NameInCatalogue(FilingTable table, std::string_view body) {
  if (IsApplication(table)) {
    auto application = DecodeApplication(body);
    if (!application) return application.error();
    return std::move(application->name);
  }
  const auto metadata = DecodeMetadata(body);
  if (!metadata) return metadata.error();
  return metadata->code + " " + metadata->version;
}

}  // namespace idnode
