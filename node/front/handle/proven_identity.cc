#include "node/front/handle/proven_identity.h"

#include <optional>
#include <utility>

#include "proto/crypto/digest.h"
#include "proto/record/record.h"

namespace idnode {
namespace {

struct KeyInStore {
  uint64_t version;
  std::string digest;
};

// The value that holds the key of `authority`, where its record is the one that was proven with.
std::optional<KeyInStore> FindKey(const HandleAuthority& authority, const Resolver& resolver) {
  Resolver::Scratch scratch;
  ResolutionNote not_counted;
  const auto answer =
      resolver.Resolve(authority.identity.handle, Reach::kDisk, scratch, not_counted);
  if (!answer || answer->key != authority.key_record) return std::nullopt;
  for (RecordView::Walk walk = answer->found.record.values(); walk.Next();) {
    if (walk.index() != authority.identity.index) continue;
    // Index and timestamp, the first eight octets, are no part of a key.
    const Digest digest = Sha256(walk.octets().substr(8));
    return KeyInStore{answer->found.version.value, std::string(AsText(digest))};
  }
  return std::nullopt;
}

}  // namespace

ProvenIdentity::ProvenIdentity(HandleAuthority authority, const Resolver& resolver)
    : authority_(std::move(authority)) {
  const auto key = FindKey(authority_, resolver);
  if (key && key->version == authority_.key_version) key_digest_ = key->digest;
}

bool ProvenIdentity::StillStands(const Resolver& resolver) {
  const auto key = FindKey(authority_, resolver);
  if (!key || key_digest_.empty() || key->digest != key_digest_) return false;
  authority_.key_version = key->version;
  return true;
}

}  // namespace idnode
