#include "proto/handle/public_key.h"

#include <gtest/gtest.h>

#include <array>

#include "proto/crypto/digest.h"
#include "proto/crypto/key_exchange.h"
#include "proto/record/structured.h"
#include "tests/unit/proto/crypto/key_vectors.h"
#include "tests/unit/proto/handle/worked_messages.h"

namespace idnode {
namespace {

namespace vectors = key_vectors;
constexpr std::array<std::string_view, 2> kParts{vectors::kNonce, vectors::kDigest};

std::string RsaOctets() {
  return worked::Octets("0000000b 5253415f5055425f4b4559 0000 00000003 010001 00000101 00") +
         worked::Octets(vectors::kRsaModulus) + std::string(4, '\0');
}

// spec/handle-protocol.md 2.7.
TEST(PublicKey, OfTheWorkedExampleIsReadAndWritten) {
  std::string modulus;
  for (int i = 0; i < 21; ++i) modulus += "\xC0\xFF\xEE";
  modulus += '\x01';
  std::string octets;
  EncodePublicKey({"RSA_PUB_KEY", {std::string_view("\x01\x00\x01", 3), modulus}}, octets);
  EXPECT_EQ(octets.size(), 97u);
  EXPECT_EQ(ToHex(octets), "0000000b5253415f5055425f4b45590000000000030100010000004100" +
                               ToHex(modulus) + "00000000");
  EXPECT_EQ(DecodePublicKey(octets)->fields.at(1), modulus);
  EXPECT_EQ(VerifyingKeyOf(octets).error().code, Errc::kMalformed) << "512 bits are too few";
}

TEST(PublicKey, OfRsaVerifiesAndIsWrittenAsJavaWritesIt) {
  const std::string octets = RsaOctets();
  const auto key = VerifyingKeyOf(octets);
  ASSERT_TRUE(key);
  EXPECT_TRUE(key->Verify("sha256", kParts, worked::Octets(vectors::kRsaSignatureSha256)));
  EXPECT_EQ(ToHex(PublicKeyOctets(*key)), ToHex(octets));
  EXPECT_TRUE(VerifyingKeyOf(octets.substr(0, octets.size() - 4))) << "without the surplus";
}

TEST(PublicKey, OfDsaVerifiesAndIsWrittenAsJavaWritesIt) {
  std::string octets;
  const std::string q = worked::Octets(vectors::kDsaQ);
  const std::string p = worked::Octets(vectors::kDsaP);
  const std::string g = worked::Octets(vectors::kDsaG);
  const std::string y = worked::Octets(vectors::kDsaY);
  EncodePublicKey({"DSA_PUB_KEY", {q, p, g, y}}, octets);
  const auto key = VerifyingKeyOf(octets);
  ASSERT_TRUE(key);
  EXPECT_TRUE(key->Verify("sha1", kParts, worked::Octets(vectors::kDsaSignatureSha1)));
  EXPECT_EQ(ToHex(PublicKeyOctets(*key)), ToHex(octets));
}

TEST(PublicKey, OfSm2IsPemInAnEncodingOrBare) {
  const auto signing = SigningKey::Generate(KeyKind::kSm2);
  const std::string pem = signing->verifying_key().ToPem();
  const std::string octets = PublicKeyOctets(signing->verifying_key());
  EXPECT_EQ(DecodePublicKey(octets)->type, "SM2_PUB_KEY");
  EXPECT_EQ(DecodePublicKey(octets)->fields.at(0), pem);
  const std::string signature = signing->Sign("", kParts, "88.111.1/admin");
  for (const std::string& data : {octets, pem, "\r\n " + pem}) {
    const auto key = VerifyingKeyOf(data);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->kind(), KeyKind::kSm2);
    EXPECT_TRUE(key->Verify("", kParts, signature, "88.111.1/admin"));
  }
}

TEST(PublicKey, OfEd25519HasNoEncodingButPem) {
  const auto signing = SigningKey::Generate(KeyKind::kEd25519);
  const auto key = VerifyingKeyOf(PublicKeyOctets(signing->verifying_key()));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->ed25519_octets(), signing->verifying_key().ed25519_octets());
}

TEST(PublicKey, MayBeTheBarePemOfAnyKind) {
  const auto key = VerifyingKeyOf(vectors::kRsaPublicPem);
  ASSERT_TRUE(key);
  EXPECT_EQ(ToHex(PublicKeyOctets(*key)), ToHex(RsaOctets()));
  EXPECT_EQ(VerifyingKeyOf(vectors::kP256PublicPem).error().code, Errc::kUnsupported);
}

TEST(PublicKey, ThatVerifiesNothingIsRefused) {
  std::string exchange;
  EncodePublicKey({"DH_PUB_KEY", {"y", "p", "g"}}, exchange);
  EXPECT_EQ(VerifyingKeyOf(exchange).error().code, Errc::kUnsupported);
  std::string wrong_kind;
  EncodePublicKey({"SM2_PUB_KEY", {vectors::kRsaPublicPem}}, wrong_kind);
  EXPECT_EQ(VerifyingKeyOf(wrong_kind).error().code, Errc::kMalformed);
  EXPECT_EQ(VerifyingKeyOf("").error().code, Errc::kMalformed);
  EXPECT_EQ(VerifyingKeyOf("-----BEGIN PUBLIC KEY-----").error().code, Errc::kMalformed);
}

TEST(PublicKey, IsRefusedWhereverItIsCutShort) {
  const std::string octets = RsaOctets();
  for (size_t size = 0; size < octets.size(); ++size) {
    if (size + 4 == octets.size()) continue;  // Keys that Java did not write end here.
    EXPECT_FALSE(VerifyingKeyOf(octets.substr(0, size))) << size;
  }
}

// 5.6: the client's half of the worked key exchange, as it lies in a session set-up.
TEST(PublicKey, OfTheWorkedKeyExchangeIsWrittenAsJavaWritesIt) {
  const std::string p = worked::Octets(
      "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
      "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
      "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
      "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff");
  std::string random(32, '\0');
  for (int i = 1; i <= 32; ++i) random.push_back(static_cast<char>(i));
  const auto client = AgreeOnKey(p, "\x02", "\x02", random);
  ASSERT_TRUE(client);
  std::string octets;
  EncodePublicKey({"DH_PUB_KEY", {client->public_value, p, "\x02"}}, octets);
  EXPECT_EQ(octets.size(), 286u);
  EXPECT_EQ(ToHex(AsText(Sha256(octets))),
            "21dee3e99b74369451c95204f9fa2e3a91cec295c882f7d8866209369227161b");
}

}  // namespace
}  // namespace idnode
