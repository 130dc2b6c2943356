#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "node/front/handle/answers.h"
#include "node/front/handle/handle_front.h"
#include "node/runtime/event_loops.h"
#include "node/runtime/work_pool.h"
#include "proto/base/guarded.h"
#include "tests/front/serving_node.h"
#include "tests/front_handle/handle_sockets.h"
#include "tests/unit/node/front/handle/resolving_node.h"

namespace idnode {

// What the transports need of a dispatcher: it answers later, from another thread, what it is told
// to; and keeps the questions.
class ToldDispatcher : public Dispatcher {
 public:
  using Rule = std::function<Reply(const Question&)>;
  explicit ToldDispatcher(WorkPool& work) : work_(work) {}

  void Answer(Question question, std::function<void(Reply)> done) override {
    ++asked;
    Require(work_.Post([rule = rule_, question = std::move(question), done = std::move(done)] {
      done(rule(question));
    }));
  }
  void Tell(Rule rule) { rule_ = std::move(rule); }  // Before it is asked.

  std::atomic<int> asked{0};

 private:
  WorkPool& work_;
  Rule rule_ = [](const Question& question) {
    Reply reply;
    reply.messages.push_back(MessageOf(question, "told"));
    return reply;
  };

 public:
  // A response to `question` with this body.
  static std::string MessageOf(const Question& question, std::string_view body) {
    std::string message;
    Header header;
    header.op_code = DecodeMessage(question.message)->header.op_code;
    AppendMessage(ResponseEnvelope(question.envelope),
                  ResponseHeader(header, ResponseCode::kSuccess, {}, 0), body, {}, message);
    return message;
  }
};

// A node with its store on disk that serves UDP and TCP on two loops.
class TransportNode : public ::testing::Test {
 protected:
  TransportNode() {
    options.udp_listen = {"127.0.0.1:0", "[::1]:0"};
    options.tcp_listen = {"127.0.0.1:0", "[::1]:0"};
  }
  ~TransportNode() override {
    if (front != nullptr) front->Stop(1);
    loops.Stop();
  }

  void Open() {
    auto opened = HandleFront::Open(loops, work, options, services);
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    front = *std::move(opened);
    loops.Start();
  }
  uint16_t udp() const { return front->udp_ports().at(0); }
  uint16_t tcp() const { return front->tcp_ports().at(0); }

  static std::string Resolve(std::string_view handle, uint32_t id = 7) {
    return Asking{.handle = std::string(handle), .request_id = id}.octets();
  }
  static std::string GetSite(uint32_t id) {
    return Asking{.op_code = static_cast<uint32_t>(OpCode::kGetSiteInfo), .request_id = id}
        .octets();
  }
  static uint32_t CodeIn(std::string_view octets) {
    const auto answered = ReadAnswer(octets);
    return answered ? answered->code() : 0;
  }
  static uint32_t IdIn(std::string_view octets) {
    const auto answered = ReadAnswer(octets);
    return answered ? answered->envelope.request_id : 0;
  }
  uint64_t Counted(Protocol protocol, ResolutionOutcome outcome) const {
    return node.counts.totals()
        .by_protocol[static_cast<size_t>(protocol)][static_cast<size_t>(outcome)];
  }

  ServingNode node;
  WorkPool work{2, 1'024};
  EventLoops loops{2};
  ToldDispatcher dispatcher{work};
  HandleOptions options;
  HandleServices services{*node.resolver, dispatcher, node.counts, node.stamps,
                          4u << 20,       1,          true,        {}};
  std::unique_ptr<HandleFront> front;
};

}  // namespace idnode
