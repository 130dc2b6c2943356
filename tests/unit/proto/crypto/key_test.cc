#include "proto/crypto/key.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <array>
#include <thread>
#include <vector>

#include "tests/unit/proto/crypto/key_vectors.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

namespace vectors = key_vectors;
using Parts = std::array<std::string_view, 2>;
constexpr Parts kParts{vectors::kNonce, vectors::kDigest};

std::string Hex(std::string_view text) { return *FromHex(text); }

VerifyingKey RsaKey() {
  return *VerifyingKey::FromRsa(Hex(vectors::kRsaExponent), Hex(vectors::kRsaModulus));
}
VerifyingKey DsaKey() {
  return *VerifyingKey::FromDsa(Hex(vectors::kDsaQ), Hex(vectors::kDsaP), Hex(vectors::kDsaG),
                                Hex(vectors::kDsaY));
}

// Public keys as SubjectPublicKeyInfo (RFC 5480, RFC 8410), where a vector gives only the numbers.
std::string PemOf(std::string_view info_hex) {
  return "-----BEGIN PUBLIC KEY-----\n" + ToBase64(Hex(info_hex)) + "\n-----END PUBLIC KEY-----\n";
}

// GM/T 0003.5-2012, appendix A.
const std::string kSm2Pem = PemOf(
    "3059301306072a8648ce3d020106082a811ccf5501822d03420004"
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
const std::string kSm2Signature =
    Hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
constexpr Parts kSm2Message{"message ", "digest"};

// RFC 8032 7.1, test 2.
const std::string kEd25519Key =
    Hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
const std::string kEd25519Signature =
    Hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

// That one bit more or less, anywhere in the signature, spoils it; and so does any cut.
void ExpectOnlyThisVerifies(const VerifyingKey& key, std::string_view digest, Parts parts,
                            const std::string& signature) {
  EXPECT_TRUE(key.Verify(digest, parts, signature));
  EXPECT_FALSE(key.Verify(digest, Parts{"another", parts[1]}, signature));
  EXPECT_FALSE(key.Verify(digest, Parts{parts[0], "another"}, signature));
  for (size_t place = 0; place < signature.size(); ++place) {
    std::string changed = signature;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    EXPECT_FALSE(key.Verify(digest, parts, changed)) << place;
    EXPECT_FALSE(key.Verify(digest, parts, signature.substr(0, place))) << place;
  }
  EXPECT_FALSE(key.Verify(digest, parts, signature + '\0'));
  EXPECT_EQ(ERR_peek_error(), 0u) << "the thread's queue is left as it was";
}

TEST(RsaKey, VerifiesWhatArithmeticSigned) {
  const VerifyingKey key = RsaKey();
  EXPECT_EQ(key.kind(), KeyKind::kRsa);
  EXPECT_EQ(key.bits(), 2'048u);
  ExpectOnlyThisVerifies(key, "sha256", kParts, Hex(vectors::kRsaSignatureSha256));
  EXPECT_TRUE(key.Verify("sha1", kParts, Hex(vectors::kRsaSignatureSha1)));
  EXPECT_TRUE(key.Verify("md5", kParts, Hex(vectors::kRsaSignatureMd5)));
}

TEST(RsaKey, DoesNotTakeOneDigestForAnother) {
  const VerifyingKey key = RsaKey();
  EXPECT_FALSE(key.Verify("sha1", kParts, Hex(vectors::kRsaSignatureSha256)));
  EXPECT_FALSE(key.Verify("sha256", kParts, Hex(vectors::kRsaSignatureSha1)));
  EXPECT_FALSE(key.Verify("", kParts, Hex(vectors::kRsaSignatureSha256)));
  EXPECT_FALSE(key.Verify("SHA-256", kParts, Hex(vectors::kRsaSignatureSha256)));
}

TEST(RsaKey, SignsAsArithmeticDoes) {
  const auto key = SigningKey::FromPem(vectors::kRsaPrivatePem);
  ASSERT_TRUE(key);
  EXPECT_EQ(ToHex(key->Sign("sha256", kParts)), vectors::kRsaSignatureSha256);
  EXPECT_EQ(ToHex(key->Sign("sha1", kParts)), vectors::kRsaSignatureSha1);
  EXPECT_EQ(ToHex(key->Sign("md5", kParts)), vectors::kRsaSignatureMd5);
  EXPECT_EQ(key->Sign("", kParts), "");
}

TEST(RsaKey, TakesNumbersWithZerosInFrontAndGivesThemWithout) {
  const std::string zeros(5, '\0');
  const auto key =
      VerifyingKey::FromRsa(zeros + Hex(vectors::kRsaExponent), zeros + Hex(vectors::kRsaModulus));
  ASSERT_TRUE(key);
  EXPECT_EQ(ToHex(key->rsa_numbers().exponent), vectors::kRsaExponent);
  EXPECT_EQ(ToHex(key->rsa_numbers().modulus), vectors::kRsaModulus);
  EXPECT_EQ(DsaKey().rsa_numbers().modulus, "");
}

TEST(RsaKey, IsTheSameInPem) {
  EXPECT_EQ(RsaKey().ToPem(), vectors::kRsaPublicPem);
  const auto key = VerifyingKey::FromPem(vectors::kRsaPublicPem);
  ASSERT_TRUE(key);
  EXPECT_TRUE(key->Verify("sha256", kParts, Hex(vectors::kRsaSignatureSha256)));
  const auto signing = SigningKey::FromPem(vectors::kRsaPrivatePem);
  EXPECT_EQ(signing->ToPem(), vectors::kRsaPrivatePem);
  EXPECT_EQ(signing->verifying_key().ToPem(), vectors::kRsaPublicPem);
}

Errc RsaRefusal(const std::string& exponent, const std::string& modulus) {
  const auto key = VerifyingKey::FromRsa(exponent, modulus);
  return key ? Errc::kInternal : key.error().code;
}

TEST(RsaKey, IsRefusedOutsideItsBounds) {
  const std::string modulus = Hex(vectors::kRsaModulus);
  const std::string e = "\x03";
  EXPECT_EQ(RsaRefusal(e, modulus), Errc::kInternal) << "accepted";
  EXPECT_EQ(RsaRefusal(e, std::string(128, '\xFF')), Errc::kInternal);
  EXPECT_EQ(RsaRefusal(e, std::string(1'024, '\xFF')), Errc::kInternal);
  EXPECT_EQ(RsaRefusal(std::string(8, '\xFF'), modulus), Errc::kInternal);
  EXPECT_EQ(RsaRefusal(e, "\x7F" + std::string(127, '\xFF')), Errc::kMalformed) << "1023 bits";
  EXPECT_EQ(RsaRefusal(e, '\x01' + std::string(1'024, '\xFF')), Errc::kMalformed) << "8193 bits";
  EXPECT_EQ(RsaRefusal(e, std::string(200'000, '\xFF')), Errc::kMalformed);
  EXPECT_EQ(RsaRefusal(e, std::string(127, '\xFF') + '\xFE'), Errc::kMalformed) << "even";
  EXPECT_EQ(RsaRefusal("\x01" + std::string(8, '\x01'), modulus), Errc::kMalformed) << "65 bits";
  EXPECT_EQ(RsaRefusal("\x01", modulus), Errc::kMalformed);
  EXPECT_EQ(RsaRefusal("\x02", modulus), Errc::kMalformed);
  EXPECT_EQ(RsaRefusal("", modulus), Errc::kMalformed);
  EXPECT_EQ(RsaRefusal(std::string(3, '\0'), modulus), Errc::kMalformed);
  EXPECT_EQ(RsaRefusal(e, ""), Errc::kMalformed);
}

TEST(RsaKey, EncryptsForItsOwnerOnly) {
  const auto owner = SigningKey::FromPem(vectors::kRsaPrivatePem);
  const auto other = SigningKey::Generate(KeyKind::kRsa);
  ASSERT_TRUE(other);
  for (const size_t size : {0, 1, 36, 245}) {
    const auto cipher = owner->verifying_key().Encrypt(std::string(size, 'x'));
    ASSERT_TRUE(cipher);
    EXPECT_EQ(cipher->size(), 256u);
    EXPECT_EQ(*owner->Decrypt(*cipher), std::string(size, 'x'));
    const auto stolen = other->Decrypt(*cipher);
    EXPECT_TRUE(!stolen || *stolen != std::string(size, 'x'));
    EXPECT_EQ(owner->Decrypt(cipher->substr(1)).error().code, Errc::kForged);
  }
  std::string cipher;  // Of which one octet less is the same number.
  do {
    cipher = *owner->verifying_key().Encrypt("x");
  } while (cipher.front() != '\0');
  EXPECT_EQ(*owner->Decrypt(cipher), "x");
  EXPECT_EQ(owner->Decrypt(cipher.substr(1)).error().code, Errc::kForged);
  EXPECT_EQ(RsaKey().Encrypt(std::string(246, 'x')).error().code, Errc::kTooLarge);
  EXPECT_EQ(owner->Decrypt("").error().code, Errc::kForged);
  EXPECT_EQ(owner->Decrypt(std::string(256, '\xFF')).error().code, Errc::kForged);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(DsaKey, VerifiesWhatArithmeticSigned) {
  const VerifyingKey key = DsaKey();
  EXPECT_EQ(key.kind(), KeyKind::kDsa);
  EXPECT_EQ(key.bits(), 2'048u);
  ExpectOnlyThisVerifies(key, "sha256", kParts, Hex(vectors::kDsaSignatureSha256));
  EXPECT_TRUE(key.Verify("sha1", kParts, Hex(vectors::kDsaSignatureSha1)));
  EXPECT_FALSE(key.Verify("sha1", kParts, Hex(vectors::kDsaSignatureSha256)));
}

TEST(DsaKey, SignsWhatItsPublicHalfVerifies) {
  const auto key = SigningKey::FromPem(vectors::kDsaPrivatePem);
  ASSERT_TRUE(key);
  EXPECT_TRUE(DsaKey().Verify("sha256", kParts, key->Sign("sha256", kParts)));
  EXPECT_EQ(key->verifying_key().ToPem(), vectors::kDsaPublicPem);
  EXPECT_EQ(DsaKey().ToPem(), vectors::kDsaPublicPem);
  EXPECT_EQ(ToHex(DsaKey().dsa_numbers().y), vectors::kDsaY);
  EXPECT_EQ(RsaKey().dsa_numbers().p, "");
  EXPECT_EQ(DsaKey().Encrypt("x").error().code, Errc::kUnsupported);
  EXPECT_EQ(SigningKey::Generate(KeyKind::kDsa).error().code, Errc::kUnsupported);
}

TEST(DsaKey, IsRefusedOutsideItsBounds) {
  const std::string q = Hex(vectors::kDsaQ);
  const std::string p = Hex(vectors::kDsaP);
  const std::string g = Hex(vectors::kDsaG);
  const std::string y = Hex(vectors::kDsaY);
  for (const std::string& bad : {std::string(), std::string("\x01"), p, p + '\0'}) {
    EXPECT_EQ(VerifyingKey::FromDsa(q, p, bad, y).error().code, Errc::kMalformed);
    EXPECT_EQ(VerifyingKey::FromDsa(q, p, g, bad).error().code, Errc::kMalformed);
  }
  EXPECT_EQ(VerifyingKey::FromDsa(q, q, "\x02", "\x02").error().code, Errc::kMalformed);
  EXPECT_EQ(VerifyingKey::FromDsa(q.substr(1), p, g, y).error().code, Errc::kMalformed);
  EXPECT_EQ(VerifyingKey::FromDsa(p, p, g, y).error().code, Errc::kMalformed);
  EXPECT_EQ(VerifyingKey::FromDsa(q, std::string(2'000, '\xFF'), g, y).error().code,
            Errc::kMalformed);
}

TEST(Sm2Key, VerifiesTheSignatureOfTheStandard) {
  const auto key = VerifyingKey::FromPem(kSm2Pem);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->kind(), KeyKind::kSm2);
  EXPECT_EQ(key->bits(), 256u);
  ExpectOnlyThisVerifies(*key, "", kSm2Message, kSm2Signature);
  EXPECT_TRUE(key->Verify("", kSm2Message, kSm2Signature, "1234567812345678"));
  EXPECT_FALSE(key->Verify("", kSm2Message, kSm2Signature, "88.111.1/admin"));
  EXPECT_FALSE(key->Verify("", kSm2Message, std::string(64, '\0')));
}

TEST(Sm2Key, SignsInTheNameOfAUser) {
  const auto key = SigningKey::Generate(KeyKind::kSm2);
  ASSERT_TRUE(key);
  const std::string signature = key->Sign("", kParts, "88.111.1/admin");
  EXPECT_EQ(signature[0], '\x30') << "DER";
  EXPECT_TRUE(key->verifying_key().Verify("", kParts, signature, "88.111.1/admin"));
  EXPECT_FALSE(key->verifying_key().Verify("", kParts, signature, "88.111.1/Admin"));
  EXPECT_FALSE(key->verifying_key().Verify("", kParts, signature));
  EXPECT_TRUE(key->verifying_key().Verify("", kParts, key->Sign("", kParts)));
}

TEST(Sm2Key, EncryptsForItsOwnerOnly) {
  const auto owner = SigningKey::Generate(KeyKind::kSm2);
  const auto other = SigningKey::Generate(KeyKind::kSm2);
  for (const size_t size : {1, 20, 1'024}) {
    const auto cipher = owner->verifying_key().Encrypt(std::string(size, 'x'));
    ASSERT_TRUE(cipher);
    EXPECT_EQ(cipher->front(), '\x04') << "octets, not DER";
    EXPECT_EQ(*owner->Decrypt(*cipher), std::string(size, 'x'));
    EXPECT_EQ(other->Decrypt(*cipher).error().code, Errc::kForged);
    std::string changed = *cipher;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    EXPECT_EQ(owner->Decrypt(changed).error().code, Errc::kForged);
  }
  EXPECT_EQ(owner->verifying_key().Encrypt("").error().code, Errc::kMalformed);
  EXPECT_EQ(owner->verifying_key().Encrypt(std::string(1'025, 'x')).error().code, Errc::kTooLarge);
  EXPECT_EQ(owner->Decrypt("").error().code, Errc::kForged);
}

TEST(Ed25519Key, VerifiesTheSignatureOfTheStandard) {
  const auto key = VerifyingKey::FromEd25519(kEd25519Key);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->kind(), KeyKind::kEd25519);
  EXPECT_EQ(key->ed25519_octets(), kEd25519Key);
  ExpectOnlyThisVerifies(*key, "", Parts{"", "\x72"}, kEd25519Signature);
  EXPECT_EQ(RsaKey().ed25519_octets(), "");
  EXPECT_EQ(VerifyingKey::FromEd25519(kEd25519Key.substr(1)).error().code, Errc::kMalformed);
}

TEST(SigningKey, ComesBackFromItsPem) {
  for (const KeyKind kind : {KeyKind::kRsa, KeyKind::kSm2, KeyKind::kEd25519}) {
    const auto key = SigningKey::Generate(kind);
    ASSERT_TRUE(key) << NameOf(kind);
    EXPECT_EQ(key->kind(), kind);
    const auto again = SigningKey::FromPem(key->ToPem());
    ASSERT_TRUE(again) << NameOf(kind);
    EXPECT_EQ(again->kind(), kind);
    const auto verifying = VerifyingKey::FromPem(key->verifying_key().ToPem());
    ASSERT_TRUE(verifying) << NameOf(kind);
    EXPECT_EQ(verifying->kind(), kind);
    EXPECT_TRUE(verifying->Verify("sha256", kParts, again->Sign("sha256", kParts)));
    EXPECT_EQ(verifying->ToPem().find("PRIVATE"), std::string::npos);
  }
}

TEST(SigningKey, IsMadeWithinBoundsOnly) {
  EXPECT_EQ(SigningKey::Generate(KeyKind::kRsa, 2'047).error().code, Errc::kUnsupported);
  EXPECT_EQ(SigningKey::Generate(KeyKind::kRsa, 4'097).error().code, Errc::kUnsupported);
}

TEST(Pem, OfKindsAndSizesThatAreNotTakenIsRefused) {
  EXPECT_EQ(VerifyingKey::FromPem(vectors::kP256PublicPem).error().code, Errc::kUnsupported);
  EXPECT_EQ(VerifyingKey::FromPem(vectors::kX25519PublicPem).error().code, Errc::kUnsupported);
  EXPECT_EQ(VerifyingKey::FromPem(vectors::kRsaPssPublicPem).error().code, Errc::kUnsupported);
  EXPECT_EQ(VerifyingKey::FromPem(vectors::kRsa768PublicPem).error().code, Errc::kMalformed);
  EXPECT_EQ(VerifyingKey::FromPem(vectors::kRsaPrivatePem).error().code, Errc::kMalformed);
  EXPECT_EQ(SigningKey::FromPem(vectors::kRsaPublicPem).error().code, Errc::kMalformed);
  EXPECT_EQ(SigningKey::FromPem(vectors::kRsaEncryptedPem).error().code, Errc::kMalformed);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(Pem, IsRefusedCutShortOrTooLong) {
  const std::string_view pem = vectors::kRsaPublicPem;
  for (size_t size = 0; size + 1 < pem.size(); ++size) {  // The last line feed may lack.
    EXPECT_FALSE(VerifyingKey::FromPem(pem.substr(0, size))) << size;
  }
  std::string long_pem(16'384 - pem.size(), '\n');
  long_pem += pem;
  EXPECT_TRUE(VerifyingKey::FromPem(long_pem));
  EXPECT_EQ(VerifyingKey::FromPem('\n' + long_pem).error().code, Errc::kMalformed);
  EXPECT_EQ(SigningKey::FromPem(std::string(16'385, '\n')).error().code, Errc::kMalformed);
}

TEST(VerifyingKey, ServesSeveralThreads) {
  const VerifyingKey rsa = RsaKey();
  const VerifyingKey sm2 = *VerifyingKey::FromPem(kSm2Pem);
  const std::string signature = Hex(vectors::kRsaSignatureSha256);
  std::array<int, 4> verified{};
  {
    std::vector<std::jthread> threads;
    threads.reserve(verified.size());
    for (int& count : verified) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          if (rsa.Verify("sha256", kParts, signature)) ++count;
          if (sm2.Verify("", kSm2Message, kSm2Signature)) ++count;
        }
      });
    }
  }
  EXPECT_EQ(verified, (std::array{100, 100, 100, 100}));
}

}  // namespace
}  // namespace idnode
