#include "sync/downstream/conversation.h"

#include <algorithm>
#include <set>
#include <utility>

#include "proto/base/limits.h"
#include "storage/counters.h"
#include "sync/downstream/filing_message.h"
#include "sync/downstream/message.h"

namespace idnode {
namespace {

constexpr size_t kReadAhead = 8;
// What becomes one change: small messages that have gathered are stored together.
constexpr uint64_t kTakenOctetsMax = 2u << 20;
static_assert(kTakenOctetsMax <= limits::kSyncBatchOctetsMax);

constexpr uint32_t kTicksPerSecond = 1'000 / ConversationLine::kTickMs;
constexpr uint32_t kGreetingTicksMax = 10 * kTicksPerSecond;
constexpr uint32_t kHeartbeatsMissedMax = 3;
constexpr uint32_t kEndingTicksMax = 2 * kTicksPerSecond;
constexpr uint32_t kDockingAttemptsMax = 5;

constexpr uint32_t kEvaluationTicks = 2;

v1::Evaluation ToWire(const Evaluation& evaluation) {
  v1::Evaluation wire;
  wire.set_registered(evaluation.registered);
  wire.set_registered_gross(evaluation.registered_gross);
  wire.set_resolutions(evaluation.resolutions);
  wire.set_resolution_requests(evaluation.resolution_requests);
  wire.set_connected_enterprises(evaluation.connected_enterprises);
  wire.set_allocated(evaluation.allocated);
  return wire;
}

// How often the tables of a child are read whole for it.
constexpr uint32_t kStatesTicks = 10;

// What counts against the credit.
uint64_t OctetsOf(const v1::Events& events, const std::vector<Filing>& filings) {
  uint64_t octets = 0;
  for (const std::string& record : events.records()) octets += record.size();
  for (const Filing& filing : filings) octets += filing.octets();
  return octets;
}

Result<std::vector<Filing>> ReadFilings(
    const google::protobuf::RepeatedPtrField<v1::Filing>& messages) {
  if (static_cast<size_t>(messages.size()) > limits::kFilingsPerMessageMax) {
    return Error{Errc::kTooLarge, "filings: too many in a message"};
  }
  std::vector<Filing> filings;
  std::set<FilingName> names;
  for (const v1::Filing& message : messages) {
    auto filing = ReadFilingMessage(message);
    if (!filing) return filing.error();
    if (!names.insert(filing->name).second) {
      return Error{Errc::kMalformed, "filings: twice the same row"};
    }
    filings.push_back(*std::move(filing));
  }
  return filings;
}

uint32_t HeartbeatTicks(const DownstreamOptions& options) {
  return std::clamp<uint32_t>(options.heartbeat_seconds, 1, 3'600) * kTicksPerSecond;
}

uint64_t CreditOctets(const DownstreamOptions& options) {
  return std::clamp<uint64_t>(options.credit_octets, limits::kSyncBatchOctetsMax,
                              limits::kSyncCreditOctetsMax);
}

}  // namespace

Conversation::Conversation(Host& host, std::shared_ptr<ConversationLine> line,
                           grpc::CallbackServerContext& context, std::string bearer, Token token)
    : host_(host),
      line_(std::move(line)),
      context_(context),
      bearer_(std::move(bearer)),
      token_(std::move(token)) {}

void Conversation::Begin() {
  reading_ = std::make_unique<v1::FromChild>();
  StartReading();
}

// What gRPC and the ledger leave word of.

template <class F>
void Conversation::Leave(F&& word) {
  auto self = shared_from_this();  // The one thread may let go of us as soon as it has the word.
  const bool wake = news_.With([&](News& news) {
    word(news);
    return !std::exchange(news.in_line, true);
  });
  if (wake) line_->Wake(std::move(self));
}

// Parses here, so that the one thread does not do it for all children.
void Conversation::OnReadDone(bool ok) {
  Status parsed;
  if (ok) parsed = ParseMessage(read_octets_, *reading_);
  read_octets_.Clear();
  Leave([&](News& news) {
    (ok ? news.read : news.read_failed) = true;
    news.parsed = parsed;
  });
}

void Conversation::OnWriteDone(bool ok) {
  Leave([&](News& news) { (ok ? news.written : news.write_failed) = true; });
}

void Conversation::OnCancel() {
  Leave([](News& news) { news.cancelled = true; });
}

void Conversation::OnDone() {
  Leave([](News& news) { news.done = true; });
}

void Conversation::Submit(std::shared_ptr<const Change> change) {
  in_ledger_ = true;
  host_.store().ledger().Submit(std::move(change),
                                [self = shared_from_this()](const Outcome& outcome) {
                                  self->Leave([&](News& news) { news.outcome = outcome; });
                                });
}

// The one thread.

void Conversation::Run() {
  const News news = news_.With([](News& news) { return std::exchange(news, {}); });
  if (news.written || news.write_failed) writing_now_ = false;
  if (news.write_failed || news.read_failed || news.cancelled) peer_gone_ = true;
  if (news.outcome) {
    in_ledger_ = false;
    if (!inbox_) {
      OnDockOutcome(*news.outcome);
    } else {
      errands_->under_way() ? OnErrandDone(*news.outcome) : OnStored(*news.outcome);
    }
    host_.Settled(*this);
  }
  if (news.read || news.read_failed) reading_now_ = false;
  if (news.read && !ended()) Hear(news.parsed);
  if (news.done) return host_.Gone(*this);
  StoreNext();
  Speak();
  ReadNext();
}

void Conversation::PassTime(uint32_t ticks) {
  quiet_ticks_ += ticks;
  const uint32_t heartbeat_ticks = HeartbeatTicks(host_.options());
  if (stage_ == Stage::kGreeting && quiet_ticks_ > kGreetingTicksMax) {
    EndWith({Errc::kTimeout, "downstream: no hello"});
  } else if (stage_ == Stage::kAdmitting && taken_busy_) {
    taken_busy_ = false;
    TryAdmission();
  } else if (stage_ == Stage::kTalking) {
    taken_busy_ = false;
    if (quiet_ticks_ > kHeartbeatsMissedMax * heartbeat_ticks) {
      EndWith({Errc::kTimeout, "downstream: not a word for too long"});
    }
    ticks_to_evaluation_ -= std::min(ticks_to_evaluation_, ticks);
    ticks_to_states_ -= std::min(ticks_to_states_, ticks);
    ticks_to_heartbeat_ -= std::min(ticks_to_heartbeat_, ticks);
    late_ticks_ -= std::min(late_ticks_, ticks);
    errands_->PassTime(ticks);
    if (host_.faults().slow() && credit_owed_ > 0) ack_due_ = true;
    if (ticks_to_heartbeat_ == 0 && !ended()) {
      ticks_to_heartbeat_ = heartbeat_ticks;
      heartbeat_due_ = true;
      if (!host_.Authenticate(bearer_)) {
        EndWith({Errc::kTokenRevoked, "downstream: the token was revoked"});
      }
    }
  } else if (stage_ == Stage::kEnding) {
    ending_ticks_ += ticks;
    // It does not take our farewell: a cancelled call fails the write that is under way.
    if (ending_ticks_ > kEndingTicksMax && !std::exchange(cancelled_by_us_, true)) {
      context_.TryCancel();
    }
  }
  StoreNext();
  Speak();
  ReadNext();
}

void Conversation::Retry() {
  if (stage_ == Stage::kAdmitting) TryAdmission();
  Speak();
  ReadNext();
}

void Conversation::EndWith(const Error& why, std::string evidence) {
  if (ended()) return;
  const bool talked = stage_ == Stage::kTalking;
  stage_ = Stage::kEnding;
  farewell_ = why;
  const bool wrong = why.code != Errc::kShuttingDown && why.code != Errc::kConflict;
  host_.Tell(
      {.kind = talked && !wrong ? DownstreamEvent::Kind::kLeft : DownstreamEvent::Kind::kRefused,
       .node_id = hello_.node_id(),
       .error = why,
       .evidence = std::move(evidence)});
  Speak();
}

// Hearing.

void Conversation::Hear(const Status& parsed) {
  quiet_ticks_ = 0;
  const Status heard = parsed ? HearMessage() : parsed;
  if (!heard) EndWith(heard.error());
}

Status Conversation::HearMessage() {
  switch (reading_->message_case()) {
    case v1::FromChild::kHello:
      if (stage_ != Stage::kGreeting) break;
      hello_ = std::move(*reading_->mutable_hello());
      stage_ = Stage::kAdmitting;
      TryAdmission();
      return {};
    case v1::FromChild::kEvents:
      if (stage_ == Stage::kTalking) return HearEvents();
      break;
    case v1::FromChild::kHeartbeat:
      if (stage_ == Stage::kTalking) return HearHeartbeat(reading_->heartbeat());
      break;
    case v1::FromChild::kFilings:
      if (stage_ == Stage::kTalking) return HearFilings();
      break;
    case v1::FromChild::kFilingStates:
      if (stage_ == Stage::kTalking) return HearStates();
      break;
    case v1::FromChild::kFilingPageRequest:
      if (stage_ == Stage::kTalking) return HearPageRequest();
      break;
    case v1::FromChild::kSignedTree:
    case v1::FromChild::kDirectiveDone:
      if (stage_ == Stage::kTalking) return errands_->Hear(*reading_);
      break;
    default:
      break;
  }
  return Error{Errc::kMalformed, "downstream: a word out of its order"};
}

Status Conversation::HearEvents() {
  const v1::Events& events = reading_->events();
  auto filings = ReadFilings(events.filings());
  if (!filings) return filings.error();
  const uint64_t octets = OctetsOf(events, *filings);
  if (events.records().empty()) return Error{Errc::kMalformed, "events: no record"};
  if (static_cast<size_t>(events.records_size()) > limits::kSyncEventsPerBatchMax ||
      octets > limits::kSyncBatchOctetsMax) {
    return Error{Errc::kTooLarge, "events: a batch over its limit"};
  }
  if (octets > credit_left_) return Error{Errc::kTooLarge, "events: more than the credit given"};
  credit_left_ -= octets;
  host_.Heard(hello_.node_id(), Position{events.head()});
  waiting_.push_back({std::move(reading_), *std::move(filings), octets});
  return {};
}

Status Conversation::HearFilings() {
  if (std::exchange(filings_wait_, true)) {
    return Error{Errc::kRateLimited, "filings: again before the last were stored"};
  }
  auto filings = ReadFilings(reading_->filings().filings());
  if (!filings) return filings.error();
  waiting_.push_back({std::move(reading_), *std::move(filings), 0});
  return {};
}

// What the child has in its own tables is not needed, only from where on it compares: it is told of
// ours.
Status Conversation::HearStates() {
  if (std::exchange(states_asked_, true)) {
    return Error{Errc::kRateLimited, "filings: states before the last were answered"};
  }
  states_from_.clear();
  for (const v1::FilingState& asked : reading_->filing_states().tables()) {
    if (asked.from().size() > kFilingKeyOctetsMax) {
      return Error{Errc::kMalformed, "filings: no such key"};
    }
    const auto table = ParseFilingTable(asked.table());
    if (table) states_from_[*table] = asked.from();
  }
  return {};
}

Status Conversation::HearPageRequest() {
  if (page_asked_) return Error{Errc::kRateLimited, "filings: a page before the last"};
  const v1::FilingPageRequest& asked = reading_->filing_page_request();
  if (const auto table = ParseFilingTable(asked.table()); !table) return table.error();
  if (asked.after().size() > kFilingKeyOctetsMax || asked.from().size() > kFilingKeyOctetsMax) {
    return Error{Errc::kMalformed, "filings: no such key"};
  }
  page_asked_ = asked;
  return {};
}

Status Conversation::HearHeartbeat(const v1::Heartbeat& heartbeat) {
  host_.Heard(hello_.node_id(), Position{heartbeat.head()});
  return CheckTree(heartbeat.tree_size(), heartbeat.tree_root());
}

Status Conversation::CheckTree(uint64_t size, std::string_view root) const {
  TreeHead tree{.size = size};
  if (root.size() != tree.root.size()) {
    return Error{Errc::kMalformed, "checkpoint: the root is no digest"};
  }
  root.copy(tree.root.data(), root.size());
  return inbox_->CheckTree(tree);
}

// Being admitted.

void Conversation::TryAdmission() {
  auto admitted = host_.Admit(*this);
  if (!admitted) return EndWith(admitted.error());
  if (!*admitted) return;
  inbox_.emplace(host_.store().engine(), **admitted, host_.filing_keeper());
  errands_.emplace(host_.store().engine(), inbox_->child().number, host_.options().witness.get());
  if (auto follows = CheckTree(hello_.tree_size(), hello_.tree_root()); !follows) {
    return EndWith(follows.error());
  }
  stage_ = Stage::kTalking;
  credit_left_ = CreditOctets(host_.options());
  if (host_.faults().slow()) {
    credit_owed_ = credit_left_ - Faults::kDropOctets;
    credit_left_ = Faults::kDropOctets;
  }
  welcome_due_ = true;
  evaluation_stale_ = true;
  ticks_to_heartbeat_ = HeartbeatTicks(host_.options());
  host_.Heard(hello_.node_id(), Position{hello_.head()});
  host_.Tell({.kind = DownstreamEvent::Kind::kDocked, .node_id = hello_.node_id(), .error = {}});
}

void Conversation::OnDockOutcome(const Outcome& outcome) {
  host_.DockingOver();
  if (ended()) return;
  if (outcome.kind == Outcome::Kind::kReadOnly) {
    return EndWith({Errc::kReadOnly, "downstream: the node takes no writes"});
  }
  if (++docking_attempts_ > kDockingAttemptsMax) {
    return EndWith({Errc::kBusy, "downstream: the docking was not decided"});
  }
  if (outcome.kind == Outcome::Kind::kDone || outcome.kind == Outcome::Kind::kRefused) {
    return TryAdmission();  // Whoever docked it, the child is there now.
  }
  taken_busy_ = true;
}

// Storing.

void Conversation::StoreNext() {
  if (stage_ != Stage::kTalking || RunErrand()) return;
  while (!in_ledger_ && !taken_busy_ && !waiting_.empty()) {
    auto change = TakeFront(kReadAhead);
    // Whichever of several messages is at fault: those before it count.
    if (!change && taken_ > 1) change = TakeFront(1);
    if (!change) return EndWith(change.error());
    if (*change) return Submit(*std::move(change));
    ForgetTaken();  // Nothing new in it: a doubled batch.
  }
  if (in_ledger_ || !waiting_.empty()) return;
  if (evaluation_stale_ && ticks_to_evaluation_ == 0) Evaluate();
  if (!ended()) CompareFilings();
}

Result<std::shared_ptr<const Change>> Conversation::TakeFront(size_t messages_max) {
  taken_ = 0;
  taken_octets_ = 0;
  if (again_waits()) {
    taken_ = 1;
    return inbox_->TakeAgain(waiting_.front().filings, host_.now());
  }
  std::vector<std::string_view> records;
  std::vector<Filing> filings;
  const Position first{waiting_.front().message->events().first()};
  for (const Waiting& each : waiting_) {
    const v1::Events& events = each.message->events();
    const bool fits = events.first() == first.value + records.size() &&
                      taken_octets_ + each.octets <= kTakenOctetsMax &&
                      records.size() + events.records_size() <= limits::kSyncEventsPerBatchMax &&
                      filings.size() + each.filings.size() < limits::kItemsPerChangeMax;
    if (taken_ > 0 && (taken_ == messages_max || !fits || each.message->has_filings())) break;
    records.insert(records.end(), events.records().begin(), events.records().end());
    filings.insert(filings.end(), each.filings.begin(), each.filings.end());
    taken_octets_ += each.octets;
    ++taken_;
  }
  return inbox_->Take(first, records, host_.now(), std::move(filings));
}

void Conversation::ForgetTaken() {
  for (; taken_ > 0; --taken_) {
    if (again_waits()) {
      rows_stored_ = static_cast<uint32_t>(waiting_.front().filings.size());
      filings_wait_ = false;
    }
    spare_.push_back(std::move(waiting_.front().message));
    waiting_.pop_front();
  }
  credit_owed_ += std::exchange(taken_octets_, 0);
  ack_due_ = true;
}

void Conversation::OnStored(const Outcome& outcome) {
  const Status stored = inbox_->OnOutcome(outcome);
  if (stored) {
    ForgetTaken();
    evaluation_stale_ = true;
    // Also under steady load, when there is always another message waiting.
    if (ticks_to_evaluation_ == 0 && !ended()) Evaluate();
  } else if (stored.error().code == Errc::kBusy) {
    taken_busy_ = true;
  } else {
    EndWith(stored.error());
  }
}

// No change of this child is under way: the figures are those of its acknowledged head.
void Conversation::Evaluate() {
  const auto evaluation = inbox_->Evaluate();
  if (!evaluation) return EndWith(evaluation.error());
  evaluation_ = ToWire(*evaluation);
  evaluation_stale_ = false;
  ticks_to_evaluation_ = kEvaluationTicks;
  ack_due_ = true;
}

// What is held of the child's tables, when nothing of it is under way.
void Conversation::CompareFilings() {
  if (states_asked_ && !states_ && ticks_to_states_ == 0) {
    v1::FilingStates states;
    for (const FilingTable table : kFilingTables) {
      const std::string& from = states_from_[table];
      const auto state = inbox_->StateOf(table, from);
      if (!state) return EndWith(state.error());
      v1::FilingState& told = *states.add_tables();
      told.set_from(from);
      told.set_table(static_cast<uint32_t>(table));
      told.set_rows(state->rows);
      told.set_digest(std::string(AsText(state->digest)));
    }
    states_ = std::move(states);
    ticks_to_states_ = kStatesTicks;
  }
  if (page_asked_ && !page_) {
    const auto page = inbox_->PageOf(static_cast<FilingTable>(page_asked_->table()),
                                     page_asked_->after(), page_asked_->from());
    if (!page) return EndWith(page.error());
    page_.emplace().set_table(page_asked_->table());
    page_->set_last(page->last);
    for (const auto& [key, digest] : page->rows) {
      v1::FilingRow& row = *page_->add_rows();
      row.set_key(key);
      row.set_digest(std::string(AsText(digest)));
    }
  }
}

// Speaking: one write at a time.

void Conversation::Speak() {
  if (writing_now_ || stage_ == Stage::kFinished) return;
  if (peer_gone_) return Finish();
  if (std::exchange(welcome_due_, false)) return WriteWelcome();
  if (inbox_ && ack_due_ && MayAcknowledge()) return WriteAck();
  if (writing_now_ || cancelled_by_us_) return;
  if (stage_ == Stage::kEnding) {
    if (std::exchange(farewell_said_, true)) return Finish();
    v1::Farewell& farewell = *out_.mutable_farewell();
    farewell.set_code(std::string(RowOf(farewell_->code).name));
    farewell.set_detail(std::string(farewell_->detail));
  } else if (errands_ && errands_->Say(out_)) {
    // A signature, or a directive.
  } else if (states_) {
    WriteFilingStates();
  } else if (page_) {
    WriteFilingPage();
  } else if (rows_stored_) {
    out_.mutable_filings_stored()->set_rows(*std::exchange(rows_stored_, std::nullopt));
  } else if (std::exchange(heartbeat_due_, false)) {
    WriteHeartbeat();
  } else {
    return;
  }
  StartWriting();
}

void Conversation::WriteFilingStates() {
  *out_.mutable_filing_states() = *std::move(states_);
  states_.reset();
  states_asked_ = false;
}

void Conversation::WriteFilingPage() {
  *out_.mutable_filing_page() = *std::move(page_);
  page_.reset();
  page_asked_.reset();
}

void Conversation::WriteWelcome() {
  const Child& child = inbox_->child();
  v1::Welcome& welcome = *out_.mutable_welcome();
  welcome.set_node_id(host_.store().identity().node_id);
  welcome.set_resume_after(child.head.value);
  welcome.set_tip(std::string(AsText(child.tip)));
  welcome.set_credit_octets(credit_left_);
  welcome.set_heartbeat_seconds(HeartbeatTicks(host_.options()) / kTicksPerSecond);
  welcome.set_now_ms(host_.now().ms);
  StartWriting();
}

void Conversation::WriteAck() {
  ack_due_ = std::exchange(doubled_, false);
  const uint64_t credit =
      host_.faults().slow() ? std::min(credit_owed_, Faults::kDropOctets) : credit_owed_;
  v1::Ack& ack = *out_.mutable_ack();
  ack.set_through(inbox_->child().head.value);
  ack.set_credit_octets(credit);
  credit_left_ += credit;
  credit_owed_ -= credit;
  if (evaluation_) {
    *ack.mutable_evaluation() = *evaluation_;
    evaluation_.reset();
  } else {
    ack.clear_evaluation();
  }
  StartWriting();
}

void Conversation::WriteHeartbeat() {
  const TreeHead tree = host_.store().ledger().tree_head();
  v1::Heartbeat& heartbeat = *out_.mutable_heartbeat();
  heartbeat.set_now_ms(host_.now().ms);
  heartbeat.set_head(tree.size);
  heartbeat.set_tree_size(tree.size);
  heartbeat.set_tree_root(std::string(AsText(tree.root)));
}

void Conversation::Finish() {
  if (!ended()) {
    host_.Tell({.kind = DownstreamEvent::Kind::kLeft, .node_id = hello_.node_id(), .error = {}});
  }
  stage_ = Stage::kFinished;
  // The reason is in the farewell: a message before a status that is not OK might not be sent.
  ServerBidiReactor::Finish(grpc::Status::OK);
}

void Conversation::ReadNext() {
  const bool wanted = stage_ == Stage::kTalking && waiting_.size() < kReadAhead;
  if (reading_now_ || peer_gone_ || !wanted) return;
  if (!reading_ && !spare_.empty()) {
    reading_ = std::move(spare_.back());
    spare_.pop_back();
  }
  if (!reading_) reading_ = std::make_unique<v1::FromChild>();
  StartReading();
}

void Conversation::StartReading() {
  reading_now_ = true;
  StartRead(&read_octets_);
}

void Conversation::StartWriting() {
  writing_now_ = true;
  write_octets_ = Serialize(out_);
  StartWrite(&write_octets_);
}

}  // namespace idnode
