#include "node/service/filing_document.h"

#include "proto/base/text.h"
#include "proto/web/json_writer.h"

namespace idnode {
namespace {

void WriteNumber(std::string_view name, uint64_t number, JsonWriter& json) {
  json.Member(name);
  json.Uint64(number);
}

void WriteTable(FilingTable table, JsonWriter& json) {
  WriteNumber("table", static_cast<uint64_t>(table), json);
  json.TextMember("name", NameOf(table));
}

void WriteFiled(const FilingDesk::Filed& filed, JsonWriter& json) {
  json.StartObject();
  json.TextMember("node", filed.node_id);
  json.TextMember("prefix", filed.prefix);
  WriteTable(filed.table, json);
  json.TextMember("key", filed.key);
  WriteNumber("position", filed.position.value, json);
  WriteNumber("version", filed.version.value, json);
  if (IsOfDays(filed.table)) {
    json.Member("value");
    json.RawValue(filed.document.data(), filed.document.size(), rapidjson::kObjectType);
  } else if (IsSubject(filed.table)) {
    json.TextMember("organisation", filed.name);
  } else if (!IsRouting(filed.table)) {
    json.TextMember("title", filed.name);
  } else {
    json.Member("hosted");
    json.Bool(filed.hosted);
    json.TextsMember("addresses", filed.addresses);
  }
  json.EndObject();
}

void WriteTables(std::string_view name, const std::vector<Reconciled>& tables, JsonWriter& json) {
  json.Member(name);
  json.StartArray();
  for (const Reconciled& each : tables) {
    json.StartObject();
    WriteTable(each.table, json);
    WriteNumber("rows_here", each.rows_here, json);
    WriteNumber("rows_above", each.rows_there, json);
    json.Member("equal");
    json.Bool(each.equal);
    WriteNumber("missing_above", each.missing_there, json);
    WriteNumber("missing_here", each.missing_here, json);
    WriteNumber("different", each.different, json);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

std::string DocumentOf(const FilingDesk::Page& page) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    json.Member("filings");
    json.StartArray();
    for (const FilingDesk::Filed& filed : page.filed) WriteFiled(filed, json);
    json.EndArray();
    if (!page.next.empty()) json.TextMember("next", page.next);
    json.EndObject();
  }
  return text;
}

std::string DocumentOf(const FilingComparison& comparison) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    WriteNumber("count", comparison.count, json);
    if (comparison.count > 0) json.TextMember("at", FormatUtc(comparison.at.seconds()));
    WriteTables("tables", comparison.tables, json);
    WriteTables("repaired", comparison.repaired, json);
    json.EndObject();
  }
  return text;
}

}  // namespace idnode
