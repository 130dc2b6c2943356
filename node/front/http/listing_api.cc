#include "node/front/http/query.h"
#include "node/front/http/record_json.h"
#include "node/front/http/routes.h"
#include "proto/base/limits.h"
#include "proto/ident/scheme.h"
#include "proto/web/json_writer.h"

// GET /api/v1/identifiers
namespace idnode {
namespace {

Result<ListRequest> ListRequestOf(const Query& query) {
  ListRequest list;
  const auto text = [&](std::string_view name) {
    const std::string* value = query.Find(name);
    return value == nullptr ? std::string() : *value;
  };
  if (const std::string* scheme = query.Find("scheme")) {
    const SchemeRow* row = FindScheme(*scheme);
    if (row == nullptr) return Error{Errc::kUnknownScheme, "scheme"};
    list.scheme = row->scheme;
  }
  list.prefix = text("prefix");
  list.cursor = text("cursor");
  if (const std::string* count = query.Find("count")) {
    const auto number = ParseDecimal(*count, limits::kListPageMax);
    if (!number || *number == 0) return Error{Errc::kMalformed, "count: 1 to 1000"};
    list.count = *number;
  }
  return list;
}

Status WriteRow(const ListPage::Row& row, JsonWriter& json) {
  const auto record = RecordView::Parse(row.record);
  if (!record) return record.error();
  const auto values = record->DecodeAll();
  if (!values) return values.error();
  json.StartObject();
  WriteRecordMembers(row.text, *record, row.version, *values, json);
  json.EndObject();
  return {};
}

}  // namespace

void ListIdentifiers(const Request& request, Desk& desk, Response& out) {
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const auto list = ListRequestOf(*query);
  if (!list) return Refuse(list.error(), 0, request, {}, out);
  const auto page = desk.services.listing.List(*list, *caller);
  if (!page) return Refuse(page.error(), 0, request, {}, out);

  JsonWriter json(out.body);
  json.StartObject();
  json.Member("identifiers");
  json.StartArray();
  for (const ListPage::Row& row : page->rows) {
    if (const Status written = WriteRow(row, json); !written) {
      return Refuse(written.error(), 0, request, {}, out);
    }
  }
  json.EndArray();
  if (!page->next_cursor.empty()) {
    json.Member("next_cursor");
    json.Text(page->next_cursor);
  }
  json.EndObject();
}

}  // namespace idnode
