#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/result.h"
#include "proto/business/template.h"
#include "proto/record/record.h"
#include "proto/record/value.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"
#include "storage/templates.h"
#include "storage/unique_values.h"

namespace idnode {

// Records by templates. A record names its template by a value of type TEMPLATE_ID, customarily at
// index 1000, whose data is the handle, and one of type TEMPLATE, at 1001, whose data is the
// version. Then its values from index 2000 on are those of the template's items, each of the type
// that the item's English name is.
inline constexpr std::string_view kTemplateHandleType = "TEMPLATE_ID";
inline constexpr std::string_view kTemplateVersionType = "TEMPLATE";

struct TemplateNamed {
  std::string_view handle, version;
};
// An empty handle: the record names none.
TemplateNamed TemplateNamedBy(std::span<const Value> values);
bool NamesTemplate(const RecordView& record);
// Whether what a template says something about is the same in both. kCorrupt values are not.
bool IsSameByTemplate(const RecordView& present, std::span<const Value> values);

// A template as it was read for a record.
struct FoundTemplate {
  Status read;  // kNoTemplate, kCorrupt…; the others are empty then.
  StoredTemplate row;
  DataTemplate data;
};

// The templates of one batch; each is read once. Null: the record names none, or one of a prefix
// that is not this node's, of which nothing is known here.
class TemplateReader {
 public:
  TemplateReader(const Rows& rows, const DirectoryView& directory, std::string_view node_prefix)
      : rows_(rows), directory_(directory), node_prefix_(node_prefix) {}
  std::shared_ptr<const FoundTemplate> Find(const TemplateNamed& named);
  std::shared_ptr<const FoundTemplate> FindOf(const RecordView& record);

 private:
  FoundTemplate Read(const TemplateNamed& named, const std::string& key) const;

  const Rows& rows_;
  const DirectoryView& directory_;
  const std::string_view node_prefix_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const FoundTemplate>> found_;
};

// What of a record depends on templates; both null: nothing, or nothing changes.
struct TemplateUse {
  std::shared_ptr<const FoundTemplate> after;   // The record is to be written by it.
  std::shared_ptr<const FoundTemplate> before;  // The record that is there was.
};

// What of the values does not fit. Paths are indexes: "2001", "2001.type".
std::vector<MemberFault> FaultsByTemplate(const DataTemplate& data, std::span<const Value> values);
// Canonical keys that must be registered, ascending: of references that may not be unresolved.
std::vector<std::string> TargetsByTemplate(const DataTemplate& data, std::span<const Value> values);
// Ascending.
std::vector<UniqueValue> UniqueValuesOf(const FoundTemplate& found, std::span<const Value> values);
// The indexes of what is granted to an application, of a record that is by a template; ascending.
std::vector<uint32_t> IndexesGrantedTo(const DataTemplate& data, std::string_view application);
// Takes public read from the values of items that are granted.
void HideGranted(const DataTemplate& data, std::span<Value> values);

}  // namespace idnode
