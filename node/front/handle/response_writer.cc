#include "node/front/handle/response_writer.h"

#include <array>

#include "proto/base/writer.h"
#include "proto/crypto/cipher.h"
#include "proto/crypto/digest.h"
#include "proto/handle/credential.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

constexpr size_t kBlockOctets = 16;
constexpr HandleVersion kSignedVersion{2, 7};     // Older clients are answered unsigned (3.3).
constexpr HandleVersion kSecretiveVersion{2, 8};  // Values that are not public are encrypted.

std::string EncodedCredential(uint32_t counter, std::string_view type, std::string_view algorithm,
                              std::string_view value) {
  std::string content;
  EncodeCredential({counter, type, algorithm, value}, content);
  return content;
}

// In a session its key signs, but not what sets sessions up.
bool SignsWithSession(const ReceivedRequest& request) {
  return request.session != nullptr && request.row->op_code != OpCode::kSessionSetup &&
         request.row->op_code != OpCode::kSessionExchangeKey;
}

bool Signs(const ReceivedRequest& request) {
  return request.header().has(op_flag::kCertify) && request.version.AtLeast(kSignedVersion);
}

bool Encrypts(const ReceivedRequest& request, const HandleResponse& response) {
  if (request.transport_key) return true;
  if (request.session == nullptr) return false;
  return request.header().has(op_flag::kEncrypt) ||
         (response.secret && request.version.AtLeast(kSecretiveVersion));
}

}  // namespace

std::string DigestOfRequest(const ReceivedRequest& request) {
  const std::string_view algorithm = NameOf(DigestAlgorithmOf(request.version));
  const auto digest = DigestOf(algorithm, request.message.header_and_body);
  return digest ? *digest : std::string();
}

bool ResponseWriter::SignsWithKey(const ReceivedRequest& request) {
  return Signs(request) && !SignsWithSession(request);
}

std::string ResponseWriter::CredentialFor(const ReceivedRequest& request, const Envelope& envelope,
                                          std::string_view header_and_body) const {
  const bool with_session = SignsWithSession(request);
  const uint32_t counter = with_session ? ++request.session->answers : 0;
  std::string octets;
  AppendAuthenticatedOctets(envelope, counter, header_and_body, octets);
  if (with_session) {
    const auto mac = MacOf("sha256", request.session->key, octets);
    return EncodedCredential(counter, kMacCredential, "HMAC-SHA256", mac ? *mac : std::string());
  }
  const std::array<std::string_view, 1> parts{octets};
  return EncodedCredential(counter, kSignedCredential, "SHA-256", key_.Sign("sha256", parts));
}

// Teleinfo's SM4 takes the key for a vector and sends none (8.6).
std::string ResponseWriter::Encrypt(const ReceivedRequest& request,
                                    std::string_view message) const {
  if (request.transport_key && request.transport_key->algorithm == kSm4Algorithm) {
    const std::string& key = request.transport_key->key;
    const auto octets = EncryptCbc(CbcCipher::kSm4, key, key, message);
    return octets ? *octets : std::string();
  }
  const std::string& whole =
      request.transport_key ? request.transport_key->key : request.session->key;
  std::string octets = random_(kBlockOctets);
  const auto cipher = EncryptCbc(CbcCipher::kAes128,
                                 std::string_view(whole).substr(0, kBlockOctets), octets, message);
  return cipher ? octets.append(*cipher) : std::string();
}

std::string ResponseWriter::Write(const ReceivedRequest& request, const ResponseAddress& address,
                                  const HandleResponse& response, uint32_t now_seconds) const {
  const bool is_signed =
      Signs(request) || (response.signed_by_server && request.version.AtLeast(kSignedVersion));
  Header header = ResponseHeader(request.header(), response.code, site_, now_seconds);
  header.flags |= response.flags;
  if (response.with_digest) header.flags |= op_flag::kReturnRequestDigest;
  header.flags = is_signed ? header.flags | op_flag::kCertify : header.flags & ~op_flag::kCertify;

  std::string body;
  if (header.has(op_flag::kReturnRequestDigest)) {
    AppendRequestDigest({DigestAlgorithmOf(request.version), DigestOfRequest(request)}, body);
  }
  body.append(response.body);

  Envelope envelope = ResponseEnvelope(request.question.envelope);
  envelope.version = request.version;
  envelope.session_id = address.session_id;
  envelope.request_id = address.request_id;

  std::string message;
  EncodeMessage(header, body, {}, message);
  if (is_signed) {
    const size_t covered = message.size() - 4;  // All but the length of no credential.
    const std::string credential =
        CredentialFor(request, envelope, std::string_view(message).substr(0, covered));
    message.resize(covered);
    Writer(message).Text32(credential);
  }
  if (Encrypts(request, response)) {
    message = Encrypt(request, message);
    envelope.encrypted = true;
  }
  envelope.message_octets = static_cast<uint32_t>(message.size());
  std::string out;
  EncodeEnvelope(envelope, out);
  out.append(message);
  return out;
}

}  // namespace idnode
