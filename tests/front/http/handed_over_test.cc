#include "tests/front/http/digital_link_test.h"

namespace idnode {
namespace {

using ::testing::HasSubstr;

class HandedOver : public DigitalLinkTest {
 protected:
  HandedOver()
      : DigitalLinkTest(
            {}, {.handled_by = {"690=https://far.example/cn", "6901235=https://near.example"}}) {}
  static constexpr std::string_view kElsewhere =
      R"({"href":"https://other.example/dl/","title":"x"})";
};

TEST_F(HandedOver, IsAnIdentifierWhoseRecordSaysSo) {
  node_.Put(kProduct, {Said(1, "gs1:handledBy", kElsewhere)});
  const RawAnswer answer = Get("/01/6901234567892/21/S%2F1?linkType=gs1:pip&a=%zz");
  EXPECT_EQ(answer.status, 307);
  EXPECT_EQ(answer.fields.at("location"),
            "https://other.example/dl/01/06901234567892/21/S%2F1?linkType=gs1:pip&a=%zz");
  EXPECT_EQ(answer.fields.at("link"),
            "<https://other.example/dl/>; rel=\"https://ref.gs1.org/voc/handledBy\"");
  EXPECT_EQ(Place("/01/06901234567892?linkType=linkset"),
            "https://other.example/dl/01/06901234567892?linkType=linkset");
  EXPECT_EQ(Get("/healthz").status, 200);  // The loop has counted what it wrote before this.
  EXPECT_EQ(Counted(TrafficClass::kExternal, ResolutionOutcome::kReferred), 2);
}

TEST_F(HandedOver, IsNotWhatANearerRecordAnswers) {
  node_.Put(kProduct, {Said(1, "gs1:handledBy", kElsewhere)});
  node_.Put(std::string(kProduct) + "/10/L", {Said(1, "gs1:recallStatus", kDefault)});
  EXPECT_EQ(Place("/01/06901234567892/10/L?linkType=gs1:recallStatus"),
            "https://brand.example/p?linkType=gs1:recallStatus");
  EXPECT_EQ(Place("/01/06901234567892/10/L"), "https://other.example/dl/01/06901234567892/10/L");
}

TEST_F(HandedOver, IsThePrefixOfAnotherResolverWhereNothingIsRegistered) {
  EXPECT_EQ(Place("/01/06901235000008?a=b"), "https://near.example/01/06901235000008?a=b");
  EXPECT_EQ(Place("/01/06901236000007"), "https://far.example/cn/01/06901236000007");
  EXPECT_EQ(Place("/01/06901234567892"), "https://far.example/cn/01/06901234567892");
  EXPECT_EQ(Place("/01/09520123456788"), "404");
  PutProduct();
  EXPECT_EQ(Place("/01/06901234567892"), "https://brand.example/p");
}

TEST_F(HandedOver, HasTheContentOfATagInFull) {
  node_.Put(kProduct, {Said(1, "gs1:handledBy", kElsewhere)});
  EXPECT_EQ(Place("/ehf7006901234567892015?x=1"),
            "https://other.example/dl/01/06901234567892/21/5?x=1");
}

class SecureOnly : public DigitalLinkTest {
 protected:
  SecureOnly()
      : DigitalLinkTest({}, {.contexts = {"consumer", "trade"},
                             .contact = {.name = "Weihai",
                                         .street = {},
                                         .city = "Weihai",
                                         .region = {},
                                         .postal_code = "264200"},
                             .https_redirect = true,
                             .https_port = 8443}) {}
};

TEST_F(SecureOnly, IsRedirectedToHttpsWithWhatItAskedFor) {
  PutProduct();
  const RawAnswer answer =
      Ask("GET /01/6901234567892?a=%2B HTTP/1.1\r\nHost: id.example:8080\r\n\r\n");
  EXPECT_EQ(answer.status, 308);
  EXPECT_EQ(answer.fields.at("location"), "https://id.example:8443/01/6901234567892?a=%2B");
  EXPECT_EQ(answer.fields.at("access-control-allow-origin"), "*");
  EXPECT_EQ(Get("/.well-known/gs1resolver").status, 308);
  EXPECT_EQ(Get("/healthz").status, 200);
  EXPECT_EQ(Ask("GET /01/06901234567892 HTTP/1.1\r\nHost: a b\r\n\r\n").status, 400);
}

class Described : public DigitalLinkTest {
 protected:
  Described()
      : DigitalLinkTest({}, {.contexts = {"consumer", "trade"},
                             .contact = {.name = "Weihai",
                                         .street = {},
                                         .city = "Weihai",
                                         .region = {},
                                         .postal_code = "264200"}}) {}
};

TEST_F(Described, NamesItsContextsAndWhoRunsIt) {
  const std::string text = Get("/.well-known/gs1resolver").body;
  EXPECT_THAT(text, HasSubstr(R"("supportedContextValuesEnumerated":["consumer","trade"])"));
  EXPECT_THAT(text, HasSubstr(R"("contact":{"fn":"Weihai","hasAddress":{"locality":"Weihai",)"
                              R"("postal-code":"264200"}})"));
}

}  // namespace
}  // namespace idnode
