#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "node/front/handle/answers.h"
#include "node/front/handle/received_request.h"
#include "proto/crypto/key.h"

namespace idnode {

// What is answered, before it becomes octets.
struct HandleResponse {
  ResponseCode code = ResponseCode::kSuccess;
  std::string body;               // Behind the digest of the request, where that was asked for.
  uint32_t flags = 0;             // Added: kOverwrite, kMintNewSuffix, kContinuous.
  bool with_digest = false;       // Whether or not it was asked for: in a challenge.
  bool signed_by_server = false;  // Whether or not it was asked for: at the set-up of a session.
  bool secret = false;            // Holds values that not everybody may read.
};

// Where a response goes when that is not where its request came from: the operation that a
// challenge held up is answered to the message that answered the challenge
// (spec/handle-protocol.md 5.3).
struct ResponseAddress {
  uint32_t session_id = 0;
  uint32_t request_id = 0;
};

// Composes responses that are certified (3.10), carry digests (3.9) or are encrypted (3.11).
// Threads: any.
class ResponseWriter {
 public:
  using Random = std::function<std::string(size_t octets)>;
  // The key outlives this.
  ResponseWriter(const SigningKey& key, const AnsweringSite& site, Random random)
      : key_(key), site_(site), random_(std::move(random)) {}

  // One message, envelope first.
  std::string Write(const ReceivedRequest& request, const ResponseAddress& address,
                    const HandleResponse& response, uint32_t now_seconds) const;

  // Whether Write signs with the server's key, which costs a millisecond.
  static bool SignsWithKey(const ReceivedRequest& request);

  const AnsweringSite& site() const { return site_; }

 private:
  std::string CredentialFor(const ReceivedRequest& request, const Envelope& envelope,
                            std::string_view header_and_body) const;
  std::string Encrypt(const ReceivedRequest& request, std::string_view message) const;

  const SigningKey& key_;
  const AnsweringSite site_;
  const Random random_;
};

// The digest of a request as its version has it, without its algorithm (3.9).
std::string DigestOfRequest(const ReceivedRequest& request);

}  // namespace idnode
