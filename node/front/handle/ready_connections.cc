#include "node/front/handle/ready_connections.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "node/front/handle/handle_loop.h"
#include "node/front/handle/tcp_connection.h"

namespace idnode {
namespace {

// More of them at once make the lists grow, for good.
constexpr size_t kUsualConnections = 256;

}  // namespace

ReadyConnections::ReadyConnections(HandleLoop& loop) : loop_(loop) {
  ready_.reserve(kUsualConnections);
  serving_.reserve(kUsualConnections);
  shares_.reserve(batch_.items.size());
}

// What is posted now runs when the kernel was asked once more for all that is readable.
void ReadyConnections::Add(std::shared_ptr<HandleConnection> connection, std::string_view octets) {
  ready_.push_back({std::move(connection), octets});
  if (ready_.size() > 1) return;
  boost::asio::post(loop_.io, [loop = loop_.shared_from_this()] { loop->ready.ServeAll(); });
}

void ReadyConnections::ServeAll() {
  serving_.swap(ready_);
  const uint64_t now_micros = MonotonicMicros();
  const uint32_t now_seconds = Now().seconds();
  for (size_t next = 0; next < serving_.size();) {
    next = FillBatch(next, now_micros);
    ServeBatch(now_micros, now_seconds);
  }
  serving_.clear();
}

// The first that is not in the batch any more.
size_t ReadyConnections::FillBatch(size_t next, uint64_t now_micros) {
  batch_.count = 0;
  shares_.clear();
  for (; next < serving_.size() && batch_.count < batch_.items.size(); ++next) {
    Ready& ready = serving_[next];
    const size_t first = batch_.count;
    const size_t octets = ready.connection->JoinBatch(ready.octets, now_micros, batch_);
    shares_.push_back({&ready, first, batch_.count - first, octets});
  }
  return next;
}

// First all answers leave, then every connection goes on with what else it has: that uses the
// loop's buffer again.
void ReadyConnections::ServeBatch(uint64_t now_micros, uint32_t now_seconds) {
  loop_.out.clear();
  const auto items = std::span(batch_.items).first(batch_.count);
  const size_t served = loop_.resolutions.Serve(items, Transport::kTcp, now_seconds,
                                                FrameSession::kOutputOctetsMax, loop_.out);
  for (Share& share : shares_) {
    const size_t count = std::clamp(served, share.first, share.first + share.count) - share.first;
    if (count < share.count) {
      share.octets = count == 0 ? 0 : batch_.ends[share.first + count - 1];
    }
    share.ready->connection->TakeAnswers(items.subspan(share.first, count), loop_.out, now_micros);
  }
  for (const Share& share : shares_) {
    share.ready->connection->GoOn(share.ready->octets.substr(share.octets));
  }
}

}  // namespace idnode
