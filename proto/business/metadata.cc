#include "proto/business/metadata.h"

#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/business/code_tables.h"
#include "proto/business/template_members.h"

namespace idnode {
namespace {

namespace members = template_members;

constexpr uint8_t kLayout = 1;
constexpr size_t kTextOctetsMax = 4'096;
constexpr uint32_t kLengthMax = 65'535;
constexpr Error kBadOctets{Errc::kCorrupt, "metadata: the octets are none"};

bool IsIndustryPath(const std::vector<std::string>& industry) {
  if (industry.empty() || industry.size() > kTemplateIndustryLevels) return false;
  for (size_t i = 0; i < industry.size(); ++i) {
    const int level = static_cast<int>(i) + 1;
    if (!IsIndustry(level, industry[i])) return false;
    if (i > 0 && !IndustryBelongsTo(level, industry[i], industry[i - 1])) return false;
  }
  return true;
}

}  // namespace

Metadata MetadataOf(const DataTemplate& data) {
  Metadata metadata{.code = data.code, .version = data.version, .industry = {}, .items = {}};
  metadata.industry.assign(data.industry.begin(), data.industry.end());
  metadata.active_carrier = data.kind == TemplateKind::kActiveCarrier;
  for (const TemplateItem& item : data.items) {
    if (item.state != TemplateItemState::kEnabled) continue;
    metadata.items.push_back({item.english, item.chinese, item.type, LengthOf(item)});
  }
  return metadata;
}

Status CheckMetadata(const Metadata& metadata) {
  constexpr Error kFaults{Errc::kInvalidTemplate, "metadata: with faults"};
  MemberFaults faults;
  faults.CheckText(members::kCode, {}, metadata.code);
  faults.CheckText(members::kVersion, {}, metadata.version);
  if (faults.any() || !IsIndustryPath(metadata.industry)) return kFaults;
  if (metadata.items.size() > kTemplateItemsMax) return kFaults;
  for (const Metadata::Item& item : metadata.items) {
    faults.CheckText(members::kEnglish, {}, item.name);
    faults.CheckText(members::kChinese, {}, item.alias);
    if (faults.any() || NameOf(item.type).empty() || item.length > kLengthMax) return kFaults;
  }
  return {};
}

std::string EncodeMetadata(const Metadata& metadata) {
  std::string octets;
  Writer out(octets);
  out.U8(kLayout).Text16(metadata.code).Text16(metadata.version);
  out.U8(metadata.active_carrier ? 1 : 0).U8(static_cast<uint8_t>(metadata.industry.size()));
  for (const std::string& level : metadata.industry) out.Text16(level);
  out.U16(static_cast<uint16_t>(metadata.items.size()));
  for (const Metadata::Item& item : metadata.items) {
    out.Text16(item.name).Text16(item.alias).U8(static_cast<uint8_t>(item.type)).U32(item.length);
  }
  return octets;
}

Result<Metadata> DecodeMetadata(std::string_view octets) {
  Reader in(octets);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "metadata: another layout"};
  }
  Metadata metadata;
  metadata.code = in.Text16(kTextOctetsMax);
  metadata.version = in.Text16(kTextOctetsMax);
  const uint8_t active = in.U8(), levels = in.U8();
  if (!in.ok() || active > 1 || levels > kTemplateIndustryLevels) return kBadOctets;
  metadata.active_carrier = active == 1;
  for (uint8_t i = 0; i < levels; ++i) metadata.industry.emplace_back(in.Text16(kTextOctetsMax));
  const uint16_t items = in.U16();
  if (!in.ok() || items > kTemplateItemsMax) return kBadOctets;
  for (uint16_t i = 0; i < items && in.ok(); ++i) {
    Metadata::Item& item = metadata.items.emplace_back();
    item.name = in.Text16(kTextOctetsMax);
    item.alias = in.Text16(kTextOctetsMax);
    item.type = static_cast<TemplateItemType>(in.U8());
    item.length = in.U32();
    if (in.ok() && NameOf(item.type).empty()) return kBadOctets;
  }
  if (!in.AtEnd()) return kBadOctets;
  return metadata;
}

}  // namespace idnode
