#include "proto/ident/any_text.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

struct Case {
  std::string_view text;
  TextForm form;
  std::string_view identifier;  // Canonical; empty: there is a fault.
  size_t character = 0;         // Of the fault.
  std::string_view right = {};  // Of the fault.
  Errc code = Errc::kInternal;  // Of the fault.
};

// What people hold in their hands, right and wrong.
const Case kCases[] = {
    {"https://id.gs1.org/01/06901234567892", TextForm::kDigitalLink, "01/06901234567892"},
    {"http://a.example/shop/01/6901234567892/10/L1?17=261231", TextForm::kDigitalLink,
     "01/06901234567892/10/L1"},
    {"https://id.gs1.org/01/06901234567893", TextForm::kDigitalLink, "", 36, "2",
     Errc::kCheckDigit},
    {"https://id.gs1.org/01/0690123456789X", TextForm::kDigitalLink, "", 36, "", Errc::kNotDigits},
    {"https://id.gs1.org/01/06901234567892/99999/L1", TextForm::kDigitalLink, "", 38, "",
     Errc::kInvalidIdentifier},
    {"https://a.example/about/us", TextForm::kDigitalLink, "", 18, "", Errc::kInvalidIdentifier},
    {"https://a.example/eh3066c4409047e140075bcd15", TextForm::kEpcBinaryAddress,
     "01/09506000134352/21/123456789"},
    {"https://a.example/eh3066c4409047e140075bcdZ5", TextForm::kEpcBinaryAddress, "", 18, "",
     Errc::kInvalidIdentifier},
    {"eh3066c4409047e140075bcd15", TextForm::kEpcBinary, "01/09506000134352/21/123456789"},
    {"3066C4409047E140075BCD15", TextForm::kEpcBinary, "01/09506000134352/21/123456789"},
    {"eh3066c4409047e140075bcdZ5", TextForm::kBarePrefix, "eh3066c4409047e140075bcdZ5"},
    {"ex.066c4409047e140075bcdZ5_", TextForm::kUnknown, "", 27, "", Errc::kUnknownScheme},
    {"urn:epc:id:sgtin:4012345.011111.987", TextForm::kEpcUrn, "01/04012345111118/21/987"},
    {"urn:epc:class:lgtin:4012345.012345.998877", TextForm::kEpcUrn, "01/04012345123456/10/998877"},
    {"urn:epc:id:sscc:0614141.1234567890", TextForm::kEpcUrn, "00/106141412345678908"},
    {"urn:epc:id:sgtin:40X2345.011111.987", TextForm::kEpcUrn, "", 20, "", Errc::kNotDigits},
    {"urn:epc:id:gid:1.2.3", TextForm::kEpcUrn, "", 9, "", Errc::kUnknownScheme},
    {"(01)06901234567892(10)L1", TextForm::kElementString, "01/06901234567892/10/L1"},
    {"(01)06901234567893(10)L1", TextForm::kElementString, "", 18, "2", Errc::kCheckDigit},
    {"(01)06901234567892(10)", TextForm::kElementString, "", 23, "", Errc::kWrongLength},
    {"]C1010690123456789210L1", TextForm::kScannedElements, "01/06901234567892/10/L1"},
    {"010690123456789210L1", TextForm::kScannedElements, "01/06901234567892/10/L1"},
    {"0106901234567892", TextForm::kScannedElements, "01/06901234567892"},
    {"01/06901234567892/21/S1", TextForm::kGs1Path, "01/06901234567892/21/S1"},
    {"01/06901234567893", TextForm::kGs1Path, "", 17, "2", Errc::kCheckDigit},
    {"01/06901234567892/21/", TextForm::kGs1Path, "", 22, "", Errc::kInvalidIdentifier},
    {"8004/9520123ABC", TextForm::kGs1Path, "8004/9520123ABC"},
    {"8013/1987654Ad4X4bL5ttr2310c2Q", TextForm::kGs1Path, "", 29, "2K", Errc::kCheckDigit},
    {"6901234567892", TextForm::kProductCode, "01/06901234567892"},
    {"036000291452", TextForm::kProductCode, "01/00036000291452"},
    {"96385074", TextForm::kProductCode, "01/00000096385074"},
    {"6901234567893", TextForm::kProductCode, "", 13, "2", Errc::kCheckDigit},
    {"96385075", TextForm::kProductCode, "", 8, "4", Errc::kCheckDigit},
    {"690123456", TextForm::kProductCode, "", 10, "", Errc::kWrongLength},
    {"106141412345678908", TextForm::kBareKey, "00/106141412345678908"},
    {"106141412345678909", TextForm::kBareKey, "", 18, "8", Errc::kCheckDigit},
    {"1.2.156.3001.11", TextForm::kOid, "1.2.156.3001.11"},
    {"urn:oid:1.2.156.3001", TextForm::kOid, "1.2.156.3001"},
    {"1.2.0156", TextForm::kOid, "", 5, "", Errc::kInvalidIdentifier},
    {"1.40.1", TextForm::kOid, "", 3, "", Errc::kInvalidIdentifier},
    {"1.2..3", TextForm::kOid, "", 5, "", Errc::kInvalidIdentifier},
    {"E=1000112345678", TextForm::kEcode, "E=1000112345678"},
    {"ecode:1000112345678", TextForm::kEcode, "E=1000112345678"},
    {"E=7000112345678", TextForm::kEcode, "", 3, "", Errc::kInvalidIdentifier},
    {"E=10001ABC", TextForm::kEcode, "", 8, "", Errc::kNotDigits},
    {"VAA8610012345", TextForm::kVaaCode, "VAA8610012345"},
    {"did:vaa:gxAcE6upFw6DNbG3rfngM3VxCNB", TextForm::kVaaDid,
     "did:vaa:gxAcE6upFw6DNbG3rfngM3VxCNB"},
    {"did:vaa:gxAcE6upFw6DNbG3rfngM0VxCNB", TextForm::kVaaDid, "", 30, "",
     Errc::kInvalidIdentifier},
    {"did:bid:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2", TextForm::kBid,
     "did:bid:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2"},
    {"did:bid:xfnVUgqQFfYeu97ABf6sGm3WFtVXHZB2", TextForm::kBid, "", 9, "",
     Errc::kInvalidIdentifier},
    {"did:web:example.org", TextForm::kDid, "did:web:example.org"},
    {"did:Web:example.org", TextForm::kDid, "", 5, "", Errc::kInvalidIdentifier},
    {"88.118.8/SN-1", TextForm::kHandle, "88.118.8/SN-1"},
    {"0.NA/88.118.8", TextForm::kPrefixHandle, "0.NA/88.118.8"},
    {"88.118.8", TextForm::kBarePrefix, "88.118.8"},
    {"hdl:88.118.8/SN-1", TextForm::kHandleAddress, "88.118.8/SN-1"},
    {"https://hdl.handle.net/88.118.8/SN%201", TextForm::kHandleAddress, "88.118.8/SN 1"},
    {"http://127.0.0.1:8080/api/handles/88.118.8/a?type=URL", TextForm::kHandleAddress,
     "88.118.8/a"},
    {"/SN-1", TextForm::kHandle, "", 1, "", Errc::kInvalidIdentifier},
    {"88.118.8/\xC3(", TextForm::kHandle, "", 10, "", Errc::kNotUtf8},
    {"产品", TextForm::kUnknown, "", 1, "", Errc::kUnknownScheme},
    {"", TextForm::kUnknown, "", 1, "", Errc::kInvalidIdentifier},
};

TEST(AnyText, IsReadAsWhatItIsOrShownWhereItGoesWrong) {
  for (const Case& each : kCases) {
    SCOPED_TRACE(each.text);
    const auto readings = ReadAnyText(each.text);
    ASSERT_FALSE(readings.empty());
    const TextReading& chosen = readings.front();
    EXPECT_EQ(RowOf(chosen.form).name, RowOf(each.form).name);
    if (each.character == 0) {
      ASSERT_TRUE(chosen.well_formed()) << chosen.fault->error.detail;
      EXPECT_EQ(chosen.identifier.text, each.identifier);
      continue;
    }
    ASSERT_FALSE(chosen.well_formed()) << chosen.identifier.text;
    EXPECT_EQ(chosen.fault->character, each.character);
    EXPECT_EQ(chosen.fault->right, each.right);
    EXPECT_EQ(chosen.fault->error.code, each.code) << chosen.fault->error.detail;
  }
}

TEST(AnyText, WithTheRightDigitInItsPlaceIsRight) {
  for (const Case& each : kCases) {
    const auto readings = ReadAnyText(each.text);
    if (readings[0].well_formed() || readings[0].fault->right.empty()) continue;
    const std::string& right = readings[0].fault->right;
    std::string mended(each.text);
    mended.replace(readings[0].fault->character - 1, right.size(), right);
    EXPECT_TRUE(ReadAnyText(mended)[0].well_formed()) << mended;
  }
}

TEST(AnyText, HasEveryMeaningThatFits) {
  const auto forms = [](std::string_view text) {
    std::vector<std::string_view> names;
    for (const TextReading& reading : ReadAnyText(text)) names.push_back(RowOf(reading.form).name);
    return names;
  };
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(forms("6901234567892"), (Names{"product_code", "bare_gs1_key"}));
  EXPECT_EQ(forms("106141412345678908"), (Names{"bare_gs1_key", "product_code"}));
  EXPECT_EQ(forms("3066C4409047E140075BCD15"), (Names{"epc_binary", "bare_prefix"}));
  EXPECT_EQ(forms("https://hdl.handle.net/88.118.8/1"),
            (Names{"handle_address", "gs1_digital_link"}));
}

TEST(AnyText, IsFreeOfTheBlanksRoundIt) {
  for (const std::string_view text : {"88.118.8/1", " 88.118.8/1\r\n",
                                      "\xE3\x80\x80"
                                      "88.118.8/1",
                                      "\xEF\xBB\xBF"
                                      "88.118.8/1\xC2\xA0",
                                      "\t88.118.8/1\xE2\x80\x8B"}) {
    EXPECT_EQ(WithoutBlanks(text), "88.118.8/1");
  }
  EXPECT_EQ(WithoutBlanks(" \xE3\x80\x80 "), "");
}

TEST(AnyText, NeverReadsCompressedTextThatIsNoIdentifier) {
  for (const std::string_view word :
       {"https://a.example/some-product-page-name", "some-product-page-name", "AAAAAAAAAAAAAAAA"}) {
    for (const TextReading& reading : ReadAnyText(word)) {
      EXPECT_NE(reading.form, TextForm::kCompressed) << word;
      EXPECT_NE(reading.form, TextForm::kCompressedAddress) << word;
    }
  }
}

}  // namespace
}  // namespace idnode
