#include "proto/gs1/epc_urn.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "proto/base/limits.h"
#include "proto/gs1/epc_binary.h"

namespace idnode {
namespace {

std::string LinkOf(std::string_view urn) {
  std::string link;
  const Status decoded = DecodeEpcUrn(urn, link);
  return decoded.ok() ? link : "refused: " + std::string(decoded.error().detail);
}

Errc RefusalOf(std::string_view urn) {
  std::string link;
  const Status decoded = DecodeEpcUrn(urn, link);
  return decoded.ok() ? Errc::kInternal : decoded.error().code;
}

struct UrnCase {
  std::string_view name, urn, link;
};
class EpcUrn : public testing::TestWithParam<UrnCase> {};

TEST_P(EpcUrn, StandsForItsDigitalLink) { EXPECT_EQ(LinkOf(GetParam().urn), GetParam().link); }

// Annex E.3 of the EPC Tag Data Standard 2.3 where it has the scheme.
INSTANTIATE_TEST_SUITE_P(
    Schemes, EpcUrn,
    testing::Values(
        UrnCase{"Sgtin", "urn:epc:id:sgtin:9506000.013435.123456789",
                "/01/09506000134352/21/123456789"},
        UrnCase{"SgtinEscaped", "urn:epc:id:sgtin:9506000.013435.32a%2Fb",
                "/01/09506000134352/21/32a%2Fb"},
        UrnCase{"SgtinWithStops", "urn:epc:id:sgtin:9506000.013435.1.2.3",
                "/01/09506000134352/21/1.2.3"},
        UrnCase{"SgtinIndicator", "urn:epc:id:sgtin:9521141.712345.32a%2Fb",
                "/01/79521141123453/21/32a%2Fb"},
        UrnCase{"Sscc", "urn:epc:id:sscc:952012.03456789123", "/00/095201234567891235"},
        UrnCase{"Sgln", "urn:epc:id:sgln:9521141.12345.5678", "/414/9521141123454/254/5678"},
        UrnCase{"SglnWithoutExtension", "urn:epc:id:sgln:9521141.12345.0", "/414/9521141123454"},
        UrnCase{"SglnWithoutReference", "urn:epc:id:sgln:952114112345..0", "/414/9521141123454"},
        UrnCase{"Pgln", "urn:epc:id:pgln:9521141.12345", "/417/9521141123454"},
        UrnCase{"Grai", "urn:epc:id:grai:9521141.12345.5678", "/8003/095211411234545678"},
        UrnCase{"Giai", "urn:epc:id:giai:9521141.5678", "/8004/95211415678"},
        UrnCase{"GiaiWithStop", "urn:epc:id:giai:9521141.56.78", "/8004/952114156.78"},
        UrnCase{"Gsrn", "urn:epc:id:gsrn:9521141.1234567890", "/8018/952114112345678906"},
        UrnCase{"Gsrnp", "urn:epc:id:gsrnp:9521141.1234567890", "/8017/952114112345678906"},
        UrnCase{"Gdti", "urn:epc:id:gdti:9521141.12345.5678", "/253/95211411234545678"},
        UrnCase{"Sgcn", "urn:epc:id:sgcn:9521141.67890.04711", "/255/952114167890904711"},
        UrnCase{"Cpi", "urn:epc:id:cpi:9521141.5PQ7%2FZ43.12345",
                "/8010/95211415PQ7%2FZ43/8011/12345"},
        UrnCase{"Ginc", "urn:epc:id:ginc:9521141.xyz3311cba", "/401/9521141xyz3311cba"},
        UrnCase{"Gsin", "urn:epc:id:gsin:9521141.123456789", "/402/95211411234567892"},
        UrnCase{"Itip", "urn:epc:id:itip:9521141.012345.01.02.981",
                "/8006/095211411234540102/21/981"},
        UrnCase{"Upui", "urn:epc:id:upui:9521141.089456.51qIgY%29",
                "/01/09521141894569/235/51qIgY%29"},
        UrnCase{"Lgtin", "urn:epc:class:lgtin:9521141.712345.998877",
                "/01/79521141123453/10/998877"},
        UrnCase{"SgtinPattern", "urn:epc:idpat:sgtin:9506000.013435.*", "/01/09506000134352"},
        UrnCase{"GraiPattern", "urn:epc:idpat:grai:9521141.12345.*", "/8003/09521141123454"},
        UrnCase{"ItipPattern", "urn:epc:idpat:itip:9521141.012345.01.02.*",
                "/8006/095211411234540102"}),
    [](const testing::TestParamInfo<UrnCase>& info) { return std::string(info.param.name); });

TEST(EpcUrnRefusal, NamesSchemesWithoutAKey) {
  for (const std::string_view urn :
       {"urn:epc:id:gid:95100000.12345.400", "urn:epc:id:usdod:CAGEY.5678",
        "urn:epc:id:imovn:9176187", "urn:epc:id:", "urn:epc:", "urn:isbn:1", "",
        "urn:epc:tag:sgtin-96:3.9506000.013435.1"}) {
    EXPECT_EQ(RefusalOf(urn), Errc::kUnknownScheme) << urn;
  }
}

TEST(EpcUrnRefusal, HoldsEveryPartAgainstItsForm) {
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:9506000.013435"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:9506000.013435."), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:9506000.013435.%2"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:9506000.013435.%00"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:9506000.013435.012345678901234567890"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:95060.01013435.1"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:9506000013435..1"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:9506000.01343.1"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:950600A.013435.1"), Errc::kNotDigits);
  EXPECT_EQ(RefusalOf("urn:epc:id:sgtin:9506000.01343A.1"), Errc::kNotDigits);
  EXPECT_EQ(RefusalOf("urn:epc:id:itip:9521141.012345.1.02.981"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("urn:epc:id:itip:9521141.012345.03.02.981"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("urn:epc:id:giai:9521141."), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("urn:epc:idpat:sgtin:9506000.013435.1"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("urn:epc:idpat:sgtin:9506000.*.*"), Errc::kNotDigits);
}

TEST(EpcUrnRefusal, BoundsTheText) {
  const std::string urn = "urn:epc:id:giai:9521141.";
  EXPECT_EQ(RefusalOf(urn + std::string(limits::kIdentifierQueryOctetsMax, '1')), Errc::kTooLarge);
}

// One tag, three spellings.
TEST(EpcUrn, MeansWhatTheTagMeans) {
  std::string link;
  ASSERT_TRUE(DecodeEpcBinary("eh3066c4409047e140075bcd15", link).ok());
  EXPECT_EQ(link, LinkOf("urn:epc:id:sgtin:9506000.013435.123456789"));
}

}  // namespace
}  // namespace idnode
