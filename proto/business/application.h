#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/business/member_fault.h"
#include "proto/web/json_writer.h"

namespace idnode {

// Applications (应用) that use identifiers: tables 5 and 10 (spec/secondary-node.md 5.4). Each has
// an identity by which it is granted attributes: 88.118.8/App_shop.

inline constexpr size_t kApplicationDocumentOctetsMax = 16'384;

// Numbers are those of the tables.
enum class ApplicationKind : uint8_t {
  kApp = 1,
  kMiniProgram = 2,
  kWebPage = 3,
  kPcClient = 4,
  kOther = 5,
};

struct Application {
  std::string handle;
  std::string name, description, developer;
  ApplicationKind kind = ApplicationKind::kOther;
  uint64_t users = 0;
  std::string recursive_ip;  // The recursive node that it asks; empty: none.
  uint16_t recursive_port = 0;
};

std::vector<MemberFault> CheckApplication(const Application& application);

struct ApplicationReading {
  Application data;
  std::vector<MemberFault> faults;
};
// kTooLarge, kNotUtf8, kTooDeep, kMalformed: no document at all.
Result<ApplicationReading> ReadApplicationJson(std::string_view text);
// Appends the members, of an object that the caller begins and ends.
void WriteApplicationMembers(const Application& application, JsonWriter& json);

// The octets at rest, and that are filed, without the handle, which their key has. Decoding:
// kCorrupt, kFormatVersion.
std::string EncodeApplication(const Application& application);
Result<Application> DecodeApplication(std::string_view octets);

}  // namespace idnode
