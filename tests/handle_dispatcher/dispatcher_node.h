#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "node/client/handle_client.h"
#include "node/front/handle/dispatcher.h"
#include "node/runtime/random.h"
#include "node/runtime/work_pool.h"
#include "node/security/site.h"
#include "proto/handle/public_key.h"
#include "tests/patience.h"
#include "tests/unit/node/service/handle_node.h"

namespace idnode {

inline const NodeKeys& KeysOfNode() {
  static const NodeKeys keys{*SigningKey::Generate(KeyKind::kRsa),
                             *SigningKey::Generate(KeyKind::kEd25519),
                             *SigningKey::Generate(KeyKind::kSm2),
                             *SigningKey::Generate(KeyKind::kEd25519), std::string(32, 's')};
  return keys;
}
inline const SigningKey& KeyOfAdmin() {
  static const SigningKey key = *SigningKey::Generate(KeyKind::kRsa);
  return key;
}

// A way to a dispatcher that is no socket.
class DispatcherChannel : public HandleChannel {
 public:
  struct Wire {
    std::vector<std::string> sent;  // Messages of clients, in order.
    size_t parts = 0;               // Replies that were handed over.
    std::vector<ResolutionNote> notes;
  };
  DispatcherChannel(Dispatcher& dispatcher, Transport transport, Address source, Wire& wire)
      : dispatcher_(dispatcher), transport_(transport), source_(source), wire_(wire) {
    if (transport != Transport::kUdp) connection_ = std::make_shared<ConnectionState>();
  }

  Status Send(std::string_view message) override {
    wire_.sent.emplace_back(message);
    Question question;
    question.transport = transport_;
    question.source = source_;
    question.envelope = DecodeEnvelope(message);
    question.message = message.substr(kEnvelopeOctets);
    question.connection = connection_;
    dispatcher_.Answer(std::move(question), Taker());
    return {};
  }
  Result<std::string> Receive(uint32_t) override {
    std::unique_lock lock(arrived_->mutex);
    const bool came = arrived_->some.wait_for(
        lock, Patience(20), [&] { return !arrived_->messages.empty() || arrived_->silence; });
    for (auto& note : arrived_->notes) wire_.notes.push_back(note);
    arrived_->notes.clear();
    wire_.parts = arrived_->parts;
    if (!came || arrived_->messages.empty()) return Error{Errc::kTimeout, "nothing came"};
    std::string message = std::move(arrived_->messages.front());
    arrived_->messages.pop_front();
    return message;
  }

 private:
  struct Arrived {
    std::mutex mutex;
    std::condition_variable some;
    std::deque<std::string> messages;
    std::vector<ResolutionNote> notes;
    size_t parts = 0;
    bool silence = false;  // An answer of nothing came.
  };
  std::function<void(Reply)> Taker() {
    return [arrived = arrived_](Reply reply) { Take(arrived, std::move(reply)); };
  }
  static void Take(const std::shared_ptr<Arrived>& arrived, Reply reply) {
    {
      std::scoped_lock lock(arrived->mutex);
      arrived->silence = reply.messages.empty();
      for (auto& message : reply.messages) arrived->messages.push_back(std::move(message));
      if (reply.note) arrived->notes.push_back(*reply.note);
      ++arrived->parts;
      arrived->some.notify_all();
    }
    if (reply.more) reply.more([arrived](Reply rest) { Take(arrived, std::move(rest)); });
  }

  Dispatcher& dispatcher_;
  const Transport transport_;
  const Address source_;
  Wire& wire_;
  std::shared_ptr<ConnectionState> connection_;
  const std::shared_ptr<Arrived> arrived_ = std::make_shared<Arrived>();
};

// HandleNode with a dispatcher in front. ADMIN has an RSA key (300) and a secret (301).
class DispatcherNode : public HandleNode {
 protected:
  DispatcherNode() {
    const std::string key = PublicKeyOctets(KeyOfAdmin().verifying_key());
    Put("88.118.8/ADMIN",
        {ValueOf(300, "HS_PUBKEY", key), ValueOf(301, "HS_SECKEY", secret, kSecretPermissions)},
        acme);
    Put("0.NA/88.118.8",
        {AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 300),
         AdminValue(101, kAllPermissions, "88.118.8/ADMIN", 301)},
        op);
    Restart();
  }
  ~DispatcherNode() override { dispatcher.reset(); }

  void Restart() {
    dispatcher.reset();
    costly_work.emplace(costly_limits, /*seed=*/1);
    dispatcher =
        MakeDispatcher(options, {.work = *work,
                                 .resolver = resolver,
                                 .operations = *operations,
                                 .authenticator = authenticator,
                                 .keys = KeysOfNode(),
                                 .site = site,
                                 .costly_work = *costly_work,
                                 .now = [this] { return Time{kNow.ms + micros / 1'000}; },
                                 .monotonic_micros = [this]() -> uint64_t { return micros; },
                                 .random = RandomOctets});
  }

  HandleChannels Channels(bool with_udp = false, std::string_view from = "192.0.2.1") {
    const Address source = *ParseAddress(from);
    const auto open = [this, source](Transport transport) {
      return Result<std::unique_ptr<HandleChannel>>(
          std::make_unique<DispatcherChannel>(*dispatcher, transport, source, wire));
    };
    HandleChannels channels;
    channels.tcp = [open] { return open(Transport::kTcp); };
    if (with_udp) channels.udp = [open] { return open(Transport::kUdp); };
    return channels;
  }
  HandleClientOptions Options(std::optional<HandleClientCredentials> who = std::nullopt) {
    HandleClientOptions client_options;
    client_options.random = RandomOctets;
    client_options.credentials = std::move(who);
    client_options.server_key = KeysOfNode().rsa.verifying_key();
    return client_options;
  }
  HandleClient Client(std::optional<HandleClientCredentials> who = std::nullopt) {
    return HandleClient(Channels(), Options(std::move(who)));
  }
  HandleClientCredentials ByKey() const {
    return {.identity = {"88.118.8/ADMIN", 300}, .key = KeyOfAdmin()};
  }
  HandleClientCredentials BySecret() const {
    return {.identity = {"88.118.8/ADMIN", 301}, .secret = secret};
  }

  // One message by hand, and what comes back.
  struct Answered {
    Envelope envelope;
    std::string octets;
    MessageView message;
    uint32_t code = 0;
  };
  static Answered Decoded(std::string_view whole) {
    Answered answered{.envelope = DecodeEnvelope(whole),
                      .octets = std::string(whole.substr(kEnvelopeOctets))};
    if (const auto message = DecodeMessage(answered.octets)) answered.message = *message;
    answered.code = answered.message.header.response_code;
    return answered;
  }
  std::unique_ptr<HandleChannel> Connection(Transport transport = Transport::kTcp) {
    return std::make_unique<DispatcherChannel>(*dispatcher, transport, *ParseAddress("192.0.2.1"),
                                               wire);
  }
  static std::shared_ptr<Answered> SendOver(HandleChannel& channel, const std::string& whole) {
    EXPECT_TRUE(channel.Send(whole).ok());
    const auto octets = channel.Receive(0);
    EXPECT_TRUE(octets.ok());
    auto answered = std::make_shared<Answered>(Decoded(octets ? *octets : std::string(44, '\0')));
    if (const auto message = DecodeMessage(answered->octets)) answered->message = *message;
    return answered;
  }
  struct Raw {
    uint32_t op_code = 1;
    std::string body;
    uint32_t session_id = 0;
    uint32_t flags = op_flag::kRequestDefault;
    uint32_t request_id = 4'711;
    HandleVersion suggested = kHandleVersion;
    uint32_t response_code = 0;
  };
  static std::string Message(const Raw& raw) {
    std::string message, whole;
    EncodeMessage({.op_code = raw.op_code, .response_code = raw.response_code, .flags = raw.flags},
                  raw.body, {}, message);
    Envelope envelope{.version = raw.suggested, .suggested = raw.suggested};
    envelope.session_id = raw.session_id;
    envelope.request_id = raw.request_id;
    envelope.message_octets = static_cast<uint32_t>(message.size());
    EncodeEnvelope(envelope, whole);
    return whole + message;
  }
  std::shared_ptr<Answered> AskRaw(const Raw& raw, Transport transport = Transport::kTcp) {
    const auto channel = Connection(transport);
    return SendOver(*channel, Message(raw));
  }
  static std::string HandleBody(std::string_view handle) {
    std::string body;
    EncodeHandleRequest(handle, body);
    return body;
  }
  size_t SentOf(OpCode op_code) const {
    size_t count = 0;
    for (const std::string& message : wire.sent) {
      const auto decoded = DecodeMessage(std::string_view(message).substr(kEnvelopeOctets));
      count += decoded && decoded->header.op_code == static_cast<uint32_t>(op_code) ? 1 : 0;
    }
    return count;
  }

  static constexpr uint8_t kSecretPermissions = kAdminRead | kAdminWrite;
  const std::string secret = "secret";
  std::atomic<uint64_t> micros{1'000'000};
  std::unique_ptr<WorkPool> work = std::make_unique<WorkPool>(2, 256);
  Resolver resolver{registry, *directory, "88.118"};
  HandleAuthenticator authenticator{registry, secrets, {}};
  const std::string site_record =
      SiteRecord({.address = *ParseAddress("192.0.2.10"),
                  .public_key = PublicKeyOctets(KeysOfNode().rsa.verifying_key()),
                  .tcp_port = 2641,
                  .udp_port = 2641});
  Snapshot<SiteRecords> site{std::make_shared<const SiteRecords>(SiteRecords{site_record, {}})};
  DispatcherOptions options;
  CostlyWork::Limits costly_limits;
  std::optional<CostlyWork> costly_work;
  DispatcherChannel::Wire wire;
  std::unique_ptr<Dispatcher> dispatcher;
};

inline bool Is(const Result<HandleAnswer>& answer, ResponseCode code) {
  return answer.ok() && answer->is(code);
}
inline uint32_t CodeIn(const Result<HandleAnswer>& answer) { return answer ? answer->code : 0; }

}  // namespace idnode
