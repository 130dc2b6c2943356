#include "proto/crypto/digest.h"

#include <gtest/gtest.h>

#include <thread>

#include "proto/base/text.h"

namespace idnode {
namespace {

std::string HexOfDigest(std::string_view algorithm, std::string_view octets) {
  const auto digest = DigestOf(algorithm, octets);
  return digest ? ToHex(*digest) : std::string(digest.error().detail);
}

std::string HexOfMac(std::string_view algorithm, std::string_view key, std::string_view octets) {
  const auto mac = MacOf(algorithm, key, octets);
  return mac ? ToHex(*mac) : std::string(mac.error().detail);
}

constexpr std::string_view kTwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
constexpr std::string_view kSha256OfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

// FIPS 180-4, examples of NIST.
TEST(Sha256, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(ToHex(AsText(Sha256("abc"))), kSha256OfAbc);
  EXPECT_EQ(ToHex(AsText(Sha256(""))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(AsText(Sha256(kTwoBlocks))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(ToHex(AsText(Sha256(std::string(1'000'000, 'a')))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPartsIsTheDigestOfTheirConcatenation) {
  EXPECT_EQ(Sha256("a", "b", "c"), Sha256("abc"));
  EXPECT_EQ(Sha256("", "abc", ""), Sha256("abc"));
  EXPECT_EQ(Sha256("ab", "", "c"), Sha256("abc"));
  EXPECT_NE(Sha256("a", "c", "b"), Sha256("abc"));
}

TEST(Sha256, IsTheSameOnEveryThread) {
  std::array<Digest, 4> digests{};
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (Digest& digest : digests) {
      threads.emplace_back([&digest] {
        for (int i = 0; i < 1'000; ++i) digest = Sha256(AsText(digest), "x");
      });
    }
  }
  Digest expected{};
  for (int i = 0; i < 1'000; ++i) expected = Sha256(AsText(expected), "x");
  for (const Digest& digest : digests) EXPECT_EQ(digest, expected);
}

// FIPS 180-4, RFC 1321, GM/T 0004-2012 appendix A.
TEST(DigestOf, GivesTheDigestsOfTheStandards) {
  EXPECT_EQ(HexOfDigest("sha256", "abc"), kSha256OfAbc);
  EXPECT_EQ(HexOfDigest("sha384", "abc"),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
            "8086072ba1e7cc2358baeca134c825a7");
  EXPECT_EQ(HexOfDigest("sha512", "abc"),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  EXPECT_EQ(HexOfDigest("sm3", "abc"),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string sixteen_times;
  for (int i = 0; i < 16; ++i) sixteen_times += "abcd";
  EXPECT_EQ(HexOfDigest("sm3", sixteen_times),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
  EXPECT_EQ(HexOfDigest("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(HexOfDigest("md5", "abc"), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(DigestOf, RefusesAnAlgorithmThatIsNotOnTheList) {
  for (const std::string_view name : {"", "sha3-256", "SHA256", "sha2", "sha256 ", "ripemd160"}) {
    const auto digest = DigestOf(name, "abc");
    ASSERT_FALSE(digest) << name;
    EXPECT_EQ(digest.error().code, Errc::kUnsupported);
    const auto mac = MacOf(name, "key", "abc");
    ASSERT_FALSE(mac) << name;
    EXPECT_EQ(mac.error().code, Errc::kUnsupported);
  }
}

TEST(Hasher, TakesItsInputInPieces) {
  auto hasher = Hasher::Create("sm3");
  ASSERT_TRUE(hasher);
  const std::string once = hasher->Update("abc").Finish();
  EXPECT_EQ(hasher->Update("a").Update("").Update("bc").Finish(), once);
}

TEST(Hasher, StartsAgainFromNothingOnceFinished) {
  auto hasher = Hasher::Create("sha256");
  ASSERT_TRUE(hasher);
  EXPECT_EQ(ToHex(hasher->Update("something else").Finish()).size(), 64u);
  EXPECT_EQ(ToHex(hasher->Update("abc").Finish()), kSha256OfAbc);
  EXPECT_EQ(hasher->Finish(), AsText(Sha256("")));
}

TEST(Hasher, MovesToAThreadThatOutlivesItsOwn) {
  Result<Hasher> hasher = Error{};
  std::jthread([&hasher] { hasher = Hasher::Create("sha256"); }).join();
  ASSERT_TRUE(hasher);
  Hasher moved = std::move(*hasher);
  EXPECT_EQ(ToHex(moved.Update("abc").Finish()), kSha256OfAbc);
  EXPECT_EQ(ToHex(moved.Update("abc").Finish()), kSha256OfAbc);
}

// RFC 4231 section 4, cases 1, 2, 3, 6 and 7.
TEST(MacOf, GivesTheCodesOfTheStandard) {
  EXPECT_EQ(HexOfMac("sha256", std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(HexOfMac("sha256", "Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(HexOfMac("sha256", std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  const std::string long_key(131, '\xaa');
  EXPECT_EQ(HexOfMac("sha256", long_key, "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(HexOfMac("sha256", long_key,
                     "This is a test using a larger than block-size key and a larger than "
                     "block-size data. The key needs to be hashed before being used by the HMAC "
                     "algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
  EXPECT_EQ(HexOfMac("sha384", "Jefe", "what do ya want for nothing?"),
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
            "8e2240ca5e69e2c78b3239ecfab21649");
  EXPECT_EQ(HexOfMac("sha512", "Jefe", "what do ya want for nothing?"),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

// RFC 2104 section 2, written out: H((K ^ opad) || H((K ^ ipad) || text)).
std::string MacByDefinition(std::string_view algorithm, std::string_view key,
                            std::string_view octets) {
  constexpr size_t kBlock = 64;
  std::string inner(kBlock, '\x36');
  std::string outer(kBlock, '\x5c');
  for (size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  const auto inside = DigestOf(algorithm, inner.append(octets));
  const auto mac = DigestOf(algorithm, outer.append(*inside));
  return *mac;
}

TEST(MacOf, FollowsItsDefinitionWithSm3AndWithAnEmptyKey) {
  for (const std::string_view algorithm : {"sm3", "sha256", "sha1", "md5"}) {
    for (const std::string_view key : {"", "k", "a longer key of several words"}) {
      const auto mac = MacOf(algorithm, key, "abc");
      ASSERT_TRUE(mac);
      EXPECT_EQ(*mac, MacByDefinition(algorithm, key, "abc")) << algorithm << " " << key;
    }
  }
  const auto of_nothing = MacOf("sha256", {}, {});
  ASSERT_TRUE(of_nothing);
  EXPECT_EQ(*of_nothing, MacByDefinition("sha256", "", ""));
}

TEST(EqualSecret, IsEquality) {
  EXPECT_TRUE(EqualSecret("", ""));
  EXPECT_TRUE(EqualSecret(std::string_view("a\0b", 3), std::string_view("a\0b", 3)));
  EXPECT_FALSE(EqualSecret(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
  EXPECT_FALSE(EqualSecret("secret", "secre"));
  EXPECT_FALSE(EqualSecret("secret", "Secret"));
  EXPECT_FALSE(EqualSecret("", "x"));
}

}  // namespace
}  // namespace idnode
