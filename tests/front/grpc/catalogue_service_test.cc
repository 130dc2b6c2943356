#include "node/front/grpc/catalogue_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/client/catalogue_client.h"
#include "node/client/node_client.h"
#include "node/front/grpc/grpc_front.h"
#include "tests/front/serving_node.h"
#include "tests/patience.h"
#include "tests/unit/proto/business/template_example.h"

// idnode.v1.Catalogue: templates and applications over gRPC.
namespace idnode {
namespace {

using ::testing::HasSubstr;

const auto kSeconds = static_cast<uint32_t>(Patience(20).count());

class CatalogueOverGrpc : public ::testing::Test {
 protected:
  CatalogueOverGrpc()
      : service_(
            MakeCatalogueService(*node_.templates, *node_.applications, *node_.authenticator)) {
    front_ = *GrpcFront::Open({.listen = "127.0.0.1:0"}, Services());
  }
  ~CatalogueOverGrpc() override { front_->Stop(2); }

  GrpcServices Services() {
    GrpcServices services = {
        *node_.resolver, *node_.registrar, *node_.enrolment,     *node_.listing, *node_.upkeep,
        *node_.figures,  node_.health,     *node_.authenticator, node_.counts,   {service_.get()}};
    services.templates = node_.templates.get();
    return services;
  }
  std::unique_ptr<CatalogueClient> Client(const std::string& token = "") const {
    return *CatalogueClient::Open(
        {.address = "127.0.0.1:" + std::to_string(front_->port()), .token = token}, kSeconds);
  }
  // The document, or the name of the error.
  static std::string SaidBy(CatalogueClient::Reply reply) {
    if (!reply) return std::string(RowOf(reply.problem().code).name);
    return (reply->refused() ? "refused " : "") + reply->json();
  }
  std::string Put(const std::string& document, const std::string& token) {
    v1::PutCatalogueRequest request;
    request.set_document(document);
    return SaidBy(Client(token)->PutTemplate(request));
  }
  std::string Set(const std::string& state, const std::string& token) {
    v1::SetTemplateStateRequest request;
    request.set_handle("88.118.8/META_kettle");
    request.set_version("1.0");
    request.set_state(state);
    return SaidBy(Client(token)->SetTemplateState(request));
  }
  std::string Show(const std::string& token = "") {
    v1::GetTemplateRequest request;
    request.set_handle("88.118.8/META_kettle");
    return SaidBy(Client(token)->GetTemplate(request));
  }

  ServingNode node_;
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<GrpcFront> front_;
};

TEST_F(CatalogueOverGrpc, TemplatesArePutPublishedAndWithdrawn) {
  EXPECT_EQ(Put(TemplateText(), ""), "unauthenticated");
  EXPECT_EQ(Put(TemplateText(), node_.reader_token), "denied");
  EXPECT_EQ(Put(TemplateText(), node_.other_token), "outside_prefix");
  EXPECT_THAT(Put("{}", node_.acme_token), HasSubstr("refused {\"type\""));
  EXPECT_EQ(Put("{", node_.acme_token), "malformed");
  EXPECT_THAT(Put(TemplateText(), node_.acme_token), HasSubstr("\"state\":\"draft\""));
  EXPECT_EQ(Show(), "no_template");
  EXPECT_EQ(Set("gone", node_.acme_token), "invalid_value");
  EXPECT_THAT(Set("published", node_.acme_token), HasSubstr("\"state\":\"published\""));
  EXPECT_THAT(Show(), HasSubstr("\"state\":\"published\""));
  v1::ListTemplatesRequest list;
  list.set_state("published");
  EXPECT_THAT(SaidBy(Client()->ListTemplates(list)), HasSubstr("META_kettle"));
  list.set_state("draft");
  EXPECT_EQ(SaidBy(Client()->ListTemplates(list)), "{\"templates\":[]}");
  EXPECT_THAT(Set("withdrawn", node_.acme_token), HasSubstr("\"state\":\"withdrawn\""));
}

TEST_F(CatalogueOverGrpc, ApplicationsArePutSeenAndRemoved) {
  v1::PutCatalogueRequest put;
  put.set_document(boost::json::serialize(ApplicationExample()));
  v1::ApplicationRequest shop;
  shop.set_handle("88.118.8/App_shop");
  EXPECT_EQ(SaidBy(Client(node_.other_token)->PutApplication(put)), "outside_prefix");
  EXPECT_THAT(SaidBy(Client(node_.acme_token)->PutApplication(put)), HasSubstr("App_shop"));
  put.set_expected_version(1);
  EXPECT_EQ(SaidBy(Client(node_.acme_token)->PutApplication(put)), "conflict");
  EXPECT_THAT(SaidBy(Client()->GetApplication(shop)), HasSubstr("192.0.2.53"));
  EXPECT_THAT(SaidBy(Client()->ListApplications({})), HasSubstr("App_shop"));
  EXPECT_EQ(SaidBy(Client()->RemoveApplication(shop)), "unauthenticated");
  EXPECT_THAT(SaidBy(Client(node_.acme_token)->RemoveApplication(shop)), HasSubstr("App_shop"));
  EXPECT_EQ(SaidBy(Client()->GetApplication(shop)), "no_application");
}

TEST_F(CatalogueOverGrpc, WhatIsGrantedIsReadByItsApplication) {
  Put(TemplateText(), node_.acme_token);
  Set("published", node_.acme_token);
  v1::PutCatalogueRequest put;
  put.set_document(boost::json::serialize(ApplicationExample()));
  ASSERT_TRUE(Client(node_.acme_token)->PutApplication(put));
  node_.Put("88.118.8/k1", {{.index = 1000, .type = "TEMPLATE_ID", .data = "88.118.8/META_kettle"},
                            {.index = 1001, .type = "TEMPLATE", .data = "1.0"},
                            {.index = 2000, .type = "name", .data = "one"},
                            {.index = 2008, .type = "cost", .data = "9.99"}});
  const auto sees = [&](const std::string& token) {
    const auto client = *NodeClient::Open(
        {.address = "127.0.0.1:" + std::to_string(front_->port()), .token = token}, kSeconds);
    v1::ResolveRequest request;
    request.set_identifier("88.118.8/k1");
    auto reply = client->Resolve(request);
    EXPECT_TRUE(reply);
    return reply && reply->ShortDebugString().find("9.99") != std::string::npos;
  };
  const auto token = [&](const std::string& enterprise, const std::string& person) {
    return node_.TokenFor(
        {.role = Role::kApplication, .enterprise_code = enterprise, .person = person});
  };
  EXPECT_TRUE(sees(token("acme", "88.118.8/App_shop")));
  EXPECT_TRUE(sees(node_.acme_token));
  EXPECT_FALSE(sees(token("acme", "")));
  EXPECT_FALSE(sees(token("other", "88.118.8/App_shop")));
  EXPECT_FALSE(sees(""));
}

}  // namespace
}  // namespace idnode
