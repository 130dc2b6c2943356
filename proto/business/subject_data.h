#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/errc.h"
#include "proto/base/result.h"
#include "proto/business/subject_fields.h"

namespace idnode {

// One member that is there. `items` are a text, the number of a choice in decimal digits, or the
// octets of files. Never empty; only files may be several.
struct SubjectValue {
  SubjectField field = SubjectField::kNone;
  std::vector<std::string> items;
};

// The members of the document itself, or of one object in it; ascending by field.
struct SubjectEntry {
  SubjectGroup group = SubjectGroup::kSelf;
  std::vector<SubjectValue> values;

  const SubjectValue* Find(SubjectField field) const;
  // Of a text or choice; empty: it is not there.
  std::string_view Text(SubjectField field) const;
  // Keeps the order. The field is not there yet.
  void Add(SubjectValue value);
};

struct SubjectData {
  SubjectKind kind = SubjectKind::kEnterprise;
  std::vector<SubjectEntry> entries;  // The document's own first; then by group, lists in order.

  const SubjectEntry& self() const { return entries.front(); }
};
SubjectData EmptySubject(SubjectKind kind);

// Why a member is not what it should be: RowOf(code) says so in both languages.
struct SubjectFault {
  std::string path;                        // deployments[1].city
  const SubjectFieldRow* field = nullptr;  // Null: there is no such member, or it is a group.
  Errc code = Errc::kInvalidValue;
};

// Every fault of the data, at most limits::kSubjectFaultsMax. What is only lacking comes apart: a
// draft may lack members.
struct SubjectVerdict {
  std::vector<SubjectFault> faults;
  std::vector<SubjectFault> missing;  // kMissingField.
};
SubjectVerdict CheckSubject(const SubjectData& data);

// Puts stars in place of most of what is personal, and takes files out; returns the paths of what
// was taken out. 张*, 1101************1X, 138****5678, z***@example.cn.
std::vector<std::string> MaskPersonal(SubjectData& data);
std::string MaskedName(std::string_view name);
std::string MaskedNumber(std::string_view number);
std::string MaskedTelephone(std::string_view number);
std::string MaskedEmail(std::string_view address);

// The octets at rest, texts and files apart (docs/formats/subject.md). `seal` is asked for every
// personal item; `place` tells items of one subject apart.
enum class SubjectPart : uint8_t { kTexts, kFiles };
using SealItem = std::function<std::string(std::string_view plain, std::string_view place)>;
std::string EncodeSubject(const SubjectData& data, SubjectPart part, const SealItem& seal);
// Texts first; files are added to what was decoded of the same subject. kCorrupt, kFormatVersion,
// and what `open` says.
using OpenItem =
    std::function<Result<std::string>(std::string_view sealed, std::string_view place)>;
Result<SubjectData> DecodeSubject(std::string_view texts, const OpenItem& open);
Status DecodeSubjectFiles(std::string_view files, const OpenItem& open, SubjectData& data);

// The path of a member: the number of an entry of a list is its place among those of its group.
std::string SubjectPath(const SubjectData& data, size_t entry, std::string_view name);

}  // namespace idnode
