#include <thread>

#include "tests/front/http/http_test.h"

namespace idnode {
namespace {

class Connections : public HttpTest {
 protected:
  Connections() : HttpTest(Few(), 2) {}
  static HttpOptions Few() {
    HttpOptions options;
    options.connections_max = 8;  // Four on each loop.
    return options;
  }
};

class SlowClients : public HttpTest {
 protected:
  SlowClients() : HttpTest(Short()) {}
  static HttpOptions Short() {
    HttpOptions options;
    options.header_seconds = 1;
    options.idle_seconds = 2;
    options.body_octets_per_second_min = 1'024;
    return options;
  }
};

TEST_F(Connections, ServePipelinedRequestsInOrder) {
  node_.Put("88.118.8/a", {{.index = 1, .type = "URL", .data = "x"}});
  RawClient client(front_->port());
  std::string all;
  for (int i = 0; i < 300; ++i) {
    all += Head("GET", i % 3 == 0 ? "/api/handles/88.118.8/a" : "/healthz") + "\r\n";
    if (i % 50 == 7) {
      all += Whole("PUT", "/api/handles/88.118.8/p" + std::to_string(i), node_.acme_token, kUrl);
    }
  }
  std::jthread sender([&] { client.Send(all); });
  for (int i = 0; i < 300; ++i) {
    const RawAnswer answer = client.Receive();
    ASSERT_EQ(answer.status, 200) << i << answer.body;
    ASSERT_EQ(answer.body.find("responseCode") != std::string::npos, i % 3 == 0) << i;
    if (i % 50 == 7) {
      ASSERT_EQ(client.Receive().status, 201) << i;
    }
  }
  sender.join();
}

TEST_F(Connections, ServeARequestThatArrivesOctetByOctet) {
  RawClient client(front_->port());
  const std::string body = R"({"index":[1]})";
  std::string request =
      Head("POST", "/api/handles/88.118.8/none", "Transfer-Encoding: chunked\r\n") + "\r\n";
  for (const char c : body) request += std::string("1;x=y\r\n") + c + "\r\n";
  request += "0\r\nTrailer: z\r\n\r\n" + Head("GET", "/healthz") + "\r\n";
  for (const char c : request) ASSERT_TRUE(client.Send({&c, 1}));
  EXPECT_EQ(client.Receive().status, 404);
  EXPECT_EQ(client.Receive().status, 200);
}

TEST_F(SlowClients, AreToldThatTheirHeadIsTooLate) {
  RawClient client(front_->port());
  client.Send("GET / HT");
  const RawAnswer answer = client.Receive();  // Waits until the server has had enough.
  EXPECT_EQ(answer.status, 408);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(SlowClients, AreToldThatTheirBodyIsTooLate) {
  RawClient client(front_->port());
  client.Send(Head("POST", "/api/handles/88.118.8/a", "Content-Length: 60000\r\n") + "\r\n{");
  EXPECT_EQ(client.Receive().status, 408);
}

TEST_F(SlowClients, DoNotLiveOnWhatTheySentQuickly) {
  RawClient client(front_->port());
  client.Send(
      Head("PUT", "/api/handles/88.118.8/a",
           "Authorization: Bearer " + node_.acme_token + "\r\nContent-Length: 1000000\r\n") +
      "\r\n" + std::string(900'000, ' '));
  EXPECT_EQ(client.Receive().status, 408);  // It would be paid for until a quarter of an hour.
}

TEST_F(SlowClients, LoseAConnectionThatTheyDoNotUse) {
  RawClient client(front_->port());
  EXPECT_EQ(client.Ask(Head("GET", "/healthz") + "\r\n").status, 200);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(Connections, OverTheLimitAreTurnedAway) {
  std::vector<std::unique_ptr<RawClient>> clients;
  int turned_away = 0;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(std::make_unique<RawClient>(front_->port()));
    turned_away += clients.back()->Ask(Head("GET", "/healthz") + "\r\n").status != 200;
  }
  EXPECT_GE(turned_away, 1);
  EXPECT_LE(front_->counts().connections, 8u);
}

// One loop, so that what one connection sees of the stop is true of the other.
class Stopping : public HttpTest {};

TEST_F(Stopping, FinishesWhatIsUnderWay) {
  RawClient idle(front_->port()), busy(front_->port());
  EXPECT_EQ(idle.Ask(Head("GET", "/healthz") + "\r\n").status, 200);
  busy.Send(
      Head("POST", "/api/handles/88.118.8/a", "Expect: 100-continue\r\nContent-Length: 2\r\n") +
      "\r\n");
  EXPECT_EQ(busy.Receive().status, 100);
  std::jthread stopper([&] { front_->Stop(10); });
  EXPECT_TRUE(idle.IsClosed());  // It was told to stop, and is.
  busy.Send("{}");
  const RawAnswer last = busy.Receive();
  EXPECT_EQ(last.status, 404);
  EXPECT_EQ(last.fields.at("connection"), "close");
  EXPECT_TRUE(busy.IsClosed());
  busy.EndSending();
  stopper.join();
  EXPECT_EQ(front_->counts().connections, 0u);
  EXPECT_THROW(RawClient(front_->port()), std::runtime_error);
}

}  // namespace
}  // namespace idnode
