#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/business/template.h"

namespace idnode {

// What of a published template is filed with the node above: tables 4 and 11
// (spec/secondary-node.md 5.4).
struct Metadata {
  struct Item {
    std::string name, alias;  // English, Chinese.
    TemplateItemType type = TemplateItemType::kString;
    uint32_t length = 0;
  };
  std::string code, version;
  std::vector<std::string> industry;  // C, 38, 385, 3854: as many levels as are known.
  bool active_carrier = false;
  std::vector<Item> items;  // Those that are enabled.
};
Metadata MetadataOf(const DataTemplate& data);

// Of what a node below says. kInvalidTemplate.
Status CheckMetadata(const Metadata& metadata);

// The octets that are filed (docs/formats/sync.md). Decoding: kCorrupt, kFormatVersion.
std::string EncodeMetadata(const Metadata& metadata);
Result<Metadata> DecodeMetadata(std::string_view octets);

}  // namespace idnode
