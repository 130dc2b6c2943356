#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "node/front/handle/dispatcher.h"
#include "node/front/handle/loop_answers.h"
#include "node/front/http/http_front.h"
#include "node/runtime/event_loops.h"
#include "node/runtime/random.h"
#include "node/runtime/work_pool.h"
#include "node/security/costly_work.h"
#include "node/security/node_keys.h"
#include "node/service/checkpoints.h"
#include "node/service/published_log.h"
#include "tests/front/http/raw_client.h"
#include "tests/front/serving_node.h"

namespace idnode {

// The HTTP front over a real store, on a free port.
class HttpTest : public ::testing::Test {
 protected:
  explicit HttpTest(HttpOptions options = {}, size_t loops = 1,
                    DigitalLinkSettings digital_links = {},
                    std::chrono::milliseconds patience = std::chrono::seconds(60))
      : node_(patience),
        loops_(loops),
        options_(options),
        digital_links_(std::move(digital_links)) {
    options_.listen = "127.0.0.1:0";
    dispatcher_ = MakeDispatcher({}, {.work = work_,
                                      .resolver = *node_.resolver,
                                      .operations = *node_.operations,
                                      .authenticator = *node_.handle_authenticator,
                                      .keys = Keys(),
                                      .site = site_,
                                      .costly_work = costly_work_,
                                      .now = Now,
                                      .monotonic_micros = MonotonicMicros,
                                      .random = RandomOctets});
    handle_services_.emplace(HandleServices{.resolver = *node_.resolver,
                                            .dispatcher = *dispatcher_,
                                            .counts = node_.counts,
                                            .stamps = node_.stamps});
    access_.emplace(HandleAccess{.operations = *node_.operations,
                                 .authenticator = *node_.handle_authenticator,
                                 .dispatcher = *dispatcher_,
                                 .keys = Keys(),
                                 .site = site_,
                                 .costly_work = costly_work_,
                                 .loop_answers = [this](AnswerCache& cache) {
                                   return MakeLoopAnswers(*handle_services_, cache);
                                 }});
    checkpoints_ = *Checkpoints::Open(node_.store->ledger(), node_.store->engine(),
                                      node_.store->log(), Keys(), "node.example/log", "");
    log_.emplace(node_.store->engine(), node_.store->log(), *checkpoints_, *node_.acts, false);
    front_ = *HttpFront::Open(loops_, work_, options_, Services());
    loops_.Start();
  }
  ~HttpTest() override {
    front_->Stop(2);
    dispatcher_.reset();
    work_.Stop();
    loops_.Stop();
    front_.reset();
  }

  HttpServices Services() {
    return {*node_.resolver,
            *node_.registrar,
            *node_.listing,
            *node_.figures,
            node_.health,
            *node_.authenticator,
            node_.counts,
            {},
            [] { return std::string("# TYPE x gauge\nx 1\n# EOF\n"); },
            &*access_,
            cache_,
            digital_links_,
            node_.ranges.get(),
            nullptr,
            &*log_,
            node_.subjects.get(),
            &directory_access_,
            node_.acts.get(),
            node_.act_log.get(),
            node_.filings.get(),
            node_.directives.get(),
            node_.templates.get(),
            node_.applications.get(),
            nullptr,
            node_.supervision.get()};
  }
  // Making an RSA key takes long: all tests share them.
  static const NodeKeys& Keys() {
    static const NodeKeys keys{*SigningKey::Generate(KeyKind::kRsa),
                               *SigningKey::Generate(KeyKind::kEd25519),
                               *SigningKey::Generate(KeyKind::kSm2),
                               *SigningKey::Generate(KeyKind::kEd25519), std::string(32, 'k')};
    return keys;
  }

  RawAnswer Ask(std::string_view octets) {
    RawClient client(front_->port());
    return client.Ask(octets);
  }
  RawAnswer Get(std::string_view target, std::string_view fields = "") {
    return Ask(Head("GET", target, fields) + "\r\n");
  }
  RawAnswer Send(std::string_view method, std::string_view target, std::string_view token,
                 std::string_view body, std::string_view fields = "") {
    return Ask(Whole(method, target, token, body, fields));
  }
  static std::string Head(std::string_view method, std::string_view target,
                          std::string_view fields = "") {
    return std::string(method)
        .append(" ")
        .append(target)
        .append(" HTTP/1.1\r\nHost: a\r\n")
        .append(fields);
  }
  static std::string Whole(std::string_view method, std::string_view target, std::string_view token,
                           std::string_view body, std::string_view fields = "") {
    std::string head = Head(method, target, fields);
    if (!token.empty()) head.append("Authorization: Bearer ").append(token).append("\r\n");
    if (!body.empty()) {
      head.append("Content-Type: application/json\r\nContent-Length: ")
          .append(std::to_string(body.size()))
          .append("\r\n");
    }
    return head.append("\r\n").append(body);
  }
  static boost::json::object Json(const std::string& text) {
    boost::json::error_code error;
    const auto value = boost::json::parse(text, error);
    EXPECT_TRUE(!error && value.is_object()) << text;
    return value.is_object() ? value.as_object() : boost::json::object();
  }
  static std::string CodeOf(const RawAnswer& answer) {
    const auto json = Json(answer.body);
    const auto* code = json.if_contains("code");
    return code == nullptr ? answer.body : std::string(code->as_string());
  }
  static int64_t HandleCodeOf(const RawAnswer& answer) {
    const auto json = Json(answer.body);
    const auto* code = json.if_contains("responseCode");
    return code == nullptr ? -1 : code->as_int64();
  }
  // Counted so far, over all classes and outcomes.
  int64_t Counted(TrafficClass traffic_class, ResolutionOutcome outcome) {
    for (const TallyRow& row : node_.counts.Drain(Now())) {
      if (row.figure.enterprise == kAllEnterprises) continue;
      sums_[{row.figure.traffic_class, row.figure.outcome}] += row.delta;
    }
    return sums_[{traffic_class, outcome}];
  }

  static constexpr std::string_view kUrl =
      R"([{"index":1,"type":"URL","data":"https://acme.example/1"}])";

  ServingNode node_;
  EventLoops loops_;
  WorkPool work_{2, 256};
  HttpOptions options_;
  const DigitalLinkSettings digital_links_;
  const HttpCacheOptions cache_{&node_.stamps, 8u << 20};
  Snapshot<SiteRecords> site_{std::make_shared<const SiteRecords>()};
  CostlyWork costly_work_{{}, /*seed=*/1};
  SourceAllowance directory_allowance_{{1, 60, 1'000, 1'000}, /*seed=*/1};
  const DirectoryAccess directory_access_{*node_.identifier_directory, directory_allowance_};
  std::unique_ptr<Dispatcher> dispatcher_;
  std::optional<HandleServices> handle_services_;
  std::optional<HandleAccess> access_;
  std::unique_ptr<Checkpoints> checkpoints_;
  std::optional<PublishedLog> log_;
  std::unique_ptr<HttpFront> front_;
  std::map<std::pair<TrafficClass, ResolutionOutcome>, int64_t> sums_;
};

}  // namespace idnode
