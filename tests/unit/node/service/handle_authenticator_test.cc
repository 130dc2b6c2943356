#include "node/service/handle_authenticator.h"

#include "proto/crypto/digest.h"
#include "proto/crypto/key.h"
#include "proto/handle/challenge.h"
#include "proto/handle/public_key.h"
#include "tests/unit/node/service/handle_node.h"

namespace idnode {
namespace {

constexpr Errc kProven = Errc::kInternal;
constexpr std::string_view kNonce = "0123456789abcdef";
constexpr uint8_t kAdminOnly = kAdminRead | kAdminWrite;

const SigningKey& RsaKey() {
  static const SigningKey key = *SigningKey::Generate(KeyKind::kRsa);
  return key;
}
const SigningKey& Sm2Key() {
  static const SigningKey key = *SigningKey::Generate(KeyKind::kSm2);
  return key;
}

class HandleAuthenticatorTest : public HandleNode {
 protected:
  static constexpr std::string_view kUser = "88.118.8/USER";

  HandleAuthenticatorTest() {
    Put(kUser,
        {ValueOf(400, "HS_PUBKEY", sm2_pem), ValueOf(301, "HS_SECKEY", "secret", kAdminOnly),
         ValueOf(300, "HS_PUBKEY", rsa_octets), ValueOf(302, "HS_SECKEY", "\x80\xFF", kAdminOnly),
         ValueOf(1, "URL", "secret")},
        acme);
  }
  std::string AnswerBySecret(std::string_view secret, HandleVersion version = {2, 11}) {
    return AnswerWithSecret(version, secret, kNonce, digest, "0123456789ABCDEF");
  }
  std::string AnswerBySignature(std::string_view name, const std::string& signature) {
    std::string answer;
    EncodeSignatureAnswer({name, signature}, answer);
    return answer;
  }
  std::string AnswerByRsa(std::string_view name = "SHA-256",
                          std::string_view algorithm = "sha256") {
    const std::string_view parts[] = {kNonce, digest};
    return AnswerBySignature(name, RsaKey().Sign(algorithm, parts));
  }
  std::string AnswerBySm2(std::string_view user) {
    const std::string message = *DigestOf("sm3", std::string(kNonce) + digest);
    const std::string_view parts[] = {message};
    return AnswerBySignature("SM3", Sm2Key().Sign("sm3", parts, user));
  }
  Result<HandleAuthority> Verify(std::string_view type, uint32_t index, std::string_view answer,
                                 std::string_view user = kUser,
                                 const HandleAuthenticator::Rules& rules = {}) {
    return HandleAuthenticator(registry, secrets, rules)
        .Verify({.type = type,
                 .identity = {std::string(user), index},
                 .nonce = kNonce,
                 .digest = digest,
                 .signed_response = answer});
  }
  template <class... Args>
  Errc CodeOf(const Args&... args) {
    const auto verified = Verify(args...);
    return verified ? kProven : verified.error().code;
  }

  const std::string digest = std::string(AsText(Sha256("a request")));
  const std::string rsa_octets = PublicKeyOctets(RsaKey().verifying_key());
  const std::string sm2_pem = Sm2Key().verifying_key().ToPem();
};

TEST_F(HandleAuthenticatorTest, AcceptsTheAnswerOfASecretKey) {
  const auto verified = Verify("HS_SECKEY", 301, AnswerBySecret("secret"));
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified->has_identity);
  EXPECT_EQ(verified->identity, (HandleIdentity{std::string(kUser), 301}));
  EXPECT_EQ(verified->key_record, "H88.118.8/USER");
  EXPECT_EQ(verified->key_version, Find(kUser)->version.value);
  EXPECT_EQ(CodeOf("HS_SECKEY", 302u, AnswerBySecret("\x80\xFF")), kProven);
}

TEST_F(HandleAuthenticatorTest, RefusesAWrongSecret) {
  EXPECT_EQ(CodeOf("HS_SECKEY", 301u, AnswerBySecret("Secret")), Errc::kAuthenticationFailed);
  EXPECT_EQ(CodeOf("HS_SECKEY", 302u, AnswerBySecret("secret")), Errc::kAuthenticationFailed);
  EXPECT_EQ(CodeOf("HS_SECKEY", 300u, AnswerBySecret(rsa_octets)), Errc::kAuthenticationFailed);
  EXPECT_EQ(CodeOf("HS_SECKEY", 1u, AnswerBySecret("secret")), Errc::kAuthenticationFailed);
  EXPECT_EQ(CodeOf("HS_SECKEY", 9u, AnswerBySecret("secret")), Errc::kAuthenticationFailed);
  EXPECT_EQ(CodeOf("HS_SECKEY", 301u, ""), Errc::kAuthenticationFailed);
  EXPECT_EQ(RowOf(Errc::kAuthenticationFailed).handle_rc, 403u);
}

TEST_F(HandleAuthenticatorTest, RefusesAUserWhoIsNotHereLikeAWrongKey) {
  for (const char* user : {"88.118.8/nobody", "20.500/1", "", "/x"}) {
    EXPECT_EQ(CodeOf("HS_SECKEY", 301u, AnswerBySecret("secret"), user),
              Errc::kAuthenticationFailed);
  }
}

TEST_F(HandleAuthenticatorTest, AcceptsASignatureByRsa) {
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, AnswerByRsa()), kProven);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, AnswerByRsa("SHA256")), kProven);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, AnswerByRsa(std::string_view("\x03", 1))), kProven);
}

TEST_F(HandleAuthenticatorTest, RefusesASignatureOfSomethingElse) {
  const std::string good = AnswerByRsa();
  std::string damaged = good;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, damaged), Errc::kAuthenticationFailed);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 400u, good), Errc::kAuthenticationFailed);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, "x"), Errc::kAuthenticationFailed);
  HandleAuthenticator authenticator(registry, secrets, {});
  EXPECT_FALSE(authenticator.Verify({.type = "HS_PUBKEY",
                                     .identity = {std::string(kUser), 300},
                                     .nonce = "another nonce 12",
                                     .digest = digest,
                                     .signed_response = good}));
}

TEST_F(HandleAuthenticatorTest, AcceptsASignatureBySm2InTheNameOfTheUser) {
  EXPECT_EQ(CodeOf("HS_PUBKEY", 400u, AnswerBySm2(kUser)), kProven);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 400u, AnswerBySm2("1234567812345678")),
            Errc::kAuthenticationFailed);
}

TEST_F(HandleAuthenticatorTest, FindsTheKeyItselfWhenTheIndexIsZero) {
  const auto rsa = Verify("HS_PUBKEY", 0, AnswerByRsa());
  ASSERT_TRUE(rsa.ok());
  EXPECT_EQ(rsa->identity.index, 300u);
  EXPECT_EQ(Verify("HS_PUBKEY", 0, AnswerBySm2(kUser))->identity.index, 400u);
  EXPECT_EQ(Verify("HS_SECKEY", 0, AnswerBySecret("\x80\xFF"))->identity.index, 302u);
  EXPECT_EQ(CodeOf("HS_SECKEY", 0u, AnswerBySecret("other")), Errc::kAuthenticationFailed);
}

TEST_F(HandleAuthenticatorTest, TriesABoundedNumberOfKeys) {
  std::vector<Value> values;
  for (uint32_t i = 1; i <= 9; ++i) {
    values.push_back(ValueOf(i, "HS_SECKEY", i < 9 ? "other" : "secret", kAdminOnly));
  }
  Put("88.118.8/MANY", values, acme);
  EXPECT_EQ(CodeOf("HS_SECKEY", 0u, AnswerBySecret("secret"), "88.118.8/MANY"),
            Errc::kAuthenticationFailed);
  EXPECT_EQ(CodeOf("HS_SECKEY", 9u, AnswerBySecret("secret"), "88.118.8/MANY"), kProven);
}

TEST_F(HandleAuthenticatorTest, KnowsTwoTypesOfProof) {
  EXPECT_EQ(CodeOf("HS_MAGIC", 301u, AnswerBySecret("secret")), Errc::kInvalidCredential);
  EXPECT_EQ(CodeOf("", 301u, AnswerBySecret("secret")), Errc::kInvalidCredential);
  EXPECT_EQ(RowOf(Errc::kInvalidCredential).handle_rc, 404u);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, AnswerByRsa("SHA3-256")), Errc::kInvalidCredential);
}

TEST_F(HandleAuthenticatorTest, AcceptsWeakDigestsOnlyWhenTold) {
  const HandleAuthenticator::Rules weak{.weak_digests = true};
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, AnswerByRsa("SHA1", "sha1")), Errc::kInvalidCredential);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, AnswerByRsa("SHA1", "sha1"), kUser, weak), kProven);
  const std::string sha1 = AnswerBySecret("secret", {2, 6});
  EXPECT_EQ(CodeOf("HS_SECKEY", 301u, sha1), Errc::kInvalidCredential);
  EXPECT_EQ(CodeOf("HS_SECKEY", 301u, sha1, kUser, weak), kProven);
  EXPECT_EQ(CodeOf("HS_SECKEY", 301u, std::string(16, 'x')), Errc::kInvalidCredential);
}

TEST_F(HandleAuthenticatorTest, AcceptsNoSecretKeysWhereTheyAreSwitchedOff) {
  const HandleAuthenticator::Rules off{.secret_keys = false};
  EXPECT_EQ(CodeOf("HS_SECKEY", 301u, AnswerBySecret("secret"), kUser, off),
            Errc::kInvalidCredential);
  EXPECT_EQ(CodeOf("HS_PUBKEY", 300u, AnswerByRsa(), kUser, off), kProven);
  HandleAuthenticator authenticator(registry, secrets, off);
  EXPECT_FALSE(authenticator.VerifyPassword({std::string(kUser), 301}, "secret"));
}

TEST_F(HandleAuthenticatorTest, CannotVerifyWithKeysThatAnotherNodeSealed) {
  const SecretBox another(std::string(32, 'x'));
  const HandleAuthenticator authenticator(registry, another, {});
  const auto verified = authenticator.Verify({.type = "HS_SECKEY",
                                              .identity = {std::string(kUser), 301},
                                              .nonce = kNonce,
                                              .digest = digest,
                                              .signed_response = AnswerBySecret("secret")});
  EXPECT_EQ(verified.error().code, Errc::kAuthenticationFailed);
}

TEST_F(HandleAuthenticatorTest, TellsOtherServersWhetherAnAnswerIsRight) {
  const HandleAuthenticator authenticator(registry, secrets, {});
  const std::string right = AnswerBySecret("secret"), wrong = AnswerBySecret("Secret");
  HandleAuthenticator::Proof proof{.type = "HS_SECKEY",
                                   .identity = {std::string(kUser), 0},
                                   .nonce = kNonce,
                                   .digest = digest,
                                   .signed_response = right};
  EXPECT_TRUE(authenticator.VerifySecret(proof));
  proof.signed_response = wrong;
  EXPECT_FALSE(authenticator.VerifySecret(proof));
  proof.signed_response = right;
  proof.identity.handle = "88.118.8/nobody";
  EXPECT_FALSE(authenticator.VerifySecret(proof));
}

TEST_F(HandleAuthenticatorTest, AcceptsAPasswordInClear) {
  const HandleAuthenticator authenticator(registry, secrets, {});
  const HandleIdentity user{std::string(kUser), 301};
  EXPECT_EQ(authenticator.VerifyPassword(user, "secret")->identity, user);
  EXPECT_EQ(authenticator.VerifyPassword({std::string(kUser), 0}, "\x80\xFF")->identity.index,
            302u);
  for (const char* wrong : {"", "Secret", "secre", "secret "}) {
    EXPECT_EQ(authenticator.VerifyPassword(user, wrong).error().code, Errc::kAuthenticationFailed);
  }
}

}  // namespace
}  // namespace idnode
