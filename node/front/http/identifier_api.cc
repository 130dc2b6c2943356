#include "node/front/http/aliased_reading.h"
#include "node/front/http/record_json.h"
#include "node/front/http/routes.h"
#include "node/front/http/withdrawn.h"
#include "proto/base/text.h"

// GET /api/v1/identifiers/{id}: any identifier, with its aliases followed.
namespace idnode {
namespace {

void WriteAliases(const AliasedRecord& at, JsonWriter& json) {
  if (at.followed.size() > 1) {
    json.Member("followed");
    json.StartArray();
    for (size_t i = 0; i + 1 < at.followed.size(); ++i) json.Text(at.followed[i]);
    json.EndArray();
  }
  if (!at.alias) {
    json.Member("alias_refused");
    json.ValidText(RowOf(at.alias.error().code).name);
  }
}

}  // namespace

void GetIdentifier(const Request& request, Desk& desk, Response& out) {
  const auto identifier = PercentDecode(request.rest);
  if (!identifier) return Refuse(identifier.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  ResolutionNote note;
  note.outcome = ResolutionOutcome::kNone;
  const auto at = ReadThroughAliases(*identifier, *query, request, desk, note);
  if (!at && AsksForDisk(at.error(), desk)) {
    out.needs_disk = true;
    return;
  }
  if (!at) {
    const Absence absence(at.error(), *identifier, desk);
    if (AsksForDisk(absence.error(), desk)) {
      out.needs_disk = true;
      return;
    }
    if (note.outcome != ResolutionOutcome::kNone) out.note = note;
    return Refuse(absence.error(), 0, request, {}, out);
  }
  if (note.outcome != ResolutionOutcome::kNone) out.note = note;
  const Registry::Found& found = at->read.answer.found;
  JsonWriter json(out.body);
  json.StartObject();
  WriteRecordMembers(at->read.answer.text, found.record, found.version.value, at->values, json);
  WriteAliases(*at, json);
  json.EndObject();
}

}  // namespace idnode
