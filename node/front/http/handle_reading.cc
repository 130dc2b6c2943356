#include "node/front/http/handle_reading.h"

#include <algorithm>
#include <future>

#include "node/runtime/clock.h"
#include "node/service/templates.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr Error kElsewhere{Errc::kBusy, "on a thread that may block"};

bool SelectsRestricted(const RecordView& record, ShownValues filter) {
  filter.public_only = false;
  for (RecordView::Walk walk = record.values(); walk.Next();) {
    const bool is_public = (walk.permissions() & kPublicRead) != 0;
    if (!is_public && filter.Admits(walk.index(), walk.type(), walk.permissions())) return true;
  }
  return false;
}

// The administrators of the record have the say.
HandleOutcome ReadAll(std::string_view identifier, const ShownValues& filter,
                      const HandleAuthority& authority, const HandleOperations& operations) {
  auto asked = std::make_shared<HandleAsked>();
  asked->action = HandleAction::kReadAll;
  asked->handle = identifier;
  asked->indexes = filter.indexes;
  asked->types = filter.types;
  std::promise<HandleOutcome> read;
  operations.Perform(std::move(asked), authority, Now(),
                     [&read](HandleOutcome outcome) { read.set_value(std::move(outcome)); });
  return read.get_future().get();
}

}  // namespace

void Classify(const Request& request, ResolutionNote& note) {
  if (note.traffic_class == TrafficClass::kExternal) note.traffic_class = ClassOf(request);
}

TrafficClass ClassOf(const Request& request) {
  static const TrafficRules kOfEveryNode;
  TrafficSigns signs{.query = request.query};
  for (const Field& field : request.fields) {  // One walk: it is done for every resolution.
    if (field.name.size() == 16 && EqualFolded(field.name, "x-idnode-traffic")) {
      signs.said = field.value;
    } else if (field.name.size() == 14 && EqualFolded(field.name, "sec-fetch-dest")) {
      signs.destination = field.value;
    } else if (field.name.size() == 11 && EqualFolded(field.name, "sec-purpose")) {
      signs.purpose = field.value;
    }
  }
  const Peer& peer = *request.peer;
  const TrafficRules& rules = peer.traffic != nullptr ? *peer.traffic : kOfEveryNode;
  return rules.ClassOf(peer.traffic_class, peer.loopback, signs);
}

Result<ShownValues> FilterOf(const Query& query) {
  ShownValues filter;
  for (const std::string_view text : query.All("index")) {
    const auto index = ParseDecimal(text, UINT32_MAX);
    if (!index || text.empty()) return Error{Errc::kMalformed, "index: a number"};
    filter.indexes.push_back(static_cast<uint32_t>(*index));
  }
  for (const std::string_view type : query.All("type")) filter.types.emplace_back(type);
  return filter;
}

namespace {

// What the template of the record grants to an application, beside what is public.
Status AddGranted(const Caller& caller, const ShownValues& filter, const Desk& desk,
                  ReadRecord& read) {
  if (desk.services.templates == nullptr) return {};
  const RecordView& record = read.answer.found.record;
  const auto granted = desk.services.templates->GrantedTo(caller, record);
  if (!granted) return granted.error();
  if (granted->empty()) return {};
  auto values = record.DecodeAll();
  if (!values) return values.error();
  ShownValues selected = filter;
  selected.public_only = false;
  std::erase_if(*values, [&](const Value& value) {
    const bool seen = value.public_read() || std::ranges::binary_search(*granted, value.index);
    return !seen || !selected.Admits(value.index, value.type, value.permissions);
  });
  if (values->empty()) return {};
  read.public_only = false;
  read.granted.emplace();
  read.granted->values = *std::move(values);
  return {};
}

}  // namespace

Result<ReadRecord> Read(std::string_view identifier, const ShownValues& filter, const Query& query,
                        const Request& request, Desk& desk, ResolutionNote& note) {
  const bool on_loop = desk.reach == Reach::kMemoryOnly;
  if (on_loop && OffersProof(request, desk)) return kElsewhere;
  const auto authority = AuthorityOf(request, desk);
  if (!authority) return authority.error();
  auto answer = desk.services.resolver.Resolve(identifier, desk.reach, desk.scratch, note);
  Classify(request, note);
  if (!answer) return answer.error();

  ReadRecord read{.answer = *answer, .note = note, .granted = {}};
  const bool says = query.Has("publicOnly");
  const bool wants_public = says ? query.IsTrue("publicOnly") : authority->anonymous();
  if (wants_public) return read;
  const RecordView& record = answer->found.record;
  if (!authority->has_identity && !authority->caller.anonymous) {  // A token.
    read.public_only = !Resolver::SeesAll(authority->caller, record);
    if (!Templates::MayBeGranted(authority->caller, record)) return read;
    if (on_loop) return kElsewhere;
    const Status granted = AddGranted(authority->caller, filter, desk, read);
    if (!granted) return granted.error();
    return read;
  }
  if (desk.services.handles == nullptr) return read;
  read.public_only = false;
  if (!SelectsRestricted(record, filter)) return read;
  if (on_loop) return kElsewhere;
  read.granted = ReadAll(identifier, filter, *authority, desk.services.handles->operations);
  if (read.granted->status) return read;
  note.outcome = ResolutionOutcome::kDenied;
  return read.granted->status.error();
}

bool AsksForDisk(const Error& error, const Desk& desk) {
  return error.code == Errc::kBusy && desk.reach == Reach::kMemoryOnly;
}

}  // namespace idnode
