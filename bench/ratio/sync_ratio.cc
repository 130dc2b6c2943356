// The conversation between nodes: on the wire (a parent that keeps nothing) against a bare gRPC
// stream of 100-event messages; durable (a parent with a store) against that store's own batch
// registration.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "bench/ratio/measure.h"
#include "bench/ratio/scratch.h"
#include "bench/ratio/sync_nodes.h"
#include "proto/rpc/sync.grpc.pb.h"

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
