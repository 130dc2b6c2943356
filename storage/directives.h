#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/crypto/digest.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// What a node is told to do by the node above it. Kept at both ends: above under the number of the
// child, until it is answered and afterwards; below under kOwn, once it is carried out, so that the
// same directive is never carried out twice.
enum class DirectiveKind : uint8_t {
  kSuspendPrefix = 1,
  kResumePrefix = 2,
  kAllotPrefix = 3,
  kQuery = 4,
  kAuditChallenge = 5,
};
std::string_view NameOf(DirectiveKind kind);  // "suspend", "resume", "allot", "query", "challenge".
Result<DirectiveKind> ParseDirectiveKind(std::string_view name);

// kVerified, kForged: of an audit challenge, whether its proof holds.
enum class DirectiveState : uint8_t {
  kOpen = 1,
  kDone = 2,
  kRefused = 3,
  kVerified = 4,
  kForged = 5,
};
std::string_view NameOf(DirectiveState state);

inline constexpr size_t kDirectiveIdOctetsMax = 64;
inline constexpr size_t kDirectiveTextOctetsMax = 2'048;
inline constexpr size_t kDirectiveAnswerOctetsMax = 1u << 20;
inline constexpr size_t kOpenDirectivesMax = 256;  // Of one child.
inline constexpr size_t kDirectivesAtOnce = 16;    // On their way to it, without an answer.

struct GivenDirective {
  uint32_t child = 0;  // kOwn: carried out here.
  std::string id;      // Letters, digits, '-' and '_'.
  DirectiveKind kind = DirectiveKind::kQuery;
  std::string subject;  // Prefix, identifier, or what a query is about.
  std::string detail;   // Reason, or the code of the enterprise.
  Time given;
  std::string by;  // Actor.
  DirectiveState state = DirectiveState::kOpen;
  std::string code, why;  // Of a refusal: name of proto/base/errc.h, and English.
  std::string answer;     // Above: JSON. Below: the octets of the message that answers.
  Time answered;
  Position version;
};

// What came of one, on its way up.
struct DirectiveAnswer {
  bool refused = false;
  Error refusal = {};
  std::string document = {};  // JSON, of a query.
  struct Proof {
    Position position;
    std::string record, item;  // Thin; and the item's octets, or none where they are not known.
    uint32_t index = 0;        // Of the item among the record's.
    std::vector<Digest> item_proof, inclusion;
    uint64_t tree_size = 0;
  };
  std::optional<Proof> proof = {};  // Of an audit challenge.
};

bool IsDirectiveId(std::string_view id);
// kMalformed, kTooLarge: a text is too long, or none.
Status CheckDirective(const GivenDirective& directive);

// Nothing: there is none of this id. kCorrupt, kFormatVersion.
Result<std::optional<GivenDirective>> ReadDirective(const Rows& rows, uint32_t child,
                                                    std::string_view id);
// Those of a child, ascending by id, until `each` returns false.
Status EachDirective(const Rows& rows, uint32_t child,
                     const std::function<bool(const GivenDirective&)>& each);
// Adds one item that puts it in place of what was read; `kept`: its version, nothing: it is new.
void AddPutDirective(Change& change, const GivenDirective& directive, std::optional<Position> kept);

// The stored row, without version. kMalformed, kFormatVersion.
std::string EncodeDirective(const GivenDirective& directive);
Result<GivenDirective> DecodeDirective(std::string_view row);

}  // namespace idnode
