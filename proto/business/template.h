#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/business/member_fault.h"

namespace idnode {

// Data templates (数据模板, spec/secondary-node.md 8): what the values of identifiers of one kind
// of thing are.

inline constexpr size_t kTemplateDocumentOctetsMax = 131'072;
inline constexpr size_t kTemplateItemsMax = 500;
inline constexpr size_t kTemplateGrantsMax = 100;  // Applications that one item is granted to.
inline constexpr uint32_t kTemplateIndexMin = 2'000, kTemplateIndexMax = 999'999;
inline constexpr size_t kTemplateIndustryLevels = 4;
// Files, or identifiers that are referred to, of one value: one a line.
inline constexpr uint32_t kTemplateEntriesMax = 50;

enum class TemplateKind : uint8_t { kActiveCarrier = 1, kOther = 2 };

// Numbers are those of the incumbent's interface, on disk and on the wire.
enum class TemplateItemType : uint8_t {
  kString = 1,
  kNumber = 2,
  kDate = 3,
  kFile = 4,
  kReference = 5,
  kAudio = 6,
  kVideo = 7,
  kImage = 8,
};
std::string_view NameOf(TemplateItemType type);  // "string"; empty: there is no such type.
// 0: there is no such type.
TemplateItemType ItemTypeNamed(std::string_view name);
// Whether a value is a list of addresses or identifiers, one a line.
constexpr bool IsList(TemplateItemType type) { return type >= TemplateItemType::kFile; }

enum class TemplateItemState : uint8_t { kEnabled = 0, kDisabled = 1, kNotYet = 2 };

struct TemplateItem {
  std::string code;
  std::string english;  // The type of the value.
  std::string chinese;
  std::string definition;
  uint32_t index = 0;  // Of the value.
  TemplateItemType type = TemplateItemType::kString;
  uint32_t length = 0;  // Characters; of a list: entries. 0: what LengthOf says.
  bool required = false;
  bool unique = false;      // No two identifiers of the template have the same value.
  std::string target;       // kReference: handle of the template of what is referred to.
  bool unresolved = false;  // kReference: what is referred to need not be registered here.
  bool is_public = true;    // Anybody sees the value; else those of `granted`, and whose it is.
  std::vector<std::string> granted;  // Handles of applications.
  TemplateItemState state = TemplateItemState::kEnabled;
};
uint32_t LengthOf(const TemplateItem& item);

struct DataTemplate {
  std::string handle;   // 88.118.8/META_kettle
  std::string version;  // Its name among those of the handle.
  std::string name, code, description, standard;
  std::array<std::string, kTemplateIndustryLevels> industry;  // C, 38, 385, 3854.
  TemplateKind kind = TemplateKind::kOther;
  std::vector<TemplateItem> items;  // Ascending by index.

  // Null: none is enabled.
  const TemplateItem* FindEnabled(uint32_t index) const;
};

// Every fault of it, at most kMemberFaultsMax.
std::vector<MemberFault> CheckTemplate(const DataTemplate& data);
// kInvalidIdentifier: no handle of a template (…/META_…), of an application (…/App_…).
Status CheckTemplateHandle(std::string_view handle);
Status CheckApplicationHandle(std::string_view handle);

// The octets at rest (docs/formats/template.md). Decoding: kCorrupt, kFormatVersion.
std::string EncodeTemplate(const DataTemplate& data);
Result<DataTemplate> DecodeTemplate(std::string_view octets);

}  // namespace idnode
