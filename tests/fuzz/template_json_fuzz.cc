// A template or an application that is read without faults is written as JSON that reads back as
// the same, stored and read back; what lies on disk, or was filed, is read or refused.
// rooms: proto/business proto/web proto/base
// mutations: 5000

#include <boost/json/parse.hpp>
#include <cstdint>
#include <string>

#include "proto/base/result.h"
#include "proto/business/application.h"
#include "proto/business/metadata.h"
#include "proto/business/template_json.h"

namespace {

using idnode::Require;

template <class Write>
std::string Written(const Write& write) {
  std::string text;
  {
    idnode::JsonWriter json(text);
    json.StartObject();
    write(json);
    json.EndObject();
  }
  return text;
}

void CheckFaults(const std::vector<idnode::MemberFault>& faults) {
  Require(faults.size() <= idnode::kMemberFaultsMax);
  const std::string text = Written([&](idnode::JsonWriter& json) {
    json.Member("faults");
    WriteMemberFaults(faults, json);
  });
  boost::json::error_code failure;
  boost::json::parse(text, failure);
  Require(!failure);
}

void CheckTemplate(std::string_view input) {
  const auto read = idnode::ReadTemplateJson(input);
  if (!read) return Require(idnode::RowOf(read.error().code).http < 500);
  CheckFaults(read->faults);
  if (!read->faults.empty()) return;
  const auto written = [](const idnode::DataTemplate& data) {
    return Written([&](idnode::JsonWriter& json) { WriteTemplateMembers(data, true, json); });
  };
  const std::string text = written(read->data);
  const auto again = idnode::ReadTemplateJson(text);
  // What was left out is written out, so that it may have become too long.
  Require(again ? again->faults.empty() && written(again->data) == text
                : again.error().code == idnode::Errc::kTooLarge);
  const auto kept = idnode::DecodeTemplate(EncodeTemplate(read->data));
  Require(kept && written(*kept) == text);
  const idnode::Metadata metadata = MetadataOf(read->data);
  Require(CheckMetadata(metadata).ok());
  Require(idnode::DecodeMetadata(EncodeMetadata(metadata)).ok());
}

void CheckApplication(std::string_view input) {
  const auto read = idnode::ReadApplicationJson(input);
  if (!read) return Require(idnode::RowOf(read.error().code).http < 500);
  CheckFaults(read->faults);
  if (!read->faults.empty()) return;
  const std::string octets = EncodeApplication(read->data);
  const auto kept = idnode::DecodeApplication(octets);
  Require(kept && EncodeApplication(*kept) == octets);
}

// The same octets as what lies on disk.
void CheckStored(std::string_view input) {
  if (const auto data = idnode::DecodeTemplate(input)) Require(EncodeTemplate(*data) == input);
  if (const auto data = idnode::DecodeMetadata(input)) Require(EncodeMetadata(*data) == input);
  if (const auto data = idnode::DecodeApplication(input)) {
    Require(EncodeApplication(*data) == input);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckTemplate(input);
  CheckApplication(input);
  CheckStored(input);
  return 0;
}
