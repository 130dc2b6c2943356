#include "proto/crypto/cipher.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "proto/base/text.h"

namespace idnode {
namespace {

std::string Hex(std::string_view text) { return *FromHex(text); }

const std::string kKey = Hex("00112233445566778899aabbccddeeff");
const std::string kIv = Hex("000102030405060708090a0b0c0d0e0f");

// "Resolve all of 88.888.1/item001", as in spec/handle-protocol.md 3.11.
const std::string kMessage =
    Hex("000000010000000019000000ffff0000600000000000001c"
        "0000001038382e3838382e312f6974656d303031000000000000000000000000");
const std::string kMessageUnderAes =
    Hex("87cfc7012a95c95b945ffc04498ef0a6af4eccf56a484903d1c5ea2ded782c3a"
        "db68fca2ed6da8ef1646834542b00517d06a4141830df10bea8b4ac8c89e373e");

TEST(Cbc, EncryptsTheWorkedMessage) {
  EXPECT_EQ(ToHex(*EncryptCbc(CbcCipher::kAes128, kKey, kIv, kMessage)), ToHex(kMessageUnderAes));
  EXPECT_EQ(*DecryptCbc(CbcCipher::kAes128, kKey, kIv, kMessageUnderAes), kMessage);
}

// GM/T 0002-2012, appendix A.1: one block, which CBC leaves as it is under a vector of zeros.
TEST(Cbc, GivesTheBlockOfTheStandardForSm4) {
  const std::string key = Hex("0123456789abcdeffedcba9876543210");
  const auto cipher = EncryptCbc(CbcCipher::kSm4, key, std::string(16, '\0'), key);
  ASSERT_TRUE(cipher);
  EXPECT_EQ(ToHex(cipher->substr(0, 16)), "681edf34d206965e86b3e94f536e4246");
  EXPECT_EQ(cipher->size(), 32u) << "a whole block is padded by another";
}

TEST(Cbc, OpensWhatItClosed) {
  for (const CbcCipher cipher : {CbcCipher::kAes128, CbcCipher::kSm4}) {
    for (size_t size = 0; size < 50; ++size) {
      const std::string plain(size, 'x');
      const auto octets = EncryptCbc(cipher, kKey, kIv, plain);
      ASSERT_TRUE(octets);
      EXPECT_EQ(octets->size(), (size / 16 + 1) * 16);
      const auto back = DecryptCbc(cipher, kKey, kIv, *octets);
      ASSERT_TRUE(back);
      EXPECT_EQ(*back, plain);
    }
  }
}

TEST(Cbc, IsRefusedWhereverItIsCutShort) {
  const auto octets = EncryptCbc(CbcCipher::kAes128, kKey, kIv, std::string(40, '\x55'));
  for (size_t size = 0; size < octets->size(); ++size) {
    const auto plain = DecryptCbc(CbcCipher::kAes128, kKey, kIv, octets->substr(0, size));
    ASSERT_FALSE(plain) << size;
    EXPECT_EQ(plain.error().code, Errc::kForged);
  }
}

TEST(Cbc, RefusesWrongPaddingAndLeavesNoErrorBehind) {
  auto octets = EncryptCbc(CbcCipher::kAes128, kKey, kIv, std::string(15, 'x'));
  // The padding is one octet 01; a bit of the vector turns it into 81.
  std::string iv = kIv;
  iv[15] = static_cast<char>(iv[15] ^ 0x80);
  const auto plain = DecryptCbc(CbcCipher::kAes128, kKey, iv, *octets);
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::kForged);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(Cbc, RefusesKeysAndVectorsOfAnotherLength) {
  for (const size_t octets : {0, 15, 17, 32}) {
    const std::string other(octets, 'k');
    EXPECT_EQ(EncryptCbc(CbcCipher::kAes128, other, kIv, "x").error().code, Errc::kMalformed);
    EXPECT_EQ(EncryptCbc(CbcCipher::kSm4, kKey, other, "x").error().code, Errc::kMalformed);
    EXPECT_EQ(DecryptCbc(CbcCipher::kAes128, other, kIv, kIv).error().code, Errc::kMalformed);
    EXPECT_EQ(DecryptCbc(CbcCipher::kSm4, kKey, other, kIv).error().code, Errc::kMalformed);
  }
}

// The vectors of the proposal of GCM (McGrew, Viega 2004), test cases 13, 14 and 16.
TEST(Gcm, GivesTheVectorsOfItsProposal) {
  const std::string zeros(32, '\0');
  EXPECT_EQ(ToHex(*SealGcm(zeros, zeros.substr(0, 12), "", "")),
            "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(ToHex(*SealGcm(zeros, zeros.substr(0, 12), zeros.substr(0, 16), "")),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  EXPECT_EQ(ToHex(*SealGcm(Hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
                           Hex("cafebabefacedbaddecaf888"),
                           Hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                               "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"),
                           Hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(Gcm, OpensWhatItSealedAndNothingElse) {
  const std::string key(32, 'k');
  const std::string nonce(12, 'n');
  const std::string sealed = *SealGcm(key, nonce, "plain text", "row 7");
  EXPECT_EQ(*OpenGcm(key, nonce, sealed, "row 7"), "plain text");
  EXPECT_EQ(OpenGcm(key, nonce, sealed, "row 8").error().code, Errc::kForged);
  EXPECT_EQ(OpenGcm(std::string(32, 'K'), nonce, sealed, "row 7").error().code, Errc::kForged);
  EXPECT_EQ(OpenGcm(key, std::string(12, 'N'), sealed, "row 7").error().code, Errc::kForged);
  for (size_t place = 0; place < sealed.size(); ++place) {
    std::string changed = sealed;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    EXPECT_EQ(OpenGcm(key, nonce, changed, "row 7").error().code, Errc::kForged) << place;
    EXPECT_EQ(OpenGcm(key, nonce, sealed.substr(0, place), "row 7").error().code, Errc::kForged);
  }
  const std::string nothing = *SealGcm(key, nonce, "", "");
  EXPECT_EQ(*OpenGcm(key, nonce, nothing, ""), "");
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(Gcm, RefusesKeysAndNoncesOfAnotherLength) {
  const std::string key(32, 'k');
  const std::string nonce(12, 'n');
  EXPECT_EQ(SealGcm(key.substr(1), nonce, "x", "").error().code, Errc::kMalformed);
  EXPECT_EQ(SealGcm(key, nonce + 'n', "x", "").error().code, Errc::kMalformed);
  EXPECT_EQ(OpenGcm(key + 'k', nonce, key, "").error().code, Errc::kMalformed);
  EXPECT_EQ(OpenGcm(key, "", key, "").error().code, Errc::kMalformed);
}

// RFC 6070.
TEST(Pbkdf2, GivesTheVectorsOfTheStandard) {
  EXPECT_EQ(ToHex(*Pbkdf2("sha1", "password", "salt", 1, 20)),
            "0c60c80f961f0e71f3a9b524af6012062fe037a6");
  EXPECT_EQ(ToHex(*Pbkdf2("sha1", "password", "salt", 4'096, 20)),
            "4b007901b765489abead49d926f721d065a429c1");
  EXPECT_EQ(ToHex(*Pbkdf2("sha1", std::string_view("pass\0word", 9), std::string_view("sa\0lt", 5),
                          4'096, 16)),
            "56fa6aa75548099dcc37d7f03425e0c3");
  EXPECT_TRUE(Pbkdf2("sha256", "", "", 1, 64));
}

// spec/handle-protocol.md 5.4.
TEST(Pbkdf2, GivesTheVectorsOfTheHandleProtocol) {
  const std::string salt = Hex("101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(ToHex(*Pbkdf2("sha1", "secret", salt, 10'000, 20)),
            "a8cdbef045643c03f23ab26cef28a842ef087bf8");
  EXPECT_TRUE(ToHex(*Pbkdf2("sha1", "\x80\xFF", salt, 1, 20)).starts_with("95974f99"));
}

TEST(Pbkdf2, RefusesWhatItCannotDo) {
  EXPECT_EQ(Pbkdf2("sha2", "p", "s", 1, 20).error().code, Errc::kUnsupported);
  EXPECT_EQ(Pbkdf2("sha1", "p", "s", 0, 20).error().code, Errc::kMalformed);
  EXPECT_EQ(Pbkdf2("sha1", "p", "s", UINT32_MAX, 20).error().code, Errc::kMalformed);
  EXPECT_EQ(Pbkdf2("sha1", "p", "s", 1, 0).error().code, Errc::kMalformed);
}

}  // namespace
}  // namespace idnode
