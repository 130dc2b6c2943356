#pragma once

#include <string>
#include <string_view>

#include "tests/front/http/http_test.h"

namespace idnode {

// A product with a lot, a variant and a serial.
class DigitalLinkTest : public HttpTest {
 protected:
  static constexpr std::string_view kProduct = "01/06901234567892";
  static constexpr std::string_view kDefault =
      R"({"href":"https://brand.example/p","title":"Kettle"})";

  explicit DigitalLinkTest(HttpOptions options = {}, DigitalLinkSettings settings = {})
      : HttpTest(options, 1, std::move(settings)) {}

  static Value Said(uint32_t index, std::string_view type, std::string_view data) {
    return {.index = index, .type = type, .data = data};
  }
  void PutProduct() {
    node_.Put(kProduct,
              {Said(1, "gs1:defaultLink", kDefault), Said(2, "gs1:itemDescription", "Kettle 1.7 l"),
               Said(3, "gs1:pip", kDefault),
               Said(4, "gs1:instructions",
                    R"({"href":"https://brand.example/zh","title":"说明",)"
                    R"("hreflang":["zh"],"type":"text/html"})"),
               Said(5, "gs1:instructions",
                    R"({"href":"https://brand.example/en","title":"Use",)"
                    R"("hreflang":["en"],"type":"text/html"})"),
               Said(6, "gs1:instructions",
                    R"({"href":"https://brand.example/data","title":"Data",)"
                    R"("type":"application/json","context":["trade"]})")});
  }
  RawAnswer Follow(std::string_view target, std::string_view fields = "") {
    return Get(target, fields);
  }
  RawAnswer Options(std::string_view target, std::string_view fields = "") {
    RawClient client(front_->port());
    EXPECT_TRUE(client.Send(Head("OPTIONS", target, fields) + "\r\n"));
    return client.Receive(/*head_only=*/true);
  }
  // Where it leads; else the status.
  std::string Place(std::string_view target, std::string_view fields = "") {
    const RawAnswer answer = Get(target, fields);
    return answer.status == 307 ? answer.fields.at("location") : std::to_string(answer.status);
  }
  static std::string Accept(std::string_view types) {
    return "Accept: " + std::string(types) + "\r\n";
  }
  static std::string Languages(std::string_view tags) {
    return "Accept-Language: " + std::string(tags) + "\r\n";
  }
};

}  // namespace idnode
