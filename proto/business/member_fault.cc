#include "proto/business/member_fault.h"

namespace idnode {

void WriteMemberFault(std::string_view path, std::string_view zh, std::string_view en, Errc code,
                      JsonWriter& json) {
  json.StartObject();
  json.TextMember("member", path);
  if (!zh.empty()) json.TextMember("zh", zh);
  if (!en.empty()) json.TextMember("en", en);
  const ErrcRow& row = RowOf(code);
  json.TextMember("code", row.name);
  json.TextMember("reason", row.en);
  json.TextMember("reason_zh", row.zh);
  json.EndObject();
}

void WriteMemberFaults(const std::vector<MemberFault>& faults, JsonWriter& json) {
  json.StartArray();
  for (const MemberFault& fault : faults) {
    WriteMemberFault(fault.path, fault.zh, fault.en, fault.code, json);
  }
  json.EndArray();
}

std::string LineOf(const std::vector<MemberFault>& faults) {
  std::string line;
  for (const MemberFault& fault : faults) {
    if (!line.empty()) line.append("; ");
    line.append(fault.path).append(": ").append(RowOf(fault.code).name);
  }
  return line;
}

}  // namespace idnode
