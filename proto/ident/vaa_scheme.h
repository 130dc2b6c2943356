#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"

namespace idnode {

// Identifiers of the issuing agency VAA (ISO/IEC 15459; spec/secondary-node.md 7.5), in three
// forms, each with an octet behind 'V' of its own, never reused:
//
//   'C'  the form of a data carrier: VAA, the code of the enterprise and a serial, in capitals
//   'D'  a DID of 27 to 31 Base58 characters: did:vaa:gxAcE6upFw6DNbG3rfngM3VxCNB
//   'K'  a DID below a contract: did:vaa:IDcontract1:86.100.1234/abcdfe.123
//
// Any case of VAA and what follows is read, and is one identifier. What each function promises
// stands in scheme_rules.h.
struct VaaScheme {
  static constexpr Scheme kScheme = Scheme::kVaa;
  static constexpr std::string_view kStart = "did:vaa:";

  static bool Recognises(std::string_view text) {
    if (text.size() < 4) return false;
    if (text[0] == 'V' || text[0] == 'v') return IsCarrierForm(text);
    return text[0] == 'd' && text.starts_with(kStart);
  }
  static Status Parse(std::string_view text, Identifier& identifier);
  static Status CheckForRegistration(std::string_view text);
  static Result<std::string> TextOfKey(std::string_view key);
  static Status AppendMatter(std::string_view key, std::string& matter);
  // Of the carrier form any beginning beyond VAA: the length of an enterprise's code is its own
  // affair. Of a DID none.
  static std::string_view ShorterMatter(std::string_view matter);
  // VAA and the beginning of the enterprise's code; did:vaa for the Base58 form;
  // did:vaa:IDcontract1 for a contract.
  static Result<std::string> ParsePrefix(std::string_view text);
  static KeyRange RangeOf(std::string_view prefix, char type);
  static bool Covers(std::string_view prefix, std::string_view key);

 private:
  static bool IsCarrierForm(std::string_view text);
};

}  // namespace idnode
