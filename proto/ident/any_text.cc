#include "proto/ident/any_text.h"

#include <algorithm>
#include <array>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/gs1/compression.h"
#include "proto/gs1/element_string.h"
#include "proto/gs1/epc_binary.h"
#include "proto/gs1/epc_urn.h"
#include "proto/gs1/uri.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/printable.h"
#include "proto/ident/scheme_rules.h"
#include "proto/ident/text_fault.h"

namespace idnode {
namespace {

constexpr auto kTextFormRows = std::to_array<TextFormRow>({
    {TextForm::kDigitalLink, "gs1_digital_link", "a GS1 Digital Link", "GS1 数字链接"},
    {TextForm::kEpcBinaryAddress, "epc_binary_address",
     "a web address with the content of an RFID tag", "含 RFID 标签内容的网址"},
    {TextForm::kCompressedAddress, "compressed_digital_link_address",
     "a compressed GS1 Digital Link", "压缩的 GS1 数字链接"},
    {TextForm::kElementString, "gs1_element_string", "a GS1 element string", "GS1 单元数据串"},
    {TextForm::kScannedElements, "gs1_scanned_elements",
     "a GS1 element string as a scanner reads it", "扫码得到的 GS1 单元数据串"},
    {TextForm::kGs1Path, "gs1_path", "a GS1 key as a path", "GS1 编码路径"},
    {TextForm::kProductCode, "product_code", "a product code (GTIN)", "商品条码（GTIN）"},
    {TextForm::kBareKey, "bare_gs1_key", "the digits of a GS1 key", "GS1 编码数字"},
    {TextForm::kEpcUrn, "epc_urn", "an EPC", "EPC（URN 形式）"},
    {TextForm::kEpcBinary, "epc_binary", "the content of an RFID tag", "RFID 标签内容"},
    {TextForm::kCompressed, "compressed_digital_link", "a compressed GS1 Digital Link",
     "压缩的 GS1 数字链接"},
    {TextForm::kOid, "oid", "an OID", "对象标识符（OID）"},
    {TextForm::kEcode, "ecode", "an Ecode", "Ecode 编码"},
    {TextForm::kVaaCode, "vaa", "a VAA code", "VAA 编码"},
    {TextForm::kVaaDid, "vaa_did", "a DID of VAA", "VAA 分布式标识"},
    {TextForm::kBid, "bid", "a BID of Xinghuo", "星火标识（BID）"},
    {TextForm::kDid, "did", "a DID", "分布式标识（DID）"},
    {TextForm::kPrefixHandle, "prefix_handle", "the handle of a prefix", "前缀标识"},
    {TextForm::kBarePrefix, "bare_prefix", "a Handle prefix", "Handle 前缀"},
    {TextForm::kHandle, "handle", "a Handle", "Handle 标识"},
    {TextForm::kHandleAddress, "handle_address",
     "an identifier in a web address or behind hdl:", "网址或 hdl: 中的标识"},
    {TextForm::kUnknown, "unknown", "of no scheme that is known here", "不属于任何已知的标识体系"},
});
static_assert(kTextFormRows.size() == static_cast<size_t>(TextForm::kUnknown) + 1);

// What people write before a Handle (proxies take these, too).
constexpr auto kHandleMarks =
    std::to_array<std::string_view>({"hdl:", "doi:", "info:hdl/", "info:doi/"});
// What stands before identifiers in web addresses of nodes like this one.
constexpr auto kRoutes =
    std::to_array<std::string_view>({"api/handles/", "api/v1/identifiers/", "1.0/identifiers/"});
// Symbology identifiers of carriers of GS1 data (ISO/IEC 15424).
constexpr auto kSymbologies = std::to_array<std::string_view>({"]C1", "]e0", "]d2", "]Q3", "]J1"});

constexpr size_t kEpcHexadecimalMin = 16;  // 64 bits.
constexpr size_t kCompressedMin = 10;      // A GTIN and its AI: 55 bits.

struct BareKey {
  size_t digits;
  std::string_view ai;
};
// Of 13 digits first of all a product code.
constexpr auto kBareKeys = std::to_array<BareKey>({{13, "414"}, {17, "402"}, {18, "00"}});

bool AllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return IsDigit(c); });
}
bool IsHexadecimal(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'F'); });
}
bool IsBase64Url(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '-' || c == '_';
  });
}
bool IsAddress(std::string_view text) {
  const std::string_view scheme = text.substr(0, text.find("://"));
  return scheme.size() < text.size() &&
         (EqualFolded(scheme, "https") || EqualFolded(scheme, "http"));
}

TextForm Gs1FormOf(std::string_view text) {
  if (text.starts_with('(')) return TextForm::kElementString;
  if (MayBeElementString(text)) return TextForm::kScannedElements;
  if (MayBeEpcUrn(text)) return TextForm::kEpcUrn;
  if (AllDigits(text)) return TextForm::kProductCode;
  return IsDigit(text[0]) ? TextForm::kGs1Path : TextForm::kDigitalLink;
}

TextForm HandleFormOf(std::string_view text, const Status& parsed) {
  if (!parsed && parsed.error().code == Errc::kUnknownScheme) return TextForm::kUnknown;
  if (!PrefixNamedBy(text).empty()) return TextForm::kPrefixHandle;
  return text.find('/') == std::string_view::npos ? TextForm::kBarePrefix : TextForm::kHandle;
}

// The form of a text that ParseIdentifier takes as `scheme`.
TextForm FormOf(std::string_view text, Scheme scheme, const Status& parsed) {
  switch (scheme) {
    case Scheme::kGs1:
      return Gs1FormOf(text);
    case Scheme::kOid:
      return TextForm::kOid;
    case Scheme::kEcode:
      return TextForm::kEcode;
    case Scheme::kVaa:
      return text[0] == 'd' ? TextForm::kVaaDid : TextForm::kVaaCode;
    case Scheme::kBid:
      return TextForm::kBid;
    case Scheme::kDid:
      return TextForm::kDid;
    case Scheme::kHandle:
      break;
  }
  return HandleFormOf(text, parsed);
}

Scheme SchemeOf(std::string_view text) {
  return SchemeRules::Recognised<Scheme>(text, [](auto rules) { return rules.kScheme; });
}

// The readings of one text, as they are found.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  std::vector<TextReading> Read() {
    if (text_.empty()) {
      AddFault(TextForm::kUnknown, {Errc::kInvalidIdentifier, "there is no text"});
    } else if (IsAddress(text_)) {
      ReadAddress();
    } else if (!ReadMarked()) {
      ReadPlain();
    }
    std::stable_partition(readings_.begin(), readings_.end(),
                          [](const TextReading& each) { return each.well_formed(); });
    return std::move(readings_);
  }

 private:
  void Add(TextForm form, Identifier identifier) {
    const auto same = [&](const TextReading& other) {
      return other.well_formed() && other.identifier.key == identifier.key;
    };
    if (std::ranges::any_of(readings_, same)) return;
    const Scheme scheme = identifier.scheme;
    readings_.push_back({form, scheme, std::move(identifier), std::nullopt});
  }
  void AddFault(TextForm form, const Error& error, Scheme scheme = Scheme::kHandle) {
    readings_.push_back({form, scheme, {}, FindTextFault(form, text_, error)});
  }
  // What a path and a query stand for, if it is an identifier.
  bool AddDecoded(TextForm form, std::string_view path_and_query) {
    auto identifier = ParseIdentifier(path_and_query.substr(1, path_and_query.find('?') - 1));
    if (!identifier) return false;
    Add(form, *std::move(identifier));
    return true;
  }

  // As ParseIdentifier has it.
  void AddParsed() {
    auto identifier = ParseIdentifier(text_);
    const Status parsed = identifier ? Status() : Status(identifier.error());
    const Scheme scheme = SchemeOf(text_);
    const TextForm form = FormOf(text_, scheme, parsed);
    if (identifier) return Add(form, *std::move(identifier));
    AddFault(form, identifier.error(), scheme);
  }

  void ReadAddress() {
    const std::string_view whole = text_.substr(0, text_.find_first_of("?#"));
    const size_t path = PathOfAddress(whole);
    const std::string_view last = whole.substr(whole.rfind('/') + 1);
    auto identifier = ParseIdentifier(text_);
    if (identifier) {
      const bool is_link = ParseGs1Uri(text_, Gs1Leniency::kResolution).ok();
      Add(is_link ? TextForm::kDigitalLink : TextForm::kEpcBinaryAddress, *std::move(identifier));
      return;
    }
    const bool is_tag = MayBeEpcBinary(last) && last.find('.') == std::string_view::npos;
    ReadInAddress(whole.substr(std::min(path + 1, whole.size())));
    ReadCompressed(TextForm::kCompressedAddress, whole.substr(std::min(path + 1, whole.size())));
    AddFault(is_tag ? TextForm::kEpcBinaryAddress : TextForm::kDigitalLink, identifier.error(),
             Scheme::kGs1);
  }

  // An identifier of another scheme behind the host: what a proxy or a node is asked.
  void ReadInAddress(std::string_view behind) {
    for (const std::string_view route : kRoutes) {
      if (behind.starts_with(route)) behind.remove_prefix(route.size());
    }
    const auto decoded = PercentDecode(behind);
    if (!decoded || decoded->empty()) return;
    auto identifier = ParseIdentifier(*decoded);
    if (!identifier || identifier->scheme == Scheme::kGs1) return;
    // Of a Handle's prefix the first octet is a digit; else any path would be one.
    const bool is_handle = identifier->scheme == Scheme::kHandle;
    const bool has_prefix = IsDigit((*decoded)[0]) && decoded->find('/') != std::string::npos;
    if (!is_handle || has_prefix) Add(TextForm::kHandleAddress, *std::move(identifier));
  }

  bool ReadMarked() {
    for (const std::string_view mark : kHandleMarks) {
      if (!EqualFolded(text_.substr(0, mark.size()), mark)) continue;
      auto identifier = ParseIdentifier(text_.substr(mark.size()));
      if (identifier) {
        Add(TextForm::kHandleAddress, *std::move(identifier));
      } else {
        AddFault(TextForm::kHandleAddress, identifier.error());
      }
      return true;
    }
    for (const std::string_view symbology : kSymbologies) {
      if (!text_.starts_with(symbology)) continue;
      std::string_view elements = text_.substr(symbology.size());
      if (elements.starts_with(kFnc1)) elements.remove_prefix(1);
      if (!ReadElements(elements)) {
        AddFault(TextForm::kScannedElements,
                 {Errc::kInvalidIdentifier, "GS1: no element string with a primary key"},
                 Scheme::kGs1);
      }
      return true;
    }
    return false;
  }

  void ReadPlain() {
    ReadTag();
    if (text_.size() >= kCompressedMin && !AllDigits(text_)) {
      ReadCompressed(TextForm::kCompressed, text_);
    }
    if (AllDigits(text_)) return ReadDigits();
    if (IsDigit(text_[0]) && text_.find('/') == std::string_view::npos) ReadElements(text_);
    AddParsed();
  }

  void ReadDigits() {
    const bool has_gtin_length = text_.size() <= 14;
    if (has_gtin_length) AddParsed();
    for (const BareKey& key : kBareKeys) {
      if (text_.size() != key.digits) continue;
      auto identifier = ParseIdentifier(std::string(key.ai).append("/").append(text_));
      if (identifier) {
        Add(TextForm::kBareKey, *std::move(identifier));
      } else if (!has_gtin_length) {
        AddFault(TextForm::kBareKey, identifier.error(), Scheme::kGs1);
      }
    }
    if (has_gtin_length) return;
    ReadElements(text_);
    AddParsed();
  }

  // Element strings without their first FNC1; an Application Identifier alone is none.
  bool ReadElements(std::string_view elements) {
    auto identifier = ParseIdentifier(std::string(1, kFnc1).append(elements));
    if (!identifier) return false;
    Add(TextForm::kScannedElements, *std::move(identifier));
    return true;
  }

  // The memory of a tag, as readers print it.
  void ReadTag() {
    std::string segment;
    if (MayBeEpcBinary(text_)) {
      segment = text_;
    } else if (IsHexadecimal(text_)) {
      segment = "eh";
      for (const char c : text_)
        segment.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    }
    if (segment.size() < kEpcHexadecimalMin + 2 ||
        segment.find_first_of("./") != std::string::npos) {
      return;
    }
    std::string decoded;
    const Status tag = DecodeEpcBinary(segment, decoded);
    if (tag) {
      AddDecoded(TextForm::kEpcBinary, decoded);
    } else if (MayBeEpcBinary(text_)) {
      AddFault(TextForm::kEpcBinary, tag.error(), Scheme::kGs1);
    }
  }

  void ReadCompressed(TextForm form, std::string_view segments) {
    std::string decoded;
    const std::string_view last = segments.substr(segments.rfind('/') + 1);
    if (last.size() < kCompressedMin || !IsBase64Url(last)) return;
    if (DecodeCompressed(segments, decoded)) AddDecoded(form, decoded);
  }

  const std::string_view text_;
  std::vector<TextReading> readings_;
};

}  // namespace

const TextFormRow& RowOf(TextForm form) { return kTextFormRows[static_cast<size_t>(form)]; }

std::string_view WithoutBlanks(std::string_view text) {
  for (size_t octets; (octets = BlankOctets(text, BlankAt::kStart)) > 0;)
    text.remove_prefix(octets);
  for (size_t octets; (octets = BlankOctets(text, BlankAt::kEnd)) > 0;) text.remove_suffix(octets);
  return text;
}

std::vector<TextReading> ReadAnyText(std::string_view text) { return TextReader(text).Read(); }

}  // namespace idnode
