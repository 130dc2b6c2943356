#include "proto/handle/responses.h"

#include <gtest/gtest.h>

#include "proto/handle/message.h"
#include "proto/record/structured.h"
#include "tests/unit/proto/handle/worked_messages.h"

namespace idnode {
namespace {

std::string BodyOf(const std::string& message) { return std::string(DecodeMessage(message)->body); }

// Every cut of `body` below `needed` octets is malformed, but for an empty one where `may_lack`.
template <class Decode>
void ExpectNeeds(const std::string& body, size_t needed, Decode decode, bool may_lack = false) {
  for (size_t size = 0; size <= body.size(); ++size) {
    const std::string cut = body.substr(0, size);
    const auto decoded = decode(cut);
    ASSERT_EQ(decoded.ok(), size >= needed || (size == 0 && may_lack)) << size;
    if (decoded) continue;
    EXPECT_EQ(decoded.error().code, Errc::kMalformed);
  }
  EXPECT_TRUE(decode(body + "surplus")) << "tolerated";
}

TEST(RequestDigest, StandsBeforeTheWorkedChallenge) {
  const std::string body = BodyOf(worked::kChallenge);
  std::string_view left = body;
  const auto digest = TakeRequestDigest(left);
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->algorithm, DigestAlgorithm::kSha256);
  EXPECT_EQ(ToHex(digest->octets),
            "2163f44105180734123bc3b65e1d1face3334d1e3ce43ac61406baf30b312e00");
  const auto nonce = DecodeChallenge(left);
  ASSERT_TRUE(nonce);
  EXPECT_EQ(ToHex(*nonce), "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(nonce->size(), kNonceOctets);
  ExpectNeeds(std::string(left), left.size(), DecodeChallenge);

  std::string again;
  AppendRequestDigest(*digest, again);
  EncodeChallenge(*nonce, again);
  EXPECT_EQ(again, body);
}

TEST(RequestDigest, IsTakenInEveryForm) {
  const std::string octets(40, 'd');
  for (const auto& [front, algorithm, size] :
       {std::tuple{std::string("\x01"), DigestAlgorithm::kMd5, 16u},
        std::tuple{std::string("\x02"), DigestAlgorithm::kSha1, 20u},
        std::tuple{std::string("\x03"), DigestAlgorithm::kSha256, 32u},
        std::tuple{std::string("\0\0\0\x10", 4), DigestAlgorithm::kMd5, 16u}}) {
    const std::string body = front + octets;
    std::string_view left = body;
    const auto digest = TakeRequestDigest(left);
    ASSERT_TRUE(digest);
    EXPECT_EQ(digest->algorithm, algorithm);
    EXPECT_EQ(digest->octets.size(), size);
    EXPECT_EQ(left.size(), octets.size() - size);
    for (size_t cut = 0; cut < front.size() + size; ++cut) {
      const std::string part = body.substr(0, cut);
      std::string_view kept = part;
      EXPECT_FALSE(TakeRequestDigest(kept));
      EXPECT_EQ(kept.size(), cut) << "a refusal takes nothing";
    }
  }
  std::string_view unknown = "\x04 and some more octets than any digest has";
  EXPECT_EQ(TakeRequestDigest(unknown).error().code, Errc::kMalformed);
}

TEST(ResolutionResponse, OfTheWorkedExampleIsReadAndWritten) {
  const std::string body = BodyOf(worked::kResolved);
  const auto response = DecodeResolutionResponse(body);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->handle, worked::kHandle);
  ASSERT_EQ(response->values.size(), 2u);
  EXPECT_EQ(response->values[0].type, "URL");
  EXPECT_EQ(response->values[1].index, 100u);
  EXPECT_EQ(DecodeAdmin(response->values[1].data)->handle, worked::kPrefix);
  std::string again;
  EncodeResolutionResponse(*response, again);
  EXPECT_EQ(ToHex(again), ToHex(body));
  ExpectNeeds(body, body.size(), DecodeResolutionResponse);
}

TEST(ResolutionResponse, MayBePutTogetherFromValuesThatAreEncodedAlready) {
  std::string body(worked::Octets("00000010") + std::string(worked::kHandle));
  AppendValueCount(2, body);
  body += worked::kUrlValue + worked::kAdminValue;
  EXPECT_EQ(body, BodyOf(worked::kResolved));
}

TEST(CreateResponse, NamesTheHandleOrNothing) {
  const std::string body = BodyOf(worked::kCreated);
  std::string_view left = body;
  ASSERT_TRUE(TakeRequestDigest(left));
  EXPECT_EQ(*DecodeCreateResponse(left), worked::kHandle);
  std::string again;
  EncodeCreateResponse(worked::kHandle, again);
  EXPECT_EQ(again, left);
  EXPECT_EQ(*DecodeCreateResponse(""), "") << "older servers";
  ExpectNeeds(again, again.size(), DecodeCreateResponse, /*may_lack=*/true);
}

TEST(ListResponse, OfTheWorkedExampleIsReadAndWritten) {
  const std::string body = BodyOf(worked::kListed);
  const auto handles = DecodeListResponse(body);
  ASSERT_TRUE(handles);
  EXPECT_EQ(*handles, (std::vector<std::string_view>{"88.888.1/A", "88.888.1/B"}));
  std::string again;
  EncodeListResponse(*handles, again);
  EXPECT_EQ(again, body);
  ExpectNeeds(body, body.size(), DecodeListResponse);
  EXPECT_TRUE(DecodeListResponse(std::string(4, '\0'))->empty());
  EXPECT_FALSE(DecodeListResponse("\xFF\xFF\xFF\xFF")) << "reserves nothing by its count";
}

TEST(VerifyResponse, IsOneBit) {
  const std::string body = BodyOf(worked::kVerified);
  std::string_view left = body;
  ASSERT_TRUE(TakeRequestDigest(left));
  EXPECT_TRUE(*DecodeVerifyResponse(left));
  EXPECT_FALSE(*DecodeVerifyResponse(std::string(1, '\0')));
  EXPECT_FALSE(*DecodeVerifyResponse("\xFE"));
  EXPECT_FALSE(DecodeVerifyResponse(""));
  std::string valid;
  EncodeVerifyResponse(true, valid);
  std::string wrong;
  EncodeVerifyResponse(false, wrong);
  EXPECT_EQ(valid, left);
  EXPECT_EQ(wrong, std::string(1, '\0'));
}

TEST(SessionSetupResponse, OfTheWorkedExampleIsReadAndWritten) {
  const std::string body = BodyOf(worked::kSessionIsSetUp);
  const auto response = DecodeSessionSetupResponse(body);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->mode, 4);
  EXPECT_EQ(ToHex(response->data), "00000003aabb");
  std::string again;
  EncodeSessionSetupResponse(*response, again);
  EXPECT_EQ(again, body);
  ExpectNeeds(body, body.size() - 2, DecodeSessionSetupResponse);
}

TEST(ReferralResponse, NamesAHandleOrCarriesValues) {
  const std::string service = BodyOf(worked::kServiceReferral);
  const auto of_service = DecodeReferralResponse(service);
  ASSERT_TRUE(of_service);
  EXPECT_EQ(of_service->handle, "88.888.1/svc");
  EXPECT_TRUE(of_service->values.empty());
  const std::string prefix = BodyOf(worked::kPrefixReferral);
  const auto of_prefix = DecodeReferralResponse(prefix);
  ASSERT_TRUE(of_prefix);
  EXPECT_EQ(of_prefix->handle, "");
  ASSERT_EQ(of_prefix->values.size(), 1u);
  EXPECT_EQ(of_prefix->values[0].type, "URL");
  std::string again;
  EncodeReferralResponse(*of_service, again);
  EXPECT_EQ(again, service);
  again.clear();
  EncodeReferralResponse(*of_prefix, again);
  EXPECT_EQ(again, prefix);
}

TEST(ReferralResponse, IsRefusedWhereverItIsCutShortButBetweenItsFields) {
  const std::string body = BodyOf(worked::kPrefixReferral);
  for (size_t size = 0; size < body.size(); ++size) {
    const std::string cut = body.substr(0, size);
    EXPECT_EQ(DecodeReferralResponse(cut).ok(), size == 4) << size;
  }
}

TEST(ErrorResponse, IsATextThatMayLack) {
  const std::string body = BodyOf(worked::kNotHomed);
  EXPECT_EQ(*DecodeErrorResponse(body), "prefix not homed here");
  EXPECT_EQ(*DecodeErrorResponse(BodyOf(worked::kNotFound)), "");
  EXPECT_EQ(*DecodeErrorResponse(""), "");
  std::string again;
  EncodeErrorResponse("prefix not homed here", again);
  EXPECT_EQ(again, body);
  ExpectNeeds(body, body.size(), DecodeErrorResponse, /*may_lack=*/true);
}

TEST(Site, OfTheWorkedExampleIsReadAndWritten) {
  const auto site = DecodeSite(worked::kSite);
  ASSERT_TRUE(site);
  EXPECT_EQ(site->serial, 1);
  std::string again;
  EncodeSite(*site, again);
  EXPECT_EQ(again, worked::kSite);
}

}  // namespace
}  // namespace idnode
