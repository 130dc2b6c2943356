#include <future>

#include "proto/handle/requests.h"
#include "tests/front/http/http_test.h"

namespace idnode {
namespace {

// Messages in a POST, answered on the event loop from its cache where that is enough.
class TunnelOnLoop : public HttpTest {
 protected:
  TunnelOnLoop() {
    node_.Put("88.118.8/item", {{.index = 1, .type = "URL", .data = "https://a.example/1"},
                                {.index = 2, .type = "EMAIL", .data = "a@a.example"}});
    node_.Put("88.118.8/secret", {{.index = 1, .type = "URL", .data = "https://a.example/1"},
                                  {.index = 2,
                                   .permissions = kAdminRead | kAdminWrite,
                                   .type = "NOTE",
                                   .data = "for administrators"}});
  }

  struct Asked {
    std::string handle = "88.118.8/item";
    std::vector<uint32_t> indexes = {};
    uint32_t flags = op_flag::kRequestDefault;
  };
  static std::string MessageOf(const Asked& asked) {
    std::string body, message, octets;
    EncodeResolutionRequest({asked.handle, asked.indexes, {}}, body);
    Header header;
    header.op_code = static_cast<uint32_t>(OpCode::kResolution);
    header.flags = asked.flags;
    EncodeMessage(header, body, {}, message);
    Envelope envelope;
    envelope.version = {2, 11};
    envelope.request_id = 11;
    envelope.message_octets = static_cast<uint32_t>(message.size());
    EncodeEnvelope(envelope, octets);
    return octets + message;
  }
  static std::string Post(const std::string& message) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-hdl-message\r\n"
           "Content-Length: " +
           std::to_string(message.size()) + "\r\n\r\n" + message;
  }
  static uint32_t CodeIn(const RawAnswer& answer) {
    const auto message = DecodeMessage(std::string_view(answer.body).substr(kEnvelopeOctets));
    return message ? message->header.response_code : 0;
  }
  // The answer of the dispatcher alone.
  std::string Dispatched(const std::string& octets) {
    Question question;
    question.transport = Transport::kHttp;
    question.envelope = DecodeEnvelope(octets);
    question.message = octets.substr(kEnvelopeOctets);
    question.connection = std::make_shared<ConnectionState>();
    std::promise<std::string> told;
    dispatcher_->Answer(std::move(question), [&told](Reply reply) {
      std::string all;
      for (const std::string& message : reply.messages) all += message;
      told.set_value(all);
    });
    return told.get_future().get();
  }
  // Without the seconds until which the answer stands.
  static std::string WithoutTime(std::string octets) {
    constexpr size_t kExpiryAt = kEnvelopeOctets + 16;
    EXPECT_GE(octets.size(), kEnvelopeOctets + kHeaderOctets);
    return octets.replace(kExpiryAt, 4, 4, '\0');
  }
};

TEST_F(TunnelOnLoop, AnswersAsTheDispatcherDoes) {
  const std::vector<Asked> questions = {
      {},
      {.indexes = {2}},
      {.indexes = {7}},
      {.handle = "88.118.8/absent"},
      {.handle = "88.118.8/ITEM"},
      {.handle = "88.118.8/secret"},
      {.handle = "88.118.8/secret", .flags = op_flag::kRequestDefault | op_flag::kPublicOnly},
      {.handle = "99.99/elsewhere"},
      {.handle = ""},
  };
  for (const Asked& asked : questions) {
    const std::string message = MessageOf(asked);
    const std::string expected = WithoutTime(Dispatched(message));
    for (int time = 0; time < 3; ++time) {  // From the store, then from the cache.
      const RawAnswer answer = Ask(Post(message));
      ASSERT_EQ(answer.status, 200) << asked.handle;
      EXPECT_EQ(answer.fields.at("content-type"), "application/x-hdl-message");
      EXPECT_EQ(WithoutTime(answer.body), expected) << asked.handle;
    }
  }
}

TEST_F(TunnelOnLoop, AnswersFromTheCache) {
  const std::string post = Post(MessageOf({}));
  RawClient client(front_->port());
  ASSERT_EQ(client.Ask(post).status, 200);
  client.Send(post + post + post);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(CodeIn(client.Receive()), 1u);
  // What was sent before an answer of the same loop is counted by then.
  RawClient other(front_->port());
  EXPECT_EQ(CodeIn(other.Ask(post)), 1u);
  EXPECT_EQ(CodeIn(other.Ask(post)), 1u);
  EXPECT_GE(Counted(TrafficClass::kExternal, ResolutionOutcome::kFound), 5);
}

TEST_F(TunnelOnLoop, SeesWhatWasWrittenBefore) {
  const std::string post = Post(MessageOf({}));
  ASSERT_EQ(CodeIn(Ask(post)), 1u);
  node_.Put("88.118.8/item", {{.index = 1, .type = "URL", .data = "https://changed.example/"}});
  const RawAnswer answer = Ask(post);
  EXPECT_NE(answer.body.find("https://changed.example/"), std::string::npos);
  EXPECT_EQ(answer.body.find("a@a.example"), std::string::npos);
}

// However the octets of a request arrive, it is answered alike.
TEST_F(TunnelOnLoop, TakesItsBodyInPieces) {
  const std::string post = Post(MessageOf({}));
  const std::string whole = WithoutTime(Ask(post).body);
  for (size_t cut = 1; cut < post.size(); cut += 7) {
    RawClient client(front_->port());
    ASSERT_TRUE(client.Send(post.substr(0, cut)));
    ASSERT_TRUE(client.Send(post.substr(cut)));
    EXPECT_EQ(WithoutTime(client.Receive().body), whole) << cut;
  }
}

}  // namespace
}  // namespace idnode
