#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/client/handle_channel.h"
#include "proto/base/result.h"
#include "proto/crypto/key.h"
#include "proto/handle/codes.h"
#include "proto/handle/identity.h"
#include "proto/handle/message.h"
#include "proto/handle/requests.h"
#include "proto/record/value.h"

namespace idnode {

// Who is asking, when the server wants to know: by a secret (HS_SECKEY) or by a key (HS_PUBKEY).
struct HandleClientCredentials {
  HandleIdentity identity;
  std::string secret;
  std::optional<SigningKey> key;
};

struct HandleClientOptions {
  std::function<std::string(size_t octets)> random;
  HandleVersion version = kHandleVersion;
  std::optional<HandleClientCredentials> credentials;
  // Certified answers outside sessions, and the set-up of sessions, are held against this key.
  std::optional<VerifyingKey> server_key;
  std::array<uint32_t, 3> udp_millis = {500, 1'000, 1'500};  // Then TCP (3.6).
  uint32_t tcp_millis = 10'000;
};

struct HandleAnswer {
  uint32_t code = 0;
  Header header;
  Envelope envelope;
  std::string body;  // Without the digest of the request, which was right.

  bool is(ResponseCode expected) const { return code == static_cast<uint32_t>(expected); }
};
struct HandleList {
  uint32_t code = 0;
  std::vector<std::string> handles;
};

// A customer of the Handle protocol (spec/handle-protocol.md 3-5), as the stock client is: over UDP
// while that goes, else over one TCP connection; a challenge is answered, a session that the server
// has forgotten is set up again. Errors are those of the way there; what the server says is an
// answer, whatever its code.
//
// Threads: one. Every call blocks, within the limits of the options.
class HandleClient {
 public:
  HandleClient(HandleChannels channels, HandleClientOptions options);
  ~HandleClient();
  HandleClient(HandleClient&& other) noexcept;
  HandleClient& operator=(HandleClient&& other) noexcept;

  // `flags` instead of the default: op_flag::kRequestDefault.
  Result<HandleAnswer> Resolve(const ResolutionQuestion& question,
                               uint32_t flags = op_flag::kRequestDefault);
  Result<HandleAnswer> SiteInfo();
  Result<HandleAnswer> Create(std::string_view handle, const std::vector<Value>& values,
                              uint32_t more_flags = 0);
  Result<HandleAnswer> Add(std::string_view handle, const std::vector<Value>& values,
                           uint32_t more_flags = 0);
  Result<HandleAnswer> Modify(std::string_view handle, const std::vector<Value>& values);
  Result<HandleAnswer> Remove(std::string_view handle, const std::vector<uint32_t>& indexes);
  Result<HandleAnswer> Delete(std::string_view handle);
  Result<HandleAnswer> Home(std::string_view prefix_handle);
  Result<HandleAnswer> Unhome(std::string_view prefix_handle);
  Result<HandleList> List(std::string_view prefix_handle);
  Result<HandleList> ListHomed();

  // A Diffie-Hellman session (5.6) in the name of the credentials, if there are any; what is asked
  // from now on, lists excepted, is asked in it. kForged: the answer is not signed by `server_key`.
  Status OpenSession(uint32_t idle_seconds = 86'400);
  Status CloseSession();
  uint32_t session_id() const;

  // From now on it is somebody else who asks; the session, if there is one, stays.
  void UseCredentials(std::optional<HandleClientCredentials> credentials);
  // Another way to the server.
  void Reconnect(HandleChannels channels);

  // Any operation. The answers are several only where each says that another follows.
  Result<std::vector<HandleAnswer>> Ask(OpCode op_code, std::string_view body, uint32_t flags);

 private:
  struct Session;
  struct Sent;
  Result<HandleAnswer> AskOnce(OpCode op_code, std::string_view body, uint32_t flags);
  Result<HandleAnswer> AskAboutValues(OpCode op_code, std::string_view handle,
                                      const std::vector<Value>& values, uint32_t more_flags);
  Result<HandleList> AskForList(OpCode op_code, std::string_view handle);
  Result<std::vector<HandleAnswer>> Converse(const Sent& request);
  Result<std::vector<HandleAnswer>> AnswerChallenge(const Sent& request, HandleAnswer challenge);
  Result<std::vector<HandleAnswer>> Exchange(const Sent& sent, const Sent& request);
  Result<std::vector<HandleAnswer>> ExchangeOver(HandleChannel& channel, const Sent& sent,
                                                 const Sent& request, uint32_t millis);
  Result<HandleAnswer> Read(std::string_view octets, const Sent& sent, const Sent& request);
  Status CheckCertificate(const Envelope& envelope, const MessageView& message) const;
  std::string Compose(const Sent& sent);
  uint32_t RandomId();

  HandleChannels channels_;
  HandleClientOptions options_;
  std::unique_ptr<HandleChannel> tcp_;  // Kept open.
  std::unique_ptr<Session> session_;
};

}  // namespace idnode
