#include "proto/business/application.h"

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/business/member_reader.h"
#include "proto/business/template.h"
#include "proto/business/text_forms.h"
#include "proto/web/json_document.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kTextOctetsMax = 4'096;

constexpr MemberRow kHandle = {"handle", "应用标识", "Handle of the application", 255, true};
constexpr MemberRow kName = {"name", "应用名称", "Name", 100, true};
constexpr MemberRow kKind = {"kind", "应用类型（1 APP，2 小程序，3 网页，4 PC 客户端，5 其他）",
                             "Kind: 1 app, 2 mini-program, 3 web page, 4 PC client, 5 other", 0,
                             true};
constexpr MemberRow kDescription = {"description", "应用描述", "Description", 1000};
constexpr MemberRow kUsers = {"users", "用户数", "Users"};
constexpr MemberRow kRecursive = {"recursive", "使用的递归解析服务", "Recursive service it asks"};
constexpr MemberRow kIp = {"ip", "IP 地址", "IP address", 45};
constexpr MemberRow kPort = {"port", "端口", "Port"};
constexpr MemberRow kDeveloper = {"developer", "开发者", "Developer", 255};

}  // namespace

std::vector<MemberFault> CheckApplication(const Application& application) {
  MemberFaults faults;
  if (application.handle.empty()) {
    faults.Add("handle", kHandle, Errc::kMissingField);
  } else if (!CheckApplicationHandle(application.handle)) {
    faults.Add("handle", kHandle, Errc::kInvalidIdentifier);
  }
  faults.CheckText(kName, "name", application.name);
  faults.CheckText(kDescription, "description", application.description);
  faults.CheckText(kDeveloper, "developer", application.developer);
  if (application.kind < ApplicationKind::kApp || application.kind > ApplicationKind::kOther) {
    faults.Add("kind", kKind, Errc::kNotOffered);
  }
  if (!application.recursive_ip.empty() && !IsIpAddress(application.recursive_ip)) {
    faults.Add("recursive.ip", kIp, Errc::kNotNetworkAddress);
  }
  if (application.recursive_ip.empty() != (application.recursive_port == 0)) {
    const bool lacks_ip = application.recursive_ip.empty();
    faults.Add(lacks_ip ? "recursive.ip" : "recursive.port", lacks_ip ? kIp : kPort,
               Errc::kMissingField);
  }
  return faults.Take();
}

Result<ApplicationReading> ReadApplicationJson(std::string_view text) {
  if (text.size() > kApplicationDocumentOctetsMax) {
    return Error{Errc::kTooLarge, "the application"};
  }
  const auto document = ParseJsonDocument(text, "the application is no JSON document");
  if (!document) return document.error();
  const auto* object = document->if_object();
  if (object == nullptr) return Error{Errc::kMalformed, "the application is no JSON object"};

  MemberFaults faults;
  MemberReader reader(*object, "", faults);
  ApplicationReading read;
  Application& data = read.data;
  data.handle = reader.Text(kHandle);
  data.name = reader.Text(kName);
  data.kind = static_cast<ApplicationKind>(reader.Number(kKind, UINT8_MAX));
  data.description = reader.Text(kDescription);
  data.users = reader.Number(kUsers, UINT64_MAX);
  data.developer = reader.Text(kDeveloper);
  if (const auto* recursive = reader.Object(kRecursive)) {
    MemberReader within(*recursive, "recursive.", faults);
    data.recursive_ip = within.Text(kIp);
    data.recursive_port = static_cast<uint16_t>(within.Number(kPort, UINT16_MAX));
    within.RefuseOthers();
  }
  reader.RefuseOthers();
  read.faults = faults.Take();
  if (read.faults.empty()) read.faults = CheckApplication(data);
  return read;
}

void WriteApplicationMembers(const Application& application, JsonWriter& json) {
  json.TextMember("handle", application.handle);
  json.TextMember("name", application.name);
  json.Member("kind");
  json.Uint64(static_cast<uint64_t>(application.kind));
  if (!application.description.empty()) {
    json.TextMember("description", application.description);
  }
  json.Member("users");
  json.Uint64(application.users);
  if (!application.recursive_ip.empty()) {
    json.Member("recursive");
    json.StartObject();
    json.TextMember("ip", application.recursive_ip);
    json.Member("port");
    json.Uint64(application.recursive_port);
    json.EndObject();
  }
  if (!application.developer.empty()) json.TextMember("developer", application.developer);
}

std::string EncodeApplication(const Application& application) {
  std::string octets;
  Writer(octets)
      .U8(kLayout)
      .U8(static_cast<uint8_t>(application.kind))
      .U64(application.users)
      .U16(application.recursive_port)
      .Text16(application.recursive_ip)
      .Text16(application.name)
      .Text16(application.description)
      .Text16(application.developer);
  return octets;
}

Result<Application> DecodeApplication(std::string_view octets) {
  Reader in(octets);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "application: another layout"};
  }
  Application application;
  const uint8_t kind = in.U8();
  application.kind = static_cast<ApplicationKind>(kind);
  application.users = in.U64();
  application.recursive_port = in.U16();
  application.recursive_ip = in.Text16(kTextOctetsMax);
  application.name = in.Text16(kTextOctetsMax);
  application.description = in.Text16(kTextOctetsMax);
  application.developer = in.Text16(kTextOctetsMax);
  if (!in.AtEnd() || kind < 1 || kind > 5) {
    return Error{Errc::kCorrupt, "application: the octets are none"};
  }
  return application;
}

}  // namespace idnode
