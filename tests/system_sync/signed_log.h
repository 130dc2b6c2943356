#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/guarded.h"
#include "proto/crypto/key.h"
#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"
#include "storage/store.h"
#include "sync/upstream/upstream.h"

namespace idnode::testing_sync {

inline constexpr const char* kOrigin = "idnode/88.118.5/log";

inline NoteSigner NewSigner(NoteKeyType type, const std::string& name = kOrigin) {
  return *NoteSigner::Of(name, type, *SigningKey::Generate(KeyKind::kEd25519));
}
inline std::shared_ptr<const NoteSigner> NewWitness() {
  return std::make_shared<const NoteSigner>(NewSigner(NoteKeyType::kCosignature, "witness/above"));
}
inline std::string SignedNote(const NoteSigner& signer, const TreeHead& head,
                              const std::string& origin = kOrigin) {
  Note note{EncodeCheckpoint({origin, head}), {}};
  note.signatures.push_back(signer.Sign(note.text));
  return EncodeNote(note);
}

// A log that its node signs, and what came back from above.
class SignedLog {
 public:
  struct Cosigned {
    uint64_t size = 0;
    std::string note;
    std::vector<std::string> keys;
  };

  CheckpointDesk DeskOf(Store& store) {
    return {
        .last = [this, &store]() -> std::optional<ShownCheckpoint> {
          ++asked_;
          const TreeHead head = store.ledger().tree_head();
          return ShownCheckpoint{head.size, SignedNote(signer_, head), {signer_.verifier().Text()}};
        },
        .cosigned =
            [this](uint64_t size, const std::string& note, const std::vector<std::string>& keys) {
              cosigned_.With([&](Cosigned& cosigned) { cosigned = {size, note, keys}; });
            }};
  }
  uint64_t asked() const { return asked_; }  // How often for a checkpoint.
  const NoteSigner& signer() const { return signer_; }
  Cosigned cosigned() const {
    return cosigned_.With([](const Cosigned& cosigned) { return cosigned; });
  }

 private:
  const NoteSigner signer_ = NewSigner(NoteKeyType::kEd25519);
  Guarded<Cosigned> cosigned_;
  std::atomic<uint64_t> asked_{0};
};

}  // namespace idnode::testing_sync
