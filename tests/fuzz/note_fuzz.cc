// A note that decodes is the one that its value encodes to, and so is a verifier key.
// rooms: proto/tlog proto/crypto proto/base
// mutations: 10000

#include <cstdint>
#include <vector>

#include "proto/tlog/note.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  if (const auto key = idnode::NoteVerifier::Parse(octets)) {
    idnode::Require(key->Text() == octets);
  }
  const auto note = idnode::DecodeNote(octets);
  if (!note) return 0;
  idnode::Require(!note->signatures.empty());
  idnode::Require(note->signatures.size() <= idnode::kNoteSignaturesMax);
  idnode::Require(idnode::EncodeNote(*note) == octets);
  static const std::vector<idnode::NoteVerifier> known = {*idnode::NoteVerifier::Parse(
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")};
  const bool held = idnode::VerifyNote(*note, known).ok();
  idnode::Require(!held || note->text == "This is an example message.\n");
  return 0;
}
