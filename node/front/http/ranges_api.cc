#include "node/front/http/query.h"
#include "node/front/http/record_json.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/service/serial_ranges.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/handle_json.h"
#include "proto/web/json_writer.h"

// GET, PUT and DELETE /api/v1/ranges/{range}: ranges of serials, one or those of a product.
namespace idnode {
namespace {

constexpr std::string_view kSerialPart = "/21/";

Status WriteRange(const RangeInfo& range, JsonWriter& json) {
  const auto record = RecordView::Parse(range.record);
  if (!record) return record.error();
  const auto values = record->DecodeAll();
  if (!values) return values.error();
  json.StartObject();
  json.TextMember("range", range.name);
  json.Member("members");
  json.Uint64(range.members);
  json.Member("enterprise");
  json.Uint(range.enterprise);
  json.Member("version");
  json.Uint64(range.version);
  json.Member("created");
  json.ValidText(FormatUtc(record->created()));
  WriteValues(*values, json);
  json.EndObject();
  return {};
}

void Tell(const RangeBook::Outcome& outcome, const Request& request, Response& out) {
  if (outcome.done == RangeBook::Done::kRefused) {
    const std::string detail = outcome.refusal.detail();
    return Refuse({outcome.refusal.error.code, detail}, 0, request, {}, out);
  }
  out.status = outcome.done == RangeBook::Done::kAllocated ? 201 : 200;
  JsonWriter json(out.body);
  json.StartObject();
  json.TextMember("outcome", NameOf(outcome.done));
  json.Member("members");
  json.Uint64(outcome.members);
  json.Member("position");
  json.Uint64(outcome.position.value);
  json.EndObject();
}

void ListRanges(const Request& request, const Caller& caller, Desk& desk, Response& out) {
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  size_t count = 100;
  if (const std::string* asked = query->Find("count")) {
    const auto number = ParseDecimal(*asked, limits::kListPageMax);
    if (!number || *number == 0) {
      return Refuse({Errc::kMalformed, "count: 1 to 1000"}, 0, request, {}, out);
    }
    count = *number;
  }
  const std::string* cursor = query->Find("cursor");
  const auto page =
      desk.services.ranges->List(request.rest, cursor == nullptr ? "" : *cursor, count, caller);
  if (!page) return Refuse(page.error(), 0, request, {}, out);
  JsonWriter json(out.body);
  json.StartObject();
  json.Member("ranges");
  json.StartArray();
  for (const RangeInfo& range : page->ranges) {
    if (const Status written = WriteRange(range, json); !written) {
      return Refuse(written.error(), 0, request, {}, out);
    }
  }
  json.EndArray();
  if (!page->next_cursor.empty()) json.TextMember("next_cursor", page->next_cursor);
  json.EndObject();
}

// A node without a store of ranges has none.
Result<Caller> CallerFor(const Request& request, const Desk& desk) {
  if (desk.services.ranges == nullptr) {
    return Error{Errc::kUnsupported, "this node keeps no ranges of serials"};
  }
  return CallerOf(request, desk.services.authenticator);
}

}  // namespace

void GetRanges(const Request& request, Desk& desk, Response& out) {
  const auto caller = CallerFor(request, desk);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  // Without a range in its path it is the list.
  if (request.rest.find(kSerialPart) == std::string_view::npos) {
    return ListRanges(request, *caller, desk, out);
  }
  const auto range = desk.services.ranges->Find(request.rest, *caller);
  if (!range) return Refuse(range.error(), 0, request, {}, out);
  JsonWriter json(out.body);
  if (const Status written = WriteRange(*range, json); !written) {
    return Refuse(written.error(), 0, request, {}, out);
  }
}

void PutRange(const Request& request, Desk& desk, Response& out) {
  const auto caller = CallerFor(request, desk);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  Result<ValuesBody> body = ValuesBody();
  if (!request.body.empty()) body = ParseValuesBody(request.body);
  if (!body) return Refuse(body.error(), 0, request, {}, out);
  Tell(desk.services.ranges->Allocate(request.rest, body->values(), *caller, Now()), request, out);
}

void DeleteRange(const Request& request, Desk& desk, Response& out) {
  const auto caller = CallerFor(request, desk);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  Tell(desk.services.ranges->Withdraw(request.rest, *caller, Now()), request, out);
}

}  // namespace idnode
