#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/crypto/key.h"

namespace idnode {

// Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature. Which
// signatures this node makes and verifies: docs/formats/checkpoint.md.

inline constexpr size_t kNoteOctetsMax = 65'536;
inline constexpr size_t kNoteSignaturesMax = 64;  // The standard asks for 16 at least.
inline constexpr size_t kKeyNameOctetsMax = 255;

struct NoteSignature {
  std::string key_name;   // IsKeyName().
  uint32_t key_id = 0;    // A hint which key it is, no hash to rely on.
  std::string signature;  // What follows the key ID; of any form.
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct Note {
  std::string text;  // IsNoteText().
  std::vector<NoteSignature> signatures;
  friend bool operator==(const Note&, const Note&) = default;
};

// UTF-8 without control characters, Unicode spaces and plus signs; 1 to 255 octets.
bool IsKeyName(std::string_view name);
// Lines of UTF-8 without control characters, each ended.
bool IsNoteText(std::string_view text);

// A note that decodes is the one that it encodes to. kTooLarge, kNotUtf8, kControlCharacter,
// kMalformed.
Result<Note> DecodeNote(std::string_view octets);
std::string EncodeNote(const Note& note);

// How a signature is made; the octet in front of a public key in its text.
enum class NoteKeyType : uint8_t {
  kEd25519 = 0x01,      // Over the text of the note.
  kCosignature = 0x04,  // Ed25519, over a time and the text (C2SP tlog-cosignature).
  kSm2 = 0xFF,          // SM2 with SM3 over the text, for which no octet is assigned.
};
std::string_view NameOf(NoteKeyType type);  // "ed25519", "cosignature", "sm2".

// A key by which notes are verified.
class NoteVerifier {
 public:
  // kMalformed: no name of a key, or a key of another kind than its type.
  static Result<NoteVerifier> Of(std::string name, NoteKeyType type, const VerifyingKey& key);
  // name+hexadecimal key ID+Base64 of type and public key. kMalformed: none, or an ID that is not
  // the key's; kUnsupported: another type.
  static Result<NoteVerifier> Parse(std::string_view text);

  std::string Text() const;
  const std::string& name() const { return name_; }
  uint32_t id() const { return id_; }
  NoteKeyType type() const { return type_; }

  bool Made(const NoteSignature& signature) const {
    return signature.key_id == id_ && signature.key_name == name_;
  }
  // The time of a cosignature in seconds since 1970-01-01, 0 for the others. kForged: the signature
  // does not hold.
  Result<uint64_t> Verify(std::string_view text, const NoteSignature& signature) const;

 private:
  NoteVerifier(std::string name, NoteKeyType type, VerifyingKey key, std::string encoded);

  std::string name_;
  NoteKeyType type_;
  VerifyingKey key_;
  std::string encoded_;  // Type and public key.
  uint32_t id_;
};

class NoteSigner {
 public:
  static Result<NoteSigner> Of(std::string name, NoteKeyType type, SigningKey key);
  const NoteVerifier& verifier() const { return verifier_; }
  // `seconds`: since 1970-01-01, for a cosignature.
  NoteSignature Sign(std::string_view text, uint64_t seconds = 0) const;

 private:
  NoteSigner(NoteVerifier verifier, SigningKey key)
      : verifier_(std::move(verifier)), key_(std::move(key)) {}

  NoteVerifier verifier_;
  SigningKey key_;
};

// Who of `known` has signed the note, by their places in it. Signatures of others are passed over.
// kForged: a signature of one of them does not hold, or none of them has signed.
struct NoteSigned {
  size_t key = 0;
  uint64_t seconds = 0;  // Of a cosignature.
};
Result<std::vector<NoteSigned>> VerifyNote(const Note& note, std::span<const NoteVerifier> known);

}  // namespace idnode
