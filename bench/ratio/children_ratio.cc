// One node above and many nodes below it, each with a steady feed: whether it keeps up, how far
// behind its acknowledgements are, and what it takes in memory. The nodes below are threads that
// send records made beforehand, on the same cores.
//   children_ratio CHILDREN PER_SECOND SECONDS

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/ratio/measure.h"
#include "bench/ratio/scratch.h"
#include "bench/ratio/sync_nodes.h"
#include "proto/rpc/sync.grpc.pb.h"
#include "storage/log_record.h"

namespace idnode::bench {
namespace {

constexpr uint64_t kSecondNanos = 1'000'000'000;
constexpr uint32_t kMessagesPerSecond = 10;  // Of each child.

struct Load {
  uint32_t children = 100, per_second = 1'000, seconds = 10;

  uint32_t messages() const { return seconds * kMessagesPerSecond; }
  uint32_t records_per_message() const { return per_second / kMessagesPerSecond; }
};

// The log of one child, each record a registration, as the messages that carry it.
std::vector<v1::FromChild> MessagesOf(uint32_t child, const Load& load) {
  std::vector<v1::FromChild> messages(load.messages());
  const std::string prefix = "88.118." + std::to_string(child);
  const std::vector<uint8_t> done(1, 1);
  const uint64_t now = WallTime().ms;
  Digest tip{};
  uint64_t position = 0;
  for (v1::FromChild& message : messages) {
    message.mutable_events()->set_first(position + 1);
    for (uint32_t i = 0; i < load.records_per_message(); ++i) {
      ++position;
      Change change(Time{now}, "token:6f1c0a2b3c4d5e6f", {}, Change::Mode::kTogether);
      change.Begin(EventKind::kIdentifierCreated, 1,
                   "H" + prefix + "/SN-" + std::to_string(position));
      change.Seal();
      std::string& thin = *message.mutable_events()->add_records();
      EncodeThin(Position{position}, tip, change, done, change.root(), thin);
      tip = LeafHash(thin);
    }
    message.mutable_events()->set_head(position);
  }
  return messages;
}

// A node below: it sends what it is told to, and notes when each message was acknowledged.
class LightChild {
 public:
  LightChild(const std::string& address, uint32_t number, const Load& load)
      : load_(load),
        messages_(MessagesOf(number, load)),
        due_(messages_.size()),
        stub_(v1::Sync::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {
    char id[33];
    std::snprintf(id, sizeof id, "%032x", number);
    context_.AddMetadata("authorization", "Bearer " + std::string(id + 16));
    stream_ = stub_->Converse(&context_);
    v1::FromChild message;
    v1::Hello& hello = *message.mutable_hello();
    hello.set_protocol(1);
    hello.set_node_id(id);
    hello.set_name("child");
    hello.set_role("enterprise");
    hello.set_prefix("88.118." + std::to_string(number));
    hello.set_tree_root(std::string(AsText(HashOfNothing())));
    Require(stream_->Write(message));
    v1::FromParent welcome;
    Require(stream_->Read(&welcome) && welcome.has_welcome());
    reader_ = std::thread([this] { ReadAcknowledgements(); });
  }
  ~LightChild() {
    context_.TryCancel();
    reader_.join();
    (void)stream_->Finish();
  }

  void Send(uint32_t message, uint64_t due) {
    due_[message].store(due);
    Require(stream_->Write(messages_[message]));
  }
  uint64_t acknowledged() const { return acknowledged_; }
  // From when a message was due to when it was on the disk above. After its last acknowledgement.
  const std::vector<double>& millis() const { return millis_; }

 private:
  void ReadAcknowledgements() {
    for (v1::FromParent message; stream_->Read(&message);) {
      if (!message.has_ack()) continue;
      const uint64_t now = NowNanos();
      const uint64_t through = message.ack().through() / load_.records_per_message();
      while (millis_.size() < through) {
        millis_.push_back(static_cast<double>(now - due_[millis_.size()].load()) / 1e6);
      }
      acknowledged_ = message.ack().through();
    }
  }

  const Load load_;
  const std::vector<v1::FromChild> messages_;
  std::vector<std::atomic<uint64_t>> due_;
  std::unique_ptr<v1::Sync::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::FromChild, v1::FromParent>> stream_;
  std::atomic<uint64_t> acknowledged_ = 0;
  std::vector<double> millis_;
  std::thread reader_;
};

void Measure(const Load& load) {
  const ScratchDirectory directory;
  const Parent parent(directory.path() + "/parent");
  std::vector<std::unique_ptr<LightChild>> children;
  for (uint32_t n = 1; n <= load.children; ++n) {
    children.push_back(std::make_unique<LightChild>(parent.server->address(), n, load));
  }
  const uint64_t step = kSecondNanos / (uint64_t{kMessagesPerSecond} * load.children);
  const uint64_t begin = NowNanos();
  uint64_t due = begin;
  for (uint32_t message = 0; message < load.messages(); ++message) {
    for (const auto& child : children) {
      while (NowNanos() < due) std::this_thread::sleep_for(std::chrono::microseconds(100));
      child->Send(message, due);
      due += step;
    }
  }
  const uint64_t each = uint64_t{load.messages()} * load.records_per_message();
  for (const auto& child : children) {
    while (child->acknowledged() < each) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const double seconds = static_cast<double>(NowNanos() - begin) / 1e9;
  std::vector<double> millis;
  for (const auto& child : children) {
    millis.insert(millis.end(), child->millis().begin(), child->millis().end());
  }
  std::ranges::sort(millis);
  const double asked_for = static_cast<double>(load.children) * load.per_second;
  Report("children: events of all of them", "/s",
         static_cast<double>(each * load.children) / seconds, "asked for", asked_for);
  Report("children: due to acknowledged, p99", "ms", millis[millis.size() * 99 / 100], "limit",
         1'000);
}

}  // namespace
}  // namespace idnode::bench

int main(int argc, char** argv) {
  idnode::bench::Load load;
  if (argc > 1) load.children = static_cast<uint32_t>(std::atoi(argv[1]));
  if (argc > 2) load.per_second = static_cast<uint32_t>(std::atoi(argv[2]));
  if (argc > 3) load.seconds = static_cast<uint32_t>(std::atoi(argv[3]));
  idnode::bench::Measure(load);
  return 0;
}
