#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/front/handle/resolutions.h"
#include "node/security/source_limiter.h"
#include "node/service/handle_exchange.h"
#include "node/stats/resolution_counts.h"
#include "proto/handle/limits.h"

namespace idnode {

// What a buffer takes from the heap; short ones take nothing.
inline size_t HeapOctets(const std::string& buffer) {
  constexpr size_t kInPlace = 15;  // Of GNU's string.
  return buffer.capacity() > kInPlace ? buffer.capacity() : 0;
}

// Where sessions of a loop put the messages that are served together.
struct FrameBatch {
  std::array<BatchItem, Resolutions::kBatchMax> items;
  std::array<size_t, Resolutions::kBatchMax> ends;  // Where each ends in what was read.
  size_t count = 0;
};

// The conversation on one TCP or TLS connection, without a socket: octets in, octets out
// (spec/handle-protocol.md 3.7). It serves all complete messages that are there as one batch.
// Answers leave in the order of the questions: one that waits for the disk or for the dispatcher
// holds back those behind it.
//
//   Serve ─▶ out ─▶ HandedOver
//     └────▶ Owner::Ask… ─▶ OnFetched, OnReply ─▶ out
//
// Threads: one.
class FrameSession {
 public:
  using Rest = decltype(Reply::more);
  // Who brings questions to where they are answered, and the answer back by its number.
  class Owner {
   public:
    virtual ~Owner() = default;
    // False: a question of so many octets cannot be kept until it is answered.
    virtual bool HasRoomFor(size_t octets) const = 0;
    // False: the work pool is full.
    virtual bool AskDisk(uint64_t number, std::string_view handle) = 0;
    virtual void AskDispatcher(uint64_t number, Question question) = 0;
    // For the next part of an answer: another OnReply.
    virtual void AskFurther(uint64_t number, const Rest& rest) = 0;
  };
  // Questions that wait, with the answers behind them; then no more are taken.
  static constexpr size_t kPendingMax = limits::kHandlePendingMax;
  // Answers that were not sent yet; then no more are made.
  static constexpr size_t kOutputOctetsMax = limits::kHandleOutputOctetsMax;

  FrameSession(Owner& owner, Resolutions& resolutions, FrameBatch& batch, SourceLimiter& limiter,
               Transport transport, const Address& source, TrafficClass traffic_class);

  // Serves complete messages at the front of `in` and appends their answers to `out`. How many
  // octets it took: what is left comes again, with what follows it.
  size_t Serve(std::string_view in, uint64_t now_micros, uint32_t now_seconds, std::string& out);

  // The same in steps, for sessions that are served together: while one is idle its whole messages
  // join `batch`, as many as fit; how many octets they have.
  bool idle() const { return !ended_ && pending_.empty() && !joining_; }
  size_t JoinBatch(std::string_view in, uint64_t now_micros, FrameBatch& batch);
  // What became of the first of them; `answers` is what they point into. True: they can be sent as
  // they stand there. False: some wait, and what can be sent was appended to `out`.
  bool Settle(std::span<BatchItem> items, std::string_view answers, uint64_t now_micros,
              std::string& out);

  // Nothing follows `rest`: the peer has ended, or is too slow.
  void End(std::string_view rest, uint32_t now_seconds, std::string& out);

  void OnFetched(uint64_t number, const Resolutions::Fetched& fetched, uint32_t now_seconds,
                 std::string& out);
  void OnReply(uint64_t number, const Reply& reply, std::string& out);
  // All that was appended has been sent: asks for the next part of an answer that has several.
  void GoOn();

  // Resolutions whose answers were appended and are not counted yet. HandedOver counts the first of
  // them, once the kernel has their answers.
  size_t notes() const { return notes_.size(); }
  void HandedOver(size_t notes, uint64_t now_micros, ResolutionCounts::Tally& tally);

  // Everything is answered, and nothing more will be: close once it is sent.
  bool closing() const { return ended_ && pending_.empty(); }
  bool takes_more() const { return !ended_ && pending_.size() < kPendingMax; }
  bool waiting() const { return !pending_.empty(); }
  // Part of a message has come and is kept here.
  bool joining() const { return joining_; }
  uint64_t messages() const { return messages_; }
  // What it keeps in memory beside what was appended; questions at the dispatcher not included.
  size_t held_octets() const;

 private:
  // A question that waits, or an answer behind it.
  struct Pending {
    BatchItem item;
    std::string message;
    std::string answer;
    bool done = false;
    uint64_t received_micros = 0;
    Rest rest;  // Of the answer, to be asked for once `answer` was sent.
  };
  struct Note {
    ResolutionNote note;
    uint64_t received_micros;
    friend bool operator==(const Note&, const Note&) = default;
  };

  size_t Collect(std::string_view in, uint32_t now_seconds, std::string& out);
  size_t CollectPieces(std::string_view in, uint32_t now_seconds, std::string& out);
  size_t AddWholeMessages(std::string_view in, size_t count_max, FrameBatch& batch);
  size_t Join(std::string_view in, const Envelope& envelope);
  void AddItem(const Envelope& envelope, std::string_view message, size_t end, FrameBatch& batch);
  size_t ServeBatch(uint64_t now_micros, uint32_t now_seconds, std::string& out);
  bool CanGoAsTheyStand(std::span<const BatchItem> items) const;
  bool Suspend(BatchItem& item, uint64_t now_micros);
  void AskDispatcher(uint64_t number);
  void RefuseAndEnd(const Envelope& envelope, ResponseCode code, uint32_t now_seconds,
                    std::string& out);
  void Flush(std::string& out);
  Pending* Find(uint64_t number);

  Owner& owner_;
  Resolutions& resolutions_;
  FrameBatch& batch_;
  SourceLimiter& limiter_;
  const Transport transport_;
  const Address source_;
  const TrafficClass traffic_class_;
  const bool is_limited_;
  std::shared_ptr<ConnectionState> state_;  // Once the dispatcher was asked.

  std::vector<Pending> pending_;
  uint64_t first_number_ = 0;  // Of pending_.front().
  std::vector<Note> notes_;    // Of what was appended, and not yet handed over.
  std::string joined_;
  uint32_t joined_request_id_ = 0, joined_octets_ = 0;
  bool joining_ = false;
  bool ended_ = false;
  uint64_t messages_ = 0;
  uint64_t now_micros_ = 0;
};

}  // namespace idnode
