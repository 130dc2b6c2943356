#include <gtest/gtest.h>

#include "proto/base/text.h"
#include "proto/record/structured.h"
#include "proto/record/value.h"

// The worked octets of spec/handle-protocol.md section 2, made by the encoder of Handle.Net 9.2.
namespace idnode {
namespace {

std::string Octets(std::string hex) {
  std::erase(hex, ' ');
  return *FromHex(hex);
}

const std::string kUrlValue =
    "00000001 5f5e1000 00 00015180 0e 00000003 55524c 0000000d 687474703a2f2f612e636e2f31 00000000";
const std::string kAbsoluteTtl =
    "00000001 5f5e1000 01 70000000 0e 00000003 55524c 0000000d 687474703a2f2f612e636e2f31 "
    "00000001 0000000a 38382e3838382e312f78 00000002";
const std::string kAdmin = "0fff 0000000d 302e4e412f38382e3838382e31 000000c8";
const std::string kValueList =
    "00000002 0000000d 302e4e412f38382e3838382e31 000000c8 0000000a 38382e3838382e312f75 0000012c";
const std::string kSiteHead =
    "0001 020b 0001 80 02 00000000 00000001 00000004 64657363 00000004 6e6f6465 00000001 00000001 ";
const std::string kSiteTail = " 00000000 00000003 03 01 00000a51 02 00 00000a51 03 02 00001f40";
const std::string kIpv4 = "000000000000000000000000c000020a";
const std::string kIpv6 = "20010db8000000000000000000000010";

std::string RsaKeyHex() {
  std::string hex = "0000000b 5253415f5055425f4b4559 0000 00000003 010001 00000041 00";
  for (int i = 0; i < 21; ++i) hex += "c0ffee";
  return hex + "01 00000000";
}

Value Decoded(const std::string& octets) {
  Reader in(octets);
  Value value = DecodeValue(in);
  EXPECT_TRUE(in.AtEnd());
  return value;
}

template <class Decode>
void ExpectRefusedWhereverCutShort(const std::string& octets, Decode decode,
                                   size_t whole_without_surplus = SIZE_MAX) {
  for (size_t size = 0; size < octets.size(); ++size) {
    EXPECT_EQ(decode(std::string_view(octets).substr(0, size)).ok(), size == whole_without_surplus)
        << size << " octets";
  }
}

TEST(HandleValue, OfTypeUrl) {
  const std::string octets = Octets(kUrlValue);
  ASSERT_EQ(octets.size(), 42u);
  const Value value = Decoded(octets);
  EXPECT_EQ(value.index, 1u);
  EXPECT_EQ(value.timestamp, 0x5F5E1000u);
  EXPECT_FALSE(value.ttl_absolute);
  EXPECT_EQ(value.ttl, kDefaultTtl);
  EXPECT_EQ(value.permissions, kDefaultPermissions);
  EXPECT_EQ(value.type, "URL");
  EXPECT_EQ(value.data, "http://a.cn/1");
  EXPECT_TRUE(value.references.empty());
  std::string again;
  EncodeValue(value, again);
  EXPECT_EQ(again, octets);
}

TEST(HandleValue, WithAnAbsoluteTtlAndAReference) {
  const std::string octets = Octets(kAbsoluteTtl);
  ASSERT_EQ(octets.size(), 60u);
  const Value value = Decoded(octets);
  EXPECT_TRUE(value.ttl_absolute);
  EXPECT_EQ(value.ttl, 0x70000000u);
  ASSERT_EQ(value.references.size(), 1u);
  EXPECT_EQ(value.references[0].handle, "88.888.1/x");
  EXPECT_EQ(value.references[0].index, 2u);
  std::string again;
  EncodeValue(value, again);
  EXPECT_EQ(again, octets);
}

TEST(HandleValue, IsRefusedWhereverItIsCutShort) {
  for (const std::string& hex : {kUrlValue, kAbsoluteTtl}) {
    const std::string octets = Octets(hex);
    for (size_t size = 0; size < octets.size(); ++size) {
      Reader in(std::string_view(octets).substr(0, size));
      DecodeValue(in);
      EXPECT_FALSE(in.ok()) << size << " octets";
    }
  }
}

TEST(HandleAdmin, WithAllPermissions) {
  const std::string octets = Octets(kAdmin);
  ASSERT_EQ(octets.size(), 23u);
  const auto admin = DecodeAdmin(octets);
  ASSERT_TRUE(admin);
  EXPECT_EQ(admin->permissions, 0x0FFF);
  EXPECT_EQ(admin->handle, "0.NA/88.888.1");
  EXPECT_EQ(admin->index, 200u);
  EXPECT_FALSE(admin->legacy_length);
  std::string again;
  EncodeAdmin(*admin, again);
  EXPECT_EQ(again, octets);
  ExpectRefusedWhereverCutShort(octets, DecodeAdmin);
}

TEST(HandleAdmin, OfLegacyLengthIsWrittenBackTheSameWay) {
  const std::string octets = Octets(kAdmin + "0000");
  const auto admin = DecodeAdmin(octets);
  ASSERT_TRUE(admin);
  EXPECT_TRUE(admin->legacy_length);
  std::string again;
  EncodeAdmin(*admin, again);
  EXPECT_EQ(again, octets);
  ExpectRefusedWhereverCutShort(octets, DecodeAdmin, octets.size() - 2);
}

TEST(HandleValueList, OfTwoReferences) {
  const std::string octets = Octets(kValueList);
  ASSERT_EQ(octets.size(), 43u);
  const auto list = DecodeValueList(octets);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2u);
  EXPECT_EQ((*list)[1].handle, "88.888.1/u");
  EXPECT_EQ((*list)[1].index, 300u);
  std::string again;
  EncodeValueList(*list, again);
  EXPECT_EQ(again, octets);
  ExpectRefusedWhereverCutShort(octets, DecodeValueList);
}

TEST(HandleSite, OfOneServer) {
  for (const std::string& address : {kIpv4, kIpv6}) {
    const std::string octets = Octets(kSiteHead + address + kSiteTail);
    ASSERT_EQ(octets.size(), 82u);
    const auto site = DecodeSite(octets);
    ASSERT_TRUE(site);
    EXPECT_EQ(site->protocol_major, 2);
    EXPECT_EQ(site->protocol_minor, 11);
    EXPECT_EQ(site->serial, 1);
    EXPECT_EQ(site->primary_mask, 0x80);
    EXPECT_EQ(site->hash_option, 2);
    EXPECT_EQ(site->attributes.at(0).name, "desc");
    const SiteServer& server = site->servers.at(0);
    EXPECT_EQ(ToHex({server.address.data(), server.address.size()}), address);
    ASSERT_EQ(server.interfaces.size(), 3u);
    EXPECT_EQ(server.interfaces[2].type, 3);
    EXPECT_EQ(server.interfaces[2].protocol, 2);
    EXPECT_EQ(server.interfaces[2].port, 8000u);
    std::string again;
    EncodeSite(*site, again);
    EXPECT_EQ(again, octets);
    ExpectRefusedWhereverCutShort(octets, DecodeSite);
  }
}

TEST(HandlePublicKey, OfRsa) {
  const std::string octets = Octets(RsaKeyHex());
  ASSERT_EQ(octets.size(), 97u);
  const auto key = DecodePublicKey(octets);
  ASSERT_TRUE(key);
  EXPECT_EQ(ToHex(key->fields.at(0)), "010001");
  EXPECT_EQ(key->fields.at(1).size(), 64u);
  std::string again;
  EncodePublicKey(*key, again);
  EXPECT_EQ(again, octets);
  ExpectRefusedWhereverCutShort(octets, DecodePublicKey, octets.size() - 4);
}

}  // namespace
}  // namespace idnode
