#include "node/client/handle_walk.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

// spec/handle-protocol.md 1.3, worked.
TEST(ServerForName, IsChosenByTheHashOfWhatTheSiteSays) {
  EXPECT_EQ(ServerForName("88.888.1/item001", 2, 3), 2u);
  EXPECT_EQ(ServerForName("10.1000/1", 2, 3), 2u);
  EXPECT_EQ(ServerForName("88.888.1/item001", 1, 3), 0u);
  EXPECT_EQ(ServerForName("88.888.1/item001", 0, 3), 2u);
  EXPECT_EQ(ServerForName("0.NA/88.888.1", 0, 3), 2u);
  EXPECT_EQ(ServerForName("88.888.1", 0, 3), 2u) << "without a slash it is under 0.NA";
  EXPECT_EQ(ServerForName("88.888.1/item001", 2, 1), 0u);
}

TEST(ParseHandleServer, TakesAddressesAndNoNames) {
  const auto server = ParseHandleServer("192.0.2.1:2641");
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(server->udp, "192.0.2.1:2641");
  EXPECT_EQ(server->tcp, "192.0.2.1:2641");
  EXPECT_TRUE(ParseHandleServer("[2001:db8::1]:2641").ok());
  for (const char* wrong : {"", "192.0.2.1", "handle.example:2641", "192.0.2.1:0", "::1:2641"}) {
    EXPECT_FALSE(ParseHandleServer(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace idnode
