#include "proto/gs1/packed_key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "proto/base/text.h"
#include "proto/gs1/key.h"
#include "proto/gs1/uri.h"

namespace idnode {
namespace {

Gs1Path PathOf(std::string_view text) {
  Gs1Path path;
  EXPECT_TRUE(ParseGs1Path(text, path, {.key_alone = true})) << text;
  return path;
}

std::string KeyOf(std::string_view text) {
  std::string key;
  AppendGs1Key(PathOf(text), key);
  return key;
}

// The canonical text of a key, or the name of the refusal.
std::string TextOf(std::string_view key) {
  Gs1Path path;
  if (const Status unpacked = UnpackGs1Key(key, path); !unpacked) {
    return std::string(RowOf(unpacked.error().code).name);
  }
  std::string text;
  AppendCanonicalPath(path, text);
  return text;
}

std::vector<std::string> LevelsOf(std::string_view text) {
  const Gs1Levels levels(PathOf(text));
  std::vector<std::string> texts;
  for (size_t i = 0; i < levels.size(); ++i) texts.push_back(TextOf(levels.key(i)));
  return texts;
}

// One of each key, with every set of qualifiers that it may have.
const std::vector<std::string> kPaths = {
    "00/395201234567891236",
    "01/16901234567899",
    "01/06901234567892/10/L1",
    "01/06901234567892/22/2A",
    "01/06901234567892/22/2A/10/L1",
    "01/06901234567892/21/S%2F1",
    "01/06901234567892/235/TPX",
    "253/9520123456788",
    "253/9520123456788AB-17.serial",
    "255/9520123456788",
    "255/9520123456788000000000017",
    "401/9520123ABC-7",
    "402/95201234567890122",
    "414/9520123456788",
    "414/9520123456788/254/DOOR-7",
    "414/9520123456788/7040/1ABC",
    "415/9520123456788",
    "415/9520123456788/8020/INV-2026-001",
    "417/9520123456788",
    "417/9520123456788/7040/1ABC",
    "8003/09520123456788",
    "8003/09520123456788A1B2C3",
    "8004/9520123-ASSET.7",
    "8004/9520123MACH/7040/1A-0",
    "8006/095201234567880102",
    "8006/095201234567880102/22/V/10/L1",
    "8006/095201234567880102/21/S1",
    "8010/9520123-P-44",
    "8010/9520123-P-44/8011/1234567",
    "8013/9520123ModelXHT",
    "8017/952012345678901233",
    "8017/952012345678901233/8019/1234567890",
    "8018/952012345678901233/8019/7",
};

TEST(PackedKey, HasTheCompanyFirstAndNoCheckDigit) {
  EXPECT_EQ(ToHex(KeyOf("01/16901234567899")), "470269012345678901");
  EXPECT_EQ(ToHex(KeyOf("00/395201234567891236")), "4701952012345678912303");
  EXPECT_EQ(ToHex(KeyOf("414/9520123456788")), "4703952012345678");
  EXPECT_EQ(ToHex(KeyOf("8003/09520123456788A1")), "47099520123456784131");
  EXPECT_EQ(ToHex(KeyOf("8006/195201234567850102")),
            "470695201234567801"
            "0102");
  EXPECT_EQ(ToHex(KeyOf("8017/952012345678901233")), "470a95201234567890123f");
  EXPECT_EQ(ToHex(KeyOf("402/95201234567890122")), "470c9520123456789012");
  EXPECT_EQ(KeyOf("8004/9520123-A"),
            "G\x0D"
            "9520123-A");
}

TEST(PackedKey, HasAChildForASetOfQualifiers) {
  const std::string gtin = KeyOf("01/06901234567892");
  const auto child = [&](std::string_view octets) { return gtin + std::string(octets); };
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(KeyOf("01/06901234567892/10/L1"), child("\0\x01L1"sv));
  EXPECT_EQ(KeyOf("01/06901234567892/22/2A"), child("\0\x02"
                                                    "2A"sv));
  EXPECT_EQ(KeyOf("01/06901234567892/22/2A/10/L1"), child("\0\x03"
                                                          "2A\0L1"sv));
  EXPECT_EQ(KeyOf("01/06901234567892/21/S1"), child("\0\x04S1"sv));
}

TEST(PackedKey, OfASerialHasNeitherLotNorVariant) {
  const std::string serial = KeyOf("01/06901234567892/21/S1");
  EXPECT_EQ(KeyOf("01/06901234567892/10/L1/21/S1"), serial);
  EXPECT_EQ(KeyOf("01/06901234567892/22/2A/10/L1/21/S1"), serial);
  EXPECT_EQ(TextOf(serial), "01/06901234567892/21/S1");
}

TEST(PackedKey, IsAppended) {
  std::string out = "before";
  AppendGs1Key(PathOf("414/9520123456788"), out);
  EXPECT_EQ(out.substr(0, 6), "before");
  EXPECT_EQ(out.size(), 6u + 8u);
}

TEST(PackedKey, ComesBackAsTheTextItWasMadeOf) {
  for (const std::string& text : kPaths) EXPECT_EQ(TextOf(KeyOf(text)), text);
}

TEST(PackedKey, OfDifferentIdentifiersDiffers) {
  std::vector<std::string> keys;
  for (const std::string& text : kPaths) keys.push_back(KeyOf(text));
  std::ranges::sort(keys);
  EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
}

TEST(PackedKey, IsCorruptWhereverItIsCutShort) {
  // Text may be cut into a shorter text, which is another identifier: its own octets come back.
  for (const std::string& text : kPaths) {
    const std::string key = KeyOf(text);
    for (size_t size = 0; size < key.size(); ++size) {
      const std::string_view cut = std::string_view(key).substr(0, size);
      const std::string other = TextOf(cut);
      EXPECT_TRUE(other == "corrupt" || KeyOf(other) == cut) << text << " " << size;
    }
  }
  for (const Gs1KeyRow& row : kGs1KeyRows) {
    if (row.is_text() || row.tail == Gs1KeyTail::kSerial) continue;
    const std::string zeros(row.digits + (row.tail == Gs1KeyTail::kPieceOfTotal ? 4u : 0u), '0');
    const std::string good =
        row.tail == Gs1KeyTail::kNone ? zeros : std::string(row.digits, '0') + "0101";
    const std::string key = KeyOf(std::string(row.ai) + '/' + good);
    for (size_t size = 0; size < key.size(); ++size) {
      EXPECT_EQ(TextOf(std::string_view(key).substr(0, size)), "corrupt") << row.ai << size;
    }
  }
}

TEST(PackedKey, IsCorruptWithAnOctetMore) {
  const std::string key = KeyOf("01/06901234567892");
  for (int octet = 0; octet < 256; ++octet) {
    EXPECT_EQ(TextOf(key + static_cast<char>(octet)), "corrupt") << octet;
  }
  const std::string child = KeyOf("01/06901234567892/22/A/10/L");
  EXPECT_EQ(TextOf(child + '\0'), "corrupt");
  EXPECT_EQ(TextOf(child + '\0' + 'x'), "corrupt");
}

TEST(PackedKey, IsCorruptWithHalvesAboveNine) {
  const std::string packed = KeyOf("01/06901234567892");
  for (size_t place = 2; place < packed.size(); ++place) {
    for (const int octet : {0x0A, 0xA0, 0xFF}) {
      std::string damaged = packed;
      damaged[place] = static_cast<char>(octet);
      EXPECT_EQ(TextOf(damaged), "corrupt") << place << " " << octet;
    }
  }
  std::string filled = KeyOf("8017/952012345678901233");
  filled.back() = '\x30';
  EXPECT_EQ(TextOf(filled), "corrupt") << "the half behind the last digit is F";
}

TEST(PackedKey, IsCorruptWithAnUnknownKeyOrSet) {
  for (int octet = 0; octet < 256; ++octet) {
    std::string key = KeyOf("01/06901234567892/10/L1");
    key[1] = static_cast<char>(octet);
    EXPECT_EQ(TextOf(key) == "corrupt", octet != 2) << octet;
    key[1] = '\x02';
    key[10] = static_cast<char>(octet);
    const bool one_text = octet == 1 || octet == 2 || octet == 4 || octet == 5;
    EXPECT_EQ(TextOf(key) != "corrupt", one_text) << octet;
  }
}

TEST(PackedKey, IsCorruptWithASerialAndALot) {
  using std::string_view_literals::operator""sv;
  const std::string gtin = KeyOf("01/06901234567892");
  EXPECT_EQ(TextOf(gtin + std::string("\0\x04S1\0L1"sv)), "corrupt");
  EXPECT_EQ(TextOf(gtin + std::string("\0\x03"
                                      "2A"sv)),
            "corrupt");
  EXPECT_EQ(TextOf(gtin + std::string("\0\x01"sv)), "corrupt");
  EXPECT_EQ(TextOf(gtin + std::string("\0\x01 "sv)), "corrupt");
}

TEST(PackedKey, SortsChildrenDirectlyBehindTheirKey) {
  std::vector<std::string> texts = {"01/06901234567892", "01/06901234567892/10/L1",
                                    "01/06901234567892/10/L2", "01/06901234567892/21/S1",
                                    "01/16901234567899"};
  std::vector<std::string> keys;
  for (const std::string& text : texts) keys.push_back(KeyOf(text));
  EXPECT_TRUE(std::ranges::is_sorted(keys));
}

// spec/gs1-digital-link.md 5.3.
TEST(Gs1Levels, AreThoseOfTheIdentifierNearestFirst) {
  using Texts = std::vector<std::string>;
  const std::string gtin = "01/06901234567892";
  EXPECT_EQ(LevelsOf(gtin), Texts{gtin});
  EXPECT_EQ(LevelsOf(gtin + "/10/L"), (Texts{gtin + "/10/L", gtin}));
  EXPECT_EQ(LevelsOf(gtin + "/22/V"), (Texts{gtin + "/22/V", gtin}));
  EXPECT_EQ(LevelsOf(gtin + "/21/S"), (Texts{gtin + "/21/S", gtin}));
  EXPECT_EQ(LevelsOf(gtin + "/235/T"), (Texts{gtin + "/235/T", gtin}));
  EXPECT_EQ(LevelsOf(gtin + "/22/V/10/L"),
            (Texts{gtin + "/22/V/10/L", gtin + "/10/L", gtin + "/22/V", gtin}));
  EXPECT_EQ(LevelsOf(gtin + "/10/L/21/S"), (Texts{gtin + "/21/S", gtin + "/10/L", gtin}));
  EXPECT_EQ(LevelsOf(gtin + "/22/V/21/S"), (Texts{gtin + "/21/S", gtin + "/22/V", gtin}));
  EXPECT_EQ(LevelsOf(gtin + "/22/V/10/L/21/S"),
            (Texts{gtin + "/21/S", gtin + "/22/V/10/L", gtin + "/10/L", gtin + "/22/V", gtin}));
}

TEST(Gs1Levels, OfTheOtherKeysAreThePairAndTheKey) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(LevelsOf("8006/095201234567880102/10/L"),
            (Texts{"8006/095201234567880102/10/L", "8006/095201234567880102"}));
  EXPECT_EQ(LevelsOf("415/9520123456788/8020/R"),
            (Texts{"415/9520123456788/8020/R", "415/9520123456788"}));
  EXPECT_EQ(LevelsOf("8004/9520123A/7040/1ABC"),
            (Texts{"8004/9520123A/7040/1ABC", "8004/9520123A"}));
  EXPECT_EQ(LevelsOf("8018/952012345678901233/8019/7"),
            (Texts{"8018/952012345678901233/8019/7", "8018/952012345678901233"}));
}

TEST(Gs1Levels, BeginWithTheKeyOfTheRecord) {
  for (const std::string& text : kPaths) {
    EXPECT_EQ(Gs1Levels(PathOf(text)).key(0), KeyOf(text)) << text;
  }
}

TEST(Gs1Levels, HaveRoomForTheLongestKeys) {
  std::string longest;
  for (int i = 0; i < 20; ++i) longest += "%25";
  const std::string text =
      "8006/095201234567880102/22/" + longest + "/10/" + longest + "/21/" + longest;
  const Gs1Levels levels(PathOf(text));
  ASSERT_EQ(levels.size(), 5u);
  EXPECT_EQ(levels.set(0), Gs1Set::kSerial);
  EXPECT_EQ(levels.set(1), Gs1Set::kVariantAndLot);
  EXPECT_EQ(levels.key(1).size(), 54u);
  EXPECT_EQ(levels.set(4), Gs1Set::kNone);
  const Gs1Levels text_key(PathOf("8004/" + std::string(30, '9') + "/7040/1ABC"));
  EXPECT_EQ(text_key.key(0).size(), 38u);
}

}  // namespace
}  // namespace idnode
