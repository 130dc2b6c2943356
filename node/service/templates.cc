#include "node/service/templates.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

#include "node/service/template_checks.h"
#include "proto/base/limits.h"
#include "proto/business/template_json.h"
#include "proto/business/template_members.h"
#include "proto/ident/identifier.h"
#include "proto/record/record.h"
#include "storage/applications.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr std::string_view kDocumentType = "TEMPLATE_DOCUMENT";
constexpr size_t kRowsVisitedMax = 10'000;  // For one page.

Result<std::string> KeyOfTemplate(std::string_view handle) {
  if (const Status fits = CheckTemplateHandle(handle); !fits) return fits.error();
  auto identifier = ParseIdentifier(handle);
  if (!identifier) return identifier.error();
  return std::move(identifier->key);
}

Status HoldCondition(const Templates::PutRequest& request, const StoredTemplate* before) {
  if (before != nullptr && request.must_be_absent) {
    return Error{Errc::kExists, "there is such a template already"};
  }
  if (before == nullptr && (request.must_be_there || request.expected_version != 0)) {
    return Error{Errc::kNoTemplate, "there is no template to replace"};
  }
  if (before != nullptr && request.expected_version != 0 &&
      request.expected_version != before->position.value) {
    return Error{Errc::kConflict, "the template has another version"};
  }
  return {};
}

std::string PublicDocument(const DataTemplate& data) {
  std::string text;
  JsonWriter json(text);
  json.StartObject();
  WriteTemplateMembers(data, /*with_grants=*/false, json);
  json.EndObject();
  return text;
}

Templates::Outcome Refuse(const Error& error) { return {error, {}, {}}; }

// In the words of this interface: somebody else was ahead.
Errc WhyNot(const Outcome& outcome) {
  const Errc why = outcome.error(0);
  const bool is_overtaken = why == Errc::kExists || why == Errc::kNotFound;
  return outcome.kind == Outcome::Kind::kRefused && is_overtaken ? Errc::kConflict : why;
}

}  // namespace

Templates::Templates(const Engine& engine, const Registry& registry, const Directory& directory,
                     Ledger& ledger, Acts& acts, std::string node_prefix)
    : engine_(engine),
      registry_(registry),
      directory_(directory),
      ledger_(ledger),
      acts_(acts),
      node_prefix_(std::move(node_prefix)) {}

bool Templates::MaySee(const StoredTemplate& row, const Caller& caller) const {
  return row.place != 0 || MayDoTo(caller, Act::kPutTemplate, row.enterprise);
}

Result<Templates::Shown> Templates::ShownOf(StoredTemplate row, const Caller& caller) const {
  auto data = DecodeTemplate(row.document);
  if (!data) return data.error();
  Shown shown{.row = std::move(row), .data = *std::move(data), .enterprise = {}};
  shown.enterprise = CodeOfOwner(shown.row.enterprise, *directory_.View());
  shown.with_grants = MayDoTo(caller, Act::kPutTemplate, shown.row.enterprise);
  return shown;
}

Templates::Outcome Templates::Commit(const std::shared_ptr<Change>& change, StoredTemplate row,
                                     const Caller& caller) {
  change->Seal();
  const idnode::Outcome done = ledger_.Commit(change);
  if (!done.done()) {
    const Errc why = WhyNot(done);
    return Refuse({why, RowOf(why).en});
  }
  row.position = done.position;
  auto shown = ShownOf(std::move(row), caller);
  if (!shown) return Refuse(shown.error());
  return {{}, {}, *std::move(shown)};
}

Templates::Outcome Templates::Put(const PutRequest& request, const Caller& caller, Time now) {
  if (const Status may = acts_.Permit(caller, Act::kPutTemplate, {}); !may) {
    return Refuse(may.error());
  }
  auto read = ReadTemplateJson(request.document);
  if (!read) return Refuse(read.error());
  if (!read->faults.empty()) {
    return {Error{Errc::kInvalidTemplate, "the faults are listed"}, std::move(read->faults), {}};
  }
  const DataTemplate& data = read->data;
  const auto key = KeyOfTemplate(data.handle);
  if (!key) return Refuse(key.error());
  const auto view = directory_.View();
  const auto owner = OwnerOfCatalogue(*key, caller, Act::kPutTemplate, *view, node_prefix_, acts_);
  if (!owner) return Refuse(owner.error());
  const auto before = ReadTemplate(engine_, *key, data.version);
  if (!before) return Refuse(before.error());
  const StoredTemplate* old = *before ? &**before : nullptr;
  if (const Status held = HoldCondition(request, old); !held) return Refuse(held.error());
  if (old != nullptr && old->state != TemplateState::kDraft) {
    return Refuse({Errc::kExists, "a version that was published never changes; make another"});
  }
  StoredTemplate row{.key = *key,
                     .version = data.version,
                     .enterprise = owner->enterprise,
                     .created = old == nullptr ? now : old->created,
                     .changed = now,
                     .document = EncodeTemplate(data),
                     .position = {}};
  const auto change =
      std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
  RelyOnCatalogueOwner(*change, *owner, caller, *view);
  AddPutTemplate(*change, row, old);
  return Commit(change, std::move(row), caller);
}

// What is referred to must be a template that is published, where this node would know.
std::vector<MemberFault> Templates::FaultsOfTargets(const DataTemplate& data) const {
  MemberFaults faults;
  const auto own_key = KeyOfTemplate(data.handle);
  const auto view = directory_.View();
  for (size_t i = 0; i < data.items.size(); ++i) {
    if (data.items[i].target.empty()) continue;
    const auto key = KeyOfTemplate(data.items[i].target);
    PrefixMatter matter;
    if (!key || !own_key || *key == *own_key || !MatterOfKey(*key, matter)) continue;
    if (matter.text != node_prefix_ && view->Owner(matter) == nullptr) continue;
    bool is_there = false;
    const Status read = EachTemplate(engine_, *key, {}, [&](const StoredTemplate& row) {
      is_there = row.state == TemplateState::kPublished;
      return !is_there;
    });
    if (read && is_there) continue;
    faults.Add("items[" + std::to_string(i) + "].reference", template_members::kTarget,
               Errc::kNoTemplate);
  }
  return faults.Take();
}

// The record of the handle as it is to be when `row` is: all versions that are published.
Status Templates::AddRecord(Change& change, const StoredTemplate& row,
                            std::string_view text) const {
  std::vector<StoredTemplate> published;
  const Status read = EachTemplate(engine_, row.key, {}, [&](const StoredTemplate& each) {
    if (each.version != row.version && each.state == TemplateState::kPublished) {
      published.push_back(each);
    }
    return true;
  });
  if (!read) return read;
  if (row.state == TemplateState::kPublished) published.push_back(row);
  std::ranges::sort(published, {}, &StoredTemplate::place);

  std::string stored;
  const auto found = registry_.Find(row.key, Reach::kDisk, stored);
  if (!found && found.error().code != Errc::kNotFound) return found.error();
  if (found && found->record.template_number() != kTemplateItself) {
    return Error{Errc::kExists, "the handle is registered as something else"};
  }
  if (published.empty()) {
    if (found) AddRemove(change, row.key, found->record.enterprise(), found->version);
    return {};
  }
  Record record{.enterprise = found ? found->record.enterprise() : row.enterprise,
                .template_number = kTemplateItself,
                .created = found ? found->record.created() : change.time().seconds(),
                .modified = change.time().seconds(),
                .text = text,
                .values = {}};
  std::deque<std::string> documents;
  size_t octets = 0;
  for (const StoredTemplate& each : published) {
    const auto data = DecodeTemplate(each.document);
    if (!data) return data.error();
    documents.push_back(PublicDocument(*data));
    octets += documents.back().size() + limits::kTypeOctetsMax;
    record.values.push_back(
        {.index = each.place, .type = kDocumentType, .data = documents.back(), .references = {}});
  }
  if (octets > limits::kRecordOctetsMax - limits::kIdentifierOctetsMax) {
    return Error{Errc::kTooLarge, "the published versions have more than 256 KiB together"};
  }
  std::string encoded;
  EncodeRecord(record, encoded);
  if (found) {
    AddReplace(change, row.key, record.enterprise, encoded, found->version);
  } else {
    AddCreate(change, row.key, record.enterprise, encoded);
  }
  return {};
}

Templates::Outcome Templates::SetState(std::string_view handle, std::string_view version,
                                       TemplateState state, const Caller& caller, Time now) {
  if (const Status may = acts_.Permit(caller, Act::kPutTemplate, handle); !may) {
    return Refuse(may.error());
  }
  if (state == TemplateState::kDraft) {
    return Refuse({Errc::kInvalidValue, "a template is published or withdrawn"});
  }
  const auto key = KeyOfTemplate(handle);
  if (!key) return Refuse(key.error());
  const auto view = directory_.View();
  const auto owner = OwnerOfCatalogue(*key, caller, Act::kPutTemplate, *view, node_prefix_, acts_);
  if (!owner) return Refuse(owner.error());
  const auto before = ReadTemplate(engine_, *key, version);
  if (!before) return Refuse(before.error());
  if (!*before) return Refuse({Errc::kNoTemplate, "there is no such version"});
  StoredTemplate row = **before;
  if (row.state == state) {
    auto shown = ShownOf(std::move(row), caller);
    if (!shown) return Refuse(shown.error());
    return {{}, {}, *std::move(shown)};
  }
  if (row.state == TemplateState::kWithdrawn) {
    return Refuse({Errc::kConflict, "a version that was withdrawn is not published again"});
  }
  const auto data = DecodeTemplate(row.document);
  if (!data) return Refuse(data.error());
  const bool was_published = row.state == TemplateState::kPublished;
  row.state = state;
  row.changed = now;
  if (state == TemplateState::kPublished) {
    auto faults = FaultsOfTargets(*data);
    if (!faults.empty()) {
      return {Error{Errc::kInvalidTemplate, "the faults are listed"}, std::move(faults), {}};
    }
    const Status read = EachTemplate(engine_, *key, {}, [&](const StoredTemplate& each) {
      row.place = std::max(row.place, each.place + 1);
      return true;
    });
    if (!read) return Refuse(read.error());
  }
  const auto change =
      std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
  RelyOnCatalogueOwner(*change, *owner, caller, *view);
  AddPutTemplate(*change, row, &**before);
  if (was_published || state == TemplateState::kPublished) {
    const Status added = AddRecord(*change, row, data->handle);
    if (!added) return Refuse(added.error());
  }
  return Commit(change, std::move(row), caller);
}

Result<Templates::Shown> Templates::Show(std::string_view handle, std::string_view version,
                                         const Caller& caller) const {
  const auto key = KeyOfTemplate(handle);
  if (!key) return key.error();
  std::optional<StoredTemplate> best;
  const Status read = EachTemplate(engine_, *key, {}, [&](const StoredTemplate& row) {
    if (!MaySee(row, caller) || (!version.empty() && row.version != version)) return true;
    const auto rank = [](const StoredTemplate& each) {
      return std::tuple(each.state == TemplateState::kPublished, each.place, each.position.value);
    };
    if (!best || rank(row) > rank(*best)) best = row;
    return true;
  });
  if (!read) return read.error();
  if (!best) return Error{Errc::kNoTemplate, "there is none of this handle and version"};
  return ShownOf(*std::move(best), caller);
}

bool Templates::MayBeGranted(const Caller& caller, const RecordView& record) {
  return caller.role == Role::kApplication && !caller.anonymous && !caller.application.empty() &&
         NamesTemplate(record);
}

Result<std::vector<uint32_t>> Templates::GrantedTo(const Caller& caller,
                                                   const RecordView& record) const {
  if (!MayBeGranted(caller, record) || !CheckApplicationHandle(caller.application)) {
    return std::vector<uint32_t>();
  }
  const auto identifier = ParseIdentifier(caller.application);
  if (!identifier) return std::vector<uint32_t>();
  const auto application = ReadApplication(engine_, identifier->key);
  if (!application) return application.error();
  if (!*application || (*application)->enterprise != caller.enterprise) {
    return std::vector<uint32_t>();
  }
  const auto view = directory_.View();
  const auto found = TemplateReader(engine_, *view, node_prefix_).FindOf(record);
  if (found == nullptr || !found->read) return std::vector<uint32_t>();
  return IndexesGrantedTo(found->data, caller.application);
}

Result<Templates::Page> Templates::List(const ListRequest& request, const Caller& caller) const {
  std::string key;
  if (!request.handle.empty()) {
    auto of = KeyOfTemplate(request.handle);
    if (!of) return of.error();
    key = *std::move(of);
  }
  const auto after = RowOfCatalogueCursor(request.after, 'M');
  if (!after) return after.error();
  Page page;
  Status failed;
  std::string last;
  size_t visited = 0;
  const Status read = EachTemplate(engine_, key, *after, [&](const StoredTemplate& row) {
    if (page.templates.size() == request.count || ++visited > kRowsVisitedMax) {
      page.next = CatalogueCursor(last);
      return false;
    }
    last = keyspace::Template(row.key, row.version);
    if (!MaySee(row, caller) || (request.state && row.state != *request.state)) return true;
    auto shown = ShownOf(row, caller);
    if (!shown) failed = shown.error();
    if (shown) page.templates.push_back(*std::move(shown));
    return failed.ok();
  });
  if (!failed) return failed.error();
  if (!read) return read.error();
  return page;
}

}  // namespace idnode
