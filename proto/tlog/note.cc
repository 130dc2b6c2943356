#include "proto/tlog/note.h"

#include <algorithm>
#include <array>
#include <utility>

#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/crypto/digest.h"

namespace idnode {
namespace {

constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // U+2014 and a space.
constexpr std::string_view kSeparator = "\n\n";
constexpr size_t kKeyIdOctets = 4;
constexpr size_t kEd25519Octets = 64;
constexpr uint64_t kSecondsMax = INT64_MAX;
// Behind 0xFF: what the type is, so that it collides with no other.
constexpr std::string_view kSm2Identifier = "sm2-sm3";
constexpr std::string_view kSm2Digest = "sm3";
constexpr Error kNotHeld{Errc::kForged, "note: a signature does not hold"};

// The characters with the property White_Space, beside the controls.
constexpr auto kSpaces = std::to_array<std::string_view>({" ",
                                                          "\xC2\x85",
                                                          "\xC2\xA0",
                                                          "\xE1\x9A\x80",
                                                          "\xE2\x80\x80",
                                                          "\xE2\x80\x81",
                                                          "\xE2\x80\x82",
                                                          "\xE2\x80\x83",
                                                          "\xE2\x80\x84",
                                                          "\xE2\x80\x85",
                                                          "\xE2\x80\x86",
                                                          "\xE2\x80\x87",
                                                          "\xE2\x80\x88",
                                                          "\xE2\x80\x89",
                                                          "\xE2\x80\x8A",
                                                          "\xE2\x80\xA8",
                                                          "\xE2\x80\xA9",
                                                          "\xE2\x80\xAF",
                                                          "\xE2\x81\x9F",
                                                          "\xE3\x80\x80"});

bool HasSpace(std::string_view name) {
  return std::ranges::any_of(
      kSpaces, [&](std::string_view space) { return name.find(space) != std::string_view::npos; });
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20; }

// — <name> <Base64 of key ID and signature>
Result<NoteSignature> DecodeSignature(std::string_view line) {
  if (!line.starts_with(kSignatureMark)) {
    return Error{Errc::kMalformed, "note: a line below the text is no signature"};
  }
  line.remove_prefix(kSignatureMark.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || !IsKeyName(line.substr(0, space))) {
    return Error{Errc::kMalformed, "note: a signature without the name of a key"};
  }
  const auto octets = FromBase64(line.substr(space + 1));
  if (!octets || octets->size() <= kKeyIdOctets) {
    return Error{Errc::kMalformed, "note: a signature is not Base64 of key ID and signature"};
  }
  Reader in(*octets);
  const uint32_t id = in.U32();
  return NoteSignature{std::string(line.substr(0, space)), id, std::string(in.Rest())};
}

std::string CosignedMessage(std::string_view text, uint64_t seconds) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

KeyKind KindOf(NoteKeyType type) {
  return type == NoteKeyType::kSm2 ? KeyKind::kSm2 : KeyKind::kEd25519;
}

constexpr std::string_view kPemHead = "-----BEGIN PUBLIC KEY-----\n";
constexpr std::string_view kPemEnd = "-----END PUBLIC KEY-----\n";
constexpr size_t kPemLine = 64;

// A SubjectPublicKeyInfo in DER is what PEM wraps (RFC 7468 section 13).
std::string DerOf(const VerifyingKey& key) {
  std::string text = key.ToPem();
  Require(text.starts_with(kPemHead) && text.ends_with(kPemEnd));
  text = text.substr(kPemHead.size(), text.size() - kPemHead.size() - kPemEnd.size());
  std::erase(text, '\n');
  auto der = FromBase64(text);
  Require(der.ok());
  return *std::move(der);
}

Result<VerifyingKey> KeyFromDer(std::string_view der) {
  const std::string text = ToBase64(der);
  std::string pem(kPemHead);
  for (size_t at = 0; at < text.size(); at += kPemLine) {
    pem.append(text, at, kPemLine).append("\n");
  }
  return VerifyingKey::FromPem(pem.append(kPemEnd));
}

std::string EncodedKey(NoteKeyType type, const VerifyingKey& key) {
  std::string encoded;
  Writer out(encoded);
  out.U8(static_cast<uint8_t>(type));
  if (type == NoteKeyType::kSm2) {
    out.Raw(kSm2Identifier).Raw(DerOf(key));
  } else {
    out.Raw(key.ed25519_octets());
  }
  return encoded;
}

uint32_t KeyIdOf(std::string_view name, std::string_view encoded) {
  const Digest digest = Sha256(name, "\n", encoded);
  return Reader(AsText(digest)).U32();
}

std::string IdText(uint32_t id) {
  std::string octets;
  Writer(octets).U32(id);
  return ToHex(octets);
}

Result<VerifyingKey> DecodeKey(std::string_view encoded, NoteKeyType& type) {
  Reader in(encoded);
  type = static_cast<NoteKeyType>(in.U8());
  switch (type) {
    case NoteKeyType::kEd25519:
    case NoteKeyType::kCosignature:
      return VerifyingKey::FromEd25519(in.Rest());
    case NoteKeyType::kSm2:
      if (in.Raw(kSm2Identifier.size()) != kSm2Identifier) break;
      return KeyFromDer(in.Rest());
  }
  return Error{Errc::kUnsupported, "verifier key: a type of signature that is not known"};
}

}  // namespace

bool IsKeyName(std::string_view name) {
  return !name.empty() && name.size() <= kKeyNameOctetsMax && IsUtf8(name) &&
         !HasControlCharacter(name) && !HasSpace(name) && name.find('+') == std::string_view::npos;
}

bool IsNoteText(std::string_view text) {
  return text.ends_with('\n') && text.size() <= kNoteOctetsMax && IsUtf8(text) &&
         std::ranges::none_of(text, [](char c) { return IsControl(c) && c != '\n'; });
}

Result<Note> DecodeNote(std::string_view octets) {
  if (octets.size() > kNoteOctetsMax) return Error{Errc::kTooLarge, "note: over its limit"};
  if (!IsUtf8(octets)) return Error{Errc::kNotUtf8, "note"};
  if (std::ranges::any_of(octets, [](char c) { return IsControl(c) && c != '\n'; })) {
    return Error{Errc::kControlCharacter, "note"};
  }
  const size_t separator = octets.rfind(kSeparator);
  if (separator == std::string_view::npos) {
    return Error{Errc::kMalformed, "note: no empty line before the signatures"};
  }
  Note note{std::string(octets.substr(0, separator + 1)), {}};
  std::string_view lines = octets.substr(separator + kSeparator.size());
  if (!lines.ends_with('\n')) return Error{Errc::kMalformed, "note: cut short"};
  while (!lines.empty()) {
    if (note.signatures.size() == kNoteSignaturesMax) {
      return Error{Errc::kTooLarge, "note: too many signatures"};
    }
    const size_t end = lines.find('\n');
    auto signature = DecodeSignature(lines.substr(0, end));
    if (!signature) return signature.error();
    note.signatures.push_back(*std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return note;
}

std::string EncodeNote(const Note& note) {
  Require(IsNoteText(note.text) && !note.signatures.empty());
  std::string octets = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    Require(IsKeyName(signature.key_name) && !signature.signature.empty());
    std::string signed_octets;
    Writer(signed_octets).U32(signature.key_id).Raw(signature.signature);
    octets.append(kSignatureMark).append(signature.key_name).append(" ");
    octets.append(ToBase64(signed_octets)).append("\n");
  }
  return octets;
}

std::string_view NameOf(NoteKeyType type) {
  switch (type) {
    case NoteKeyType::kEd25519:
      return "ed25519";
    case NoteKeyType::kCosignature:
      return "cosignature";
    case NoteKeyType::kSm2:
      return "sm2";
  }
  return {};
}

NoteVerifier::NoteVerifier(std::string name, NoteKeyType type, VerifyingKey key,
                           std::string encoded)
    : name_(std::move(name)),
      type_(type),
      key_(std::move(key)),
      encoded_(std::move(encoded)),
      id_(KeyIdOf(name_, encoded_)) {}

Result<NoteVerifier> NoteVerifier::Of(std::string name, NoteKeyType type, const VerifyingKey& key) {
  if (!IsKeyName(name)) return Error{Errc::kMalformed, "verifier key: the name is not fit for one"};
  if (key.kind() != KindOf(type)) {
    return Error{Errc::kMalformed, "verifier key: a key of another kind"};
  }
  return NoteVerifier(std::move(name), type, key, EncodedKey(type, key));
}

Result<NoteVerifier> NoteVerifier::Parse(std::string_view text) {
  constexpr Error kNone{Errc::kMalformed, "verifier key: not name+key ID+Base64"};
  const size_t name_end = text.find('+');
  if (name_end == std::string_view::npos) return kNone;
  const size_t id_end = text.find('+', name_end + 1);
  if (id_end == std::string_view::npos) return kNone;
  const auto encoded = FromBase64(text.substr(id_end + 1));
  if (!encoded) return kNone;
  NoteKeyType type{};
  const auto key = DecodeKey(*encoded, type);
  if (!key) return key.error();
  auto verifier = Of(std::string(text.substr(0, name_end)), type, *key);
  if (!verifier) return verifier.error();
  if (verifier->encoded_ != *encoded) {
    return Error{Errc::kMalformed, "verifier key: the public key in another form than its own"};
  }
  if (text.substr(name_end + 1, id_end - name_end - 1) != IdText(verifier->id_)) {
    return Error{Errc::kMalformed, "verifier key: the key ID is not that of name and key"};
  }
  return verifier;
}

std::string NoteVerifier::Text() const {
  return name_ + "+" + IdText(id_) + "+" + ToBase64(encoded_);
}

Result<uint64_t> NoteVerifier::Verify(std::string_view text, const NoteSignature& signature) const {
  if (type_ != NoteKeyType::kCosignature) {
    const std::array parts = {text};
    if (!key_.Verify(kSm2Digest, parts, signature.signature)) return kNotHeld;
    return uint64_t{0};
  }
  Reader in(signature.signature);
  const uint64_t seconds = in.U64();
  const std::string_view octets = in.Raw(kEd25519Octets);
  if (!in.AtEnd() || seconds > kSecondsMax) return kNotHeld;
  const std::string message = CosignedMessage(text, seconds);
  const std::array<std::string_view, 1> parts = {message};
  if (!key_.Verify({}, parts, octets)) return kNotHeld;
  return seconds;
}

Result<NoteSigner> NoteSigner::Of(std::string name, NoteKeyType type, SigningKey key) {
  auto verifier = NoteVerifier::Of(std::move(name), type, key.verifying_key());
  if (!verifier) return verifier.error();
  return NoteSigner(*std::move(verifier), std::move(key));
}

NoteSignature NoteSigner::Sign(std::string_view text, uint64_t seconds) const {
  Require(IsNoteText(text) && seconds <= kSecondsMax);
  NoteSignature signature{verifier_.name(), verifier_.id(), {}};
  if (verifier_.type() == NoteKeyType::kCosignature) {
    const std::string message = CosignedMessage(text, seconds);
    const std::array<std::string_view, 1> parts = {message};
    Writer(signature.signature).U64(seconds).Raw(key_.Sign({}, parts));
  } else {
    const std::array parts = {text};
    signature.signature = key_.Sign(kSm2Digest, parts);
  }
  Require(!signature.signature.empty());
  return signature;
}

Result<std::vector<NoteSigned>> VerifyNote(const Note& note, std::span<const NoteVerifier> known) {
  std::vector<NoteSigned> held;
  for (const NoteSignature& signature : note.signatures) {
    for (size_t key = 0; key < known.size(); ++key) {
      if (!known[key].Made(signature)) continue;
      const auto seconds = known[key].Verify(note.text, signature);
      if (!seconds) return seconds.error();
      held.push_back({key, *seconds});
    }
  }
  if (held.empty()) return Error{Errc::kForged, "note: not signed by a key that is known"};
  return held;
}

}  // namespace idnode
