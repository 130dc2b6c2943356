#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proto/gs1/key.h"
#include "proto/handle/requests.h"
#include "tests/front/counted_heap.h"
#include "tests/front/http/http_test.h"

namespace idnode {
namespace {

using counted_heap::taken;

constexpr size_t kLoops = 2;
constexpr size_t kRecords = 100;
constexpr size_t kConnections = 8;
constexpr size_t kTogether = 5;
constexpr size_t kWarmRounds = 100, kRounds = 1'000;

// What the loops take from the heap for cached answers, once they are warm.
class HttpAllocation : public HttpTest {
 protected:
  HttpAllocation() : HttpTest({}, kLoops) {
    for (size_t i = 0; i < kRecords; ++i) {
      node_.Put(HandleOf(i), {{.index = 1, .type = "URL", .data = "https://a.example/1"},
                              {.index = 2, .type = "EMAIL", .data = "a@a.example"}});
      node_.Put(ProductOf(i), {{.index = 1, .type = "URL", .data = kAddress},
                               {.index = 2, .type = "gs1:faqs", .data = kChinese},
                               {.index = 3, .type = "gs1:faqs", .data = kEnglish}});
      node_.Put(ProductOf(i) + "/21/S",
                {{.index = 1, .type = "gs1:itemDescription", .data = "no link"}});
    }
    counted_heap::CountOn(loops_);
    for (size_t i = 0; i < kConnections; ++i) {
      clients_.push_back(std::make_unique<RawClient>(front_->port()));
    }
  }

  static constexpr std::string_view kAddress = "https://brand.example/trace/of/a/product?a=1#top";
  static constexpr std::string_view kChinese =
      R"({"href":"https://brand.example/zh/questions","title":"","hreflang":["zh"]})";
  static constexpr std::string_view kEnglish =
      R"({"href":"https://brand.example/en/questions","title":"","hreflang":["en"]})";

  static std::string ProductOf(size_t i) {
    std::string digits = "0690123400" + std::to_string(100 + i);
    digits.push_back(CheckDigitOf(digits));
    return "01/" + digits;
  }
  static std::string HandleOf(size_t i) { return "88.118.8/SN-" + std::to_string(i); }

  // Several requests at once on each connection, again and again.
  void AskAll(const std::vector<std::string>& requests, size_t rounds, int status) {
    size_t next = 0;
    for (size_t round = 0; round < rounds; ++round) {
      for (const auto& client : clients_) {
        std::string together;
        for (size_t i = 0; i < kTogether; ++i) together += requests[next++ % requests.size()];
        ASSERT_TRUE(client->Send(together));
      }
      for (const auto& client : clients_) {
        for (size_t i = 0; i < kTogether; ++i) ASSERT_EQ(client->Receive().status, status);
      }
    }
  }
  void ExpectNothingTaken(const std::function<std::string(size_t)>& request_for, int status = 200) {
    std::vector<std::string> requests;
    for (size_t i = 0; i < kRecords; ++i) requests.push_back(request_for(i));
    AskAll(requests, kWarmRounds, status);
    const uint64_t before = taken;
    EXPECT_GT(before, 0u);  // Getting warm took something.
    AskAll(requests, kRounds, status);
    EXPECT_EQ(taken - before, 0u);
    // All but the first answer of each record on each loop. Counts are published once a second.
    constexpr uint64_t kHits =
        (kWarmRounds + kRounds) * kConnections * kTogether - kRecords * kLoops;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (front_->counts().cache_hits < kHits && std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
    }
    EXPECT_GE(front_->counts().cache_hits, kHits);
  }

  std::vector<std::unique_ptr<RawClient>> clients_;
};

TEST_F(HttpAllocation, OfNothingForHandleJson) {
  ExpectNothingTaken([](size_t i) {
    return "GET /api/handles/" + HandleOf(i) + " HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n";
  });
}

TEST_F(HttpAllocation, OfNothingForMessagesOfTheTunnel) {
  ExpectNothingTaken([](size_t i) {
    const std::string handle = HandleOf(i);
    std::string body, message, octets;
    EncodeResolutionRequest({handle, {}, {}}, body);
    Header header;
    header.op_code = static_cast<uint32_t>(OpCode::kResolution);
    EncodeMessage(header, body, {}, message);
    Envelope envelope;
    envelope.message_octets = static_cast<uint32_t>(message.size());
    EncodeEnvelope(envelope, octets);
    octets += message;
    return "POST /" + handle +
           " HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-hdl-message\r\n" +
           "Content-Length: " + std::to_string(octets.size()) + "\r\n\r\n" + octets;
  });
}

// Of a lot without a record, of a serial whose record has no link, and of the product.
TEST_F(HttpAllocation, OfNothingForDigitalLinks) {
  ExpectNothingTaken(
      [](size_t i) {
        return "GET /" + ProductOf(i) +
               "/10/L1/21/S?17=261231&x=%E7%94%B5 HTTP/1.1\r\nHost: a\r\n" +
               "Accept: text/html,*/*;q=0.8\r\nAccept-Language: zh-CN,zh;q=0.9\r\n\r\n";
      },
      307);
}

TEST_F(HttpAllocation, OfNothingForDigitalLinksThatDependOnTheLanguage) {
  ExpectNothingTaken(
      [](size_t i) {
        return "GET /" + ProductOf(i) + "?linkType=gs1:faqs HTTP/1.1\r\nHost: a\r\n" +
               "Origin: https://shop.example\r\nAccept-Language: zh-CN,zh;q=0.9\r\n\r\n";
      },
      307);
}

}  // namespace
}  // namespace idnode
