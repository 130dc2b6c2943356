#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "bench/wire/load.h"
#include "bench/wire/loopback.h"
#include "proto/base/result.h"

namespace idnode::wire {
namespace {

using Clock = std::chrono::steady_clock;
constexpr uint32_t kBatch = 32;
constexpr size_t kDatagramOctets = 2'048;
constexpr auto kPatience = std::chrono::milliseconds(200);

class Asker {
 public:
  Asker(const LoadOptions& options, const QuestionOptions& asked, uint64_t seed)
      : language_(asked.language), maker_(asked, seed), window_(options.window) {
    out_.fill(maker_.form());
    socket_ = ConnectToLoopback(SOCK_DGRAM | SOCK_NONBLOCK, options.port);
    for (uint32_t i = 0; i < kBatch; ++i) {
      in_places_[i] = {in_[i].data(), in_[i].size()};
      in_messages_[i].msg_hdr.msg_iov = &in_places_[i];
      in_messages_[i].msg_hdr.msg_iovlen = 1;
      out_messages_[i].msg_hdr.msg_iov = &out_places_[i];
      out_messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  ~Asker() { close(socket_); }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  void Begin() { Ask(window_); }

  // Takes what is there, and asks as many again once half of the window is answered: a load that
  // asks one by one spends on itself what the server could have answered.
  bool Step(LoadResult& result, Clock::time_point now) {
    const int got = recvmmsg(socket_, in_messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (got <= 0) {
      if (now - heard_ > kPatience) {
        result.lost += window_ - answered_;
        heard_ = now;
        answered_ = 0;
        Ask(window_);
      }
      return false;
    }
    for (int i = 0; i < got; ++i) {
      switch (ReadAnswer(language_, in_[i].data(), in_messages_[i].msg_len)) {
        case Told::kFound:
          ++result.found;
          break;
        case Told::kAbsent:
          ++result.absent;
          break;
        case Told::kOther:
          ++result.other;
      }
    }
    heard_ = now;
    answered_ += static_cast<uint32_t>(got);
    if (2 * answered_ >= window_) Ask(std::exchange(answered_, 0));
    return true;
  }

 private:
  void Ask(uint32_t count) {
    while (count > 0) {
      const uint32_t batch = std::min(count, kBatch);
      for (uint32_t i = 0; i < batch; ++i) {
        maker_.Next(out_[i]);
        out_places_[i] = {out_[i].data(), out_[i].size()};
      }
      (void)sendmmsg(socket_, out_messages_.data(), batch, 0);  // What is lost is asked again.
      count -= batch;
    }
  }

  const Language language_;
  QuestionMaker maker_;
  const uint32_t window_;
  uint32_t answered_ = 0;  // And not asked again yet.
  int socket_;
  Clock::time_point heard_ = Clock::now();
  std::array<std::array<char, kDatagramOctets>, kBatch> in_;
  std::array<std::string, kBatch> out_;
  std::array<iovec, kBatch> in_places_{}, out_places_{};
  std::array<mmsghdr, kBatch> in_messages_{}, out_messages_{};
};

}  // namespace

LoadResult LoadUdp(const LoadOptions& options, const QuestionOptions& asked) {
  std::vector<std::unique_ptr<Asker>> askers;
  for (uint32_t i = 0; i < options.sockets; ++i) {
    askers.push_back(std::make_unique<Asker>(options, asked, i + 1));
  }
  LoadResult result;
  const auto begin = Clock::now();
  const auto until = begin + std::chrono::duration<double>(options.seconds);
  for (auto& asker : askers) asker->Begin();
  for (auto now = begin; now < until; now = Clock::now()) {
    bool any = false;
    for (auto& asker : askers) any |= asker->Step(result, now);
    if (!any) std::this_thread::yield();
    if (options.pause_micros > 0) {
      std::this_thread::sleep_for(std::chrono::duration<double, std::micro>(options.pause_micros));
    }
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return result;
}

}  // namespace idnode::wire
