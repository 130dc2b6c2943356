#include <gtest/gtest.h>

#include <set>

#include "proto/base/text.h"
#include "proto/crypto/digest.h"
#include "proto/handle/challenge.h"
#include "proto/handle/responses.h"
#include "tests/handle_dispatcher/dispatcher_node.h"

namespace idnode {
namespace {

class DispatchedAdministration : public DispatcherNode {
 protected:
  std::vector<Value> WithAdmin(std::string_view data = "https://a.example/1") {
    return {ValueOf(1, "URL", data), AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 300),
            AdminValue(101, kAllPermissions, "88.118.8/ADMIN", 301)};
  }
  // Create, add, modify, remove, delete: all of them.
  void AdministerAll(HandleClient& client) {
    const auto created = client.Create("88.118.8/item", WithAdmin());
    ASSERT_TRUE(Is(created, ResponseCode::kSuccess)) << CodeIn(created);
    EXPECT_EQ(*DecodeCreateResponse(created->body), "88.118.8/item");
    EXPECT_EQ(CodeIn(client.Add("88.118.8/item", {ValueOf(2, "EMAIL", "a@example")})), 1u);
    EXPECT_EQ(CodeIn(client.Modify("88.118.8/item", {ValueOf(2, "EMAIL", "b@example")})), 1u);
    EXPECT_EQ(DataAt("88.118.8/item", 2), "b@example");
    EXPECT_EQ(CodeIn(client.Remove("88.118.8/item", {2})), 1u);
    EXPECT_EQ(Indexes("88.118.8/item"), (std::vector<uint32_t>{1, 100, 101}));
    EXPECT_EQ(CodeIn(client.Delete("88.118.8/item")), 1u);
    EXPECT_FALSE(Find("88.118.8/item").ok());
  }
};

TEST_F(DispatchedAdministration, WithoutASessionIsChallengedEachTime) {
  HandleClient by_key = Client(ByKey());
  AdministerAll(by_key);
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 5u);
  HandleClient by_secret = Client(BySecret());
  AdministerAll(by_secret);
}

TEST_F(DispatchedAdministration, ByAnSm2Key) {
  const SigningKey& key = KeysOfNode().sm2;
  const std::string pem = PublicKeyOctets(key.verifying_key());
  Put("88.118.8/ADMIN", {ValueOf(302, "HS_PUBKEY", pem)}, acme);
  Put("0.NA/88.118.8", {AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 302)}, op);
  HandleClient client =
      Client(HandleClientCredentials{.identity = {"88.118.8/ADMIN", 302}, .key = key});
  const Value admin = AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 302);
  EXPECT_EQ(CodeIn(client.Create("88.118.8/item", {ValueOf(1, "URL", "u"), admin})), 1u);
  EXPECT_EQ(CodeIn(client.Modify("88.118.8/item", {ValueOf(1, "URL", "v")})), 1u);
  EXPECT_EQ(CodeIn(client.Delete("88.118.8/item")), 1u);
  client.UseCredentials(HandleClientCredentials{.identity = {"88.118.8/ADMIN", 302},
                                                .key = *SigningKey::Generate(KeyKind::kSm2)});
  EXPECT_EQ(CodeIn(client.Create("88.118.8/item", {admin})), 403u);
}

TEST_F(DispatchedAdministration, GoesOverUdpToo) {
  HandleClient client(Channels(true), Options(ByKey()));
  AdministerAll(client);
}

TEST_F(DispatchedAdministration, ByASecretWithOctetsThatAreNoAscii) {
  const std::string key = "\x80\xff secret";
  Put("88.118.8/ADMIN", {ValueOf(301, "HS_SECKEY", key, kSecretPermissions)}, acme);
  HandleClient client =
      Client(HandleClientCredentials{.identity = {"88.118.8/ADMIN", 301}, .secret = key});
  AdministerAll(client);
}

TEST_F(DispatchedAdministration, AsksWhetherOneMayBeforeItAsksForTheKey) {
  HandleClientCredentials wrong_key = ByKey();
  wrong_key.key = KeysOfNode().rsa;
  HandleClient client = Client(wrong_key);
  EXPECT_EQ(CodeIn(client.Create("88.118.8/item", WithAdmin())), 403u);
  HandleClientCredentials wrong_secret = BySecret();
  wrong_secret.secret = "guess";
  HandleClient guesser = Client(wrong_secret);
  EXPECT_EQ(CodeIn(guesser.Create("88.118.8/item", WithAdmin())), 403u);
  HandleClientCredentials nobody = wrong_key;
  nobody.identity = {"88.118.9/ADMIN", 300};
  HandleClient stranger_client = Client(nobody);
  EXPECT_EQ(CodeIn(stranger_client.Create("88.118.8/item", WithAdmin())), 400u);
  EXPECT_FALSE(Find("88.118.8/item").ok());
}

TEST_F(DispatchedAdministration, SaysWhatIsWrongBeforeItChallenges) {
  Put("88.118.8/there", {ValueOf(1, "URL", "u")}, acme);
  HandleClient anybody = Client();
  EXPECT_EQ(CodeIn(anybody.Create("88.118.8/there", WithAdmin())), 101u);
  EXPECT_EQ(CodeIn(anybody.Create("88.118.8/new", {ValueOf(0, "URL", "u")})), 202u);
  EXPECT_EQ(
      CodeIn(anybody.Create("88.118.8/new", {ValueOf(1, "URL", "u"), ValueOf(1, "URL", "v")})),
      201u);
  EXPECT_EQ(CodeIn(anybody.Create("77.1/new", WithAdmin())), 301u);
  EXPECT_EQ(CodeIn(anybody.Create("88.118.8/new", WithAdmin())), 402u);
}

TEST_F(DispatchedAdministration, OverwritesAndMintsWhenAskedToAndSaysSo) {
  HandleClient client = Client(ByKey());
  ASSERT_TRUE(
      Is(client.Create("88.118.8/item", WithAdmin(), op_flag::kOverwrite), ResponseCode::kSuccess));
  const auto again = client.Create("88.118.8/item", WithAdmin("other"), op_flag::kOverwrite);
  ASSERT_TRUE(Is(again, ResponseCode::kSuccess));
  EXPECT_TRUE(again->header.has(op_flag::kOverwrite));
  EXPECT_EQ(DataAt("88.118.8/item", 1), "other");

  const auto minted = client.Create("88.118.8/", WithAdmin(), op_flag::kMintNewSuffix);
  ASSERT_TRUE(Is(minted, ResponseCode::kSuccess));
  EXPECT_TRUE(minted->header.has(op_flag::kMintNewSuffix));
  EXPECT_FALSE(minted->header.has(op_flag::kOverwrite));
  const std::string handle(*DecodeCreateResponse(minted->body));
  ASSERT_EQ(handle.size(), 9u + 36u);
  const std::string uuid = handle.substr(9);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  EXPECT_EQ(uuid.find_first_not_of("0123456789abcdef-"), std::string::npos);
  EXPECT_TRUE(Find(handle).ok());
}

TEST_F(DispatchedAdministration, OfAPubliclyWritableValueNeedsNoProof) {
  Put("88.118.8/open", {ValueOf(1, "NOTE", "old", kDefaultPermissions | kPublicWrite)}, acme);
  HandleClient anybody = Client();
  EXPECT_EQ(CodeIn(anybody.Modify("88.118.8/open",
                                  {ValueOf(1, "NOTE", "new", kDefaultPermissions | kPublicWrite)})),
            1u);
  EXPECT_EQ(DataAt("88.118.8/open", 1), "new");
}

TEST_F(DispatchedAdministration, IsCertifiedWhenThatIsAskedFor) {
  HandleClient client = Client(ByKey());
  const auto created = client.Create("88.118.8/item", WithAdmin(),
                                     op_flag::kCertify | op_flag::kReturnRequestDigest);
  ASSERT_TRUE(created.ok()) << created.error().detail;
  EXPECT_TRUE(created->is(ResponseCode::kSuccess));
}

TEST_F(DispatchedAdministration, HomesAndUnhomesPrefixesForAdministratorsOfTheServer) {
  Put("0.NA/88.118", {ValueOf(300, "HS_PUBKEY", PublicKeyOctets(KeyOfAdmin().verifying_key()))},
      op);
  HandleClient stranger_client = Client(ByKey());
  EXPECT_EQ(CodeIn(stranger_client.Home("0.NA/88.118.50")), 400u);

  HandleClient client = Client(HandleClientCredentials{.identity = server, .key = KeyOfAdmin()});
  EXPECT_EQ(CodeIn(client.Home("0.NA/88.118.50")), 1u);
  EXPECT_EQ(CodeIn(client.Home("88.118.50")), 1u) << "again, without a slash";
  const auto homed = client.ListHomed();
  ASSERT_TRUE(homed.ok());
  EXPECT_EQ(homed->handles, (std::vector<std::string>{"0.NA/88.118", "0.NA/88.118.50",
                                                      "0.NA/88.118.8", "0.NA/88.118.9"}));
  EXPECT_EQ(CodeIn(client.Unhome("0.NA/88.118.50")), 1u);
  EXPECT_EQ(client.ListHomed()->handles.size(), 3u);
}

TEST_F(DispatchedAdministration, ListsFiftyHandlesAMessageAndGoesOnPartByPart) {
  constexpr size_t kItems = 32 * 50 + 7;  // One more message than a part has.
  std::vector<std::string> names;
  std::vector<RegisterItem> items;
  for (size_t i = 0; i < kItems; ++i) names.push_back("88.118.8/L" + std::to_string(10'000 + i));
  for (const std::string& name : names) items.push_back(Item(name));
  ASSERT_TRUE(Register(items, acme).status.ok());

  HandleClient client = Client(ByKey());
  const auto list = client.List("0.NA/88.118.8");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->code, 1u);
  ASSERT_EQ(list->handles.size(), kItems + 1) << "and ADMIN";
  EXPECT_EQ(list->handles[0], "88.118.8/ADMIN");
  EXPECT_EQ(list->handles[1], "88.118.8/L10000");
  EXPECT_EQ(list->handles.back(), names.back());
  EXPECT_EQ(wire.parts, 1u + 2u) << "the challenge, and two parts";

  EXPECT_EQ(Client().List("0.NA/88.118.8")->code, 402u);
  HandleClientCredentials nobody = ByKey();
  nobody.identity = {"88.118.9/ADMIN", 300};
  EXPECT_EQ(Client(nobody).List("0.NA/88.118.8")->code, 400u);
}

TEST_F(DispatchedAdministration, ListsNothingInOneMessage) {
  Put("88.118.9/ADMIN", {ValueOf(300, "HS_PUBKEY", PublicKeyOctets(KeyOfAdmin().verifying_key()))},
      other);
  Put("0.NA/88.118.9", {AdminValue(100, kAllPermissions, "88.118.9/ADMIN", 300)}, op);
  HandleClient client =
      Client(HandleClientCredentials{.identity = {"88.118.9/ADMIN", 300}, .key = KeyOfAdmin()});
  std::string body = HandleBody("0.NA/88.118.9");
  const auto derived = client.Ask(OpCode::kListDerivedPrefixes, body, op_flag::kRequestDefault);
  ASSERT_TRUE(derived.ok());
  ASSERT_EQ(derived->size(), 1u);
  EXPECT_TRUE(derived->front().is(ResponseCode::kSuccess));
  EXPECT_EQ(DecodeListResponse(derived->front().body)->size(), 0u);
}

class VerifyForPeers : public DispatcherNode {
 protected:
  // spec/handle-protocol.md 4.7.
  std::shared_ptr<Answered> Verify(std::string_view key, std::string_view handle,
                                   uint32_t index = 301) {
    const std::string nonce(16, 'n'), digest(32, 'd');
    const std::string proof =
        AnswerWithSecret(kHandleVersion, key, nonce, digest, std::string(16, 's'));
    std::string body;
    EncodeVerifyRequest({handle, index, nonce, digest, proof}, body);
    return AskRaw({.op_code = 201, .body = body});
  }
  static bool IsTrue(const Answered& answered) {
    const auto valid = DecodeVerifyResponse(answered.message.body);
    EXPECT_TRUE(valid.ok());
    return valid && *valid;
  }
};

TEST_F(VerifyForPeers, SaysWhetherTheAnswerIsThatOfASecretKeptHere) {
  EXPECT_TRUE(IsTrue(*Verify("secret", "88.118.8/ADMIN")));
  EXPECT_TRUE(IsTrue(*Verify("secret", "88.118.8/ADMIN", 0)));
  EXPECT_FALSE(IsTrue(*Verify("guess", "88.118.8/ADMIN")));
  EXPECT_FALSE(IsTrue(*Verify("secret", "88.118.8/ADMIN", 300)));
  EXPECT_FALSE(IsTrue(*Verify("secret", "88.118.8/nobody")));
}

TEST_F(VerifyForPeers, IsSlowedDownForWhoGuesses) {
  size_t answered = 0;
  while (Verify("guess", "88.118.8/ADMIN")->code == 1) ++answered;
  EXPECT_EQ(answered, costly_limits.secret_guesses.of_network_burst);
  EXPECT_EQ(Verify("secret", "88.118.8/ADMIN")->code, 3u);
  micros += 100'000;
  EXPECT_EQ(Verify("guess", "88.118.8/ADMIN")->code, 1u);
  EXPECT_EQ(Verify("guess", "88.118.8/ADMIN")->code, 3u);
}

TEST_F(VerifyForPeers, CountsWrongAnswersToChallengesAsGuesses) {
  HandleClientCredentials guess = BySecret();
  guess.secret = "guess";
  HandleClient guesser = Client(guess);
  size_t guesses = 0;
  while (CodeIn(guesser.Create("88.118.8/x", {ValueOf(1, "URL", "u")})) == 403u) ++guesses;
  EXPECT_EQ(guesses, costly_limits.secret_guesses.of_network_burst);
  HandleClient knower = Client(BySecret());
  EXPECT_EQ(CodeIn(knower.Create("88.118.8/x", {ValueOf(1, "URL", "u")})), 3u);
  micros += 1'000'000;
  EXPECT_EQ(CodeIn(knower.Create("88.118.8/x", {ValueOf(1, "URL", "u")})), 1u);
}

}  // namespace
}  // namespace idnode
