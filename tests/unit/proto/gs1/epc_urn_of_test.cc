#include <gtest/gtest.h>

#include "proto/gs1/epc_urn.h"
#include "proto/gs1/uri.h"

namespace idnode {
namespace {

std::string UrnOf(std::string_view path, size_t company_digits) {
  Gs1Path parsed;
  EXPECT_TRUE(ParseGs1Path(path, parsed).ok()) << path;
  return EpcUrnOf(parsed, company_digits);
}

TEST(EpcUrnOf, IsTheUrnThatStandsForTheIdentifier) {
  for (const std::string_view urn :
       {"urn:epc:id:sgtin:4012345.011111.987", "urn:epc:class:lgtin:4012345.012345.998877",
        "urn:epc:idpat:sgtin:4012345.011111.*", "urn:epc:id:sscc:0614141.1234567890",
        "urn:epc:id:sgln:0614141.12345.400", "urn:epc:id:sgln:0614141.12345.0",
        "urn:epc:id:pgln:1234567.89012", "urn:epc:id:grai:0614141.12345.32a%2Fb",
        "urn:epc:idpat:grai:0614141.12345.*", "urn:epc:id:giai:0614141.12345400",
        "urn:epc:id:gsrn:0614141.1234567890", "urn:epc:id:gsrnp:0614141.1234567890",
        "urn:epc:id:gdti:0614141.12345.006847", "urn:epc:id:ginc:0614141.xyz3311cba",
        "urn:epc:id:gsin:0614141.123456789", "urn:epc:id:itip:4012345.011111.04.05.987",
        "urn:epc:id:cpi:0614141.123ABC.123456789", "urn:epc:idpat:cpi:0614141.123ABC.*",
        "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB"}) {
    std::string path;
    ASSERT_TRUE(DecodeEpcUrn(urn, path).ok()) << urn;
    const size_t company = urn.rfind(':') + 1;
    EXPECT_EQ(UrnOf(path, urn.find('.', company) - company), urn);
  }
}

TEST(EpcUrnOf, IsNoneWithoutACompanyPrefixOrForWhatHasNoUrn) {
  EXPECT_EQ(UrnOf("01/04012345111118/21/987", 0), "");
  EXPECT_EQ(UrnOf("01/04012345111118/21/987", 5), "");
  EXPECT_EQ(UrnOf("01/04012345111118/21/987", 13), "");
  EXPECT_EQ(UrnOf("01/04012345111118/22/987", 7), "");
  EXPECT_EQ(UrnOf("01/04012345111118/10/L1/21/987", 7), "");
  EXPECT_EQ(UrnOf("8013/1987654Ad4X4bL5ttr2310c2K", 7), "");
  EXPECT_EQ(UrnOf("8004/401234", 7), "");
  EXPECT_EQ(EpcUrnOf({}, 7), "");
}

}  // namespace
}  // namespace idnode
