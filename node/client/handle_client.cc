#include "node/client/handle_client.h"

#include <algorithm>
#include <utility>

#include "node/client/handle_client_session.h"
#include "proto/base/writer.h"
#include "proto/crypto/cipher.h"
#include "proto/crypto/digest.h"
#include "proto/handle/challenge.h"
#include "proto/handle/credential.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

constexpr size_t kBlockOctets = 16;
constexpr size_t kSaltOctets = 16;
constexpr uint32_t kChallengesMax = 2;  // Of one request, as stock clients accept (5.3).

Error Forged(std::string_view detail) { return {Errc::kForged, detail}; }

// Unlike administration, lists go outside the session (4.6), as answers to challenges do.
bool GoesInSession(OpCode op_code) {
  return op_code != OpCode::kListHandles && op_code != OpCode::kListHomedPrefixes &&
         op_code != OpCode::kListDerivedPrefixes && op_code != OpCode::kSessionSetup;
}

}  // namespace

// A request before it is signed and encrypted, which is done anew each time it is sent.
struct HandleClient::Sent {
  OpCode op_code = OpCode::kResolution;
  Envelope envelope;
  std::string header_and_body;  // What its digest covers.
  bool in_session = false;
  bool encrypted = false;
  bool certified = false;
  bool with_mac = false;
};

HandleClient::HandleClient(HandleChannels channels, HandleClientOptions options)
    : channels_(std::move(channels)), options_(std::move(options)) {}
HandleClient::~HandleClient() = default;
HandleClient::HandleClient(HandleClient&&) noexcept = default;
HandleClient& HandleClient::operator=(HandleClient&&) noexcept = default;

void HandleClient::UseCredentials(std::optional<HandleClientCredentials> credentials) {
  options_.credentials = std::move(credentials);
}

void HandleClient::Reconnect(HandleChannels channels) {
  tcp_.reset();
  channels_ = std::move(channels);
}

uint32_t HandleClient::session_id() const { return session_ ? session_->id : 0; }

uint32_t HandleClient::RandomId() {
  const std::string octets = options_.random(4);
  return Reader(octets).U32() & 0x7FFFFFFF;
}

std::string HandleClient::Compose(const Sent& sent) {
  std::string credential;
  if (sent.with_mac) {
    const uint32_t counter = ++session_->counter;
    std::string octets;
    AppendAuthenticatedOctets(sent.envelope, counter, sent.header_and_body, octets);
    const auto mac = MacOf("sha256", session_->key, octets);
    EncodeCredential({counter, kMacCredential, "HMAC-SHA256", mac ? *mac : std::string()},
                     credential);
  }
  std::string message = sent.header_and_body;
  Writer(message).Text32(credential);
  Envelope envelope = sent.envelope;
  if (sent.encrypted) {
    std::string octets = options_.random(kBlockOctets);
    const auto cipher = EncryptCbc(CbcCipher::kAes128, session_->cipher_key(), octets, message);
    message = octets.append(cipher ? *cipher : std::string());
    envelope.encrypted = true;
  }
  envelope.message_octets = static_cast<uint32_t>(message.size());
  std::string whole;
  EncodeEnvelope(envelope, whole);
  return whole.append(message);
}

Status HandleClient::CheckCertificate(const Envelope& envelope, const MessageView& message) const {
  const auto credential = DecodeCredential(message.credential);
  if (!credential) return Forged("the answer is not certified");
  std::string octets;
  AppendAuthenticatedOctets(envelope, credential->session_counter, message.header_and_body, octets);
  if (credential->type == kMacCredential && session_ && envelope.session_id == session_->id) {
    const auto mac = MacOf("sha256", session_->key, octets);
    return mac && EqualSecret(*mac, credential->value) ? Status() : Forged("the MAC is wrong");
  }
  if (credential->type != kSignedCredential || !options_.server_key) {
    return Forged("nothing to hold the certificate against");
  }
  const std::array<std::string_view, 1> parts{octets};
  const bool valid = options_.server_key->Verify("sha256", parts, credential->value);
  return valid ? Status() : Forged("the signature is wrong");
}

// `request` is what the answer answers: `sent`, or what a challenge had held up.
Result<HandleAnswer> HandleClient::Read(std::string_view octets, const Sent& sent,
                                        const Sent& request) {
  HandleAnswer answer;
  answer.envelope = DecodeEnvelope(octets);
  if (answer.envelope.request_id != sent.envelope.request_id) {
    return Forged("the answer is to another request");
  }
  std::string plain(octets.substr(kEnvelopeOctets));
  if (answer.envelope.encrypted) {
    if (!session_ || plain.size() < kBlockOctets) return Forged("encrypted outside of a session");
    auto opened = DecryptCbc(CbcCipher::kAes128, session_->cipher_key(),
                             std::string_view(plain).substr(0, kBlockOctets),
                             std::string_view(plain).substr(kBlockOctets));
    if (!opened) return opened.error();
    plain = std::move(*opened);
  }
  const auto message = DecodeMessage(plain);
  if (!message) return message.error();
  answer.header = message->header;
  answer.code = message->header.response_code;
  if (request.certified) {
    if (auto checked = CheckCertificate(answer.envelope, *message); !checked) {
      return checked.error();
    }
  }
  std::string_view body = message->body;
  if (answer.header.has(op_flag::kReturnRequestDigest)) {
    const auto digest = TakeRequestDigest(body);
    if (!digest) return digest.error();
    const auto own = DigestOf(NameOf(digest->algorithm), request.header_and_body);
    if (!own || *own != digest->octets) return Forged("the digest is of another request");
  }
  answer.body = body;
  return answer;
}

Result<std::vector<HandleAnswer>> HandleClient::ExchangeOver(HandleChannel& channel,
                                                             const Sent& sent, const Sent& request,
                                                             uint32_t millis) {
  if (auto done = channel.Send(Compose(sent)); !done) return done.error();
  // Only lists have more than one, so that no server keeps us for good with the others.
  const OpCodeRow* const row = FindOpCode(static_cast<uint32_t>(request.op_code));
  const bool may_go_on = row != nullptr && row->needs_connection;
  std::vector<HandleAnswer> answers;
  do {
    const auto octets = channel.Receive(millis);
    if (!octets) return octets.error();
    auto answer = Read(*octets, sent, request);
    if (!answer) return answer.error();
    answers.push_back(std::move(*answer));
  } while (may_go_on && answers.back().header.has(op_flag::kContinuous));
  return answers;
}

Result<std::vector<HandleAnswer>> HandleClient::Exchange(const Sent& sent, const Sent& request) {
  const OpCodeRow* const row = FindOpCode(static_cast<uint32_t>(sent.op_code));
  const bool over_udp = channels_.udp && !(row != nullptr && row->needs_connection);
  if (over_udp) {
    auto channel = channels_.udp();
    for (size_t i = 0; channel && i < options_.udp_millis.size(); ++i) {
      auto answers = ExchangeOver(**channel, sent, request, options_.udp_millis[i]);
      if (answers || answers.error().code == Errc::kForged) return answers;
      if (answers.error().code != Errc::kTimeout) break;
    }
  }
  if (!channels_.tcp) return Error{Errc::kTimeout, "the server does not answer"};
  // A connection that was kept may have been closed meanwhile: then a new one, once.
  const bool was_open = tcp_ != nullptr;
  for (int attempt = 0; attempt < (was_open ? 2 : 1); ++attempt) {
    if (!tcp_) {
      auto opened = channels_.tcp();
      if (!opened) return opened.error();
      tcp_ = std::move(*opened);
    }
    auto answers = ExchangeOver(*tcp_, sent, request, options_.tcp_millis);
    if (answers) return answers;
    tcp_.reset();
    if (answers.error().code != Errc::kUnavailable || attempt > 0 || !was_open) return answers;
  }
  return Error{Errc::kUnavailable, "the server cannot be reached"};
}

Result<std::vector<HandleAnswer>> HandleClient::AnswerChallenge(const Sent& request,
                                                                HandleAnswer challenge) {
  const HandleClientCredentials& who = *options_.credentials;
  const std::string_view algorithm = NameOf(DigestAlgorithmOf(challenge.envelope.version));
  const auto digest = DigestOf(algorithm, request.header_and_body);
  const auto nonce = DecodeChallenge(challenge.body);
  if (!nonce || !digest) return Error{Errc::kMalformed, "the challenge is malformed"};
  std::string proof;
  if (who.key) {
    proof = AnswerWithKey(*who.key, who.identity.handle, *nonce, *digest);
  } else {
    proof = AnswerWithSecret(challenge.envelope.version, who.secret, *nonce, *digest,
                             options_.random(kSaltOctets));
  }
  std::string body;
  EncodeChallengeAnswer(
      {who.key ? "HS_PUBKEY" : "HS_SECKEY", who.identity.handle, who.identity.index, proof}, body);
  Sent answer{.op_code = OpCode::kChallengeAnswer, .envelope = request.envelope};
  answer.envelope.session_id = challenge.envelope.session_id;
  answer.envelope.request_id = RandomId();
  Header header{.op_code = static_cast<uint32_t>(OpCode::kChallengeAnswer)};
  EncodeMessage(header, body, {}, answer.header_and_body);
  answer.header_and_body.resize(kHeaderOctets + body.size());
  return Exchange(answer, request);
}

Result<std::vector<HandleAnswer>> HandleClient::Converse(const Sent& request) {
  auto answers = Exchange(request, request);
  for (uint32_t i = 0; i < kChallengesMax; ++i) {
    const bool is_challenge =
        answers && answers->size() == 1 && answers->front().is(ResponseCode::kAuthenticationNeeded);
    if (!is_challenge || !options_.credentials) break;
    answers = AnswerChallenge(request, std::move(answers->front()));
  }
  return answers;
}

Result<std::vector<HandleAnswer>> HandleClient::Ask(OpCode op_code, std::string_view body,
                                                    uint32_t flags) {
  for (bool again = true;; again = false) {
    Sent request{.op_code = op_code};
    request.in_session = session_ && GoesInSession(op_code);
    request.with_mac = request.in_session;
    request.encrypted = request.in_session && (flags & op_flag::kEncrypt) != 0;
    request.certified = (flags & op_flag::kCertify) != 0;
    request.envelope.version = request.envelope.suggested = options_.version;
    request.envelope.session_id = request.in_session ? session_->id : 0;
    request.envelope.request_id = RandomId();
    const Header header{.op_code = static_cast<uint32_t>(op_code), .flags = flags};
    EncodeMessage(header, body, {}, request.header_and_body);
    request.header_and_body.resize(kHeaderOctets + body.size());
    auto answers = Converse(request);
    const bool is_forgotten = request.in_session && answers && answers->front().code >= 500 &&
                              answers->front().code < 600;
    if (!is_forgotten || !again || op_code == OpCode::kSessionTerminate) return answers;
    const uint32_t idle_seconds = session_->idle_seconds;
    session_.reset();
    if (auto opened = OpenSession(idle_seconds); !opened) return opened.error();
  }
}

Result<HandleAnswer> HandleClient::AskOnce(OpCode op_code, std::string_view body, uint32_t flags) {
  auto answers = Ask(op_code, body, flags);
  if (!answers) return answers.error();
  return std::move(answers->front());
}

Result<HandleAnswer> HandleClient::Resolve(const ResolutionQuestion& question, uint32_t flags) {
  std::string body;
  EncodeResolutionRequest(question, body);
  return AskOnce(OpCode::kResolution, body, flags);
}

Result<HandleAnswer> HandleClient::SiteInfo() {
  std::string body;
  EncodeHandleRequest("/", body);
  return AskOnce(OpCode::kGetSiteInfo, body, op_flag::kRequestDefault);
}

// In a session, values that are not for everybody are encrypted on their way (3.11).
Result<HandleAnswer> HandleClient::AskAboutValues(OpCode op_code, std::string_view handle,
                                                  const std::vector<Value>& values,
                                                  uint32_t more_flags) {
  const bool is_secret = std::any_of(values.begin(), values.end(),
                                     [](const Value& value) { return !value.public_read(); });
  std::string body;
  EncodeValuesRequest({handle, values}, body);
  const uint32_t encrypt = session_ && is_secret ? op_flag::kEncrypt : 0;
  return AskOnce(op_code, body, op_flag::kRequestDefault | more_flags | encrypt);
}

Result<HandleAnswer> HandleClient::Create(std::string_view handle, const std::vector<Value>& values,
                                          uint32_t more_flags) {
  return AskAboutValues(OpCode::kCreateHandle, handle, values, more_flags);
}
Result<HandleAnswer> HandleClient::Add(std::string_view handle, const std::vector<Value>& values,
                                       uint32_t more_flags) {
  return AskAboutValues(OpCode::kAddValue, handle, values, more_flags);
}
Result<HandleAnswer> HandleClient::Modify(std::string_view handle,
                                          const std::vector<Value>& values) {
  return AskAboutValues(OpCode::kModifyValue, handle, values, 0);
}

Result<HandleAnswer> HandleClient::Remove(std::string_view handle,
                                          const std::vector<uint32_t>& indexes) {
  std::string body;
  EncodeRemoveRequest(handle, indexes, body);
  return AskOnce(OpCode::kRemoveValue, body, op_flag::kRequestDefault);
}

Result<HandleAnswer> HandleClient::Delete(std::string_view handle) {
  std::string body;
  EncodeHandleRequest(handle, body);
  return AskOnce(OpCode::kDeleteHandle, body, op_flag::kRequestDefault);
}
Result<HandleAnswer> HandleClient::Home(std::string_view prefix_handle) {
  std::string body;
  EncodeHandleRequest(prefix_handle, body);
  return AskOnce(OpCode::kHomePrefix, body, op_flag::kRequestDefault);
}
Result<HandleAnswer> HandleClient::Unhome(std::string_view prefix_handle) {
  std::string body;
  EncodeHandleRequest(prefix_handle, body);
  return AskOnce(OpCode::kUnhomePrefix, body, op_flag::kRequestDefault);
}

Result<HandleList> HandleClient::AskForList(OpCode op_code, std::string_view handle) {
  std::string body;
  EncodeHandleRequest(handle, body);
  const auto answers = Ask(op_code, body, op_flag::kRequestDefault);
  if (!answers) return answers.error();
  HandleList list{.code = answers->back().code};
  for (const HandleAnswer& answer : *answers) {
    if (!answer.is(ResponseCode::kSuccess)) return list;
    const auto handles = DecodeListResponse(answer.body);
    if (!handles) return handles.error();
    list.handles.insert(list.handles.end(), handles->begin(), handles->end());
  }
  return list;
}

Result<HandleList> HandleClient::List(std::string_view prefix_handle) {
  return AskForList(OpCode::kListHandles, prefix_handle);
}
Result<HandleList> HandleClient::ListHomed() { return AskForList(OpCode::kListHomedPrefixes, "/"); }

}  // namespace idnode
