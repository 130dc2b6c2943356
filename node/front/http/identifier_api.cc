#include "node/front/http/aliased_reading.h"
#include "node/front/http/record_json.h"
#include "node/front/http/routes.h"
#include "node/front/http/withdrawn.h"
#include "node/service/forwarding.h"
#include "proto/base/text.h"

// GET /api/v1/identifiers/{id}: any identifier, with its aliases followed; where a node below
// serves it, that is asked, if the caller wants it.
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

// Whether a node below may be asked for what is not here.
bool Forwards(const Query& query, const Error& error, const Desk& desk) {
  return desk.services.forwarding != nullptr && query.IsTrue("forward") &&
         (error.code == Errc::kNotHomed || error.code == Errc::kNotFound);
}

// The document, or `needs_disk`; else why there is none.
Status AnswerHere(std::string_view identifier, const Query& query, const Request& request,
                  Desk& desk, Response& out) {
  ResolutionNote note;
  note.outcome = ResolutionOutcome::kNone;
  const auto at = ReadThroughAliases(identifier, query, request, desk, note);
  if (!at && AsksForDisk(at.error(), desk)) {
    out.needs_disk = true;
    return {};
  }
  if (!at) {
    const Absence absence(at.error(), identifier, desk);
    out.needs_disk = AsksForDisk(absence.error(), desk) ||
                     (desk.reach == Reach::kMemoryOnly && Forwards(query, at.error(), desk));
    if (out.needs_disk) return {};
    if (note.outcome != ResolutionOutcome::kNone) out.note = note;
    if (Forwards(query, at.error(), desk)) return at.error();
    Refuse(absence.error(), 0, request, {}, out);
    return {};
  }
  if (note.outcome != ResolutionOutcome::kNone) out.note = note;
  const Registry::Found& found = at->read.answer.found;
  JsonWriter json(out.body);
  json.StartObject();
  WriteRecordMembers(at->read.answer.text, found.record, found.version.value, at->values, json);
  WriteAliases(*at, json);
  json.EndObject();
  return {};
}

// What the node below said in this one's place: the values are its, and so is the absence.
void WriteForwarded(std::string_view identifier, const ForwardedAnswer& answer,
                    const Request& request, Response& out) {
  if (!answer.found) return Refuse(answer.found.error(), 0, request, {}, out);
  const auto record = RecordView::Parse(answer.record);
  const auto values = record ? record->DecodeAll() : Result<std::vector<Value>>(record.error());
  if (!values) return Refuse(values.error(), 0, request, {}, out);
  JsonWriter json(out.body);
  json.StartObject();
  json.Member("identifier");
  json.Text(identifier);
  WriteValues(*values, json);
  json.Member("forwarded");
  json.StartObject();
  json.Member("answered_by");
  json.Text(answer.answered_by);
  json.EndObject();
  json.EndObject();
}

}  // namespace

void GetIdentifier(const Request& request, Desk& desk, Response& out) {
  const auto identifier = PercentDecode(request.rest);
  if (!identifier) return Refuse(identifier.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  (void)AnswerHere(*identifier, *query, request, desk, out);  // What is forwarded needs the disk.
}

void GetIdentifierBelow(const Request& request, Desk& desk, Done done) {
  Response out;
  const auto identifier = PercentDecode(request.rest);
  const auto query = Query::Parse(request.query);
  if (!identifier || !query) {
    GetIdentifier(request, desk, out);
    return done(std::move(out));
  }
  const Status here = AnswerHere(*identifier, *query, request, desk, out);
  if (here) return done(std::move(out));
  desk.services.forwarding->Resolve(
      *identifier, request.peer->address,
      [&request, why = here.error(), text = *identifier, note = out.note,
       done = std::move(done)](const Result<Forwarding::Answer>& answer) {
        Response told;
        told.note = note;
        if (!answer) {
          const bool nobodys = answer.error().code == Errc::kNotHomed;
          Refuse(nobodys ? why : answer.error(), 0, request, {}, told);
          return done(std::move(told));
        }
        if (told.note) told.note->outcome = ResolutionOutcome::kReferred;
        WriteForwarded(text, **answer, request, told);
        done(std::move(told));
      });
}

}  // namespace idnode
