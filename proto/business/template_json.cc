#include "proto/business/template_json.h"

#include <algorithm>

#include "proto/business/template_members.h"
#include "proto/web/json_document.h"

namespace idnode {
namespace {

namespace json = boost::json;
namespace members = template_members;

TemplateItem ReadItem(MemberReader& reader, MemberFaults& faults) {
  TemplateItem item;
  item.code = reader.Text(members::kItemCode);
  item.english = reader.Text(members::kEnglish);
  item.chinese = reader.Text(members::kChinese);
  item.definition = reader.Text(members::kDefinition);
  item.index = static_cast<uint32_t>(reader.Number(members::kIndex, UINT32_MAX));
  item.type = static_cast<TemplateItemType>(reader.Number(members::kType, UINT8_MAX));
  item.length = static_cast<uint32_t>(reader.Number(members::kLength, UINT32_MAX));
  item.required = reader.Flag(members::kRequired);
  item.unique = reader.Flag(members::kUnique);
  item.target = reader.Text(members::kTarget);
  item.unresolved = reader.Flag(members::kUnresolved);
  const std::string view = reader.Text(members::kView);
  item.is_public = view.empty() || view == "public";
  if (!item.is_public && view != "granted") {
    faults.Add(reader.PathOf(members::kView), members::kView, Errc::kNotOffered);
  }
  item.granted = reader.Texts(members::kGranted, kTemplateGrantsMax);
  item.state = static_cast<TemplateItemState>(reader.Number(members::kState, UINT8_MAX));
  reader.RefuseOthers();
  return item;
}

void WriteItem(const TemplateItem& item, bool with_grants, JsonWriter& json) {
  const auto number = [&](const MemberRow& row, uint64_t value) {
    json.Member(row.name);
    json.Uint64(value);
  };
  const auto flag = [&](const MemberRow& row, bool value) {
    json.Member(row.name);
    json.Bool(value);
  };
  json.StartObject();
  json.TextMember(members::kItemCode.name, item.code);
  json.TextMember(members::kEnglish.name, item.english);
  json.TextMember(members::kChinese.name, item.chinese);
  if (!item.definition.empty()) json.TextMember(members::kDefinition.name, item.definition);
  number(members::kIndex, item.index);
  number(members::kType, static_cast<uint64_t>(item.type));
  number(members::kLength, LengthOf(item));
  flag(members::kRequired, item.required);
  flag(members::kUnique, item.unique);
  if (!item.target.empty()) {
    json.TextMember(members::kTarget.name, item.target);
    flag(members::kUnresolved, item.unresolved);
  }
  json.TextMember(members::kView.name, item.is_public ? "public" : "granted");
  if (with_grants) json.TextsMember(members::kGranted.name, item.granted);
  number(members::kState, static_cast<uint64_t>(item.state));
  json.EndObject();
}

}  // namespace

Result<TemplateReading> ReadTemplateJson(std::string_view text) {
  if (text.size() > kTemplateDocumentOctetsMax) return Error{Errc::kTooLarge, "the template"};
  const auto document = ParseJsonDocument(text, "the template is no JSON document");
  if (!document) return document.error();
  const auto* object = document->if_object();
  if (object == nullptr) return Error{Errc::kMalformed, "the template is no JSON object"};

  MemberFaults faults;
  MemberReader reader(*object, "", faults);
  TemplateReading read;
  DataTemplate& data = read.data;
  data.handle = reader.Text(members::kHandle);
  data.version = reader.Text(members::kVersion);
  data.name = reader.Text(members::kName);
  data.code = reader.Text(members::kCode);
  data.description = reader.Text(members::kDescription);
  data.standard = reader.Text(members::kStandard);
  const auto industry = reader.Texts(members::kIndustry, data.industry.size());
  std::ranges::copy(industry, data.industry.begin());
  data.kind = static_cast<TemplateKind>(reader.Number(members::kKind, UINT8_MAX));
  size_t place = 0;
  for (const json::value& each : reader.List(members::kItems, kTemplateItemsMax)) {
    const std::string path = "items[" + std::to_string(place++) + "]";
    if (const auto* item = each.if_object()) {
      MemberReader member(*item, path + ".", faults);
      data.items.push_back(ReadItem(member, faults));
    } else {
      faults.Add(path, members::kItems, Errc::kInvalidValue);
    }
  }
  reader.RefuseOthers();
  read.faults = faults.Take();
  // What could not be read is no fault of what was read.
  if (read.faults.empty()) read.faults = CheckTemplate(data);
  std::ranges::stable_sort(data.items, {}, &TemplateItem::index);
  return read;
}

void WriteTemplateMembers(const DataTemplate& data, bool with_grants, JsonWriter& json) {
  json.TextMember(members::kHandle.name, data.handle);
  json.TextMember(members::kVersion.name, data.version);
  json.TextMember(members::kName.name, data.name);
  json.TextMember(members::kCode.name, data.code);
  if (!data.description.empty()) json.TextMember(members::kDescription.name, data.description);
  if (!data.standard.empty()) json.TextMember(members::kStandard.name, data.standard);
  json.TextsMember(members::kIndustry.name, data.industry);
  json.Member(members::kKind.name);
  json.Uint64(static_cast<uint64_t>(data.kind));
  json.Member(members::kItems.name);
  json.StartArray();
  for (const TemplateItem& item : data.items) WriteItem(item, with_grants, json);
  json.EndArray();
}

}  // namespace idnode
