#include "node/front/http/handle_reading.h"
#include "node/front/http/links_request.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "proto/web/json_writer.h"
#include "proto/web/link_warnings.h"

// /api/v1/links/{path}: the links of one GS1 identifier (docs/api/links.md).
namespace idnode {
namespace {

void AddTag(uint64_t version, Response& out) {
  out.fields.emplace_back("ETag", "\"" + std::to_string(version) + "\"");
}

// One edit on its way. Keeps what the item's views point into.
struct Edit {
  LinksRequest asked;
  std::vector<LinkEntry> links;
  LinkValues values;
  std::vector<RegisterItem> items;
};

// 412: what the caller made a condition does not hold (RFC 9110 section 13).
uint16_t StatusFor(const Error& error, const LinksRequest& asked) {
  const bool is_condition =
      error.code == Errc::kConflict || error.code == Errc::kExists || error.code == Errc::kNotFound;
  return asked.has_precondition() && is_condition ? 412 : 0;
}

// The version that the record has now; 0: it is not there.
uint64_t PresentVersion(const Edit& edit, Desk& desk) {
  ResolutionNote note;  // Not a resolution: it is not counted.
  const auto present =
      desk.services.resolver.Resolve(edit.asked.identifier, Reach::kDisk, desk.scratch, note);
  return present ? present->found.version.value : 0;
}

void WriteEdited(const Edit& edit, RegisterOutcome outcome, uint64_t version, Response& out) {
  JsonWriter json(out.body);
  json.StartObject();
  json.Member("identifier");
  json.Text(edit.asked.identifier);
  json.Member("outcome");
  json.ValidText(NameOf(outcome));
  if (edit.asked.dry_run) {
    json.Member("dryRun");
    json.Bool(true);
  }
  if (version != 0) {
    json.Member("version");
    json.Uint64(version);
  }
  json.Member("warnings");
  std::string warnings;
  WriteLinkWarnings(WarningsOf(edit.links), edit.links, warnings);
  json.RawValue(warnings.data(), warnings.size(), rapidjson::kArrayType);
  json.EndObject();
}

Response ResponseOf(const RegisterResult& result, const Edit& edit, const Request& request,
                    Desk& desk) {
  Response out;
  const auto refuse = [&](const Error& error, uint16_t status) {
    Refuse(error, status, request, {}, out);
    return std::move(out);
  };
  if (!result.status) return refuse(result.status.error(), 0);
  const RegisterItemResult& item = result.items[0];
  if (item.outcome == RegisterOutcome::kRefused) {
    return refuse(item.error, StatusFor(item.error, edit.asked));
  }
  uint64_t version = 0;
  if (!edit.asked.dry_run && item.outcome != RegisterOutcome::kRemoved) {
    version = item.outcome == RegisterOutcome::kUnchanged ? PresentVersion(edit, desk)
                                                          : result.position.value;
  }
  if (version != 0) AddTag(version, out);
  if (item.outcome == RegisterOutcome::kCreated && !edit.asked.dry_run) out.status = 201;
  WriteEdited(edit, item.outcome, version, out);
  return out;
}

void Register(Edit& edit, const Request& request, Desk& desk, const Done& done) {
  const LinksRequest& asked = edit.asked;
  const RegisterResult result = asked.dry_run
                                    ? desk.services.registrar.Judge(edit.items, asked.caller, Now())
                                    : desk.services.registrar.RegisterAndWait(
                                          edit.items, asked.caller, asked.idempotency_key, Now());
  done(ResponseOf(result, edit, request, desk));
}

void AnswerEdit(RegisterAction action, const Request& request, Desk& desk, const Done& done) {
  const auto refuse = [&](const Error& error) {
    Response out;
    Refuse(error, 0, request, {}, out);
    done(std::move(out));
  };
  auto asked = ReadLinksRequest(request, desk);
  if (!asked) return refuse(asked.error());
  Edit edit{*std::move(asked), {}, {}, {}};
  if (action != RegisterAction::kRemoveLinks) {
    auto links = ParseLinkEntries(request.body);
    if (!links) return refuse(links.error());
    edit.links = *std::move(links);
    for (const LinkEntry& link : edit.links) edit.values.Add(link);
  }
  RegisterItem& item = edit.items.emplace_back(edit.asked.ItemOf(action));
  item.values = edit.values.values();
  Register(edit, request, desk, done);
}

}  // namespace

void GetLinks(const Request& request, Desk& desk, Response& out) {
  const auto identifier = LinkedIdentifier(request.rest);
  if (!identifier) return Refuse(identifier.error(), 0, request, {}, out);
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  ResolutionNote note;  // Administration, not a resolution: it is not counted.
  const auto found = desk.services.resolver.Resolve(*identifier, desk.reach, desk.scratch, note);
  if (!found && AsksForDisk(found.error(), desk)) {
    out.needs_disk = true;
    return;
  }
  if (!found) return Refuse(found.error(), 0, request, {}, out);
  const RecordView& record = found->found.record;
  const bool sees_all = Resolver::SeesAll(*caller, record);
  auto values = record.DecodeAll();
  if (!values) return Refuse(values.error(), 0, request, {}, out);
  if (!sees_all) std::erase_if(*values, [](const Value& value) { return !value.public_read(); });
  AddTag(found->found.version.value, out);
  WriteLinkEntries(LinkEntriesOf(*values, sees_all), out.body);
}

void PutLinks(const Request& request, Desk& desk, Done done) {
  AnswerEdit(RegisterAction::kPutLinks, request, desk, done);
}

void PostLinks(const Request& request, Desk& desk, Done done) {
  AnswerEdit(RegisterAction::kAddLinks, request, desk, done);
}

void DeleteLinks(const Request& request, Desk& desk, Done done) {
  AnswerEdit(RegisterAction::kRemoveLinks, request, desk, done);
}

}  // namespace idnode
