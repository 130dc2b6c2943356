#include "node/security/secret_box.h"

#include "proto/base/writer.h"
#include "proto/crypto/cipher.h"
#include "proto/crypto/digest.h"

namespace idnode {
namespace {

constexpr std::string_view kMagic("idnode-sealed-1\0", 16);
constexpr size_t kNonceOctets = 12;
constexpr size_t kTagOctets = 16;

// A nonce that follows from what is sealed and where: the same in the same place, and another for
// anything else, as AES-GCM demands. The length keeps place and secret apart.
std::string NonceFor(std::string_view key, std::string_view place, std::string_view secret) {
  std::string input;
  Writer(input).Text32(place).Raw(secret);
  const auto mac = MacOf("sha256", key, input);
  Require(mac.ok());
  return mac->substr(0, kNonceOctets);
}

}  // namespace

std::string SecretBox::Seal(std::string_view secret, std::string_view place) const {
  const std::string nonce = NonceFor(key_, place, secret);
  const auto sealed = SealGcm(key_, nonce, secret, place);
  Require(sealed.ok());
  return std::string(kMagic).append(nonce).append(*sealed);
}

Result<std::string> SecretBox::Open(std::string_view sealed, std::string_view place) const {
  constexpr Error kForged{Errc::kForged, "a secret key was sealed elsewhere, or is damaged"};
  if (!IsSealed(sealed)) return kForged;
  const std::string_view nonce = sealed.substr(kMagic.size(), kNonceOctets);
  auto secret = OpenGcm(key_, nonce, sealed.substr(kMagic.size() + kNonceOctets), place);
  if (!secret) return kForged;
  return secret;
}

bool SecretBox::IsSealed(std::string_view octets) {
  return octets.starts_with(kMagic) && octets.size() >= kMagic.size() + kNonceOctets + kTagOctets;
}

std::string PlaceOfSecret(std::string_view key, uint32_t index) {
  std::string place(key);
  Writer(place).U32(index);
  return place;
}

Result<std::string> OpenSecret(const SecretBox* box, std::string_view key, const Value& value) {
  if (!SecretBox::IsSealed(value.data)) return std::string(value.data);
  if (box == nullptr) return Error{Errc::kUnsupported, "secret keys are switched off"};
  return box->Open(value.data, PlaceOfSecret(key, value.index));
}

}  // namespace idnode
