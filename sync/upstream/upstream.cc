#include "sync/upstream/upstream.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "proto/base/guarded.h"
#include "proto/base/limits.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"
#include "sync/upstream/backoff.h"
#include "sync/upstream/bell.h"
#include "sync/upstream/filing_message.h"
#include "sync/upstream/link.h"

namespace idnode {
namespace {

constexpr uint32_t kProtocol = 1;
constexpr uint32_t kTicksOfSilence = 8;
// What a node above may say unasked in one tick; besides, one word for each of our sends, twice.
constexpr uint32_t kMessagesPerTickMax = 64;

uint64_t TickMs(const UpstreamOptions& options) {
  return std::max<uint64_t>(options.silence_ms_max / kTicksOfSilence, 1);
}

Evaluation FromWire(const v1::Evaluation& wire) {
  return {.registered_gross = wire.registered_gross(),
          .registered = wire.registered(),
          .resolutions = wire.resolutions(),
          .resolution_requests = wire.resolution_requests(),
          .connected_enterprises = wire.connected_enterprises(),
          .allocated = wire.allocated()};
}

Error FarewellError(const v1::Farewell& farewell) {
  if (const auto code = ErrcOf(farewell.code())) return {*code, "upstream: it said farewell"};
  return {Errc::kUnavailable, "upstream: it said farewell, and not why"};
}

// The connection was lost, or the two will not talk to each other.
UpstreamEvent::Kind KindOf(Errc code) {
  switch (code) {
    case Errc::kUnavailable:
    case Errc::kTimeout:
    case Errc::kBusy:
    case Errc::kReadOnly:
    case Errc::kNotLeader:
    case Errc::kUnknownOutcome:
    case Errc::kShuttingDown:
      return UpstreamEvent::Kind::kLost;
    default:
      return UpstreamEvent::Kind::kRefused;
  }
}

class RunningUpstream : public Upstream {
 public:
  RunningUpstream(Store& store, const UpstreamOptions& options, UpstreamTarget target,
                  const Acknowledged& acknowledged, Now now, Chance chance, Listener listener,
                  UpstreamDesk desk)
      : store_(store),
        options_(options),
        target_(std::move(target)),
        now_(std::move(now)),
        chance_(std::move(chance)),
        listener_(std::move(listener)),
        values_(std::move(desk.values)),
        shown_(std::move(desk.checkpoints)),
        directives_(std::move(desk.carry_out)),
        acknowledged_(acknowledged),
        pump_(options.pump, acknowledged.position),
        backoff_(options.backoff_first_ms, options.backoff_max_ms),
        bell_(TickMs(options)) {
    ShowAcknowledged();
  }
  ~RunningUpstream() override { Stop(); }

  void Start() override {
    if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  }
  void Stop() override {
    bell_.Stop();
    if (thread_.joinable()) thread_.join();
  }
  State state() const override {
    State state = state_.With([](const State& state) { return state; });
    const uint64_t head = std::max(store_.ledger().head().value, state.acknowledged.value);
    state.lag = head - state.acknowledged.value;
    return state;
  }

  void Reconcile() override {
    reconcile_asked_ = true;
    bell_.Ring();
  }

  void OnApplied(const Change&, std::span<const uint8_t>, Position) override {}
  void OnCommitted(Position) override { bell_.Ring(); }

 private:
  // One stream, from the call to its end.
  struct Talk {
    UpstreamLink& link;
    bool welcomed = false;
    bool writing = false;
    Pump::Send sending;  // What out() holds, until it is written.
    std::optional<Pump::Send> due;
    bool heartbeat_due = false;
    uint32_t quiet_ticks = 0, ticks_to_heartbeat = 0, heartbeat_ticks = 1;
    uint32_t messages_left = kMessagesPerTickMax;
    std::optional<Reconciliation> reconciling;
    bool answer_due = false;  // By the node above, to a word of the reconciliation.
  };

  void Run() {
    do {
      Tell({.kind = UpstreamEvent::Kind::kConnecting});
      const Error why = Converse();
      pump_.OnDisconnected();
      if (why.code == Errc::kShuttingDown && stopping_) break;
      state_.With([&](State& state) {
        state.connected = false;
        state.problem = why;
        state.has_problem = true;
      });
      Tell({.kind = KindOf(why.code), .error = why, .position = pump_.acked()});
    } while (bell_.Sleep(backoff_.NextMs(chance_())));
    state_.With([](State& state) { state.connected = false; });
  }

  Error Converse() {
    UpstreamLink link(target_, [this] { bell_.Ring(); });
    Talk talk{link};
    SayHello(talk);
    link.Read();
    for (;;) {
      const Bell::News rung = bell_.Wait();
      if (rung.stop) {
        stopping_ = true;
        return {Errc::kShuttingDown, "upstream: stopped"};
      }
      const UpstreamLink::News news = link.Take();
      if (news.written) OnWritten(talk);
      if (news.read) {
        if (auto heard = Hear(talk); !heard) return heard.error();
        link.Read();
      }
      if (news.ended) return link.Close();
      if (rung.ticks > 0) {
        if (auto alive = PassTime(talk, rung.ticks, news.read); !alive) return alive.error();
      }
      KeepDue(talk, pump_.OnCommitted(store_.ledger().head()));
      if (auto said = Say(talk); !said) return said.error();
    }
  }

  Status PassTime(Talk& talk, uint32_t ticks, bool heard) {
    talk.messages_left = std::max(talk.messages_left, kMessagesPerTickMax);
    talk.quiet_ticks += heard ? 0 : ticks;
    shown_.PassTime();
    if (talk.quiet_ticks > kTicksOfSilence) {
      return Error{Errc::kTimeout, "upstream: not a word for too long"};
    }
    if (talk.ticks_to_heartbeat > ticks) {
      talk.ticks_to_heartbeat -= ticks;
    } else if (talk.welcomed) {
      talk.ticks_to_heartbeat = talk.heartbeat_ticks;
      talk.heartbeat_due = true;
    }
    return {};
  }

  // Speaking.

  void SayHello(Talk& talk) {
    const TreeHead tree = store_.ledger().tree_head();
    const NodeIdentity& identity = store_.identity();
    pump_.OnCommitted(Position{tree.size});
    v1::Hello& hello = *talk.link.out().mutable_hello();
    hello.set_protocol(kProtocol);
    hello.set_node_id(identity.node_id);
    hello.set_name(options_.node_name);
    hello.set_role(identity.role);
    hello.set_prefix(identity.prefix);
    hello.set_head(tree.size);
    hello.set_tree_size(tree.size);
    hello.set_tree_root(std::string(AsText(tree.root)));
    Write(talk);
  }

  static void ExpectAnswer(Talk& talk) {
    talk.messages_left = std::min(talk.messages_left + 2, 64 * kMessagesPerTickMax);
  }

  void Write(Talk& talk) {
    talk.writing = true;
    talk.link.Write();
  }

  void OnWritten(Talk& talk) {
    talk.writing = false;
    if (std::exchange(talk.sending, {}).any()) KeepDue(talk, pump_.OnSent());
  }

  void KeepDue(Talk& talk, const Pump::Send& send) {
    if (send.any()) talk.due = send;
  }

  Status Say(Talk& talk) {
    if (talk.writing) return {};
    if (std::exchange(talk.heartbeat_due, false)) {
      SayHeartbeat(talk);
      return {};
    }
    if (talk.welcomed && SayBesides(talk)) return {};
    if (talk.due) return SayEvents(talk, *std::exchange(talk.due, std::nullopt));
    if (talk.answer_due || !talk.welcomed || !values_.keys) return {};
    if (talk.reconciling) return SayNextFilings(talk);
    return pump_.lag() == 0 && IsReconciliationDue() ? SayStates(talk) : Status();
  }

  // A checkpoint, or what came of a directive.
  bool SayBesides(Talk& talk) {
    if (auto tree = shown_.Next(pump_.acked())) {
      *talk.link.out().mutable_signed_tree() = *std::move(tree);
      ExpectAnswer(talk);
    } else if (directives_.any()) {
      *talk.link.out().mutable_directive_done() = directives_.Next(pump_.acked());
      ExpectAnswer(talk);  // Another one.
    } else {
      return false;
    }
    Write(talk);
    return true;
  }

  // Reconciling what is filed.

  bool IsReconciliationDue() {
    if (reconcile_asked_.exchange(false) || reconcile_again_) return true;
    const uint64_t now = now_().ms;
    return !reconciled_at_ || now < *reconciled_at_ ||
           now - *reconciled_at_ >= options_.reconcile_ms;
  }

  Status SayStates(Talk& talk) {
    reconciled_at_ = now_().ms;
    repairs_ = !std::exchange(reconcile_again_, false);
    auto begun = Reconciliation::Begin(values_, now_());
    if (!begun) return begun.error();
    v1::FilingStates& states = *talk.link.out().mutable_filing_states();
    states.Clear();
    for (const auto& [table, state] : begun->states()) {
      FillState(table, state, begun->FromOf(table), *states.add_tables());
    }
    talk.reconciling = *std::move(begun);
    return WriteQuestion(talk);
  }

  Status SayNextFilings(Talk& talk) {
    auto step = talk.reconciling->Next(pump_.acked());
    if (!step) return step.error();
    if (step->over()) {
      OnReconciled(talk.reconciling->tables());
      talk.reconciling.reset();
      return {};
    }
    if (step->ask) {
      v1::FilingPageRequest& asked = *talk.link.out().mutable_filing_page_request();
      asked.set_table(static_cast<uint32_t>(step->ask->table));
      asked.set_after(step->ask->after);
      asked.set_from(step->ask->from);
      return WriteQuestion(talk);
    }
    v1::Filings& filings = *talk.link.out().mutable_filings();
    filings.Clear();
    for (const Filing& filing : step->filings) {
      if (auto filled = FillFiling(filing, *filings.add_filings()); !filled) return filled;
    }
    return WriteQuestion(talk);
  }

  Status WriteQuestion(Talk& talk) {
    talk.answer_due = true;
    ExpectAnswer(talk);
    Write(talk);
    return {};
  }

  void OnReconciled(const std::vector<Reconciled>& tables) {
    const bool repaired = std::ranges::any_of(
        tables, [](const Reconciled& table) { return table.differences() > 0; });
    state_.With([&](State& state) {
      ++state.reconciliations;
      state.reconciled = now_();
      state.filings = tables;
      if (repaired) state.repaired = tables;
    });
    if (!repaired) return;
    reconcile_again_ = repairs_;  // Once, to see that nothing is left.
    Tell({.kind = UpstreamEvent::Kind::kReconciled,
          .error = {},
          .position = pump_.acked(),
          .tables = tables});
  }

  Status HearFilings(Talk& talk, const v1::FromParent& message) {
    if (!std::exchange(talk.answer_due, false) || !talk.reconciling) {
      return Error{Errc::kMalformed, "upstream: an answer that was not asked for"};
    }
    if (message.has_filings_stored()) return {};
    if (message.has_filing_page()) {
      const auto table = ParseFilingTable(message.filing_page().table());
      auto rows = ReadRows(message.filing_page());
      if (!table || !rows) return Error{Errc::kMalformed, "upstream: a page that is none"};
      return talk.reconciling->OnPage(*table, *std::move(rows), message.filing_page().last());
    }
    const auto states = ReadStates(message.filing_states());
    if (!states) return states.error();
    return talk.reconciling->OnStates(*states);
  }

  void SayHeartbeat(Talk& talk) {
    const TreeHead tree = store_.ledger().tree_head();
    v1::Heartbeat& heartbeat = *talk.link.out().mutable_heartbeat();
    heartbeat.set_now_ms(now_().ms);
    heartbeat.set_head(tree.size);
    heartbeat.set_tree_size(tree.size);
    heartbeat.set_tree_root(std::string(AsText(tree.root)));
    Write(talk);
  }

  // The records go from the log to the wire word for word; their memory is handed on, not copied.
  Status SayEvents(Talk& talk, const Pump::Send& send) {
    const Position first{send.from.value + 1};
    auto records = store_.log().Read(first, send.through.value - send.from.value, send.octets_max);
    if (!records) return records.error();
    if (records->empty()) return Error{Errc::kCorrupt, "upstream: our own log has a hole"};
    auto fed = FeedFilings(values_, store_.identity().prefix, first, *std::move(records),
                           send.octets_max, send.first_octets_max);
    if (!fed) return fed.error();
    if (fed->wanted > 0) {
      const Pump::Send again = pump_.OnTooLarge(fed->wanted);
      return again.any() ? SayEvents(talk, again) : Status();
    }
    v1::Events& events = *talk.link.out().mutable_events();
    events.Clear();
    reconcile_again_ |= fed->left_out;
    talk.sending = {.from = send.from, .through = Position{send.from.value + fed->records.size()}};
    for (std::string& record : fed->records) *events.add_records() = std::move(record);
    for (const Filing& filing : fed->filings) {
      if (auto filled = FillFiling(filing, *events.add_filings()); !filled) return filled;
    }
    events.set_first(first.value);
    events.set_head(pump_.head().value);
    ExpectAnswer(talk);
    pump_.OnTaken(talk.sending.through, fed->octets);
    Write(talk);
    return {};
  }

  // Hearing.

  Status Hear(Talk& talk) {
    talk.quiet_ticks = 0;
    if (talk.messages_left-- == 0) {
      return Error{Errc::kRateLimited, "upstream: it says more than we asked for"};
    }
    const v1::FromParent& message = talk.link.in();
    if (message.has_farewell()) return FarewellError(message.farewell());
    if (message.has_welcome() == talk.welcomed) {
      return Error{Errc::kMalformed, "upstream: a word out of its order"};
    }
    switch (message.message_case()) {
      case v1::FromParent::kWelcome:
        return HearWelcome(talk, message.welcome());
      case v1::FromParent::kAck:
        return HearAck(talk, message.ack());
      case v1::FromParent::kHeartbeat:
        backoff_.OnSuccess();
        return {};
      case v1::FromParent::kFilingStates:
      case v1::FromParent::kFilingPage:
      case v1::FromParent::kFilingsStored:
        return HearFilings(talk, message);
      case v1::FromParent::kCosignature:
        return shown_.OnAnswer(message.cosignature());
      case v1::FromParent::kDirective:
        return directives_.Hear(message.directive());
      default:
        return Error{Errc::kMalformed, "upstream: not a word of this conversation"};
    }
  }

  Status HearWelcome(Talk& talk, const v1::Welcome& welcome) {
    const Position holds{welcome.resume_after()};
    if (holds > pump_.head()) return Error{Errc::kForged, "upstream: it claims what we never sent"};
    if (auto ours = CheckTip(holds, welcome.tip()); !ours) return ours;
    const Position before = pump_.acked();
    const Pump::Resumption resumption = pump_.OnConnected(holds, welcome.credit_octets());
    Require(resumption != Pump::Resumption::kImpossible);
    talk.welcomed = true;
    shown_.OnConnected();
    directives_.OnConnected();
    const uint64_t heartbeat_ms = std::min<uint64_t>(welcome.heartbeat_seconds() * uint64_t{1'000},
                                                     options_.silence_ms_max / 3);
    talk.heartbeat_ticks =
        static_cast<uint32_t>(std::max<uint64_t>(heartbeat_ms / TickMs(options_), 1));
    talk.ticks_to_heartbeat = talk.heartbeat_ticks;
    if (resumption == Pump::Resumption::kSetBack) OnSetBack(before, holds);
    if (holds > before) {
      acknowledged_.position = holds;
      Remember();
    }
    state_.With([&](State& state) {
      state.connected = true;
      state.has_problem = false;
    });
    Tell({.kind = UpstreamEvent::Kind::kDocked, .position = holds});
    KeepDue(talk, pump_.Next());
    return {};
  }

  // It holds a part of what it had acknowledged, and that part is ours: we have the whole log, it
  // stores nothing twice, so it is sent the rest again. What it counted is not what it counts now.
  void OnSetBack(Position before, Position holds) {
    // Set back again before it was level: what it once had is what it has lost.
    const bool level = !acknowledged_.setback || before >= acknowledged_.setback->from;
    acknowledged_.setback = {level ? before : acknowledged_.setback->from, holds, now_()};
    acknowledged_.position = holds;
    acknowledged_.evaluation.reset();
    Remember();
    state_.With([](State& state) { ++state.setbacks; });
    Tell({.kind = UpstreamEvent::Kind::kSetBack, .error = {}, .position = holds, .before = before});
  }

  // That the record at `position`, which the node above says it holds, is ours.
  Status CheckTip(Position position, std::string_view tip) {
    if (position.value == 0) return {};
    const auto records = store_.log().Read(position, 1, limits::kLogRecordOctetsMax);
    if (!records) return records.error();
    if (records->empty() || AsText(LeafHash(records->front())) != tip) {
      return Error{Errc::kForged, "upstream: the record it holds is not ours"};
    }
    return {};
  }

  Status HearAck(Talk& talk, const v1::Ack& ack) {
    const Position through{ack.through()};
    const bool further = through > pump_.acked();
    const Pump::Acked acked = pump_.OnAcked(through, ack.credit_octets());
    if (!acked.ok) return Error{Errc::kForged, "upstream: it acknowledges what was never sent"};
    KeepDue(talk, acked.send);
    if (further) backoff_.OnSuccess();
    acknowledged_.position = through;
    acknowledged_.at = now_();
    if (ack.has_evaluation()) acknowledged_.evaluation = FromWire(ack.evaluation());
    Remember();
    if (further || ack.has_evaluation()) {
      Tell({.kind = UpstreamEvent::Kind::kAcked, .position = through});
    }
    return {};
  }

  void Remember() {
    store_.ledger().PutLocal(keyspace::kUpstreamAcked, EncodeAcknowledged(acknowledged_));
    ShowAcknowledged();
  }
  void ShowAcknowledged() {
    state_.With([&](State& state) {
      state.acknowledged = acknowledged_.position;
      state.last_acknowledged = acknowledged_.at;
      state.evaluated = acknowledged_.evaluation.has_value();
      state.evaluation = acknowledged_.evaluation.value_or(Evaluation{});
      state.setback = acknowledged_.setback;
    });
  }
  void Tell(const UpstreamEvent& event) {
    if (listener_) listener_(event);
  }

  Store& store_;
  const UpstreamOptions options_;
  const UpstreamTarget target_;
  const Now now_;
  const Chance chance_;
  const Listener listener_;
  const FiledValues values_;
  ShownTree shown_;
  DirectiveTaker directives_;

  // The thread's own, once it runs.
  Acknowledged acknowledged_;
  Pump pump_;
  Backoff backoff_;
  bool stopping_ = false;
  std::optional<uint64_t> reconciled_at_;
  bool reconcile_again_ = false, repairs_ = false;

  std::atomic<bool> reconcile_asked_{false};

  Bell bell_;
  Guarded<State> state_;
  std::thread thread_;
};

// The default for an address that is not set: a node without a node above.
class NoUpstream : public Upstream {
 public:
  void Start() override {}
  void Stop() override {}
  State state() const override { return {}; }
  void Reconcile() override {}
  void OnApplied(const Change&, std::span<const uint8_t>, Position) override {}
  void OnCommitted(Position) override {}
};

}  // namespace

Result<std::unique_ptr<Upstream>> Upstream::Create(Store& store, const UpstreamOptions& options,
                                                   Now now, Chance chance, Listener listener,
                                                   UpstreamDesk desk) {
  if (options.address.empty()) return std::unique_ptr<Upstream>(std::make_unique<NoUpstream>());
  auto target = UpstreamTarget::Create(options.address, options.token, options.ca_file,
                                       options.certificate_file, options.key_file);
  if (!target) return target.error();
  const auto acknowledged = ReadAcknowledged(store.engine(), store.ledger().head());
  if (!acknowledged) return acknowledged.error();
  return std::unique_ptr<Upstream>(std::make_unique<RunningUpstream>(
      store, options, *std::move(target), *acknowledged, std::move(now), std::move(chance),
      std::move(listener), std::move(desk)));
}

}  // namespace idnode
