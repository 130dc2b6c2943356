#include "proto/tlog/note.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/base/text.h"
#include "proto/tlog/tree.h"

namespace idnode {
namespace {

// The example of C2SP signed-note.
constexpr std::string_view kExampleKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kExample =
    "This is an example message.\n"
    "\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";

constexpr std::string_view kText =
    "example.com/log\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n";

NoteSigner SignerOf(std::string name, NoteKeyType type) {
  const KeyKind kind = type == NoteKeyType::kSm2 ? KeyKind::kSm2 : KeyKind::kEd25519;
  return *NoteSigner::Of(std::move(name), type, *SigningKey::Generate(kind));
}

TEST(Note, VerifiesTheStandardsExample) {
  const auto key = NoteVerifier::Parse(kExampleKey);
  ASSERT_TRUE(key) << key.error().detail;
  EXPECT_EQ(key->name(), "example.com/foo");
  EXPECT_EQ(key->Text(), kExampleKey);
  const auto note = DecodeNote(kExample);
  ASSERT_TRUE(note) << note.error().detail;
  EXPECT_EQ(note->text, "This is an example message.\n");
  EXPECT_EQ(EncodeNote(*note), kExample);
  EXPECT_TRUE(VerifyNote(*note, {{*key}}));
}

// Every bit of it: what decodes still is either refused or nobody's.
TEST(Note, TheStandardsExampleHoldsInNoOtherForm) {
  const std::vector<NoteVerifier> known = {*NoteVerifier::Parse(kExampleKey)};
  for (size_t bit = 0; bit < kExample.size() * 8; ++bit) {
    std::string changed(kExample);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    const auto note = DecodeNote(changed);
    if (!note) continue;
    const auto held = VerifyNote(*note, known);
    ASSERT_FALSE(held) << bit;
    EXPECT_EQ(held.error().code, Errc::kForged);
  }
}

TEST(Note, ReadsTheExamplesOfCheckpointsAndCosignatures) {
  const auto note = DecodeNote(
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
      "— example.com/behind-the-sofa "
      "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
      "\n— witness.example.com/w1 "
      "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/"
      "zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n");
  ASSERT_TRUE(note) << note.error().detail;
  ASSERT_EQ(note->signatures.size(), 2u);
  EXPECT_EQ(note->signatures[1].key_id, 0x8d66cf3fu);
  EXPECT_EQ(note->signatures[1].signature.size(), 8u + 64u);
  const auto checkpoint = DecodeCheckpoint(note->text);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->head.size, 20'852'163u);
}

TEST(Note, TheTextEndsAtTheLastEmptyLine) {
  const auto note = DecodeNote("a\n\nb\n\n— k AAAAAAA=\n");
  ASSERT_TRUE(note) << note.error().detail;
  EXPECT_EQ(note->text, "a\n\nb\n");
}

TEST(Note, IsRefusedWhenItIsNone) {
  const std::string line = "— k AAAAAAA=\n";
  ASSERT_TRUE(DecodeNote("a\n\n" + line));
  for (const std::string& octets : std::vector<std::string>{
           std::string(), line, "a\n" + line, "a\n\n", "a\n\n\n", std::string("a\n\nb\n"),
           "a\n\n" + line + "\n", "a\n\n" + line.substr(0, line.size() - 1), "a\n\n- k AAAAAAA=\n",
           std::string("a\n\n—  AAAAAAA=\n"), std::string("a\n\n— k  AAAAAAA=\n"),
           std::string("a\n\n— k AAAAAA==\n"), std::string("a\n\n— k AAAAAAA\n"),
           std::string("a\n\n— k AAAAAAB=\n"), std::string("a\n\n— k+ AAAAAAA=\n"),
           std::string("a\n\n— k\n"), std::string("a\n\n—k AAAAAAA=\n"),
           std::string("a\n\n— k\xC2\xA0z AAAAAAA=\n"), std::string("a\n\n— k AAAAAAA= \n")}) {
    const auto note = DecodeNote(octets);
    ASSERT_FALSE(note) << octets;
    EXPECT_EQ(note.error().code, Errc::kMalformed) << octets;
  }
  EXPECT_EQ(DecodeNote("a\r\n\n" + line).error().code, Errc::kControlCharacter);
  EXPECT_EQ(DecodeNote("a\t\n\n" + line).error().code, Errc::kControlCharacter);
  EXPECT_EQ(DecodeNote("\xff\n\n" + line).error().code, Errc::kNotUtf8);
  EXPECT_EQ(DecodeNote(std::string(kNoteOctetsMax, 'a') + "\n\n" + line).error().code,
            Errc::kTooLarge);
}

TEST(Note, TakesAsManySignaturesAsItSays) {
  std::string octets = "a\n\n";
  for (size_t i = 0; i < kNoteSignaturesMax; ++i) octets += "— k AAAAAAA=\n";
  EXPECT_TRUE(DecodeNote(octets));
  EXPECT_EQ(DecodeNote(octets + "— k AAAAAAA=\n").error().code, Errc::kTooLarge);
}

TEST(Note, NamesOfKeysHaveNoSpaces) {
  for (const std::string_view name : {"k", "idnode/88.118/0123", "二级节点", "a-b_c.d/e"}) {
    EXPECT_TRUE(IsKeyName(name)) << name;
  }
  for (const std::string_view name :
       {"", "a b", "a+b", "a\tb", "a\nb", "a\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x83",
        "\xE2\x80\xA8", "\xE3\x80\x80", "\xff"}) {
    EXPECT_FALSE(IsKeyName(name)) << name;
  }
  EXPECT_FALSE(IsKeyName(std::string(kKeyNameOctetsMax + 1, 'k')));
}

TEST(Note, EachTypeOfKeySignsAndVerifies) {
  for (const NoteKeyType type :
       {NoteKeyType::kEd25519, NoteKeyType::kCosignature, NoteKeyType::kSm2}) {
    const NoteSigner signer = SignerOf("example.com/log", type);
    const auto key = NoteVerifier::Parse(signer.verifier().Text());
    ASSERT_TRUE(key) << NameOf(type) << ": " << key.error().detail;
    EXPECT_EQ(key->id(), signer.verifier().id());
    const Note note{std::string(kText), {signer.Sign(kText, 1'679'315'147)}};
    const auto again = DecodeNote(EncodeNote(note));
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(*again, note);
    const auto held = VerifyNote(*again, {{*key}});
    ASSERT_TRUE(held) << NameOf(type);
    EXPECT_EQ(held->at(0).seconds, type == NoteKeyType::kCosignature ? 1'679'315'147 : 0);
    EXPECT_EQ(VerifyNote({"example.com/log\n", note.signatures}, {{*key}}).error().code,
              Errc::kForged);
  }
}

// One Ed25519 key makes two keys of a note, which do not stand for each other.
TEST(Note, ATypeIsPartOfTheKey) {
  const SigningKey key = *SigningKey::Generate(KeyKind::kEd25519);
  const auto plain = NoteSigner::Of("k", NoteKeyType::kEd25519, key);
  const auto timed = NoteSigner::Of("k", NoteKeyType::kCosignature, key);
  ASSERT_TRUE(plain && timed);
  EXPECT_NE(plain->verifier().id(), timed->verifier().id());
  const Note note{std::string(kText), {plain->Sign(kText)}};
  EXPECT_FALSE(VerifyNote(note, {{timed->verifier()}}));
  EXPECT_FALSE(NoteSigner::Of("k", NoteKeyType::kSm2, key));
  EXPECT_FALSE(NoteSigner::Of("k k", NoteKeyType::kEd25519, key));
}

TEST(Note, SignaturesOfOthersArePassedOver) {
  const NoteSigner ours = SignerOf("log", NoteKeyType::kEd25519);
  const NoteSigner same_name = SignerOf("log", NoteKeyType::kEd25519);
  const NoteSigner other = SignerOf("witness", NoteKeyType::kSm2);
  const Note note{std::string(kText), {other.Sign(kText), same_name.Sign(kText), ours.Sign(kText)}};
  const auto held = VerifyNote(note, {{ours.verifier()}});
  ASSERT_TRUE(held);
  EXPECT_EQ(held->size(), 1u);
  EXPECT_EQ(VerifyNote({note.text, {other.Sign(kText)}}, {{ours.verifier()}}).error().code,
            Errc::kForged);
}

TEST(Note, ASignatureOfAKnownKeyThatDoesNotHoldRefusesAll) {
  const NoteSigner ours = SignerOf("log", NoteKeyType::kEd25519);
  const NoteSigner sm2 = SignerOf("log", NoteKeyType::kSm2);
  Note note{std::string(kText), {ours.Sign(kText), sm2.Sign(kText)}};
  const std::vector<NoteVerifier> known = {ours.verifier(), sm2.verifier()};
  EXPECT_EQ(VerifyNote(note, known)->size(), 2u);
  note.signatures[1].signature.back() ^= 1;
  EXPECT_EQ(VerifyNote(note, known).error().code, Errc::kForged);
  EXPECT_TRUE(VerifyNote(note, {{ours.verifier()}}));
}

TEST(Note, AVerifierKeyHasOneText) {
  const std::string key(kExampleKey);
  for (const std::string& text : std::vector<std::string>{
           std::string(), std::string("example.com/foo"), key.substr(0, key.size() - 1), key + "A",
           "x" + key,
           std::string("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
           std::string("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
           std::string("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")}) {
    EXPECT_FALSE(NoteVerifier::Parse(text)) << text;
  }
  const std::string unknown_type = ToBase64("\x02" + std::string(32, 'k'));
  EXPECT_EQ(NoteVerifier::Parse("k+00000000+" + unknown_type).error().code, Errc::kUnsupported);
}

}  // namespace
}  // namespace idnode
