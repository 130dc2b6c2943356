#include "node/cmd/asked_nodes.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

TEST(MayBeAsked, IsNoAddressOfThisMachineOrItsLinks) {
  for (const char* address :
       {"203.0.113.7", "10.1.2.3", "192.168.0.1", "2001:db8::1", "fd00::1", "::ffff:203.0.113.7"}) {
    EXPECT_TRUE(MayBeAsked(address, std::nullopt)) << address;
  }
  for (const char* address : {"127.0.0.1",
                              "127.255.0.9",
                              "0.0.0.0",
                              "0.1.2.3",
                              "169.254.169.254",
                              "224.0.0.1",
                              "239.255.255.250",
                              "255.255.255.255",
                              "::1",
                              "::",
                              "::127.0.0.1",
                              "::ffff:127.0.0.1",
                              "::ffff:169.254.169.254",
                              "fe80::1",
                              "fec0::1",
                              "ff02::1",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "2001::1",
                              "",
                              "localhost",
                              "node.example",
                              "127.1",
                              "0x7f000001"}) {
    EXPECT_FALSE(MayBeAsked(address, std::nullopt)) << address;
  }
}

TEST(MayBeAsked, IsWhatIsConfiguredAndNothingElse) {
  const std::optional<Networks> networks = *Networks::Parse({"127.0.0.0/8", "2001:db8::/32"});
  EXPECT_TRUE(MayBeAsked("127.0.0.1", networks));
  EXPECT_TRUE(MayBeAsked("::ffff:127.0.0.1", networks));
  EXPECT_TRUE(MayBeAsked("2001:db8::1", networks));
  EXPECT_FALSE(MayBeAsked("203.0.113.7", networks));
  EXPECT_FALSE(MayBeAsked("::1", networks));
}

}  // namespace
}  // namespace idnode
