#include <algorithm>
#include <set>

#include "proto/base/text.h"
#include "proto/business/code_tables.h"
#include "proto/business/template.h"
#include "proto/business/template_members.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/identifier.h"

// What a template must be, member by member and beside each other.
namespace idnode {
namespace {

namespace members = template_members;

constexpr uint32_t kStringMost = 65'535, kNumberMost = 255, kDateLength = 10;
constexpr std::string_view kReservedTypes[] = {"HS_", "TEMPLATE", "TRACE."};

// `start`: how the part behind the prefix begins, in any case. A '|' stands between handle and
// version where both are one key.
Status CheckCatalogueHandle(std::string_view handle, std::string_view start) {
  constexpr Error kNone{Errc::kInvalidIdentifier, "no handle of a template or an application"};
  const auto name = ParseHandleName(handle);
  if (!name || !name->has_slash || !CheckAllottablePrefix(name->prefix)) return kNone;
  if (name->suffix.size() <= start.size() ||
      !EqualFolded(name->suffix.substr(0, start.size()), start) ||
      handle.find('|') != std::string_view::npos) {
    return kNone;
  }
  const auto identifier = ParseIdentifier(handle);
  if (!identifier || identifier->scheme != Scheme::kHandle) return kNone;
  return CheckForRegistration(*identifier) ? Status() : kNone;
}

bool HasBlankEnd(std::string_view text) {
  return !text.empty() && (text.front() == ' ' || text.back() == ' ');
}

uint32_t MostOf(TemplateItemType type) {
  switch (type) {
    case TemplateItemType::kString:
      return kStringMost;
    case TemplateItemType::kNumber:
      return kNumberMost;
    case TemplateItemType::kDate:
      return kDateLength;
    default:
      return kTemplateEntriesMax;
  }
}

class Checker {
 public:
  explicit Checker(const DataTemplate& data) : data_(data) {}

  std::vector<MemberFault> Check() {
    CheckHead();
    CheckIndustry();
    if (data_.items.empty()) Blame(members::kItems, Errc::kMissingField);
    if (data_.items.size() > kTemplateItemsMax) Blame(members::kItems, Errc::kTooLarge);
    for (size_t i = 0; i < data_.items.size() && i < kTemplateItemsMax; ++i) {
      at_ = "items[" + std::to_string(i) + "].";
      CheckItem(data_.items[i]);
    }
    return faults_.Take();
  }

 private:
  void CheckHead() {
    if (data_.handle.empty()) {
      Blame(members::kHandle, Errc::kMissingField);
    } else if (!CheckTemplateHandle(data_.handle)) {
      Blame(members::kHandle, Errc::kInvalidIdentifier);
    }
    Text(members::kVersion, data_.version);
    if (HasBlankEnd(data_.version)) Blame(members::kVersion, Errc::kInvalidValue);
    Text(members::kName, data_.name);
    Text(members::kCode, data_.code);
    Text(members::kDescription, data_.description);
    Text(members::kStandard, data_.standard);
    if (data_.kind != TemplateKind::kActiveCarrier && data_.kind != TemplateKind::kOther) {
      Blame(members::kKind, Errc::kNotOffered);
    }
  }

  void CheckIndustry() {
    for (size_t i = 0; i < data_.industry.size(); ++i) {
      const int level = static_cast<int>(i) + 1;
      const std::string& code = data_.industry.at(i);
      at_ = "";
      if (code.empty()) return Blame(members::kIndustry, Errc::kMissingField);
      if (!IsIndustry(level, code)) return Blame(members::kIndustry, Errc::kUnknownIndustry);
      if (i > 0 && !IndustryBelongsTo(level, code, data_.industry.at(i - 1))) {
        return Blame(members::kIndustry, Errc::kIndustryElsewhere);
      }
    }
  }

  void CheckItem(const TemplateItem& item) {
    Text(members::kItemCode, item.code);
    Text(members::kEnglish, item.english);
    Text(members::kChinese, item.chinese);
    Text(members::kDefinition, item.definition);
    if (!codes_.insert(item.code).second) Blame(members::kItemCode, Errc::kExists);
    if (!english_.insert(UpperAscii(item.english)).second) {
      Blame(members::kEnglish, Errc::kExists);
    }
    if (!chinese_.insert(item.chinese).second) Blame(members::kChinese, Errc::kExists);
    // The English name is the type of a value; these mean something else there.
    if (std::ranges::any_of(kReservedTypes, [&](std::string_view reserved) {
          return UpperAscii(item.english).starts_with(reserved);
        })) {
      Blame(members::kEnglish, Errc::kInvalidValue);
    }
    if (item.index < kTemplateIndexMin || item.index > kTemplateIndexMax) {
      Blame(members::kIndex, Errc::kInvalidValue);
    }
    if (!indexes_.insert(item.index).second) Blame(members::kIndex, Errc::kDuplicateIndex);
    CheckKind(item);
    CheckGrants(item);
    if (item.state > TemplateItemState::kNotYet) Blame(members::kState, Errc::kNotOffered);
  }

  void CheckKind(const TemplateItem& item) {
    if (NameOf(item.type).empty()) return Blame(members::kType, Errc::kNotOffered);
    if (item.length > MostOf(item.type)) Blame(members::kLength, Errc::kTooLarge);
    if (item.unique && IsList(item.type)) Blame(members::kUnique, Errc::kUnsupported);
    const bool refers = item.type == TemplateItemType::kReference;
    if (refers && item.target.empty()) Blame(members::kTarget, Errc::kMissingField);
    if (!refers && !item.target.empty()) Blame(members::kTarget, Errc::kUnknownMember);
    if (refers && !item.target.empty() && !CheckTemplateHandle(item.target)) {
      Blame(members::kTarget, Errc::kInvalidIdentifier);
    }
    if (!refers && item.unresolved) Blame(members::kUnresolved, Errc::kUnknownMember);
  }

  void CheckGrants(const TemplateItem& item) {
    if (item.is_public && !item.granted.empty()) Blame(members::kGranted, Errc::kUnknownMember);
    if (item.granted.size() > kTemplateGrantsMax) Blame(members::kGranted, Errc::kTooLarge);
    std::set<std::string> seen;
    for (const std::string& handle : item.granted) {
      if (!CheckApplicationHandle(handle))
        return Blame(members::kGranted, Errc::kInvalidIdentifier);
      if (!seen.insert(UpperAscii(handle)).second) return Blame(members::kGranted, Errc::kExists);
    }
  }

  void Text(const MemberRow& row, std::string_view text) {
    faults_.CheckText(row, at_ + std::string(row.name), text);
  }
  void Blame(const MemberRow& row, Errc code) {
    faults_.Add(at_ + std::string(row.name), row, code);
  }

  const DataTemplate& data_;
  MemberFaults faults_;
  std::string at_;
  std::set<std::string_view> codes_, chinese_;
  std::set<std::string> english_;
  std::set<uint32_t> indexes_;
};

}  // namespace

Status CheckTemplateHandle(std::string_view handle) {
  return CheckCatalogueHandle(handle, "META_");
}

Status CheckApplicationHandle(std::string_view handle) {
  return CheckCatalogueHandle(handle, "App_");
}

std::vector<MemberFault> CheckTemplate(const DataTemplate& data) { return Checker(data).Check(); }

}  // namespace idnode
