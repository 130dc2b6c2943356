#include "proto/handle/requests.h"

#include <gtest/gtest.h>

#include "proto/base/limits.h"
#include "proto/handle/message.h"
#include "tests/unit/proto/handle/worked_messages.h"

namespace idnode {
namespace {

std::string BodyOf(const std::string& message) { return std::string(DecodeMessage(message)->body); }

// Every cut of `body` below `needed` octets is malformed; from there on, whatever follows is not
// needed. Each cut is a string of its own, so that a sanitizer sees its end.
template <class Decode>
void ExpectNeeds(const std::string& body, size_t needed, Decode decode) {
  for (size_t size = 0; size <= body.size(); ++size) {
    const std::string cut = body.substr(0, size);
    const auto decoded = decode(cut);
    ASSERT_EQ(decoded.ok(), size >= needed) << size;
    if (decoded) continue;
    EXPECT_EQ(decoded.error().code, Errc::kMalformed);
  }
  EXPECT_TRUE(decode(body + "surplus")) << "tolerated";
}

std::vector<std::string> TextsOf(TextList list) {
  std::vector<std::string> texts;
  for (std::string_view text; list.Next(text);) texts.emplace_back(text);
  return texts;
}

std::string Encoded(const ResolutionQuestion& question) {
  std::string out;
  EncodeResolutionRequest(question, out);
  return out;
}

TEST(ResolutionRequest, AsksForEverything) {
  const std::string body = BodyOf(worked::kResolveAll);
  const auto request = DecodeResolutionRequest(body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->handle, worked::kHandle);
  EXPECT_TRUE(request->selects_all());
  EXPECT_TRUE(request->Selects(7, "URL"));
  EXPECT_EQ(request->token, "");
  EXPECT_EQ(Encoded({worked::kHandle, {}, {}}), body);
  ExpectNeeds(body, body.size(), DecodeResolutionRequest);
}

TEST(ResolutionRequest, AsksForIndexesAndTypes) {
  const std::string body = BodyOf(worked::kResolveSome);
  const auto request = DecodeResolutionRequest(body);
  ASSERT_TRUE(request);
  ASSERT_EQ(request->indexes.size(), 2u);
  EXPECT_EQ(request->indexes[0], 1u);
  EXPECT_EQ(request->indexes[1], 100u);
  EXPECT_EQ(TextsOf(request->types), (std::vector<std::string>{"URL", "EMAIL"}));
  EXPECT_EQ(Encoded({worked::kHandle, {1, 100}, {"URL", "EMAIL"}}), body);
  ExpectNeeds(body, body.size(), DecodeResolutionRequest);
}

TEST(ResolutionRequest, SelectsByIndexOrType) {
  const std::string body = Encoded({"88.1/x", {1, 100}, {"URL", "HS_SITE."}});
  const auto request = DecodeResolutionRequest(body);
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->Selects(100, "EMAIL"));
  EXPECT_TRUE(request->Selects(2, "url"));
  EXPECT_TRUE(request->Selects(2, "HS_SITE"));
  EXPECT_TRUE(request->Selects(2, "hs_site.6"));
  EXPECT_FALSE(request->Selects(2, "URL.cn"));
  EXPECT_FALSE(request->Selects(2, "HS_SITES"));
  EXPECT_FALSE(request->Selects(0, "EMAIL"));
  const ValueFilter filter = request->filter();
  EXPECT_TRUE(filter.Selects(100, "EMAIL"));
  EXPECT_TRUE(filter.Selects(2, "hs_site.6"));
  EXPECT_FALSE(filter.Selects(2, "URL.cn"));
}

TEST(ResolutionRequest, MayCarryTeleinfosToken) {
  const auto empty = DecodeResolutionRequest(DecodeMessage(worked::kResolveAllWithToken)->body);
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->token, "");
  const std::string lists = BodyOf(worked::kResolveAll);
  const std::string with_token = lists + std::string("\0\0\0\3jwt", 7);
  EXPECT_EQ(DecodeResolutionRequest(with_token)->token, "jwt");
  const std::string cut = lists + std::string("\0\0\0\4jwt", 7);
  EXPECT_EQ(DecodeResolutionRequest(cut)->token, "") << "what is no token is surplus";
}

TEST(ResolutionRequest, IsRefusedWithCountsThatCannotFollow) {
  const std::string handle = BodyOf(worked::kDelete);
  for (const std::string_view counts :
       {"ffffffff 00000000", "80000000 00000000", "40000000 00000000", "00000001 00000000",
        "00000000 ffffffff", "00000000 80000000", "00000000 00000001"}) {
    const std::string body = handle + worked::Octets(counts);
    const auto request = DecodeResolutionRequest(body);
    // One index fits into the four octets that follow, but then the types are missing.
    ASSERT_FALSE(request) << counts;
    EXPECT_EQ(request.error().code, Errc::kMalformed);
  }
}

TEST(ResolutionRequest, HasAHandleOfAtMost2048Octets) {
  const std::string longest(2'048, 'h');
  EXPECT_EQ(DecodeResolutionRequest(Encoded({longest, {}, {}}))->handle, longest);
  const std::string body = Encoded({longest + 'h', {}, {}});
  EXPECT_EQ(DecodeResolutionRequest(body).error().code, Errc::kTooLarge);
}

TEST(TextList, EndsAfterItsCount) {
  TextList list;
  std::string_view text;
  EXPECT_FALSE(list.Next(text));
  EXPECT_TRUE(list.empty());
  const std::string octets = worked::Octets("00000000 00000001 78");
  list = TextList(octets, 2);
  EXPECT_EQ(list.size(), 2u);
  EXPECT_TRUE(list.Next(text) && text.empty());
  EXPECT_TRUE(list.Next(text) && text == "x");
  EXPECT_FALSE(list.Next(text));
}

TEST(HandleRequest, IsAHandleAlone) {
  for (const auto& [message, handle] :
       {std::pair{worked::kDelete, worked::kHandle}, std::pair{worked::kHome, worked::kPrefix},
        std::pair{worked::kList, worked::kPrefix},
        std::pair{worked::kGetSite, std::string_view("/")}}) {
    const std::string body = BodyOf(message);
    EXPECT_EQ(*DecodeHandleRequest(body), handle);
    std::string again;
    EncodeHandleRequest(handle, again);
    EXPECT_EQ(again, body);
    ExpectNeeds(body, body.size(), DecodeHandleRequest);
  }
  std::string too_long;
  EncodeHandleRequest(std::string(limits::kIdentifierQueryOctetsMax + 1, 'h'), too_long);
  EXPECT_EQ(DecodeHandleRequest(too_long).error().code, Errc::kTooLarge);
}

TEST(ValuesRequest, OfTheWorkedExamplesIsReadAndWritten) {
  for (const std::string& message : {worked::kCreate, worked::kAdd, worked::kModify}) {
    const std::string body = BodyOf(message);
    const auto request = DecodeValuesRequest(body);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->handle, worked::kHandle);
    EXPECT_EQ(request->values.at(0).data, "http://a.cn/1");
    std::string again;
    EncodeValuesRequest(*request, again);
    EXPECT_EQ(ToHex(again), ToHex(body));
    ExpectNeeds(body, body.size(), DecodeValuesRequest);
  }
  EXPECT_EQ(DecodeValuesRequest(DecodeMessage(worked::kCreate)->body)->values.size(), 2u);
}

TEST(ValuesRequest, ReservesNothingByItsCount) {
  const std::string handle = BodyOf(worked::kDelete);
  EXPECT_FALSE(DecodeValuesRequest(handle + "\xFF\xFF\xFF\xFF"));
  EXPECT_FALSE(DecodeValuesRequest(handle + worked::Octets("00000002") + worked::kUrlValue));
  EXPECT_TRUE(DecodeValuesRequest(handle + std::string(4, '\0'))->values.empty());
}

TEST(RemoveRequest, NamesIndexes) {
  const std::string body = BodyOf(worked::kRemove);
  const auto request = DecodeRemoveRequest(body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->handle, worked::kHandle);
  EXPECT_TRUE(request->indexes.Contains(1) && request->indexes.Contains(2));
  EXPECT_FALSE(request->indexes.Contains(3));
  std::string again;
  EncodeRemoveRequest(worked::kHandle, {1, 2}, again);
  EXPECT_EQ(again, body);
  ExpectNeeds(body, body.size(), DecodeRemoveRequest);
  EXPECT_FALSE(DecodeRemoveRequest(BodyOf(worked::kDelete) + "\x40\0\0\0"));
}

TEST(ChallengeAnswer, CarriesAPasswordAnswer) {
  const std::string body = BodyOf(worked::kAnswer);
  const auto answer = DecodeChallengeAnswer(body);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->type, "HS_SECKEY");
  EXPECT_EQ(answer->handle, worked::kPrefix);
  EXPECT_EQ(answer->index, 301u);
  std::string again;
  EncodeChallengeAnswer(*answer, again);
  EXPECT_EQ(again, body);
  ExpectNeeds(body, body.size(), DecodeChallengeAnswer);

  EXPECT_EQ(answer->signed_response.front(), '\x22');
  const std::string octets(answer->signed_response.substr(1));
  const auto password = DecodePasswordAnswer(octets);
  ASSERT_TRUE(password);
  EXPECT_EQ(ToHex(password->salt), "101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(password->iterations, 10'000u);
  EXPECT_EQ(password->key_bits, 160u);
  EXPECT_EQ(ToHex(password->mac), "ed3eb12620942859676411b62ff049e120a7cd11");
  std::string password_again;
  EncodePasswordAnswer(*password, password_again);
  EXPECT_EQ(password_again, octets);
  ExpectNeeds(octets, octets.size(), DecodePasswordAnswer);
}

Errc PasswordRefusal(size_t salt_octets, uint32_t iterations, uint32_t key_bits,
                     size_t mac_octets) {
  const std::string salt(salt_octets, 's');
  const std::string mac(mac_octets, 'm');
  std::string octets;
  EncodePasswordAnswer({salt, iterations, key_bits, mac}, octets);
  const auto answer = DecodePasswordAnswer(octets);
  return answer ? Errc::kInternal : answer.error().code;
}

TEST(PasswordAnswer, IsRefusedWithParametersThatCostTooMuch) {
  EXPECT_EQ(PasswordRefusal(64, 100'000, 512, 20), Errc::kInternal) << "accepted";
  EXPECT_EQ(PasswordRefusal(65, 100'000, 512, 20), Errc::kTooLarge);
  EXPECT_EQ(PasswordRefusal(64, 100'001, 512, 20), Errc::kTooLarge);
  EXPECT_EQ(PasswordRefusal(64, 100'000, 520, 20), Errc::kTooLarge);
  EXPECT_EQ(PasswordRefusal(16, UINT32_MAX, 160, 20), Errc::kTooLarge);
  EXPECT_EQ(PasswordRefusal(16, 10'000, UINT32_MAX, 20), Errc::kTooLarge);
}

TEST(PasswordAnswer, IsRefusedWithParametersThatProveNothing) {
  EXPECT_EQ(PasswordRefusal(1, 1, 128, 20), Errc::kInternal) << "accepted";
  EXPECT_EQ(PasswordRefusal(0, 1, 128, 20), Errc::kMalformed);
  EXPECT_EQ(PasswordRefusal(1, 0, 128, 20), Errc::kMalformed);
  EXPECT_EQ(PasswordRefusal(1, 1, 0, 20), Errc::kMalformed);
  EXPECT_EQ(PasswordRefusal(1, 1, 8, 20), Errc::kMalformed) << "one guess in 256 would do";
  EXPECT_EQ(PasswordRefusal(1, 1, 120, 20), Errc::kMalformed);
  EXPECT_EQ(PasswordRefusal(1, 1, 161, 20), Errc::kMalformed);
  EXPECT_EQ(PasswordRefusal(1, 1, 128, 0), Errc::kMalformed);
  EXPECT_EQ(PasswordRefusal(1, 1, 128, 19), Errc::kMalformed);
  EXPECT_EQ(PasswordRefusal(1, 1, 128, 21), Errc::kMalformed);
}

TEST(SignatureAnswer, ComesBackAsItWasWritten) {
  std::string octets;
  EncodeSignatureAnswer({"SHA-256", "signature"}, octets);
  EXPECT_EQ(ToHex(octets), "000000075348412d323536000000097369676e6174757265");
  const auto answer = DecodeSignatureAnswer(octets);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->hash_algorithm, "SHA-256");
  EXPECT_EQ(answer->signature, "signature");
  ExpectNeeds(octets, octets.size(), DecodeSignatureAnswer);
}

TEST(VerifyRequest, IsReadInBothFormsOfItsDigest) {
  const std::string body = BodyOf(worked::kVerify);
  const auto request = DecodeVerifyRequest(body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->handle, worked::kPrefix);
  EXPECT_EQ(request->index, 301u);
  EXPECT_EQ(ToHex(request->nonce), "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(request->digest.size(), 32u);
  EXPECT_EQ(request->signed_response.size(), 53u);
  std::string again;
  EncodeVerifyRequest(*request, again);
  EXPECT_EQ(again, body);
  ExpectNeeds(body, body.size(), DecodeVerifyRequest);

  std::string typed = body;
  typed.replace(17 + 4 + 20, 4, "\x03");  // The length of the digest gives way to its algorithm.
  const auto of_typed = DecodeVerifyRequest(typed);
  ASSERT_TRUE(of_typed);
  EXPECT_EQ(of_typed->digest, request->digest);
  EXPECT_EQ(of_typed->signed_response, request->signed_response);
  ExpectNeeds(typed, typed.size(), DecodeVerifyRequest);
  typed[17 + 4 + 20] = '\x04';
  EXPECT_FALSE(DecodeVerifyRequest(typed)) << "no such algorithm";
}

TEST(SessionSetupRequest, OfDiffieHellmanIsReadAndWritten) {
  const std::string body = BodyOf(worked::kSessionSetup);
  const auto request = DecodeSessionSetupRequest(body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->mode, 4);
  EXPECT_EQ(request->timeout, 86'400u);
  EXPECT_EQ(request->identity_handle, worked::kPrefix);
  EXPECT_EQ(request->identity_index, 300u);
  EXPECT_EQ(ToHex(request->exchange_key), "aabbccdd");
  std::string again;
  EncodeSessionSetupRequest(*request, again);
  EXPECT_EQ(ToHex(again), ToHex(body));
  ExpectNeeds(body, body.size() - 2, DecodeSessionSetupRequest);
}

TEST(SessionSetupRequest, OfTheOtherModesHasTheirFields) {
  for (const uint16_t mode : {1, 2, 3, 4}) {
    SessionSetupRequest written{.mode = mode, .timeout = 60};
    if (mode == 1 || mode == 4) written.exchange_key = "key";
    if (mode == 3) written.key_handle = "88.111.1/admin";
    if (mode == 3) written.key_index = 300;
    std::string body;
    EncodeSessionSetupRequest(written, body);
    const auto read = DecodeSessionSetupRequest(body);
    ASSERT_TRUE(read) << mode;
    EXPECT_EQ(read->mode, mode);
    EXPECT_EQ(read->identity_handle, "");
    EXPECT_EQ(read->identity_index, kNoIdentityIndex);
    EXPECT_EQ(read->exchange_key, written.exchange_key);
    EXPECT_EQ(read->key_handle, written.key_handle);
    EXPECT_EQ(read->key_index, written.key_index);
    ExpectNeeds(body, body.size() - 2, DecodeSessionSetupRequest);
  }
  for (const uint16_t mode : {0, 5, 0xFFFF}) {
    std::string body;
    EncodeSessionSetupRequest({.mode = mode}, body);
    EXPECT_EQ(DecodeSessionSetupRequest(body).error().code, Errc::kMalformed) << mode;
  }
}

TEST(ExchangeKeyRequest, IsAKeyAlone) {
  const std::string body = worked::Octets("00000003 6b6579");
  EXPECT_EQ(*DecodeExchangeKeyRequest(body), "key");
  ExpectNeeds(body, body.size(), DecodeExchangeKeyRequest);
}

TEST(LoginRequest, OfTeleinfoNamesAUser) {
  const std::string body = BodyOf(worked::kLogin);
  const auto request = DecodeLoginRequest(body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->handle, "88.111.1/admin");
  EXPECT_EQ(request->index, 300u);
  std::string again;
  EncodeLoginRequest(*request, again);
  EXPECT_EQ(again, body);
  ExpectNeeds(body, body.size(), DecodeLoginRequest);
}

}  // namespace
}  // namespace idnode
