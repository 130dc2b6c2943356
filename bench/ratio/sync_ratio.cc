// The conversation between nodes: on the wire (a parent that keeps nothing) against a bare gRPC
// stream of 100-event messages; durable (a parent with a store) against that store's own batch
// registration; and the time from commit to acknowledgement under a steady load.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/ratio/measure.h"
#include "bench/ratio/sample_records.h"
#include "bench/ratio/scratch.h"
#include "proto/rpc/sync.grpc.pb.h"
#include "sync/downstream/downstream.h"
#include "sync/upstream/upstream.h"

namespace idnode::bench {
namespace {

constexpr uint64_t kCreditOctets = 64u << 20;
constexpr uint32_t kBatch = 1'000;

// Acknowledges everything at once and keeps nothing.
class ForgetfulParent : public v1::Sync::Service {
 public:
  grpc::Status Converse(grpc::ServerContext*,
                        grpc::ServerReaderWriter<v1::FromParent, v1::FromChild>* stream) override {
    v1::FromChild in;
    v1::FromParent out;
    while (stream->Read(&in)) {
      if (in.has_hello()) {
        out.mutable_welcome()->set_node_id(std::string(32, 'b'));
        out.mutable_welcome()->set_credit_octets(kCreditOctets);
        out.mutable_welcome()->set_heartbeat_seconds(15);
        stream->Write(out);
      } else if (in.has_events()) {
        const uint64_t through = in.events().first() + in.events().records_size() - 1;
        uint64_t octets = 0;
        for (const std::string& record : in.events().records()) octets += record.size();
        out.mutable_ack()->set_through(through);
        out.mutable_ack()->set_credit_octets(octets);
        stream->Write(out);
      }
    }
    return grpc::Status::OK;
  }
};

class Server {
 public:
  explicit Server(grpc::Service& service) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.SetMaxReceiveMessageSize(16 << 20);
    builder.RegisterService(&service);
    server_ = builder.BuildAndStart();
    Require(server_ != nullptr);
  }
  ~Server() { server_->Shutdown(std::chrono::system_clock::now()); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// Events a second of a plain stream: 100 records of 200 octets a message, nothing behind it.
double BareEventsRate(uint64_t events) {
  ForgetfulParent parent;
  const Server server(parent);
  const auto stub =
      v1::Sync::NewStub(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const auto stream = stub->Converse(&context);
  v1::FromChild message;
  const std::string record(200, 'e');
  for (int i = 0; i < 100; ++i) message.mutable_events()->add_records(record);
  const uint64_t begin = NowNanos();
  std::thread reader([&] {
    v1::FromParent answer;
    while (stream->Read(&answer)) Keep(answer.ack().through());
  });
  for (uint64_t sent = 0; sent < events; sent += 100) {
    message.mutable_events()->set_first(sent + 1);
    Require(stream->Write(message));
  }
  stream->WritesDone();
  reader.join();
  Require(stream->Finish().ok());
  return static_cast<double>(events) * 1e9 / static_cast<double>(NowNanos() - begin);
}

Time Wall() {
  return Time{static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count())};
}

std::unique_ptr<Upstream> Dock(Store& child, const std::string& address,
                               Upstream::Listener listener, bool start_ledger = false) {
  UpstreamOptions options;
  options.address = address;
  options.token = "idn_0123456789abcdef_bench";
  options.node_name = "bench";
  auto upstream = Upstream::Create(
      child, options, Wall, [] { return uint64_t{0}; }, std::move(listener));
  Require(upstream.ok());
  if (start_ledger) {
    child.ledger().AddObserver(upstream->get());
    child.ledger().Start();
  }
  (*upstream)->Start();
  return std::move(*upstream);
}

// In this conversation: until it is docked, a child shows what another parent had acknowledged.
void AwaitAcknowledged(const Upstream& upstream, Position head) {
  for (;;) {
    const Upstream::State state = upstream.state();
    if (state.connected && state.acknowledged >= head) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// A child whose log holds `events` events, `batch` of them a record; some thousands are under way,
// which is far below what the ledger's queue takes.
std::unique_ptr<Store> FilledChild(const std::string& directory, uint64_t events, uint32_t batch) {
  auto child = OpenStore(directory, "secondary", 256u << 20);
  SampleRecords records(9);
  std::mutex mutex;
  std::condition_variable changed;
  uint32_t under_way = 0;
  const uint32_t window = std::max(4u, 1'024 / batch);
  for (uint64_t first = 0; first < events; first += batch) {
    auto change = records.Creates(first, batch, false);
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return under_way < window; });
    ++under_way;
    lock.unlock();
    child->ledger().Submit(std::move(change), [&](const Outcome& outcome) {
      Require(outcome.done());
      std::scoped_lock done(mutex);
      --under_way;
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return under_way == 0; });
  return child;
}

struct Parent {
  explicit Parent(const std::string& directory)
      : store(OpenStore(directory, "top-level", 256u << 20)),
        downstream(Downstream::Create(
            *store, DownstreamOptions{}, Wall,
            [](std::string_view) -> std::optional<Token> {
              return Token{.id = "0123456789abcdef", .role = Role::kChild, .prefix = "88.118"};
            },
            [](const DownstreamEvent&) {})),
        server(std::make_unique<Server>(downstream->service())) {}
  ~Parent() {
    downstream->Stop();
    server.reset();
    store->Close();
  }
  std::unique_ptr<Store> store;
  std::unique_ptr<Downstream> downstream;
  std::unique_ptr<Server> server;
};

double WireRate(Store& child, uint64_t events) {
  ForgetfulParent parent;
  const Server server(parent);
  const uint64_t begin = NowNanos();
  const auto upstream = Dock(child, server.address(), [](const UpstreamEvent&) {});
  AwaitAcknowledged(*upstream, child.ledger().head());
  const double rate = static_cast<double>(events) * 1e9 / static_cast<double>(NowNanos() - begin);
  upstream->Stop();
  return rate;
}

double DurableRate(Store& child, uint64_t events) {
  const ScratchDirectory directory;
  const Parent parent(directory.path() + "/parent");
  const uint64_t begin = NowNanos();
  const auto upstream = Dock(child, parent.server->address(), [](const UpstreamEvent&) {});
  AwaitAcknowledged(*upstream, child.ledger().head());
  const double rate = static_cast<double>(events) * 1e9 / static_cast<double>(NowNanos() - begin);
  upstream->Stop();
  return rate;
}

// The parent's own batch registration, 1,000 a batch, four under way.
double OwnBatchRate(uint64_t events) {
  const ScratchDirectory directory;
  const uint64_t begin = NowNanos();
  const auto store = FilledChild(directory.path() + "/own", events, kBatch);
  const double rate = static_cast<double>(events) * 1e9 / static_cast<double>(NowNanos() - begin);
  store->Close();
  return rate;
}

// Registers singly at `per_second` for `seconds`; the 99th percentile of commit to acknowledgement.
double AcknowledgementMillis(uint32_t per_second, uint32_t seconds) {
  const ScratchDirectory directory;
  const Parent parent(directory.path() + "/parent");
  const auto child = OpenStoppedStore(directory.path() + "/child", "secondary", 64u << 20);
  const uint64_t total = uint64_t{per_second} * seconds;
  std::vector<std::atomic<uint64_t>> committed(total + 1);
  std::vector<double> millis;
  std::mutex mutex;
  uint64_t acknowledged = 0;
  const auto upstream = Dock(
      *child, parent.server->address(),
      [&](const UpstreamEvent& event) {
        if (event.kind != UpstreamEvent::Kind::kAcked) return;
        std::scoped_lock lock(mutex);
        const uint64_t now = NowNanos();
        for (; acknowledged < event.position.value && acknowledged < total; ++acknowledged) {
          const uint64_t then = committed[acknowledged + 1].load();
          if (then != 0 && then < now) millis.push_back(static_cast<double>(now - then) / 1e6);
        }
      },
      /*start_ledger=*/true);
  SampleRecords records(5);
  const uint64_t begin = NowNanos();
  for (uint64_t n = 0; n < total; ++n) {
    child->ledger().Submit(records.Creates(n, 1, false), [&](const Outcome& outcome) {
      Require(outcome.done());
      committed[std::min(outcome.position.value, total)].store(NowNanos());
    });
    const uint64_t due = begin + n * 1'000'000'000ull / per_second;
    while (NowNanos() < due) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  AwaitAcknowledged(*upstream, Position{total});
  upstream->Stop();
  child->Close();
  std::scoped_lock lock(mutex);
  std::ranges::sort(millis);
  return millis.empty() ? 0 : millis[millis.size() * 99 / 100];
}

void Run(uint64_t events, int rounds) {
  const ScratchDirectory directory;
  const auto singles = FilledChild(directory.path() + "/singles", events, 1);
  const auto batches = FilledChild(directory.path() + "/batches", events, kBatch);
  for (int round = 0; round < rounds; ++round) {
    const double bare = BareEventsRate(events);
    Report("on the wire, one event a record", "events/s", WireRate(*singles, events),
           "bare gRPC stream of 100", bare);
    Report("on the wire, 1,000 events a record", "events/s", WireRate(*batches, events),
           "bare gRPC stream of 100", bare);
    const double own = OwnBatchRate(events);
    Report("catching up durably, one event a record", "events/s", DurableRate(*singles, events),
           "own batch registration", own);
    Report("catching up durably, 1,000 events a record", "events/s", DurableRate(*batches, events),
           "own batch registration", own);
    Report("commit to acknowledgement, p99 at 10,000/s", "ms", AcknowledgementMillis(10'000, 3),
           "limit", 250);
  }
  singles->Close();
  batches->Close();
}

}  // namespace
}  // namespace idnode::bench

int main(int argc, char** argv) {
  const uint64_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  idnode::bench::Run(events / 1'000 * 1'000, argc > 2 ? std::atoi(argv[2]) : 5);
  return 0;
}
