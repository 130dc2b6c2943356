#include "node/service/applications.h"

#include <memory>
#include <utility>

#include "proto/base/text.h"
#include "proto/business/template.h"
#include "proto/ident/identifier.h"
#include "proto/web/json_writer.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

Result<std::string> KeyOfApplication(std::string_view handle) {
  if (const Status fits = CheckApplicationHandle(handle); !fits) return fits.error();
  auto identifier = ParseIdentifier(handle);
  if (!identifier) return identifier.error();
  return std::move(identifier->key);
}

Status HoldCondition(const Applications::PutRequest& request, const StoredApplication* before) {
  if (before != nullptr && request.must_be_absent) {
    return Error{Errc::kExists, "there is such an application already"};
  }
  if (before == nullptr && (request.must_be_there || request.expected_version != 0)) {
    return Error{Errc::kNoApplication, "there is no application to replace"};
  }
  if (before != nullptr && request.expected_version != 0 &&
      request.expected_version != before->position.value) {
    return Error{Errc::kConflict, "the application has another version"};
  }
  return {};
}

Applications::Outcome Refuse(const Error& error) { return {error, {}, {}}; }

void WriteShown(const Applications::Shown& shown, JsonWriter& json) {
  json.StartObject();
  if (!shown.enterprise.empty()) json.TextMember("enterprise", shown.enterprise);
  json.Member("position");
  json.Uint64(shown.row.position.value);
  json.TextMember("created", FormatUtc(shown.row.created.seconds()));
  json.TextMember("changed", FormatUtc(shown.row.changed.seconds()));
  json.Member("application");
  json.StartObject();
  WriteApplicationMembers(shown.data, json);
  json.EndObject();
  json.EndObject();
}

}  // namespace

Applications::Applications(const Engine& engine, const Directory& directory, Ledger& ledger,
                           Acts& acts, std::string node_prefix)
    : engine_(engine),
      directory_(directory),
      ledger_(ledger),
      acts_(acts),
      node_prefix_(std::move(node_prefix)) {}

Result<Applications::Shown> Applications::ShownOf(StoredApplication row) const {
  auto data = DecodeApplication(row.document);
  if (!data) return data.error();
  data->handle = row.handle;
  Shown shown{std::move(row), *std::move(data), {}};
  shown.enterprise = CodeOfOwner(shown.row.enterprise, *directory_.View());
  return shown;
}

Applications::Outcome Applications::Commit(const std::shared_ptr<Change>& change,
                                           StoredApplication row) {
  change->Seal();
  const idnode::Outcome done = ledger_.Commit(change);
  if (!done.done()) {
    const Errc said = done.error(0);
    const bool is_overtaken = said == Errc::kExists || said == Errc::kNotFound;
    const Errc why = is_overtaken ? Errc::kConflict : said;
    return Refuse({why, RowOf(why).en});
  }
  row.position = done.position;
  auto shown = ShownOf(std::move(row));
  if (!shown) return Refuse(shown.error());
  return {{}, {}, *std::move(shown)};
}

Applications::Outcome Applications::Put(const PutRequest& request, const Caller& caller, Time now) {
  if (const Status may = acts_.Permit(caller, Act::kPutApplication, {}); !may) {
    return Refuse(may.error());
  }
  auto read = ReadApplicationJson(request.document);
  if (!read) return Refuse(read.error());
  if (!read->faults.empty()) {
    return {Error{Errc::kInvalidApplication, "the faults are listed"}, std::move(read->faults), {}};
  }
  const auto key = KeyOfApplication(read->data.handle);
  if (!key) return Refuse(key.error());
  const auto view = directory_.View();
  const auto owner =
      OwnerOfCatalogue(*key, caller, Act::kPutApplication, *view, node_prefix_, acts_);
  if (!owner) return Refuse(owner.error());
  const auto before = ReadApplication(engine_, *key);
  if (!before) return Refuse(before.error());
  const StoredApplication* old = *before ? &**before : nullptr;
  if (const Status held = HoldCondition(request, old); !held) return Refuse(held.error());
  StoredApplication row{.key = *key,
                        .handle = read->data.handle,
                        .enterprise = owner->enterprise,
                        .created = old == nullptr ? now : old->created,
                        .changed = now,
                        .document = EncodeApplication(read->data),
                        .position = {}};
  const auto change =
      std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
  RelyOnCatalogueOwner(*change, *owner, caller, *view);
  AddPutApplication(*change, row, old);
  return Commit(change, std::move(row));
}

Applications::Outcome Applications::Remove(std::string_view handle, const Caller& caller,
                                           Time now) {
  if (const Status may = acts_.Permit(caller, Act::kPutApplication, handle); !may) {
    return Refuse(may.error());
  }
  const auto key = KeyOfApplication(handle);
  if (!key) return Refuse(key.error());
  const auto view = directory_.View();
  const auto owner =
      OwnerOfCatalogue(*key, caller, Act::kPutApplication, *view, node_prefix_, acts_);
  if (!owner) return Refuse(owner.error());
  const auto before = ReadApplication(engine_, *key);
  if (!before) return Refuse(before.error());
  if (!*before) return Refuse({Errc::kNoApplication, "there is none of this handle"});
  const auto change =
      std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
  RelyOnCatalogueOwner(*change, *owner, caller, *view);
  AddRemoveApplication(*change, **before);
  return Commit(change, **before);
}

Result<Applications::Shown> Applications::Show(std::string_view handle) const {
  const auto key = KeyOfApplication(handle);
  if (!key) return key.error();
  const auto row = ReadApplication(engine_, *key);
  if (!row) return row.error();
  if (!*row) return Error{Errc::kNoApplication, "there is none of this handle"};
  return ShownOf(**row);
}

Result<Applications::Page> Applications::List(std::string_view after, size_t count) const {
  const auto from = RowOfCatalogueCursor(after, 'A');
  if (!from) return from.error();
  Page page;
  Status failed;
  const Status read = EachApplication(engine_, *from, [&](const StoredApplication& row) {
    if (page.applications.size() == count) {
      page.next = CatalogueCursor(keyspace::Application(page.applications.back().row.key));
      return false;
    }
    auto shown = ShownOf(row);
    if (!shown) failed = shown.error();
    if (shown) page.applications.push_back(*std::move(shown));
    return failed.ok();
  });
  if (!failed) return failed.error();
  if (!read) return read.error();
  return page;
}

std::string DocumentOf(const Applications::Shown& shown) {
  std::string text;
  {
    JsonWriter json(text);
    WriteShown(shown, json);
  }
  return text;
}

std::string DocumentOf(const Applications::Page& page) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    json.Member("applications");
    json.StartArray();
    for (const Applications::Shown& shown : page.applications) WriteShown(shown, json);
    json.EndArray();
    if (!page.next.empty()) json.TextMember("next", page.next);
    json.EndObject();
  }
  return text;
}

}  // namespace idnode
