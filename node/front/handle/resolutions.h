#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "node/front/handle/answers.h"
#include "node/front/handle/handle_front.h"
#include "node/service/answer_cache.h"
#include "node/service/handle_exchange.h"
#include "node/service/resolver.h"
#include "proto/handle/message.h"
#include "proto/handle/requests.h"

namespace idnode {

// A whole message of a batch, and what became of it.
struct BatchItem {
  // Given.
  Envelope envelope;
  std::string_view message;  // After the envelope.
  TrafficClass traffic_class = TrafficClass::kExternal;
  bool over_limit = false;  // Of its source: it is refused.

  enum class Fate : uint8_t {
    kAnswered,  // The response stands in `out`, from `begin` to `end`.
    kDisk,      // The record is not in memory: Fetch, then Finish.
    kDispatch,  // No plain resolution: for the dispatcher.
    kIgnored,   // Nothing is answered.
  };
  Fate fate = Fate::kIgnored;
  size_t begin = 0, end = 0;
  bool is_resolution = false;  // `note` counts it once the kernel took the answer.
  ResolutionNote note;
  uint64_t hash = 0, stamp = 0;

 private:
  friend class Resolutions;
  ResponseCode refusal_ = ResponseCode::kNone;
  bool has_key_ = false;
  Header header_;
  ResolutionRequest request_;
};

// Plain resolutions of one loop: a whole batch at a time, so that what the second needs is on its
// way from memory while the first is decoded. A plain resolution asks for what anybody may read and
// wants it neither signed, nor encrypted, nor in a session; everything else is the dispatcher's.
//
// Threads: one, but for Fetch.
class Resolutions {
 public:
  static constexpr size_t kBatchMax = 32;

  Resolutions(const HandleServices& services, AnswerCache& cache);

  // Appends the answers in the order of the batch, of at most kBatchMax messages; none once `out`
  // has `out_octets_max`. How many messages were served.
  size_t Serve(std::span<BatchItem> batch, Transport transport, uint32_t now_seconds,
               size_t out_octets_max, std::string& out);

  // What the store says of a name that is not in memory.
  struct Fetched {
    Status status;
    ResolutionNote note;
    std::string key, values;
    bool all_public = false;
  };
  // May wait for the disk. Any thread.
  static Fetched Fetch(const Resolver& resolver, std::string_view handle);
  // The name an item of Fate::kDisk asks for.
  static std::string_view HandleOf(const BatchItem& item) { return item.request_.handle; }
  // Answers an item that had to be fetched; `hash` and `stamp` are those it had then.
  void Finish(BatchItem& item, const Fetched& fetched, Transport transport, uint32_t now_seconds,
              std::string& out);

  // Nobody is there to answer it now.
  void RefuseForLoad(BatchItem& item, std::string& out) const;
  // Refuses a message of which only the envelope is sure.
  void Refuse(const Envelope& envelope, ResponseCode code, uint32_t now_seconds,
              std::string& out) const;

 private:
  void Prepare(BatchItem& item, Identifier& identifier, Transport transport) const;
  void Answer(BatchItem& item, const Identifier& identifier, std::string& out);
  void AnswerFromStore(BatchItem& item, const Identifier& identifier, std::string& out);
  void AnswerWith(BatchItem& item, std::string_view values, bool all_public, std::string& out);
  void AnswerError(BatchItem& item, const Error& error, std::string& out);
  void Append(BatchItem& item, ResponseCode code, std::string_view text, std::string& out) const;

  const HandleServices& services_;
  const AnsweringSite site_;
  AnswerCache& cache_;
  uint32_t now_seconds_ = 0;
  uint8_t epoch_ = 0;
  std::array<Identifier, kBatchMax> identifiers_;
  Resolver::Scratch scratch_;
  std::string values_;
};

}  // namespace idnode
