#include "node/service/acts.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proto/base/text.h"
#include "storage/acts.h"

namespace idnode {
namespace {

constexpr uint64_t kMinuteMs = 60'000;
// The actor of records about several, and of those for whom there was no room.
constexpr std::string_view kSeveral = "several";

std::shared_ptr<Change> NewChange(std::string_view actor, Time now) {
  return std::make_shared<Change>(now, actor, OperationId{}, Change::Mode::kTogether);
}

uint32_t EnterpriseOf(const Caller& caller) {
  return caller.enterprise == 0 ? kNoEnterprise : caller.enterprise;
}

// What the ledger said, for whom waits no longer than he wants to.
struct Answer {
  std::mutex mutex;
  std::condition_variable given;
  bool is_there = false;
  Outcome outcome;
};

}  // namespace

// What was refused to whom in the present minute.
struct Acts::Refusals {
  struct Actor {
    uint64_t minute = 0;
    uint32_t recorded = 0;
    uint64_t left_out = 0;
  };

  // How many were left out before this one, if it is to be on record; nothing: it is left out, too.
  std::optional<uint64_t> Take(std::string_view name, uint64_t minute) {
    std::scoped_lock lock(mutex);
    Actor& actor = Find(name, minute);
    if (actor.minute != minute) {
      actor.minute = minute;
      actor.recorded = 0;
    }
    if (actor.recorded >= kRefusalsPerMinute) {
      ++actor.left_out;
      return std::nullopt;
    }
    ++actor.recorded;
    // Of those who are not told apart, nobody has it on his record.
    return &actor == &others ? 0 : std::exchange(actor.left_out, 0);
  }

  void LeaveOut(std::string_view name, uint64_t count) {
    std::scoped_lock lock(mutex);
    const auto found = actors.find(name);
    (found == actors.end() ? others : found->second).left_out += count;
  }

  // Those who were refused more than is on record, in a minute that is over; forgets all others
  // whose minute is.
  std::vector<std::pair<std::string, uint64_t>> TakeOver(uint64_t minute) {
    std::scoped_lock lock(mutex);
    std::vector<std::pair<std::string, uint64_t>> over;
    for (auto at = actors.begin(); at != actors.end();) {
      if (at->second.minute == minute) {
        ++at;
        continue;
      }
      if (at->second.left_out > 0) over.emplace_back(at->first, at->second.left_out);
      at = actors.erase(at);
    }
    if (others.minute != minute && others.left_out > 0) {
      over.emplace_back(kSeveral, std::exchange(others.left_out, 0));
    }
    return over;
  }

  Actor& Find(std::string_view name, uint64_t minute) {
    const auto found = actors.find(name);
    if (found != actors.end()) return found->second;
    if (actors.size() >= kRefusedActorsMax) return others;
    return actors.emplace(std::string(name), Actor{.minute = minute}).first->second;
  }

  std::mutex mutex;
  std::map<std::string, Actor, std::less<>> actors;
  Actor others;
};

Acts::Acts(Ledger& ledger, Clock now, std::chrono::milliseconds patience)
    : ledger_(ledger),
      now_(std::move(now)),
      patience_(patience),
      refusals_(std::make_shared<Refusals>()) {}

Status Acts::Permit(const Caller& caller, Act act, std::string_view subject) {
  const Status may = MayDo(caller, act);
  if (!may) Refused(caller, act, subject, may.error().code);
  return may;
}

Status Acts::Begin(const Caller& caller, Act act, std::string_view subject) {
  if (const Status may = Permit(caller, act, subject); !may) return may;
  return RowOf(act).kept == Kept::kFirst ? PutOnRecord(caller, act, subject) : Status();
}

Status Acts::PutOnRecord(const Caller& caller, Act act, std::string_view subject) {
  const std::string text = SubjectText(subject);
  const auto change = NewChange(caller.actor, now_());
  AddAct(*change, EnterpriseOf(caller), {.act = RowOf(act).name, .subject = text});
  change->Seal();
  return PutOnRecord(change);
}

Status Acts::PutOnRecord(std::shared_ptr<const Change> change) {
  const auto answer = std::make_shared<Answer>();
  ledger_.Submit(std::move(change), [answer](const Outcome& outcome) {
    std::scoped_lock lock(answer->mutex);
    answer->outcome = outcome;
    answer->is_there = true;
    answer->given.notify_one();
  });
  std::unique_lock lock(answer->mutex);
  if (!answer->given.wait_for(lock, patience_, [&] { return answer->is_there; })) {
    return Error{Errc::kTimeout, "the act could not be put on record in time"};
  }
  if (answer->outcome.done()) return {};
  return Error{answer->outcome.error(0), "the act could not be put on record"};
}

void Acts::Refused(const Caller& caller, Act act, std::string_view subject, Errc why) {
  if (caller.anonymous) return;
  const Time now = now_();
  const auto left_out = refusals_->Take(caller.actor, now.ms / kMinuteMs);
  if (!left_out) return;
  const std::string text = SubjectText(subject);
  const auto change = NewChange(caller.actor, now);
  AddRefusedAct(*change, EnterpriseOf(caller),
                {.act = RowOf(act).name,
                 .subject = text,
                 .why = idnode::RowOf(why).name,
                 .left_out = *left_out});
  change->Seal();
  ledger_.Submit(change, [refusals = refusals_, actor = caller.actor,
                          count = *left_out + 1](const Outcome& outcome) {
    if (!outcome.done()) refusals->LeaveOut(actor, count);
  });
}

void Acts::TellLeftOut() {
  const Time now = now_();
  for (const auto& [actor, count] : refusals_->TakeOver(now.ms / kMinuteMs)) {
    const auto change = NewChange(actor, now);
    AddRefusedAct(*change, kNoEnterprise, {.act = "refusals_left_out", .left_out = count});
    change->Seal();
    ledger_.Submit(change,
                   [refusals = refusals_, actor = actor, count = count](const Outcome& outcome) {
                     if (!outcome.done()) refusals->LeaveOut(actor, count);
                   });
  }
}

Status BeginWith(Acts* acts, const Caller& caller, Act act, std::string_view subject) {
  return acts == nullptr ? MayDo(caller, act) : acts->Begin(caller, act, subject);
}

std::string SubjectText(std::string_view subject) {
  if (!IsUtf8(subject) || HasControlCharacter(subject)) {
    return ToHex(subject.substr(0, kActSubjectOctetsMax / 2));
  }
  size_t size = std::min(subject.size(), kActSubjectOctetsMax);
  // Not within a character.
  while (size < subject.size() && size > 0 && (subject[size] & 0xC0) == 0x80) --size;
  return std::string(subject.substr(0, size));
}

}  // namespace idnode
