// Our encoder at work for a test that holds it against that of another implementation
// (EncoderTest.java): one message a line, in hexadecimal, its envelope in front.
//
//   handle_octets make            one message of every type, made from its fields
//   handle_octets corpus FOLDER   the valid messages and bodies of tests/fuzz/corpus
//   handle_octets again           reads such lines; each is decoded, and encoded again
//
// The first two write "name octets".

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "proto/base/text.h"
#include "proto/handle/codes.h"
#include "proto/handle/message.h"
#include "proto/handle/requests.h"
#include "proto/handle/responses.h"
#include "proto/record/value.h"

namespace idnode {
namespace {

constexpr uint32_t kExpiration = 0x60000000;
constexpr uint32_t kUsual = 0x19000000, kWithDigest = 0x19800000;

std::string Wrap(Header header, std::string_view body, std::string_view credential = {}) {
  header.expiration = kExpiration;
  std::string message;
  EncodeMessage(header, body, credential, message);
  Envelope envelope;
  envelope.version = kHandleVersion;
  envelope.request_id = 0x01020304;
  envelope.message_octets = static_cast<uint32_t>(message.size());
  std::string out;
  EncodeEnvelope(envelope, out);
  return out + message;
}

Header HeaderOf(uint32_t op_code, uint32_t response_code = 0, uint32_t flags = kUsual) {
  Header header;
  header.op_code = op_code;
  header.response_code = response_code;
  header.flags = flags;
  header.site_serial = 1;
  return header;
}

void Say(std::string_view name, std::string_view octets) {
  std::cout << name << ' ' << ToHex(octets) << '\n';
}

// What a body is, by codes and flags.
template <class Decode, class Encode>
Status Renew(std::string_view body, Decode decode, Encode encode, std::string& out) {
  const auto decoded = decode(body);
  if (!decoded) return decoded.error();
  encode(*decoded, out);
  return {};
}

void EncodeResolution(const ResolutionRequest& request, std::string& out) {
  ResolutionQuestion question{request.handle, {}, {}};
  for (size_t i = 0; i < request.indexes.size(); ++i) {
    question.indexes.push_back(request.indexes[i]);
  }
  TextList left = request.types;
  for (std::string_view type; left.Next(type);) question.types.push_back(type);
  EncodeResolutionRequest(question, out);
}

void EncodeRemove(const RemoveRequest& request, std::string& out) {
  std::vector<uint32_t> indexes;
  for (size_t i = 0; i < request.indexes.size(); ++i) indexes.push_back(request.indexes[i]);
  EncodeRemoveRequest(request.handle, indexes, out);
}

Status RenewRequest(uint32_t op_code, std::string_view body, std::string& out) {
  switch (op_code) {
    case 1:
      return Renew(body, DecodeResolutionRequest, EncodeResolution, out);
    case 100:
    case 102:
    case 104:
      return Renew(body, DecodeValuesRequest, EncodeValuesRequest, out);
    case 103:
      return Renew(body, DecodeRemoveRequest, EncodeRemove, out);
    case 200:
      return Renew(body, DecodeChallengeAnswer, EncodeChallengeAnswer, out);
    case 201:
      return Renew(body, DecodeVerifyRequest, EncodeVerifyRequest, out);
    case 400:
      return Renew(body, DecodeSessionSetupRequest, EncodeSessionSetupRequest, out);
    case 402:
      return Renew(body, DecodeExchangeKeyRequest, EncodeHandleRequest, out);
    case 2001:
      return Renew(body, DecodeLoginRequest, EncodeLoginRequest, out);
    default:
      return Renew(body, DecodeHandleRequest, EncodeHandleRequest, out);
  }
}

Status RenewSuccess(uint32_t op_code, std::string_view body, std::string& out) {
  switch (op_code) {
    case 1:
      return Renew(body, DecodeResolutionResponse, EncodeResolutionResponse, out);
    case 2:  // A site record, without any length.
      out.append(body);
      return {};
    case 100:
      if (body.empty()) return {};
      return Renew(body, DecodeCreateResponse, EncodeCreateResponse, out);
    case 105:
    case 302:
      return Renew(body, DecodeListResponse, EncodeListResponse, out);
    case 201:
      return Renew(body, DecodeVerifyResponse, EncodeVerifyResponse, out);
    case 400:
      return Renew(body, DecodeSessionSetupResponse, EncodeSessionSetupResponse, out);
    default:
      return body.empty() ? Status() : Error{Errc::kMalformed, "a success has no body"};
  }
}

Status RenewBody(const MessageView& message, std::string& out) {
  const Header& header = message.header;
  if (header.response_code == 0) return RenewRequest(header.op_code, message.body, out);
  std::string_view body = message.body;
  if (header.has(op_flag::kReturnRequestDigest)) {
    const auto digest = TakeRequestDigest(body);
    if (!digest) return digest.error();
    AppendRequestDigest(*digest, out);
  }
  switch (header.response_code) {
    case 1:
      return RenewSuccess(header.op_code, body, out);
    case 302:
    case 303:
      return Renew(body, DecodeReferralResponse, EncodeReferralResponse, out);
    case 402:
      return Renew(body, DecodeChallenge, EncodeChallenge, out);
    default:
      return Renew(body, DecodeErrorResponse, EncodeErrorResponse, out);
  }
}

Result<std::string> Again(std::string_view octets) {
  if (octets.size() < kEnvelopeOctets) return Error{Errc::kMalformed, "no envelope"};
  Envelope envelope = DecodeEnvelope(octets);
  const auto message = DecodeMessage(octets.substr(kEnvelopeOctets));
  if (!message) return message.error();
  std::string body, encoded, out;
  if (const Status renewed = RenewBody(*message, body); !renewed) return renewed.error();
  EncodeMessage(message->header, body, message->credential, encoded);
  envelope.message_octets = static_cast<uint32_t>(encoded.size());
  EncodeEnvelope(envelope, out);
  return out + encoded;
}

int AllAgain() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto octets = FromHex(line);
    if (!octets) return 1;
    const auto again = Again(*octets);
    std::cout << (again ? ToHex(*again) : "refused: " + std::string(again.error().detail))
              << std::endl;  // The reader waits for each.
  }
  return 0;
}

// What the bodies in the corpus are, by their files' names.
struct Named {
  std::string_view file;
  uint32_t op_code, response_code = 0, flags = kUsual;
};
constexpr Named kBodies[] = {
    {"handle_requests/add", 102},
    {"handle_requests/answer", 200},
    {"handle_requests/create", 100},
    {"handle_requests/delete", 101},
    {"handle_requests/login", 2001},
    {"handle_requests/remove", 103},
    {"handle_requests/resolve_all", 1},
    {"handle_requests/resolve_some", 1},
    {"handle_requests/resolve_with_token", 1},
    {"handle_requests/session_setup", 400},
    {"handle_requests/session_setup_key_in_handle", 400},
    {"handle_requests/verify", 201},
    {"handle_requests/verify_typed_digest", 201},
    {"handle_responses/challenge", 1, 402, kWithDigest},
    {"handle_responses/created", 100, 1, kWithDigest},
    {"handle_responses/listed", 105, 1},
    {"handle_responses/not_homed", 1, 301},
    {"handle_responses/old_digest", 1, 301, kWithDigest},
    {"handle_responses/prefix_referral", 1, 303},
    {"handle_responses/resolved", 1, 1},
    {"handle_responses/service_referral", 1, 302},
    {"handle_responses/session_is_set_up", 400, 1},
    {"handle_responses/verified", 201, 1, kWithDigest},
};
constexpr std::string_view kMessages[] = {"handle_message/challenge", "handle_message/resolve_all",
                                          "handle_message/login_without_credential",
                                          "handle_message/resolved", "handle_message/with_mac"};

std::string ReadWhole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::cerr << "handle_octets: cannot read " << path << '\n';
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

int Corpus(const std::string& folder) {
  for (const Named& each : kBodies) {
    const std::string body = ReadWhole(folder + "/" + std::string(each.file));
    Say(each.file, Wrap(HeaderOf(each.op_code, each.response_code, each.flags), body));
  }
  for (const std::string_view file : kMessages) {
    std::string octets = ReadWhole(folder + "/" + std::string(file));
    if (octets.front() != kHandleVersion.major) {  // Without an envelope.
      const auto message = DecodeMessage(octets);
      Require(message.ok());
      octets = Wrap(message->header, message->body, message->credential);
    }
    Say(file, octets);
  }
  return 0;
}

template <class T, class Encode>
std::string BodyOf(const T& value, Encode encode) {
  std::string body;
  encode(value, body);
  return body;
}

constexpr std::string_view kHandle = "88.888.1/item001", kPrefix = "0.NA/88.888.1";

std::vector<Value> SomeValues() {
  return {{.index = 1, .timestamp = 7, .type = "URL", .data = "http://a.cn/1", .references = {}},
          {.index = 2,
           .timestamp = 0xFFFFFFFF,
           .ttl_absolute = true,
           .ttl = 0x70000000,
           .permissions = 0,
           .type = "水壶",
           .data = std::string_view("\0\xFF", 2),
           .references = {{kHandle, 1}, {"", 0}}},
          {.index = 0x7FFFFFFF, .type = "EMPTY", .data = "", .references = {}}};
}

void MakeRequests() {
  const auto request = [](std::string_view name, uint32_t op_code, const std::string& body) {
    Say(name, Wrap(HeaderOf(op_code), body));
  };
  const auto with_handle = BodyOf(kPrefix, EncodeHandleRequest);
  const ValuesRequest values{kHandle, SomeValues()};
  request("resolution", 1,
          BodyOf(ResolutionQuestion{kHandle, {1, 0xFFFFFFFF}, {"URL", "HS_SITE."}},
                 EncodeResolutionRequest));
  for (const uint32_t op_code : {2u, 101u, 105u, 300u, 301u, 302u, 401u}) {
    request("operation-" + std::to_string(op_code), op_code, with_handle);
  }
  for (const uint32_t op_code : {100u, 102u, 104u}) {
    request("operation-" + std::to_string(op_code), op_code, BodyOf(values, EncodeValuesRequest));
  }
  std::string removal;
  EncodeRemoveRequest(kHandle, {1, 2, 300}, removal);
  request("remove", 103, removal);
  request("answer", 200,
          BodyOf(ChallengeAnswer{"HS_SECKEY", kPrefix, 301, "proof"}, EncodeChallengeAnswer));
  request("verify", 201,
          BodyOf(VerifyRequest{kPrefix, 301, std::string(16, 'n'), std::string(32, 'd'), "proof"},
                 EncodeVerifyRequest));
  request("session", 400,
          BodyOf(SessionSetupRequest{.identity_handle = kPrefix,
                                     .identity_index = 300,
                                     .exchange_key = "key",
                                     .key_handle = {}},
                 EncodeSessionSetupRequest));
}

void MakeResponses() {
  const auto response = [](std::string_view name, uint32_t op_code, uint32_t code,
                           const std::string& body) {
    Say(name, Wrap(HeaderOf(op_code, code, 0x99000000), body));
    const RequestDigest digest{DigestAlgorithm::kSha256, "0123456789abcdef0123456789abcdef"};
    std::string with_digest;
    AppendRequestDigest(digest, with_digest);
    Say(std::string(name) + "-with-digest",
        Wrap(HeaderOf(op_code, code, 0x99800000), with_digest + body));
  };
  const std::string nonce(kNonceOctets, 'n');
  response("resolved", 1, 1,
           BodyOf(ResolutionResponse{kHandle, SomeValues()}, EncodeResolutionResponse));
  response("created", 100, 1, BodyOf(kHandle, EncodeCreateResponse));
  for (const uint32_t op_code : {101u, 102u, 103u, 104u, 300u, 301u, 401u}) {
    response("done-" + std::to_string(op_code), op_code, 1, {});
  }
  for (const uint32_t op_code : {105u, 302u}) {
    response("list-" + std::to_string(op_code), op_code, 1,
             BodyOf(std::vector<std::string_view>{kHandle, "88.888.1/É", ""}, EncodeListResponse));
  }
  response("verified", 201, 1, BodyOf(true, EncodeVerifyResponse));
  response("not-verified", 201, 1, BodyOf(false, EncodeVerifyResponse));
  response("challenge", 100, 402, BodyOf(std::string_view(nonce), EncodeChallenge));
  response("session-is-set-up", 400, 1,
           BodyOf(SessionSetupResponse{4, "key"}, EncodeSessionSetupResponse));
  for (const uint32_t code : {302u, 303u}) {
    response("referral-" + std::to_string(code), 1, code,
             BodyOf(ReferralResponse{"", SomeValues()}, EncodeReferralResponse));
  }
  for (const uint32_t code : {2u,   3u,   4u,   5u,   6u,   7u,   100u, 101u, 102u, 200u, 201u,
                              202u, 301u, 400u, 401u, 403u, 404u, 406u, 500u, 501u, 505u}) {
    response("refusal-" + std::to_string(code), 1, code,
             BodyOf(std::string_view("why 为什么"), EncodeErrorResponse));
  }
}

int Make() {
  MakeRequests();
  MakeResponses();
  return 0;
}

}  // namespace
}  // namespace idnode

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "make" && argc == 2) return idnode::Make();
  if (what == "corpus" && argc == 3) return idnode::Corpus(argv[2]);
  if (what == "again" && argc == 2) return idnode::AllAgain();
  std::cerr << "handle_octets make | corpus FOLDER | again\n";
  return 64;
}
