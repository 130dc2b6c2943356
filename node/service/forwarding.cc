#include "node/service/forwarding.h"

#include <algorithm>
#include <utility>

#include "proto/ident/handle_name.h"
#include "proto/ident/identifier.h"
#include "proto/record/record.h"
#include "storage/routing.h"

namespace idnode {
namespace {

constexpr std::string_view kTcp = "tcp://";

// An absolute time of a value is one of the node's that has it, and of no use for how long.
uint32_t SecondsOf(const Value& value) { return value.ttl_absolute ? 0 : value.ttl; }

}  // namespace

Forwarding::Forwarding(Parts parts, const Limits& limits)
    : parts_(std::move(parts)),
      limits_(limits),
      state_(State{ForwardedCache(limits.cache_octets), CircuitBreaker(limits.breaker), {}}),
      threads_(limits.threads, limits.waiting_max) {}

Result<Forwarding::Question> Forwarding::QuestionFor(std::string_view text) const {
  constexpr Error kNobodys{Errc::kNotHomed, "no node below answers for the identifier"};
  const auto identifier = ParseIdentifier(text);
  if (!identifier) return identifier.error();
  if (identifier->scheme != Scheme::kHandle || !PrefixNamedByKey(identifier->key).empty()) {
    return kNobodys;
  }
  const std::string_view prefix =
      std::string_view(identifier->key).substr(1, identifier->key.find('/') - 1);
  const auto route = parts_.routes.Find(prefix, Reach::kDisk);
  if (!route) return route.error().code == Errc::kNotFound ? kNobodys : route.error();
  Question question{.text = std::string(text),
                    .key = identifier->key,
                    .servers = {},
                    .routing = route->row.version};
  const auto routing = DecodeRouting(route->row.body);
  if (!routing) return Error{Errc::kCorrupt, routing.error().detail};
  for (std::string& address : AddressesOf(*routing)) {
    if (address.starts_with(kTcp)) question.servers.push_back(std::move(address));
  }
  if (question.servers.empty()) {
    return Error{Errc::kUnavailable, "the node below is not served over TCP"};
  }
  return question;
}

void Forwarding::Resolve(std::string_view text, const Address& source, Done done) {
  auto question = QuestionFor(text);
  if (!question) return done(question.error());
  const uint64_t now = NowMillis();
  question->until_millis = now + limits_.millis;
  Answer kept = state_.With(
      [&](State& state) { return state.cache.Find(question->key, question->routing, now); });
  if (kept != nullptr) return done(std::move(kept));
  if (!parts_.costly_work.work.Take(source, limits_.cost, parts_.monotonic_micros())) {
    return done(Error{Errc::kRateLimited, "too many questions to other nodes"});
  }
  constexpr Error kTooMany{Errc::kBusy, "too many questions to other nodes are under way"};
  const size_t place = state_.With([&](State& state) -> size_t {
    auto& waiting = state.waiting[question->key];
    if (waiting.size() == limits_.waiting_max) return waiting.size();
    waiting.push_back(done);
    return waiting.size() - 1;
  });
  if (place == limits_.waiting_max) return done(kTooMany);
  if (place > 0) return;  // Somebody has asked already.
  const std::string key = question->key;
  if (!threads_.Post([this, question = *std::move(question)] { Ask(question); })) {
    Finish(key, kTooMany);
  }
}

void Forwarding::Ask(const Question& question) {
  auto answer = AskServers(question);
  if (!answer) return Finish(question.key, answer.error());
  const Answer kept = std::make_shared<const ForwardedAnswer>(*std::move(answer));
  const uint64_t now = NowMillis();
  state_.With([&](State& state) {
    state.cache.Put(question.key, question.routing, HoldsUntil(*kept, now), kept);
  });
  Finish(question.key, kept);
}

// The first server that answers, in the order of its site.
Result<ForwardedAnswer> Forwarding::AskServers(const Question& question) {
  Error why{Errc::kUnavailable, "the node below did not answer last; it is not asked for a while"};
  for (const std::string& server : question.servers) {
    const uint64_t now = NowMillis();
    if (now >= question.until_millis) return Error{Errc::kTimeout, "the node below was too slow"};
    if (!state_.With([&](State& state) { return state.breaker.MayAsk(server, now); })) continue;
    auto answer = parts_.nodes.Resolve(question.text, server,
                                       static_cast<uint32_t>(question.until_millis - now));
    state_.With([&](State& state) {
      if (answer) {
        state.breaker.OnAnswered(server);
      } else {
        state.breaker.OnFailed(server, NowMillis());
      }
    });
    if (answer) return answer;
    why = answer.error();
  }
  return why;
}

// As long as the value that holds for the shortest time.
uint64_t Forwarding::HoldsUntil(const ForwardedAnswer& answer, uint64_t now_millis) const {
  if (!answer.found) return now_millis + uint64_t{limits_.absent_seconds} * 1'000;
  const auto record = RecordView::Parse(answer.record);
  const auto values = record ? record->DecodeAll() : Result<std::vector<Value>>(record.error());
  if (!values) return now_millis;
  uint32_t seconds = limits_.values_seconds_max;
  for (const Value& value : *values) seconds = std::min(seconds, SecondsOf(value));
  return now_millis + uint64_t{seconds} * 1'000;
}

void Forwarding::Finish(const std::string& key, const Result<Answer>& answer) {
  std::vector<Done> waiting;
  state_.With([&](State& state) {
    const auto at = state.waiting.find(key);
    waiting = std::move(at->second);
    state.waiting.erase(at);
  });
  for (const Done& done : waiting) done(answer);
}

}  // namespace idnode
