#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "bench/wire/load.h"
#include "bench/wire/loopback.h"
#include "proto/base/result.h"
#include "proto/handle/message.h"

namespace idnode::wire {
namespace {

using Clock = std::chrono::steady_clock;
constexpr uint32_t kBatch = 32;
constexpr size_t kDatagramOctets = 2'048;
constexpr size_t kRequestIdAt = 8;
// What is still under way when the last question was sent is waited for so long.
constexpr auto kPatience = std::chrono::milliseconds(200);

// Counts by microsecond.
class Delays {
 public:
  void Add(Clock::duration delay) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(delay).count();
    ++counts_[std::min<size_t>(static_cast<size_t>(std::max<int64_t>(micros, 0)), kMax)];
    ++all_;
  }
  // Below which this share of all lies, in microseconds.
  double Quantile(double share) const {
    const auto wanted = static_cast<uint64_t>(share * static_cast<double>(all_));
    uint64_t below = 0;
    for (size_t micros = 0; micros <= kMax; ++micros) {
      below += counts_[micros];
      if (below > wanted) return static_cast<double>(micros + 1);
    }
    return 0;
  }

 private:
  static constexpr size_t kMax = 1'000'000;
  std::vector<uint32_t> counts_ = std::vector<uint32_t>(kMax + 1);
  uint64_t all_ = 0;
};

// A socket that is asked at times fixed beforehand: question n at the beginning plus n intervals.
// Its number is the request's id, so that an answer tells when it should have been asked.
class PacedAsker {
 public:
  PacedAsker(const LoadOptions& options, const QuestionOptions& asked)
      : maker_(asked, 1), interval_(1e9 / options.per_second) {
    out_.fill(maker_.form());
    socket_ = ConnectToLoopback(SOCK_DGRAM | SOCK_NONBLOCK, options.port);
    for (uint32_t i = 0; i < kBatch; ++i) {
      in_places_[i] = {in_[i].data(), in_[i].size()};
      in_messages_[i].msg_hdr.msg_iov = &in_places_[i];
      in_messages_[i].msg_hdr.msg_iovlen = 1;
      out_places_[i] = {out_[i].data(), out_[i].size()};
      out_messages_[i].msg_hdr.msg_iov = &out_places_[i];
      out_messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  ~PacedAsker() { close(socket_); }
  PacedAsker(const PacedAsker&) = delete;
  PacedAsker& operator=(const PacedAsker&) = delete;

  void Run(double seconds, LoadResult& result) {
    begin_ = Clock::now();
    const auto until = begin_ + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(seconds));
    for (auto now = begin_; now < until; now = Clock::now()) {
      AskWhatIsDue(now);
      Take(result);
    }
    const auto patience = Clock::now() + kPatience;
    while (answered_ < asked_ && Clock::now() < patience) Take(result);
    result.lost = asked_ - std::min(asked_, answered_);
    for (uint64_t i = 0; i < result.lost; ++i) answers_.Add(kPatience);
    result.seconds = seconds;
    result.p50_micros = answers_.Quantile(0.5);
    result.p99_micros = answers_.Quantile(0.99);
    result.late_p99_micros = late_.Quantile(0.99);
  }

 private:
  Clock::time_point DueAt(uint64_t number) const {
    return begin_ +
           std::chrono::nanoseconds(static_cast<int64_t>(interval_ * static_cast<double>(number)));
  }

  void AskWhatIsDue(Clock::time_point now) {
    uint32_t batch = 0;
    for (; batch < kBatch && DueAt(asked_) <= now; ++batch) {
      maker_.Next(out_[batch]);
      late_.Add(now - DueAt(asked_++));
    }
    if (batch > 0) (void)sendmmsg(socket_, out_messages_.data(), batch, 0);
  }

  void Take(LoadResult& result) {
    const int got = recvmmsg(socket_, in_messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
    const auto now = Clock::now();
    for (int i = 0; i < got; ++i) {
      const char* answer = in_[i].data();
      const size_t octets = in_messages_[i].msg_len;
      const Told told = ReadAnswer(Language::kHandle, answer, octets);
      ++(told == Told::kFound    ? result.found
         : told == Told::kAbsent ? result.absent
                                 : result.other);
      ++answered_;
      // The maker's first id is 1.
      if (octets >= kEnvelopeOctets) answers_.Add(now - DueAt(LoadU32(answer + kRequestIdAt) - 1));
    }
  }

  QuestionMaker maker_;
  const double interval_;  // In nanoseconds.
  int socket_;
  Clock::time_point begin_;
  uint64_t asked_ = 0, answered_ = 0;
  Delays answers_, late_;
  std::array<std::array<char, kDatagramOctets>, kBatch> in_;
  std::array<std::string, kBatch> out_;
  std::array<iovec, kBatch> in_places_{}, out_places_{};
  std::array<mmsghdr, kBatch> in_messages_{}, out_messages_{};
};

}  // namespace

LoadResult LoadUdpPaced(const LoadOptions& options, const QuestionOptions& asked) {
  LoadResult result;
  const auto asker = std::make_unique<PacedAsker>(options, asked);
  asker->Run(options.seconds, result);
  return result;
}

}  // namespace idnode::wire
