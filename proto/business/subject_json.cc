#include "proto/business/subject_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/business/member_fault.h"
#include "proto/web/json_document.h"

namespace idnode {
namespace {

namespace json = boost::json;

std::string_view ViewOf(const json::string& text) { return {text.data(), text.size()}; }

bool IsNothing(const json::value& value) {
  if (const auto* text = value.if_string()) return text->empty();
  if (const auto* list = value.if_array()) return list->empty();
  if (const auto* object = value.if_object()) return object->empty();
  return value.is_null();
}

std::optional<std::string> FileOf(const json::value& value) {
  const auto* text = value.if_string();
  if (text == nullptr) return std::nullopt;
  auto octets = FromBase64(ViewOf(*text));
  if (!octets || octets->empty()) return std::nullopt;
  return *std::move(octets);
}

// A choice may stand as number or text, and is kept in one form; a text must be one.
std::optional<std::string> TextOf(const SubjectFieldRow& row, const json::value& value) {
  if (const auto* text = value.if_string()) {
    const auto number = ParseDecimal(ViewOf(*text), UINT8_MAX);
    if (row.kind == SubjectValueKind::kChoice && number) return std::to_string(*number);
    return std::string(ViewOf(*text));
  }
  const bool is_number =
      row.kind == SubjectValueKind::kChoice || row.kind == SubjectValueKind::kAmount;
  if (!is_number) return std::nullopt;
  if (const auto* number = value.if_int64(); number != nullptr && *number >= 0) {
    return std::to_string(*number);
  }
  return std::nullopt;
}

class SubjectReader {
 public:
  explicit SubjectReader(SubjectKind kind) { read_.data = EmptySubject(kind); }

  SubjectReading Read(const json::object& document) {
    for (const auto& [name, value] : document) {
      const SubjectGroupRow* group = FindSubjectGroup(name);
      if (group == nullptr) {
        ReadMember(name, value, 0);
      } else if (!IsNothing(value)) {
        ReadGroup(*group, value);
      }
    }
    // The place of an entry is the same whatever order its group's member had.
    std::ranges::stable_sort(read_.data.entries, {}, &SubjectEntry::group);
    return std::move(read_);
  }

 private:
  void ReadGroup(const SubjectGroupRow& group, const json::value& value) {
    const auto* object = value.if_object();
    if (object != nullptr && group.entries_max == 1) {
      ReadEntry(group, *object);
      if (read_.data.entries.back().values.empty()) read_.data.entries.pop_back();
      return;
    }
    const auto* list = value.if_array();
    if (list == nullptr || group.entries_max == 1) {
      return Blame(std::string(group.name), nullptr, Errc::kInvalidValue);
    }
    if (list->size() > group.entries_max) {
      return Blame(std::string(group.name), nullptr, Errc::kTooLarge);
    }
    for (size_t i = 0; i < list->size(); ++i) {
      const auto* entry = (*list)[i].if_object();
      if (entry != nullptr) {
        ReadEntry(group, *entry);
      } else {
        Blame(std::string(group.name) + "[" + std::to_string(i) + "]", nullptr,
              Errc::kInvalidValue);
      }
    }
  }

  void ReadEntry(const SubjectGroupRow& group, const json::object& object) {
    read_.data.entries.push_back({group.group, {}});
    const size_t place = read_.data.entries.size() - 1;
    for (const auto& [name, value] : object) ReadMember(name, value, place);
  }

  void ReadMember(std::string_view name, const json::value& value, size_t place) {
    SubjectEntry& entry = read_.data.entries[place];
    const SubjectFieldRow* row = FindSubjectField(read_.data.kind, entry.group, name);
    if (row == nullptr) return Blame(PathOf(place, name), nullptr, Errc::kUnknownMember);
    if (IsNothing(value)) return;
    SubjectValue read{row->field, {}};
    if (IsFile(row->kind)) {
      if (!ReadFiles(*row, value, read, PathOf(place, name))) return;
    } else if (auto text = TextOf(*row, value)) {
      read.items.push_back(*std::move(text));
    } else {
      return Blame(PathOf(place, name), row, Errc::kInvalidValue);
    }
    entry.Add(std::move(read));
  }

  // One alone may stand without a list.
  bool ReadFiles(const SubjectFieldRow& row, const json::value& value, SubjectValue& read,
                 const std::string& path) {
    const json::value* first = &value;
    size_t count = 1;
    if (const auto* list = value.if_array()) {
      first = list->data();
      count = list->size();
    }
    if (count > row.most) {
      Blame(path, &row, Errc::kTooLarge);
      return false;
    }
    for (size_t i = 0; i < count; ++i) {
      auto file = FileOf(first[i]);
      if (!file) {
        Blame(path, &row, Errc::kInvalidValue);
        return false;
      }
      read.items.push_back(*std::move(file));
    }
    return true;
  }

  std::string PathOf(size_t place, std::string_view name) const {
    // A name that is none of ours may be of any length.
    constexpr size_t kShown = 64;
    return SubjectPath(read_.data, place, name.substr(0, kShown));
  }
  void Blame(std::string path, const SubjectFieldRow* row, Errc code) {
    if (read_.faults.size() >= limits::kSubjectFaultsMax) return;
    read_.faults.push_back({std::move(path), row, code});
  }

  SubjectReading read_;
};

void WriteValue(const SubjectFieldRow& row, const SubjectValue& value, JsonWriter& json) {
  json.Member(row.name);
  if (IsFile(row.kind)) {
    if (row.most > 1) json.StartArray();
    for (const std::string& item : value.items) json.ValidText(ToBase64(item));
    if (row.most > 1) json.EndArray();
  } else if (const auto number = ParseDecimal(value.items.front(), UINT8_MAX);
             number && row.kind == SubjectValueKind::kChoice) {
    json.Uint64(*number);
  } else {
    json.Text(value.items.front());
  }
}

void WriteMembers(const SubjectEntry& entry, JsonWriter& json) {
  for (const SubjectValue& value : entry.values) {
    WriteValue(*FindSubjectField(value.field), value, json);
  }
}

std::string Meaning(const SubjectFieldRow& row, SubjectKind kind) {
  std::string text = std::string(row.zh) + " / " + std::string(row.en);
  if (IsFile(row.kind)) {
    text += " [Base64: ";
    text += row.kind == SubjectValueKind::kPdfs     ? "PDF"
            : row.kind == SubjectValueKind::kImages ? "JPEG, PNG, BMP"
                                                    : "JPEG, PNG, BMP, PDF";
    if (row.most > 1) text += ", 1-" + std::to_string(row.most);
    text += "]";
  } else if (!row.choices.empty()) {
    text += " [";
    for (const SubjectChoice& choice : row.choices) {
      if (choice.number > 1) text += "; ";
      text += std::to_string(choice.number) + " " + std::string(choice.zh) + " " +
              std::string(choice.en);
    }
    text += "]";
  } else {
    text += " [≤ " + std::to_string(row.most) + "]";
  }
  if (row.personal) text += " 〔个人信息 personal〕";
  if (PresenceOf(row, kind) == Presence::kOptional) return text + " 选填 optional";
  if (row.when == SubjectField::kNone) return text + " 必填 required";
  const std::string when =
      std::string(FindSubjectField(row.when)->name) + " = " + std::to_string(row.when_number);
  return text + " " + when + " 时必填 required when " + when;
}

void WriteTemplateOf(SubjectGroup group, SubjectKind kind, JsonWriter& json) {
  for (const SubjectFieldRow& row : SubjectFields()) {
    if (row.group != group || PresenceOf(row, kind) == Presence::kAbsent) continue;
    json.TextMember(row.name, Meaning(row, kind));
  }
}

}  // namespace

Result<SubjectReading> ReadSubjectJson(std::string_view text, SubjectKind kind) {
  if (text.size() > limits::kSubjectDocumentOctetsMax) {
    return Error{Errc::kTooLarge, "the subject data"};
  }
  const auto document = ParseJsonDocument(text, "the subject data is no JSON document");
  if (!document) return document.error();
  const auto* object = document->if_object();
  if (object == nullptr) return Error{Errc::kMalformed, "the subject data is no JSON object"};
  return SubjectReader(kind).Read(*object);
}

void WriteSubject(const SubjectData& data, JsonWriter& json) {
  json.StartObject();
  WriteMembers(data.self(), json);
  for (const SubjectGroupRow& group : SubjectGroups()) {
    if (group.group == SubjectGroup::kSelf) continue;
    bool any = false;
    for (const SubjectEntry& entry : data.entries) {
      if (entry.group != group.group) continue;
      if (!any) {
        json.Member(group.name);
        if (group.entries_max > 1) json.StartArray();
      }
      any = true;
      json.StartObject();
      WriteMembers(entry, json);
      json.EndObject();
    }
    if (any && group.entries_max > 1) json.EndArray();
  }
  json.EndObject();
}

void WriteSubjectFaults(const std::vector<SubjectFault>& faults, JsonWriter& json) {
  json.StartArray();
  for (const SubjectFault& fault : faults) {
    const bool is_known = fault.field != nullptr;
    WriteMemberFault(fault.path, is_known ? fault.field->zh : std::string_view(),
                     is_known ? fault.field->en : std::string_view(), fault.code, json);
  }
  json.EndArray();
}

std::string SubjectTemplate(SubjectKind kind) {
  std::string text;
  JsonWriter json(text);
  json.StartObject();
  WriteTemplateOf(SubjectGroup::kSelf, kind, json);
  for (const SubjectGroupRow& group : SubjectGroups()) {
    if (group.group == SubjectGroup::kSelf) continue;
    json.Member(group.name);
    if (group.entries_max > 1) json.StartArray();
    json.StartObject();
    json.TextMember("", std::string(group.zh) + " / " + std::string(group.en) +
                            (group.required ? " 必填 required" : " 选填 optional"));
    WriteTemplateOf(group.group, kind, json);
    json.EndObject();
    if (group.entries_max > 1) json.EndArray();
  }
  json.EndObject();
  std::string indented;
  IndentJson(text, indented);
  return indented;
}

}  // namespace idnode
