#include "node/security/networks.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

bool Contains(std::vector<std::string> networks, std::string_view address) {
  return Networks::Parse(networks)->Contains(*ParseAddress(address));
}

TEST(Networks, ContainsTheAddressesUnderItsBits) {
  EXPECT_TRUE(Contains({"10.0.0.0/8"}, "10.255.1.2"));
  EXPECT_FALSE(Contains({"10.0.0.0/8"}, "11.0.0.0"));
  EXPECT_TRUE(Contains({"192.0.2.128/25"}, "192.0.2.128"));
  EXPECT_FALSE(Contains({"192.0.2.128/25"}, "192.0.2.127"));
  EXPECT_TRUE(Contains({"fd00::/8"}, "fdab::1"));
  EXPECT_FALSE(Contains({"fd00::/8"}, "fe00::1"));
  EXPECT_TRUE(Contains({"127.0.0.1"}, "127.0.0.1"));
  EXPECT_FALSE(Contains({"127.0.0.1"}, "127.0.0.2"));
  EXPECT_TRUE(Contains({"2001:db8::1", "10.0.0.0/8"}, "10.1.1.1"));
  EXPECT_FALSE(Contains({}, "10.1.1.1"));
}

TEST(Networks, TakesAMappedAddressForTheIpv4AddressThatItIs) {
  EXPECT_TRUE(Contains({"10.0.0.0/8"}, "::ffff:10.1.2.3"));
  EXPECT_TRUE(Contains({"0.0.0.0/0"}, "203.0.113.9"));
  EXPECT_FALSE(Contains({"0.0.0.0/0"}, "2001:db8::1"));
  EXPECT_TRUE(Contains({"::/0"}, "203.0.113.9"));
}

TEST(Networks, RefusesWhatIsNone) {
  for (const auto* text : {"", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1",
                           "example", "10.0.0.1/8", "fd00::1/8", "10.0.0.0/8/8", " 10.0.0.0"}) {
    EXPECT_EQ(Networks::Parse({text}).error().code, Errc::kMalformed) << text;
  }
  EXPECT_FALSE(ParseAddress(std::string_view("10.0.0.1\0", 9)).ok());
  EXPECT_FALSE(ParseAddress(std::string(100, '1')).ok());
}

TEST(Networks, KnowsLoopback) {
  for (const auto* text : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(IsLoopback(*ParseAddress(text))) << text;
  }
  for (const auto* text : {"128.0.0.1", "::2", "::", "::127.0.0.1"}) {
    EXPECT_FALSE(IsLoopback(*ParseAddress(text))) << text;
  }
}

TEST(Networks, LeaveTheBitsOfTheHostAway) {
  const auto network = [](const char* text, uint8_t ipv4_bits, uint8_t ipv6_bits) {
    return NetworkOf(*ParseAddress(text), ipv4_bits, ipv6_bits);
  };
  EXPECT_EQ(network("192.0.2.255", 24, 56), *ParseAddress("192.0.2.0"));
  EXPECT_EQ(network("192.0.2.255", 25, 56), *ParseAddress("192.0.2.128"));
  EXPECT_EQ(network("192.0.2.255", 32, 56), *ParseAddress("192.0.2.255"));
  EXPECT_EQ(network("192.0.2.255", 0, 56), *ParseAddress("0.0.0.0"));
  EXPECT_EQ(network("2001:db8:1:2ff::1", 24, 56), *ParseAddress("2001:db8:1:200::"));
  EXPECT_EQ(network("2001:db8:1:2ff::1", 24, 60), *ParseAddress("2001:db8:1:2f0::"));
  EXPECT_EQ(network("2001:db8::1", 24, 128), *ParseAddress("2001:db8::1"));
  EXPECT_TRUE(IsIpv4(*ParseAddress("192.0.2.1")));
  EXPECT_FALSE(IsIpv4(*ParseAddress("2001:db8::1")));
}

}  // namespace
}  // namespace idnode
