#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/ident/bid_scheme.h"
#include "proto/ident/did_scheme.h"
#include "proto/ident/ecode_scheme.h"
#include "proto/ident/gs1_scheme.h"
#include "proto/ident/handle_scheme.h"
#include "proto/ident/oid_scheme.h"
#include "proto/ident/scheme.h"
#include "proto/ident/vaa_scheme.h"

namespace idnode {

// The rules of every scheme, a row each, in the order in which a text is tried: the first scheme
// that recognises a text parses it, right or wrong. Handle takes what is left.
//
// A scheme is a struct of static functions, so that choosing one is a branch and never a pointer:
//
//   kScheme               its octet
//   Recognises(text)      whether the text is written in this scheme: looks at its beginning first
//   Parse(text, id)       sets scheme, key and text; keeps their capacity
//   CheckForRegistration  what is stricter than parsing; only of what Parse made
//   TextOfKey(key)        kCorrupt: not a canonical key; the key starts with kScheme
//   AppendMatter(key, m)  what prefixes are matched against (PrefixMatter); kCorrupt likewise
//   ShorterMatter(m)      the next shorter beginning of a matter, or of such a beginning, that may
//                         be a prefix; empty: none
//   ParsePrefix(text)     the canonical text of a prefix
//   RangeOf(prefix, type), Covers(prefix, key)   see identifier.h; `prefix` is canonical
//
// The answer of a rule is the answer here and never a copy of it: a Status that is stored and read
// again at once stalls the processor (parsing a Handle and its matter: 27 ns, 67 ns with the copy).
template <class First, class... Rest>
struct SchemeTable {
  // What `use` makes of the rules of `scheme`; `otherwise` if there are none.
  template <class Answer, class Otherwise, class Use>
  static Answer With(Scheme scheme, const Otherwise& otherwise, const Use& use) {
    if (First::kScheme == scheme) return use(First{});
    if constexpr (sizeof...(Rest) > 0) {
      return SchemeTable<Rest...>::template With<Answer>(scheme, otherwise, use);
    } else {
      return otherwise;
    }
  }
  // The same of the first scheme that recognises `text`; the last takes what is left.
  template <class Answer, class Use>
  static Answer Recognised(std::string_view text, const Use& use) {
    if constexpr (sizeof...(Rest) > 0) {
      if (!First::Recognises(text)) {
        return SchemeTable<Rest...>::template Recognised<Answer>(text, use);
      }
    }
    return use(First{});
  }
};

using SchemeRules =
    SchemeTable<Gs1Scheme, OidScheme, EcodeScheme, VaaScheme, BidScheme, DidScheme, HandleScheme>;

}  // namespace idnode
