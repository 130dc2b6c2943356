#include "node/service/incidents.h"

#include <algorithm>
#include <utility>

#include "node/security/permissions.h"
#include "node/service/acts.h"
#include "node/service/monitoring_document.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"
#include "storage/day_filing.h"

namespace idnode {
namespace {

constexpr std::string_view kByHand = "hand", kSystem = "system";

Status CheckDetail(std::string_view detail, size_t octets_max) {
  if (detail.empty() || detail.size() > octets_max || !IsUtf8(detail) ||
      HasControlCharacter(detail)) {
    return Error{Errc::kMalformed, "detail: 1 to 1,000 octets of text"};
  }
  return {};
}

}  // namespace

Incidents::Incidents(const Engine& engine, Ledger& ledger, Acts& acts, Chance chance,
                     std::string node_prefix)
    : engine_(engine),
      ledger_(ledger),
      acts_(acts),
      chance_(std::move(chance)),
      node_prefix_(std::move(node_prefix)) {}

Status Incidents::Read() {
  auto open = ReadOpenIncidents(engine_);
  if (!open) return open.error();
  std::scoped_lock lock(mutex_);
  open_ = *std::move(open);
  return {};
}

std::set<std::string> Incidents::OpenAbouts() const {
  std::scoped_lock lock(mutex_);
  std::set<std::string> abouts;
  for (const auto& [number, event] : open_) {
    if (AboutOf(number) != kByHand) abouts.emplace(AboutOf(number));
  }
  return abouts;
}

IncidentEvent Incidents::EventOf(const IncidentWatch::Turn& turn) {
  return {.kind = IncidentKind::kAbnormal,
          .number = IncidentNumber(turn.at, turn.about, static_cast<uint32_t>(chance_())),
          .closes = {},
          .at = turn.at,
          .cause = turn.cause,
          .detail = turn.detail};
}

IncidentEvent Incidents::EndingOf(const IncidentEvent& open, uint64_t at, std::string_view detail) {
  // A clock that went back does not end it before it began.
  const uint64_t end = std::max(at, open.at);
  return {.kind = IncidentKind::kRecovered,
          .number = IncidentNumber(end, AboutOf(open.number), static_cast<uint32_t>(chance_())),
          .closes = open.number,
          .at = end,
          .cause = open.cause,
          .detail = std::string(detail)};
}

const IncidentEvent* Incidents::FindOpen(std::string_view about) const {
  const IncidentEvent* found = nullptr;
  for (const auto& [number, event] : open_) {
    if (AboutOf(number) == about) found = &event;
  }
  for (const IncidentEvent& event : waiting_) {
    if (event.kind == IncidentKind::kAbnormal && AboutOf(event.number) == about) found = &event;
    if (event.kind == IncidentKind::kRecovered && found != nullptr &&
        event.closes == found->number) {
      found = nullptr;
    }
  }
  return found;
}

void Incidents::Take(std::vector<IncidentWatch::Turn> turns) {
  std::scoped_lock lock(mutex_);
  for (const IncidentWatch::Turn& turn : turns) {
    const IncidentEvent* open = FindOpen(turn.about);
    if (turn.kind == IncidentKind::kAbnormal && open == nullptr) {
      if (waiting_.size() < kWaitingMax) waiting_.push_back(EventOf(turn));
    } else if (turn.kind == IncidentKind::kRecovered && open != nullptr) {
      waiting_.push_back(EndingOf(*open, turn.at, turn.detail));
    }
  }
}

void Incidents::Put(Time now) {
  std::scoped_lock committing(committing_);
  for (;;) {
    std::vector<IncidentEvent> next;
    {
      std::scoped_lock lock(mutex_);
      if (waiting_.empty()) return;
      next.push_back(waiting_.front());
    }
    if (const Status done = Commit(next, kSystem, now); !done) return;
    std::scoped_lock lock(mutex_);
    waiting_.pop_front();
  }
}

void Incidents::TakeOver(const IncidentWatch::Turn& turn, uint64_t until) {
  std::scoped_lock lock(mutex_);
  if (waiting_.size() + 2 > kWaitingMax) return;
  waiting_.push_back(EventOf(turn));
  waiting_.push_back(EndingOf(waiting_.back(), until, turn.detail));
}

Status Incidents::Commit(const std::vector<IncidentEvent>& events, std::string_view actor,
                         Time now) {
  const auto change = std::make_shared<Change>(now, actor, OperationId{}, Change::Mode::kTogether);
  for (const IncidentEvent& event : events) AddIncident(*change, event, node_prefix_);
  change->Seal();
  const Outcome outcome = ledger_.Commit(change);
  // It is there already: an outcome that was not known before.
  if (!outcome.done() && outcome.error(0) != Errc::kExists) {
    return Error{outcome.error(0), "the incident could not be put on record"};
  }
  std::scoped_lock lock(mutex_);
  for (const IncidentEvent& event : events) {
    if (event.kind == IncidentKind::kAbnormal) {
      open_.emplace(event.number, event);
    } else {
      open_.erase(event.closes);
    }
  }
  return {};
}

Result<std::string> Incidents::Open(const Opening& opening, const Caller& caller, Time now) {
  if (const Status begun = acts_.Begin(caller, Act::kPutIncident, opening.detail); !begun) {
    return begun.error();
  }
  constexpr size_t kDetailOctetsMax = 1'000;
  static_assert(kDetailOctetsMax + kPlanned.size() <= kIncidentDetailOctetsMax);
  if (const Status fits = CheckDetail(opening.detail, kDetailOctetsMax); !fits) {
    return fits.error();
  }
  const uint64_t at = opening.at == 0 ? now.seconds() : opening.at;
  if (at > now.seconds()) return Error{Errc::kMalformed, "at: a moment to come"};
  if (!opening.planned && opening.detail.starts_with(kPlanned)) {
    return Error{Errc::kMalformed, "detail: planned is said by a member of its own"};
  }
  const IncidentEvent event = EventOf(
      {.kind = IncidentKind::kAbnormal,
       .about = std::string(kByHand),
       .at = at,
       .cause = opening.planned ? IncidentCause::kOther : opening.cause,
       .detail = (opening.planned ? std::string(kPlanned) : std::string()).append(opening.detail)});
  std::scoped_lock committing(committing_);
  if (const Status done = Commit({event}, caller.actor, now); !done) return done.error();
  return event.number;
}

Result<std::string> Incidents::Close(std::string_view number, std::string_view detail, uint64_t at,
                                     const Caller& caller, Time now) {
  if (const Status begun = acts_.Begin(caller, Act::kPutIncident, number); !begun) {
    return begun.error();
  }
  if (const Status fits = CheckDetail(detail, kIncidentDetailOctetsMax); !fits) {
    return fits.error();
  }
  if (at > now.seconds()) return Error{Errc::kMalformed, "at: a moment to come"};
  std::scoped_lock committing(committing_);
  std::optional<IncidentEvent> ending;
  {
    std::scoped_lock lock(mutex_);
    const auto open = open_.find(std::string(number));
    if (open == open_.end()) return Error{Errc::kNotFound, "nothing of this number is open"};
    if (at != 0 && at < open->second.at) {
      return Error{Errc::kMalformed, "at: before it began"};
    }
    ending = EndingOf(open->second, at == 0 ? now.seconds() : at, detail);
  }
  if (const Status done = Commit({*ending}, caller.actor, now); !done) return done.error();
  return ending->number;
}

Result<std::string> Incidents::List(const ListRequest& request, const Caller& caller) const {
  if (const Status begun = acts_.Begin(caller, Act::kReadFigures, "incidents"); !begun) {
    return begun.error();
  }
  if (request.after.size() > kFilingKeyOctetsMax) {
    return Error{Errc::kInvalidCursor, "no page begins there"};
  }
  std::vector<IncidentEvent> events;
  std::string next;
  if (request.open_only) {
    std::scoped_lock lock(mutex_);
    for (const auto& [number, event] : open_) events.push_back(event);
  } else {
    Status failed;
    std::string last;
    const Status read = EachFiling(engine_, kOwn, FilingTable::kOwnIncident, request.after,
                                   [&](const FiledRow& row) {
                                     if (events.size() == request.count) {
                                       next = last;
                                       return false;
                                     }
                                     auto event = DecodeIncident(row.body);
                                     if (!event)
                                       failed = Error{Errc::kCorrupt, event.error().detail};
                                     if (event) events.push_back(*std::move(event));
                                     last = row.name.key;
                                     return failed.ok();
                                   });
    if (!failed) return failed.error();
    if (!read) return read.error();
  }
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    json.Member("incidents");
    json.StartArray();
    for (const IncidentEvent& event : events) {
      const std::string document = DocumentOfIncident(event);
      json.RawValue(document.data(), document.size(), rapidjson::kObjectType);
    }
    json.EndArray();
    if (!next.empty()) json.TextMember("next", next);
    json.EndObject();
  }
  return text;
}

}  // namespace idnode
