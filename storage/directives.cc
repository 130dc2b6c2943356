#include "storage/directives.h"

#include <algorithm>
#include <array>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/crypto/digest.h"
#include "storage/keyspace.h"
#include "storage/registry.h"

namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 1;
constexpr std::array<std::string_view, 5> kKindNames = {"suspend", "resume", "allot", "query",
                                                        "challenge"};
constexpr std::array<std::string_view, 5> kStateNames = {"open", "done", "refused", "verified",
                                                         "forged"};

template <class T, size_t N>
bool IsOneOf(const std::array<std::string_view, N>&, T value) {
  const auto number = static_cast<size_t>(value);
  return number >= 1 && number <= N;
}

bool IsPlainText(std::string_view text) {
  return text.size() <= kDirectiveTextOctetsMax && IsUtf8(text) && !HasControlCharacter(text);
}

Result<GivenDirective> DecodeVersioned(std::string_view stored) {
  const auto split = SplitVersion(stored);
  if (!split) return split.error();
  auto directive = DecodeDirective(split->body);
  if (!directive) return Error{Errc::kCorrupt, directive.error().detail};
  directive->version = split->version;
  return directive;
}

}  // namespace

std::string_view NameOf(DirectiveKind kind) { return kKindNames.at(static_cast<size_t>(kind) - 1); }

Result<DirectiveKind> ParseDirectiveKind(std::string_view name) {
  const auto found = std::ranges::find(kKindNames, name);
  if (found == kKindNames.end()) {
    return Error{Errc::kUnsupported, "directive: suspend, resume, allot, query or challenge"};
  }
  return static_cast<DirectiveKind>(found - kKindNames.begin() + 1);
}

std::string_view NameOf(DirectiveState state) {
  return kStateNames.at(static_cast<size_t>(state) - 1);
}

bool IsDirectiveId(std::string_view id) {
  return !id.empty() && id.size() <= kDirectiveIdOctetsMax && std::ranges::all_of(id, [](char c) {
    return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '-' || c == '_';
  });
}

Status CheckDirective(const GivenDirective& directive) {
  if (!IsDirectiveId(directive.id)) {
    return Error{Errc::kMalformed, "directive: an id has 1 to 64 letters, digits, '-' or '_'"};
  }
  if (directive.subject.empty()) {
    return Error{Errc::kMissingField, "directive: what it is about"};
  }
  if (!IsPlainText(directive.subject) || !IsPlainText(directive.detail)) {
    return Error{Errc::kMalformed, "directive: a text is too long or not plain"};
  }
  if (directive.kind == DirectiveKind::kAllotPrefix && directive.detail.empty()) {
    return Error{Errc::kMissingField, "directive: the code of an enterprise"};
  }
  return {};
}

std::string EncodeDirective(const GivenDirective& directive) {
  std::string row;
  Writer out(row);
  out.U8(kRowLayout).U32(directive.child).Text16(directive.id);
  out.U8(static_cast<uint8_t>(directive.kind)).U8(static_cast<uint8_t>(directive.state));
  out.Text16(directive.subject).Text16(directive.detail).U64(directive.given.ms);
  out.Text16(directive.by).Text16(directive.code).Text16(directive.why);
  out.Text32(directive.answer).U64(directive.answered.ms);
  return row;
}

Result<GivenDirective> DecodeDirective(std::string_view row) {
  Reader in(row);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kRowLayout) {
    return Error{Errc::kFormatVersion, "directives: the row has another layout"};
  }
  GivenDirective directive;
  directive.child = in.U32();
  directive.id = in.Text16(kDirectiveIdOctetsMax);
  directive.kind = static_cast<DirectiveKind>(in.U8());
  directive.state = static_cast<DirectiveState>(in.U8());
  directive.subject = in.Text16(kDirectiveTextOctetsMax);
  directive.detail = in.Text16(kDirectiveTextOctetsMax);
  directive.given = Time{in.U64()};
  directive.by = in.Text16(UINT16_MAX);
  directive.code = in.Text16(kDirectiveTextOctetsMax);
  directive.why = in.Text16(kDirectiveTextOctetsMax);
  directive.answer = in.Text32(kDirectiveAnswerOctetsMax);
  directive.answered = Time{in.U64()};
  if (!in.AtEnd() || !IsOneOf(kKindNames, directive.kind) ||
      !IsOneOf(kStateNames, directive.state)) {
    return Error{Errc::kMalformed, "directives: the fields are none of a row"};
  }
  return directive;
}

Result<std::optional<GivenDirective>> ReadDirective(const Rows& rows, uint32_t child,
                                                    std::string_view id) {
  std::string stored;
  const auto found =
      rows.Get(Table::kChildren, keyspace::ChildDirective(child, id), Reach::kDisk, stored);
  if (!found) return found.error();
  if (!*found) return std::optional<GivenDirective>();
  auto directive = DecodeVersioned(stored);
  if (!directive) return directive.error();
  return std::optional(*std::move(directive));
}

Status EachDirective(const Rows& rows, uint32_t child,
                     const std::function<bool(const GivenDirective&)>& each) {
  const std::string all = keyspace::ChildDirective(child, {});
  const auto cursor = rows.Scan(Table::kChildren, all, keyspace::After(all));
  for (; cursor->Valid(); cursor->Next()) {
    const auto directive = DecodeVersioned(cursor->value());
    if (!directive) return directive.error();
    if (!each(*directive)) return {};
  }
  return cursor->status();
}

void AddPutDirective(Change& change, const GivenDirective& directive,
                     std::optional<Position> kept) {
  const std::string key = keyspace::ChildDirective(directive.child, directive.id);
  const std::string row = EncodeDirective(directive);
  const Digest digest = Sha256(row);
  std::string body;
  Writer(body).U8(static_cast<uint8_t>(directive.state)).Raw(AsText(digest));
  change.Begin(EventKind::kDirectivePut, kNoEnterprise, key, body);
  change.ExpectThat(Table::kChildren, key, kept ? Expect::kVersion : Expect::kAbsent,
                    kept ? kept->value : 0);
  change.Put(Table::kChildren, key, row);
}

}  // namespace idnode
