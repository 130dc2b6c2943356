#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/elsewhere.h"
#include "node/service/resolver.h"
#include "proto/base/result.h"
#include "proto/gs1/path.h"
#include "proto/ident/any_text.h"
#include "proto/record/value.h"
#include "storage/directory.h"

namespace idnode {

// The answer of the search box: what a text is, right or wrong, in which forms it may be written,
// whose it is, and how it resolves, hop by hop. It is a question about an identifier and no
// resolution: nothing is counted (docs/counting.md).
struct Explanation {
  // Another form of the same identifier.
  struct Form {
    std::string_view name;  // canonical, digital_link, element_string, epc_urn, gtin_13 …
    std::string value;
  };
  // Who holds the prefix that covers it.
  struct Owner {
    std::string_view scheme;  // As the API spells it.
    std::string prefix;
    PrefixState state = PrefixState::kActive;
    uint32_t enterprise = 0;
    std::string code, name;
    EnterpriseState enterprise_state = EnterpriseState::kActive;
  };
  enum class Hop : uint8_t {
    kRecord,        // Looked for under its own key.
    kLevel,         // One of those that may answer for a GS1 identifier, nearest first.
    kRange,         // A range of serial numbers answers for it.
    kAlias,         // It is another name; `target` is followed.
    kRedirect,      // Where a browser is sent.
    kPrefixHandle,  // Not answered here: what the handle of the prefix is.
    kReferral,      // Who answers instead.
  };
  enum class State : uint8_t { kFound, kAbsent, kWithdrawn };
  struct Step {
    Hop hop = Hop::kRecord;
    State state = State::kFound;
    std::string identifier;
    std::string target;             // kAlias, kRedirect, kReferral.
    std::vector<std::string> has;   // Types of the values that the caller may see.
    size_t hidden = 0;              // Values that he may not see.
    std::optional<Time> withdrawn;  // kWithdrawn.
  };
  enum class End : uint8_t { kMalformed, kNotAsked, kFound, kNotFound, kWithdrawn, kElsewhere };

  std::string text;                   // Without the blanks round it.
  std::vector<TextReading> readings;  // The one that was chosen first.
  std::vector<Form> forms;
  std::optional<Owner> owner;  // Nothing: nobody here holds a prefix of it.
  std::vector<Step> steps;
  End end = End::kNotAsked;
  std::optional<Time> withdrawn;  // kWithdrawn.
  Elsewhere elsewhere;            // kElsewhere.
  Status alias;                   // Why an alias was not followed to its end.
  std::string message_en, message_zh;
};

std::string_view NameOf(Explanation::Hop hop);
std::string_view NameOf(Explanation::State state);
std::string_view NameOf(Explanation::End end);

// What the records of an identifier redirect to; who asks knows how links are written.
struct RedirectQuestion {
  struct Level {
    std::string_view key;  // Canonical.
    std::span<const Value> values;
    bool sees_all = false;
  };
  const Gs1Path* path = nullptr;  // Null: no GS1 identifier; there is one level.
  std::string_view root;
  std::vector<Level> levels;  // Nearest first.
};
using RedirectTarget = std::function<std::string(const RedirectQuestion&)>;  // Empty: nowhere.

struct ExplainSettings {
  std::string root;  // Public root of Digital Links: https://id.example.cn
  RedirectTarget redirect = {};
};

// What a text says by itself, without any node: readings and forms.
Explanation ExplainText(std::string_view text, const ExplainSettings& settings);

// The whole, as `caller` may see it. kCorrupt, kIo: a record could not be read. Reads the disk:
// never on an event loop.
Result<Explanation> Explain(const Resolver& resolver, std::string_view text, const Caller& caller,
                            const ExplainSettings& settings);

}  // namespace idnode
