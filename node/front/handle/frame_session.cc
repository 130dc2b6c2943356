#include "node/front/handle/frame_session.h"

#include <algorithm>
#include <utility>

namespace idnode {
namespace {

// A message that does not fit behind one envelope comes in several, each with the truncated bit
// (spec/handle-protocol.md 8.2).
constexpr size_t kPieceOctetsMax = kMessageOctetsMax - kEnvelopeOctets;

bool IsPiece(const Envelope& envelope) {
  return envelope.truncated && envelope.message_octets > kPieceOctetsMax;
}

// What an idle session keeps room for.
constexpr size_t kKeptPending = 4;
constexpr size_t kKeptNotes = 128;

}  // namespace

FrameSession::FrameSession(Owner& owner, Resolutions& resolutions, FrameBatch& batch,
                           SourceLimiter& limiter, Transport transport, const Address& source,
                           TrafficClass traffic_class)
    : owner_(owner),
      resolutions_(resolutions),
      batch_(batch),
      limiter_(limiter),
      transport_(transport),
      source_(source),
      traffic_class_(traffic_class),
      is_limited_(limiter.LimitsQuestionsOf(source)) {}

size_t FrameSession::Serve(std::string_view in, uint64_t now_micros, uint32_t now_seconds,
                           std::string& out) {
  now_micros_ = now_micros;
  size_t taken = 0;
  while (takes_more() && out.size() < kOutputOctetsMax) {
    const size_t collected = Collect(in.substr(taken), now_seconds, out);
    if (batch_.count == 0) {
      if (collected == 0) break;
      taken += collected;
      continue;
    }
    const size_t served = ServeBatch(now_micros, now_seconds, out);
    taken += served == batch_.count ? collected : batch_.ends[served - 1];
    if (!joining_) std::string().swap(joined_);
  }
  return taken;
}

// Makes a batch of the messages at the front of `in`; how many octets they have. A message in
// several pieces is a batch of its own.
size_t FrameSession::Collect(std::string_view in, uint32_t now_seconds, std::string& out) {
  batch_.count = 0;
  const size_t room = std::min(batch_.items.size(), kPendingMax - pending_.size());
  const size_t octets = joining_ ? 0 : AddWholeMessages(in, room, batch_);
  return batch_.count > 0 ? octets : CollectPieces(in, now_seconds, out);
}

size_t FrameSession::JoinBatch(std::string_view in, uint64_t now_micros, FrameBatch& batch) {
  Require(idle());
  now_micros_ = now_micros;
  return AddWholeMessages(in, batch.items.size(), batch);
}

// Until the batch has `count_max`, or something else than a whole message by itself follows.
size_t FrameSession::AddWholeMessages(std::string_view in, size_t count_max, FrameBatch& batch) {
  size_t at = 0;
  while (batch.count < count_max && in.size() - at >= kEnvelopeOctets) {
    const std::string_view rest = in.substr(at);
    const Envelope envelope = DecodeEnvelope(rest);
    if (IsPiece(envelope) || envelope.message_octets > kMessageOctetsMax) break;
    if (envelope.message_octets > rest.size() - kEnvelopeOctets) break;
    at += kEnvelopeOctets + envelope.message_octets;
    AddItem(envelope, rest.substr(kEnvelopeOctets, envelope.message_octets), at, batch);
  }
  return at;
}

// The pieces at the front of `in`, to the last of their message; or why there can be none.
size_t FrameSession::CollectPieces(std::string_view in, uint32_t now_seconds, std::string& out) {
  size_t at = 0;
  while (in.size() - at >= kEnvelopeOctets) {
    const std::string_view rest = in.substr(at);
    const Envelope envelope = DecodeEnvelope(rest);
    if (envelope.message_octets > kMessageOctetsMax) {
      RefuseAndEnd(envelope, ResponseCode::kError, now_seconds, out);
      break;
    }
    if (!joining_ && !IsPiece(envelope)) break;
    const bool follows =
        !joining_ || (envelope.truncated && envelope.request_id == joined_request_id_ &&
                      envelope.message_octets == joined_octets_);
    if (!follows) {
      RefuseAndEnd(envelope, ResponseCode::kProtocolError, now_seconds, out);
      break;
    }
    const size_t octets = Join(rest, envelope);
    at += octets;
    if (octets > 0 && !joining_) AddItem(envelope, joined_, at, batch_);
    if (octets == 0 || !joining_) break;
  }
  return at;
}

// One piece more. How many octets it has; none: it is not complete.
size_t FrameSession::Join(std::string_view in, const Envelope& envelope) {
  const size_t have = joining_ ? joined_.size() : 0;
  const size_t piece = std::min(envelope.message_octets - have, kPieceOctetsMax);
  if (in.size() < kEnvelopeOctets + piece) return 0;
  if (!joining_) joined_.clear();
  joined_.append(in.substr(kEnvelopeOctets, piece));
  joined_request_id_ = envelope.request_id;
  joined_octets_ = envelope.message_octets;
  joining_ = joined_.size() < envelope.message_octets;
  return kEnvelopeOctets + piece;
}

void FrameSession::AddItem(const Envelope& envelope, std::string_view message, size_t end,
                           FrameBatch& batch) {
  BatchItem& item = batch.items[batch.count];
  item.envelope = envelope;
  item.message = message;
  item.traffic_class = traffic_class_;
  item.over_limit =
      is_limited_ && limiter_.OnQuestion(source_, kEnvelopeOctets + message.size(), now_micros_) !=
                         SourceLimiter::Verdict::kAnswer;
  batch.ends[batch.count++] = end;
}

// How many messages were served.
size_t FrameSession::ServeBatch(uint64_t now_micros, uint32_t now_seconds, std::string& out) {
  const size_t begin = out.size();
  const size_t served = resolutions_.Serve(std::span(batch_.items).first(batch_.count), transport_,
                                           now_seconds, kOutputOctetsMax, out);
  const auto items = std::span(batch_.items).first(served);
  // What waits goes behind what was answered before, so the answers are taken back first.
  std::string answers;
  if (!CanGoAsTheyStand(items)) {
    answers = out.substr(begin);
    out.resize(begin);
    for (BatchItem& item : items) {
      item.begin -= begin;
      item.end -= begin;
    }
  }
  Settle(items, answers, now_micros, out);
  return served;
}

// Nothing waits, neither among them nor before them.
bool FrameSession::CanGoAsTheyStand(std::span<const BatchItem> items) const {
  return pending_.empty() && std::ranges::all_of(items, [](const BatchItem& item) {
           return item.fate == BatchItem::Fate::kAnswered;
         });
}

bool FrameSession::Settle(std::span<BatchItem> items, std::string_view answers, uint64_t now_micros,
                          std::string& out) {
  messages_ += items.size();
  if (CanGoAsTheyStand(items)) {
    for (const BatchItem& item : items) {
      if (item.is_resolution) notes_.push_back({item.note, now_micros});
    }
    return true;
  }
  for (BatchItem& item : items) {
    std::string answer;
    if (item.fate == BatchItem::Fate::kAnswered) {
      answer = answers.substr(item.begin, item.end - item.begin);
    } else if (Suspend(item, now_micros)) {
      continue;
    } else {
      resolutions_.RefuseForLoad(item, answer);
    }
    pending_.push_back({item, {}, std::move(answer), true, now_micros, {}});
  }
  Flush(out);
  return false;
}

// The item waits for its answer. False: nobody can take it now.
bool FrameSession::Suspend(BatchItem& item, uint64_t now_micros) {
  const uint64_t number = first_number_ + pending_.size();
  const bool to_disk = item.fate == BatchItem::Fate::kDisk;
  if (!owner_.HasRoomFor(item.message.size())) return false;
  if (to_disk && !owner_.AskDisk(number, Resolutions::HandleOf(item))) return false;
  Pending pending{item, std::string(item.message), {}, false, now_micros, {}};
  pending_.push_back(std::move(pending));
  if (!to_disk) AskDispatcher(number);
  return true;
}

void FrameSession::AskDispatcher(uint64_t number) {
  if (state_ == nullptr) state_ = std::make_shared<ConnectionState>();
  Pending& pending = *Find(number);
  Question question;
  question.transport = transport_;
  question.source = source_;
  question.traffic_class = traffic_class_;
  question.envelope = pending.item.envelope;
  question.message = std::move(pending.message);
  question.connection = state_;
  question.received_micros = pending.received_micros;
  owner_.AskDispatcher(number, std::move(question));
}

FrameSession::Pending* FrameSession::Find(uint64_t number) {
  const bool there = number >= first_number_ && number - first_number_ < pending_.size();
  return there ? &pending_[number - first_number_] : nullptr;
}

void FrameSession::OnFetched(uint64_t number, const Resolutions::Fetched& fetched,
                             uint32_t now_seconds, std::string& out) {
  Pending* pending = Find(number);
  if (pending == nullptr) return;
  pending->item.message = pending->message;
  resolutions_.Finish(pending->item, fetched, transport_, now_seconds, pending->answer);
  if (pending->item.fate == BatchItem::Fate::kDispatch) return AskDispatcher(number);
  pending->done = true;
  Flush(out);
}

void FrameSession::OnReply(uint64_t number, const Reply& reply, std::string& out) {
  Pending* pending = Find(number);
  if (pending == nullptr) return;
  for (const std::string& message : reply.messages) pending->answer += message;
  pending->item.is_resolution = reply.note.has_value();
  if (reply.note) pending->item.note = *reply.note;
  pending->rest = reply.more;
  pending->done = !pending->rest;
  if (reply.close) {  // Nothing behind it is answered.
    ended_ = true;
    pending_.resize(number - first_number_ + 1);
  }
  Flush(out);
}

void FrameSession::Flush(std::string& out) {
  size_t done = 0;
  for (; done < pending_.size() && pending_[done].done; ++done) {
    const Pending& pending = pending_[done];
    out += pending.answer;
    if (pending.item.is_resolution) {
      notes_.push_back({pending.item.note, pending.received_micros});
    }
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<ptrdiff_t>(done));
  first_number_ += done;
  if (pending_.empty() && pending_.capacity() > kKeptPending) std::vector<Pending>().swap(pending_);
  if (!pending_.empty() && pending_.front().rest) {
    out += pending_.front().answer;
    pending_.front().answer.clear();
  }
}

// A part that is not at the front waits there with its octets.
void FrameSession::GoOn() {
  if (pending_.empty() || !pending_.front().rest) return;
  const Rest rest = std::exchange(pending_.front().rest, nullptr);
  owner_.AskFurther(first_number_, rest);
}

void FrameSession::End(std::string_view rest, uint32_t now_seconds, std::string& out) {
  if (ended_) return;
  if (rest.empty() && !joining_) {
    ended_ = true;
    return;
  }
  Envelope envelope;  // Of whom we know nothing, unless it came.
  envelope.version = envelope.suggested = kVersionWithoutSite;
  envelope.request_id = kUnknownRequest;
  if (rest.size() >= kEnvelopeOctets) envelope = DecodeEnvelope(rest);
  RefuseAndEnd(envelope, ResponseCode::kProtocolError, now_seconds, out);
}

void FrameSession::RefuseAndEnd(const Envelope& envelope, ResponseCode code, uint32_t now_seconds,
                                std::string& out) {
  Pending refusal;
  refusal.done = true;
  refusal.item.is_resolution = false;
  resolutions_.Refuse(envelope, code, now_seconds, refusal.answer);
  pending_.push_back(std::move(refusal));
  ended_ = true;
  Flush(out);
}

size_t FrameSession::held_octets() const {
  size_t octets = HeapOctets(joined_) + pending_.capacity() * sizeof(Pending);
  octets += notes_.capacity() * sizeof(Note);
  for (const Pending& each : pending_) octets += HeapOctets(each.message) + HeapOctets(each.answer);
  return octets;
}

void FrameSession::HandedOver(size_t notes, uint64_t now_micros, ResolutionCounts::Tally& tally) {
  const auto end = notes_.begin() + static_cast<ptrdiff_t>(notes);
  for (auto each = notes_.begin(); each != end;) {  // Most are of one kind.
    const auto other = std::find_if(each, end, [&](const Note& note) { return note != *each; });
    tally.Count(Protocol::kHandleTcp, each->note, now_micros - each->received_micros,
                static_cast<uint32_t>(other - each));
    tally.AskedBy(source_, each->note, static_cast<uint32_t>(other - each));
    for (; each != other; ++each) tally.Resolved(each->note);
  }
  notes_.erase(notes_.begin(), end);
  if (notes_.empty() && notes_.capacity() > kKeptNotes) std::vector<Note>().swap(notes_);
}

}  // namespace idnode
