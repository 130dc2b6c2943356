#include "node/front/http/routes.h"

#include <algorithm>

#include "proto/base/text.h"
#include "tests/front/http/http_test.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;

class HttpRoutes : public HttpTest {};

TEST_F(HttpRoutes, ListRecordsOfTheCaller) {
  for (const char* name : {"88.118.8/a", "88.118.8/b", "88.118.8/c"}) {
    node_.Put(name, {{.index = 1, .type = "URL", .data = "x"}});
  }
  const std::string mine = "Authorization: Bearer " + node_.acme_token + "\r\n";
  const RawAnswer first = Get("/api/v1/identifiers?prefix=88.118.8&count=2", mine);
  ASSERT_EQ(first.status, 200) << first.body;
  const auto page = Json(first.body);
  ASSERT_EQ(page.at("identifiers").as_array().size(), 2u);
  const std::string cursor(page.at("next_cursor").as_string());
  const RawAnswer second =
      Get("/api/v1/identifiers?prefix=88.118.8&count=2&cursor=" + PercentEncode(cursor), mine);
  EXPECT_EQ(Json(second.body).at("identifiers").as_array().size(), 1u);
  EXPECT_FALSE(Json(second.body).contains("next_cursor"));

  EXPECT_EQ(Get("/api/v1/identifiers?prefix=88.118.8").status, 401);
  EXPECT_EQ(CodeOf(Get("/api/v1/identifiers?prefix=88.118.8&cursor=zz", mine)), "invalid_cursor");
  EXPECT_EQ(Get("/api/v1/identifiers?count=1001", mine).status, 400);
  EXPECT_EQ(CodeOf(Get("/api/v1/identifiers?scheme=isbn", mine)), "unknown_scheme");
  EXPECT_EQ(Get("/api/v1/identifiers?scheme=oid", mine).status, 200);
}

TEST_F(HttpRoutes, ShowTheFigures) {
  node_.Put("88.118.8/a", {{.index = 1, .type = "URL", .data = "x"}});
  const RawAnswer answer = Get("/api/v1/stats?hours=2");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto figures = Json(answer.body);
  EXPECT_EQ(figures.at("node").as_object().at("role").as_string(), "secondary");
  EXPECT_EQ(figures.at("evaluation").as_object().at("identifiers_registered").as_int64(), 1);
  EXPECT_EQ(figures.at("evaluation").as_object().at("connected_enterprises").as_int64(), 2);
  EXPECT_EQ(figures.at("hours").as_array().size(), 2u);
  EXPECT_FALSE(figures.contains("enterprises"));
  EXPECT_EQ(Get("/api/v1/stats?hours=x").status, 400);
}

TEST_F(HttpRoutes, ShowSingleEnterprisesToReadersOnly) {
  const auto ask = [&](const std::string& token) {
    return Get("/api/v1/stats?enterprises=true", "Authorization: Bearer " + token + "\r\n");
  };
  EXPECT_EQ(Get("/api/v1/stats?enterprises=true").status, 401);
  EXPECT_EQ(ask(node_.acme_token).status, 403);
  const RawAnswer answer = ask(node_.reader_token);
  EXPECT_EQ(Json(answer.body).at("enterprises").as_array().size(), 2u);
}

TEST_F(HttpRoutes, ExposeMetrics) {
  const RawAnswer answer = Get("/metrics");
  EXPECT_EQ(answer.fields.at("content-type"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_THAT(answer.body, HasSubstr("x 1\n"));
  EXPECT_THAT(answer.body, HasSubstr("http_connections 1"));
  EXPECT_EQ(answer.body.find("# EOF"), answer.body.size() - 6);
}

TEST_F(HttpRoutes, TellHealth) {
  EXPECT_EQ(Get("/healthz").status, 200);
  EXPECT_EQ(Get("/readyz").status, 200);
  for (const auto state : {Health::State::kStarting, Health::State::kStopping}) {
    node_.health.Set(state);
    const RawAnswer answer = Get("/readyz");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(Json(answer.body).at("state").as_string(), NameOf(state));
    EXPECT_EQ(Get("/healthz").status, 200);
  }
}

TEST_F(HttpRoutes, AreAllDescribed) {
  const RawAnswer answer = Get("/openapi.json");
  const auto paths = Json(answer.body).at("paths").as_object();
  for (const Route& route : Routes()) {
    ASSERT_TRUE(paths.contains(route.path)) << route.path;
    std::string method;
    for (const char c : NameOf(route.method)) method.push_back(static_cast<char>(c | 0x20));
    EXPECT_TRUE(paths.at(route.path).as_object().contains(method)) << route.path << method;
  }
  // And nothing else is.
  for (const auto& path : paths) {
    for (const auto& method : path.value().as_object()) {
      const bool is_route = std::ranges::any_of(Routes(), [&](const Route& route) {
        return route.path == std::string_view(path.key()) &&
               EqualFolded(NameOf(route.method), method.key());
      });
      EXPECT_TRUE(is_route) << path.key() << method.key();
    }
  }
  EXPECT_EQ(Json(Get("/").body).at("name").as_string(), "idnode");
}

TEST_F(HttpRoutes, SayWhichMethodsAPathHas) {
  const RawAnswer answer = Send("DELETE", "/healthz", "", "");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.fields.at("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(Send("PATCH", "/healthz", "", "").status, 405);
  const RawAnswer unknown = Send("BREW", "/healthz", "", "");
  EXPECT_EQ(unknown.status, 501);
  EXPECT_EQ(Json(unknown.body).at("status").as_int64(), 501);
  EXPECT_EQ(Get("/nothing").status, 404);
  EXPECT_EQ(Get("/nothing").fields.at("content-type"), "application/problem+json");
  EXPECT_EQ(HandleCodeOf(Send("PATCH", "/api/handles/88.118.8/x", "", "")), 4);
}

TEST_F(HttpRoutes, LetAnyPageAskWithoutCredentials) {
  const RawAnswer preflight =
      Ask(Head("OPTIONS", "/api/handles/88.118.8/a",
               "Origin: https://a.example\r\nAccess-Control-Request-Method: PUT\r\n") +
          "\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.fields.at("access-control-allow-methods"), "GET,POST,HEAD,PUT,DELETE");
  EXPECT_EQ(preflight.fields.at("access-control-max-age"), "86400");
  EXPECT_EQ(preflight.fields.at("access-control-allow-origin"), "*");
  EXPECT_FALSE(preflight.fields.contains("access-control-allow-credentials"));
  const RawAnswer plain = Ask(Head("OPTIONS", "/api/handles/88.118.8/a") + "\r\n");
  EXPECT_EQ(plain.fields.at("allow"), "GET, HEAD, POST, PUT, DELETE, OPTIONS");
  const RawAnswer get = Get("/api/handles/88.118.8/a", "Origin: https://a.example\r\n");
  EXPECT_THAT(get.fields.at("access-control-expose-headers"), HasSubstr("Content-Length"));
}

TEST_F(HttpRoutes, NeverLookAtATokenThatCrossedANetwork) {
  Peer far;
  Request request;
  request.peer = &far;
  const std::string bearer = "Bearer " + node_.operator_token;
  request.fields = {{"Authorization", bearer}};
  const auto refused = CallerOf(request, *node_.authenticator);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kDenied);
  far.loopback = true;
  EXPECT_EQ(CallerOf(request, *node_.authenticator)->role, Role::kOperator);
}

TEST_F(HttpRoutes, ArePortsOfOneProgramOnly) {
  EventLoops loops(2);
  HttpOptions options;
  options.listen = "127.0.0.1:" + std::to_string(front_->port());
  const auto second = HttpFront::Open(loops, work_, options, Services());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::kInUse);
  for (const char* bad : {"", "127.0.0.1", "127.0.0.1:", "a:80", "127.0.0.1:99999", "::1:80"}) {
    options.listen = bad;
    const auto refused = HttpFront::Open(loops, work_, options, Services());
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, Errc::kMalformed) << bad;
  }
}

}  // namespace
}  // namespace idnode
