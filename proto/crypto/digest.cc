#include "proto/crypto/digest.h"

#include <openssl/crypto.h>

#include <cstddef>
#include <utility>

#include "proto/crypto/openssl.h"

namespace idnode {
namespace {

using Algorithm = Openssl<EVP_MD>;
using DigestContext = Openssl<EVP_MD_CTX>;

// What we call an algorithm, and what OpenSSL calls it.
struct AlgorithmRow {
  std::string_view name;
  const char* openssl;
};
constexpr auto kAlgorithmRows = std::to_array<AlgorithmRow>({
    {"sha256", "SHA2-256"},
    {"sha384", "SHA2-384"},
    {"sha512", "SHA2-512"},
    {"sm3", "SM3"},
    {"sha1", "SHA1"},
    {"md5", "MD5"},
});
constexpr Error kNoAlgorithm{Errc::kUnsupported, "digest: no such algorithm"};

Algorithm Fetch(const char* openssl) { return Algorithm(EVP_MD_fetch(nullptr, openssl, nullptr)); }

// OpenSSL fails here only without memory, or when a provider is broken; a digest that was not made
// must never be taken for one that was.
void Start(EVP_MD_CTX* context, const EVP_MD* algorithm) {
  Require(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1);
}

void Add(EVP_MD_CTX* context, std::string_view octets) {
  if (octets.empty()) return;
  Require(EVP_DigestUpdate(context, octets.data(), octets.size()) == 1);
}

// A thread's own SHA-256.
struct Sha256Context {
  Algorithm algorithm = Fetch("SHA2-256");
  DigestContext context{EVP_MD_CTX_new()};
  Sha256Context() { Require(algorithm && context); }
};

}  // namespace

const EVP_MD* FetchedDigest(std::string_view name) {
  thread_local std::array<Algorithm, kAlgorithmRows.size()> fetched;
  for (size_t i = 0; i < kAlgorithmRows.size(); ++i) {
    if (kAlgorithmRows[i].name != name) continue;
    if (!fetched[i]) fetched[i] = Fetch(kAlgorithmRows[i].openssl);
    return fetched[i].get();
  }
  return nullptr;
}

Digest Sha256(std::string_view a, std::string_view b, std::string_view c) {
  thread_local const Sha256Context own;
  EVP_MD_CTX* const context = own.context.get();
  Start(context, own.algorithm.get());
  Add(context, a);
  Add(context, b);
  Add(context, c);
  Digest digest;
  const auto out = reinterpret_cast<unsigned char*>(digest.data());
  Require(EVP_DigestFinal_ex(context, out, nullptr) == 1);
  return digest;
}

struct Hasher::Context {
  DigestContext openssl{EVP_MD_CTX_new()};
};

Hasher::Hasher(std::unique_ptr<Context> context) : context_(std::move(context)) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

Result<Hasher> Hasher::Create(std::string_view algorithm) {
  const EVP_MD* const fetched = FetchedDigest(algorithm);
  if (fetched == nullptr) return kNoAlgorithm;
  auto context = std::make_unique<Context>();
  Require(context->openssl != nullptr);
  Start(context->openssl.get(), fetched);  // Keeps its own reference: any thread may go on with it.
  return Hasher(std::move(context));
}

Hasher& Hasher::Update(std::string_view octets) {
  Add(context_->openssl.get(), octets);
  return *this;
}

std::string Hasher::Finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  Require(EVP_DigestFinal_ex(context_->openssl.get(), digest.data(), &size) == 1);
  Start(context_->openssl.get(), nullptr);  // The same algorithm again.
  return {reinterpret_cast<const char*>(digest.data()), size};
}

Result<std::string> DigestOf(std::string_view algorithm, std::string_view octets) {
  auto hasher = Hasher::Create(algorithm);
  if (!hasher) return hasher.error();
  return hasher->Update(octets).Finish();
}

Result<std::string> MacOf(std::string_view algorithm, std::string_view key,
                          std::string_view octets) {
  const EVP_MD* const fetched = FetchedDigest(algorithm);
  if (fetched == nullptr) return kNoAlgorithm;
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
  size_t size = 0;
  Require(EVP_Q_mac(nullptr, "HMAC", nullptr, EVP_MD_get0_name(fetched), nullptr,
                    OpensslOctets(key), key.size(),
                    reinterpret_cast<const unsigned char*>(octets.data()), octets.size(),
                    mac.data(), mac.size(), &size) != nullptr);
  return std::string(reinterpret_cast<const char*>(mac.data()), size);
}

bool EqualSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace idnode
