#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// Data templates, a row for each version of each. What one says is octets here
// (proto/business/template.h); a row is never removed, and never anything else than it was once it
// has been published. docs/formats/store.md has the octets.

enum class TemplateState : uint8_t { kDraft = 1, kPublished = 2, kWithdrawn = 3 };
std::string_view NameOf(TemplateState state);  // "draft"
Result<TemplateState> ParseTemplateState(std::string_view name);

// The template number (proto/record/record.h) of the record of a template's own handle: only what
// becomes of the template changes it.
inline constexpr uint32_t kTemplateItself = 0xFFFF'FFFF;

struct StoredTemplate {
  std::string key;      // Canonical, of the handle, which has no '|'.
  std::string version;  // As the template says it.
  TemplateState state = TemplateState::kDraft;
  uint32_t enterprise = kNoEnterprise;  // kNoEnterprise: the operator's.
  // Index of the value by which the record of the handle shows it, of its own for each version that
  // was ever published; 0: it never was.
  uint32_t place = 0;
  Time created, changed;
  std::string document;
  Position position;  // Of the change that wrote the row.
};

// Nothing: there is none. kCorrupt, kFormatVersion.
Result<std::optional<StoredTemplate>> ReadTemplate(const Rows& rows, std::string_view key,
                                                   std::string_view version);
// In the order of keys and versions: those of `key`; of all when it is empty, behind the row key
// `after` where there is one. Until `each` returns false.
Status EachTemplate(const Rows& rows, std::string_view key, std::string_view after,
                    const std::function<bool(const StoredTemplate&)>& each);

// Adds one item: the row in place of `before`, which is as it was read, or of none.
void AddPutTemplate(Change& change, const StoredTemplate& row, const StoredTemplate* before);
// The change holds only while the row is as it was read. Before the first item.
void ExpectTemplateUnchanged(Change& change, const StoredTemplate& row);

// The row, without its version. Decoding: kCorrupt, kFormatVersion.
std::string EncodeTemplateRow(const StoredTemplate& row);
Result<StoredTemplate> DecodeTemplateRow(std::string_view row_key, std::string_view row);

}  // namespace idnode
