#include "proto/record/structured.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"

namespace idnode {
namespace {

template <class Decode>
void ExpectRefusedWhereverCutShort(const std::string& octets, Decode decode, size_t allowed) {
  for (size_t size = 0; size < octets.size(); ++size) {
    const auto decoded = decode(std::string_view(octets).substr(0, size));
    if (size == allowed) continue;
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, Errc::kMalformed);
  }
}

constexpr size_t kNone = SIZE_MAX;

Site SampleSite() {
  Site site;
  site.hash_filter = "filter";
  site.attributes = {{"desc", "node"}, {"domain", ""}};
  SiteServer server;
  server.id = 9;
  server.address[15] = 1;
  server.public_key = "key";
  server.interfaces = {{3, 1, 2641}, {2, 0, 65536}};
  site.servers = {server, SiteServer{}};
  return site;
}

TEST(Admin, ComesBackAsItWasWritten) {
  for (const bool legacy : {false, true}) {
    std::string octets;
    EncodeAdmin({0x1FFF, "0.NA/88.888.1", 200, legacy}, octets);
    const auto admin = DecodeAdmin(octets);
    ASSERT_TRUE(admin);
    EXPECT_EQ(admin->permissions, 0x1FFF);
    EXPECT_EQ(admin->handle, "0.NA/88.888.1");
    EXPECT_EQ(admin->index, 200u);
    EXPECT_EQ(admin->legacy_length, legacy);
  }
}

TEST(Admin, IsRefusedWhereverItIsCutShort) {
  std::string octets;
  EncodeAdmin({0x0FFF, "0.NA/88.888.1", 200, true}, octets);
  // Two octets less are the same record without the legacy length.
  ExpectRefusedWhereverCutShort(octets, DecodeAdmin, octets.size() - 2);
}

TEST(Admin, IsRefusedWithAnyOtherSurplus) {
  std::string octets;
  EncodeAdmin({0x0FFF, "0.NA/88.888.1", 200, false}, octets);
  for (size_t surplus = 1; surplus < 6; ++surplus) {
    EXPECT_EQ(DecodeAdmin(octets + std::string(surplus, '\0')).ok(), surplus == 2) << surplus;
  }
}

TEST(ValueList, ComesBackAsItWasWritten) {
  std::string octets;
  EncodeValueList({{"0.NA/88.888.1", 200}, {"", 0}}, octets);
  const auto list = DecodeValueList(octets);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2u);
  EXPECT_EQ((*list)[0].handle, "0.NA/88.888.1");
  EXPECT_EQ((*list)[0].index, 200u);
  EXPECT_EQ((*list)[1].handle, "");
  EXPECT_EQ(DecodeValueList(std::string(4, '\0'))->size(), 0u);
}

TEST(ValueList, IsRefusedCutShortOrWithAnOctetTooMany) {
  std::string octets;
  EncodeValueList({{"0.NA/88.888.1", 200}, {"", 0}}, octets);
  ExpectRefusedWhereverCutShort(octets, DecodeValueList, kNone);
  EXPECT_FALSE(DecodeValueList(octets + '\0'));
  EXPECT_FALSE(DecodeValueList("\xFF\xFF\xFF\xFF")) << "reserves nothing by its count";
}

TEST(Site, ComesBackAsItWasWritten) {
  std::string octets;
  EncodeSite(SampleSite(), octets);
  const auto site = DecodeSite(octets);
  ASSERT_TRUE(site);
  EXPECT_EQ(site->hash_filter, "filter");
  ASSERT_EQ(site->attributes.size(), 2u);
  EXPECT_EQ(site->attributes[0].value, "node");
  ASSERT_EQ(site->servers.size(), 2u);
  EXPECT_EQ(site->servers[0].interfaces.at(1).port, 65536u);
  std::string again;
  EncodeSite(*site, again);
  EXPECT_EQ(again, octets);
}

TEST(Site, IsRefusedCutShortOrWithAnOctetTooMany) {
  std::string octets;
  EncodeSite(SampleSite(), octets);
  ExpectRefusedWhereverCutShort(octets, DecodeSite, kNone);
  EXPECT_FALSE(DecodeSite(octets + '\0'));
}

TEST(PublicKey, ComesBackAsUnsignedNumbers) {
  std::string octets;
  const std::string_view modulus("\xC0\xFF\xEE", 3);
  EncodePublicKey({"RSA_PUB_KEY", {"\x01\x01", modulus}}, octets);
  const auto key = DecodePublicKey(octets);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->type, "RSA_PUB_KEY");
  EXPECT_EQ(key->fields.at(0), "\x01\x01");
  EXPECT_EQ(key->fields.at(1), modulus) << "without the sign octet";
}

TEST(PublicKey, OfDsaHasFourNumbersAndNoSurplus) {
  std::string octets;
  EncodePublicKey({"DSA_PUB_KEY", {"q", "p", "g", ""}}, octets);
  EXPECT_EQ(ToHex(octets),
            "0000000b4453415f5055425f4b455900000000000171000000017000000001670000000100");
  const auto key = DecodePublicKey(octets);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->fields.at(1), "p");
  EXPECT_EQ(key->fields.at(3), "") << "zero";
  ExpectRefusedWhereverCutShort(octets, DecodePublicKey, kNone);
  EXPECT_FALSE(DecodePublicKey(octets + std::string(4, '\0')));
}

TEST(PublicKey, OfRsaMayLackTheSurplusOfJava) {
  std::string octets;
  EncodePublicKey({"RSA_PUB_KEY", {"e", "n"}}, octets);
  ExpectRefusedWhereverCutShort(octets, DecodePublicKey, octets.size() - 4);
  EXPECT_TRUE(DecodePublicKey(std::string_view(octets).substr(0, octets.size() - 4)));
  EXPECT_FALSE(DecodePublicKey(octets + '\0'));
}

TEST(PublicKey, OfAKeyExchangeHasThreeNumbers) {
  std::string octets;
  EncodePublicKey({"DH_PUB_KEY", {"\x80", "p", "\x02"}}, octets);
  EXPECT_EQ(ToHex(octets), "0000000a44485f5055425f4b4559000000000002008000000001700000000102");
  const auto key = DecodePublicKey(octets);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->fields, (std::vector<std::string_view>{"\x80", "p", "\x02"}));
  ExpectRefusedWhereverCutShort(octets, DecodePublicKey, kNone);
  EXPECT_FALSE(DecodePublicKey(octets + '\0'));
}

TEST(PublicKey, OfSm2IsOneTextThatIsKeptAsItIs) {
  std::string octets;
  EncodePublicKey({"SM2_PUB_KEY", {std::string_view("\0\x80pem", 5)}}, octets);
  EXPECT_EQ(ToHex(octets), "0000000b534d325f5055425f4b4559000000000005008070656d");
  const auto key = DecodePublicKey(octets);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->fields.at(0), std::string_view("\0\x80pem", 5)) << "text, no number";
  ExpectRefusedWhereverCutShort(octets, DecodePublicKey, kNone);
  EXPECT_FALSE(DecodePublicKey(octets + '\0'));
}

TEST(PublicKey, OfAnotherTypeIsRefused) {
  std::string octets;
  EncodePublicKey({"SM9_PUB_KEY", {"pem"}}, octets);
  EXPECT_EQ(DecodePublicKey(octets).error().code, Errc::kMalformed);
}

}  // namespace
}  // namespace idnode
