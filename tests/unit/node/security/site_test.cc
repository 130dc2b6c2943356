#include "node/security/site.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

SiteDescription Described(std::string_view address) {
  return {.address = *ParseAddress(address),
          .description = "node",
          .serial = 7,
          .public_key = "key",
          .tcp_port = 2641,
          .udp_port = 2641};
}

// spec/handle-protocol.md 2.6: the layout of its example, with both of our interfaces of type 3.
TEST(SiteRecord, StandsOctetByOctetAsClientsReadIt) {
  SiteDescription description = Described("192.0.2.10");
  description.serial = 1;
  description.public_key = "";
  description.http_port = 8000;
  EXPECT_EQ(ToHex(SiteRecord(description)),
            "0001020b0001800200000000"
            "00000001000000046465736300000004"
            "6e6f6465"
            "0000000100000001000000000000000000000000c000020a00000000"
            "00000003"
            "030100000a51"
            "030000000a51"
            "030200001f40");
}

TEST(SiteRecord, NamesAnIpv4AddressBehindTwelveZeroOctets) {
  const SiteDescription description = Described("192.0.2.10");
  const std::string octets = SiteRecord(description);
  const auto site = DecodeSite(octets);
  ASSERT_TRUE(site.ok());
  ASSERT_EQ(site->servers.size(), 1u);
  const auto& address = site->servers[0].address;
  EXPECT_EQ(ToHex({address.data(), address.size()}), "000000000000000000000000c000020a");
  EXPECT_EQ(site->serial, 7);
  EXPECT_EQ(site->primary_mask, 0x80);
  EXPECT_EQ(site->servers[0].public_key, "key");
  EXPECT_EQ(SiteType(description), "HS_SITE");
}

TEST(SiteRecord, HasATwinForIpv6) {
  const SiteDescription description = Described("2001:db8::10");
  const std::string octets = SiteRecord(description);
  const auto site = DecodeSite(octets);
  ASSERT_TRUE(site.ok());
  const auto& address = site->servers.at(0).address;
  EXPECT_EQ(ToHex({address.data(), address.size()}), "20010db8000000000000000000000010");
  EXPECT_EQ(SiteType(description), "HS_SITE.6");
}

TEST(SiteRecord, OffersOnlyWhatIsServedAndNamesADomainToLookUp) {
  SiteDescription description{.domain = "node.example", .primary = false, .https_port = 8443};
  const std::string octets = SiteRecord(description);
  const auto site = DecodeSite(octets);
  ASSERT_TRUE(site.ok());
  ASSERT_EQ(site->servers.at(0).interfaces.size(), 1u);
  EXPECT_EQ(site->servers[0].interfaces[0].protocol, 3);
  EXPECT_EQ(site->servers[0].interfaces[0].port, 8443u);
  EXPECT_EQ(site->primary_mask, 0);
  ASSERT_EQ(site->attributes.size(), 1u);
  EXPECT_EQ(site->attributes[0].name, "domain");
  EXPECT_EQ(SiteType(description), "HS_SITE");
}

}  // namespace
}  // namespace idnode
