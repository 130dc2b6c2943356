#include "node/front/http/handle_credentials.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/base/text.h"
#include "proto/handle/requests.h"

namespace idnode {
namespace {

TEST(CredentialSchemes, AreToldByTheirNameInAnyCase) {
  EXPECT_EQ(SchemeOf(""), CredentialScheme::kNone);
  EXPECT_EQ(SchemeOf("Bearer idn_x"), CredentialScheme::kBearer);
  EXPECT_EQ(SchemeOf("basic eA=="), CredentialScheme::kBasic);
  EXPECT_EQ(SchemeOf("HANDLE clientCert=true"), CredentialScheme::kHandle);
  EXPECT_EQ(SchemeOf("Digest x"), CredentialScheme::kOther);
}

TEST(PasswordCredentials, NameAnIdentityAndHoldItsSecret) {
  const auto read = ParsePasswordCredentials(
      "Basic " + ToBase64("300%3A88.888.1%2Fadmin:pass:word"));  // spec/handle-protocol.md 6.7
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->identity, (HandleIdentity{"88.888.1/admin", 300}));
  EXPECT_EQ(read->password, "pass:word");
}

TEST(PasswordCredentials, AreRefusedWhenTheyAreNone) {
  for (const std::string& bad :
       {std::string("Basic"), std::string("Basic ?"), "Basic " + ToBase64("300%3Aa/b"),
        "Basic " + ToBase64("admin:secret"), "Basic " + ToBase64("%zz:secret")}) {
    EXPECT_EQ(ParsePasswordCredentials(bad).error().code, Errc::kMalformed) << bad;
  }
}

TEST(HandleCredentials, CarryASignatureAsOp200Does) {
  const auto read = ParseHandleCredentials(
      R"(Handle version="0", sessionId="s1" ,cnonce="Y25vbmNl", id="301%3A0.NA%2F88.888.1", )"
      R"(type=HS_PUBKEY,alg="SHA256", signature=c2lnbmF0dXJl)");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->session_id, "s1");
  EXPECT_EQ(read->client_nonce, "cnonce");
  EXPECT_EQ(*read->identity, (HandleIdentity{"0.NA/88.888.1", 301}));
  EXPECT_EQ(read->type, "HS_PUBKEY");
  const auto answer = DecodeSignatureAnswer(read->signed_response);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->hash_algorithm, "SHA256");
  EXPECT_EQ(answer->signature, "signature");
}

TEST(HandleCredentials, CarryThePartsOfPbkdf2) {
  const auto read = ParseHandleCredentials(
      "Handle type=\"HS_SECKEY\", alg=\"PBKDF2WithHmacSHA1\", iterations=\"10000\", "
      "length=\"160\", "
      "salt=\"" +
      ToBase64(std::string(16, 's')) + "\", signature=\"" + ToBase64(std::string(20, 'm')) + "\"");
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->signed_response[0], 0x22);
  const auto answer = DecodePasswordAnswer(std::string_view(read->signed_response).substr(1));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->iterations, 10'000u);
  EXPECT_EQ(answer->key_bits, 160u);
  EXPECT_EQ(answer->salt, std::string(16, 's'));
  EXPECT_EQ(answer->mac, std::string(20, 'm'));
}

TEST(HandleCredentials, MayBeNoProofYet) {
  const auto read = ParseHandleCredentials(R"(Handle version="0", sessionId="a\"b")");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->session_id, "a\"b");
  EXPECT_FALSE(read->identity);
  EXPECT_TRUE(read->signed_response.empty());
  EXPECT_TRUE(ParseHandleCredentials(R"(Handle clientCert="true")")->by_certificate);
}

TEST(HandleCredentials, AreRefusedWhenTheyAreNone) {
  for (const char* bad :
       {"Handle sessionId", "Handle sessionId=\"open", "Handle a=\"b\" c=\"d\"",
        "Handle cnonce=\"?\"", "Handle id=\"x\"", "Handle type=\"HS_PUBKEY\", signature=\"eA==\"",
        "Handle alg=\"PBKDF2WithHmacSHA1\", signature=\"eA==\"", "Handle =x", "Handle a=\"\\"}) {
    EXPECT_EQ(ParseHandleCredentials(bad).error().code, Errc::kMalformed) << bad;
  }
  EXPECT_EQ(ParseHandleCredentials(R"(Handle alg="ROT13", signature="eA==")").error().code,
            Errc::kInvalidCredential);
}

}  // namespace
}  // namespace idnode
