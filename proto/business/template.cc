#include "proto/business/template.h"

#include <algorithm>

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kTextOctetsMax = 4'096;
constexpr Error kBadOctets{Errc::kCorrupt, "template: the octets are none"};

// Flags of an item.
constexpr uint8_t kRequired = 1, kUnique = 2, kUnresolved = 4, kGranted = 8;

constexpr std::array<std::string_view, 9> kTypeNames = {
    "", "string", "number", "date", "file", "reference", "audio", "video", "image"};

void WriteItem(const TemplateItem& item, Writer& out) {
  const int flags = (item.required ? kRequired : 0) | (item.unique ? kUnique : 0) |
                    (item.unresolved ? kUnresolved : 0) | (item.is_public ? 0 : kGranted);
  out.U32(item.index)
      .U8(static_cast<uint8_t>(item.type))
      .U8(static_cast<uint8_t>(item.state))
      .U8(static_cast<uint8_t>(flags))
      .U32(item.length)
      .Text16(item.code)
      .Text16(item.english)
      .Text16(item.chinese)
      .Text16(item.definition)
      .Text16(item.target)
      .U16(static_cast<uint16_t>(item.granted.size()));
  for (const std::string& handle : item.granted) out.Text16(handle);
}

// False: it is none.
bool ReadItem(Reader& in, TemplateItem& item) {
  item.index = in.U32();
  const uint8_t type = in.U8(), state = in.U8(), flags = in.U8();
  item.type = static_cast<TemplateItemType>(type);
  item.state = static_cast<TemplateItemState>(state);
  item.required = (flags & kRequired) != 0;
  item.unique = (flags & kUnique) != 0;
  item.unresolved = (flags & kUnresolved) != 0;
  item.is_public = (flags & kGranted) == 0;
  item.length = in.U32();
  item.code = in.Text16(kTextOctetsMax);
  item.english = in.Text16(kTextOctetsMax);
  item.chinese = in.Text16(kTextOctetsMax);
  item.definition = in.Text16(kTextOctetsMax);
  item.target = in.Text16(kTextOctetsMax);
  const uint16_t grants = in.U16();
  if (grants > kTemplateGrantsMax) return false;
  for (uint16_t i = 0; i < grants && in.ok(); ++i) {
    item.granted.emplace_back(in.Text16(kTextOctetsMax));
  }
  return in.ok() && type >= 1 && type <= 8 && state <= 2 &&
         flags <= (kRequired | kUnique | kUnresolved | kGranted);
}

}  // namespace

std::string_view NameOf(TemplateItemType type) {
  const auto number = static_cast<size_t>(type);
  return number < kTypeNames.size() ? kTypeNames.at(number) : std::string_view();
}

TemplateItemType ItemTypeNamed(std::string_view name) {
  const auto at = std::ranges::find(kTypeNames, name);
  return static_cast<TemplateItemType>(at == kTypeNames.end() ? 0 : at - kTypeNames.begin());
}

uint32_t LengthOf(const TemplateItem& item) {
  if (item.length != 0) return item.length;
  switch (item.type) {
    case TemplateItemType::kString:
      return 4'000;
    case TemplateItemType::kNumber:
      return 32;
    case TemplateItemType::kDate:
      return 10;
    default:
      return 1;
  }
}

const TemplateItem* DataTemplate::FindEnabled(uint32_t index) const {
  const auto at = std::ranges::lower_bound(items, index, {}, &TemplateItem::index);
  const bool fits =
      at != items.end() && at->index == index && at->state == TemplateItemState::kEnabled;
  return fits ? &*at : nullptr;
}

std::string EncodeTemplate(const DataTemplate& data) {
  std::string octets;
  Writer out(octets);
  out.U8(kLayout).Text16(data.handle).Text16(data.version).Text16(data.name).Text16(data.code);
  out.Text16(data.description).Text16(data.standard).U8(static_cast<uint8_t>(data.kind));
  for (const std::string& level : data.industry) out.Text16(level);
  out.U16(static_cast<uint16_t>(data.items.size()));
  for (const TemplateItem& item : data.items) WriteItem(item, out);
  return octets;
}

Result<DataTemplate> DecodeTemplate(std::string_view octets) {
  Reader in(octets);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "template: another layout"};
  }
  DataTemplate data;
  data.handle = in.Text16(kTextOctetsMax);
  data.version = in.Text16(kTextOctetsMax);
  data.name = in.Text16(kTextOctetsMax);
  data.code = in.Text16(kTextOctetsMax);
  data.description = in.Text16(kTextOctetsMax);
  data.standard = in.Text16(kTextOctetsMax);
  const uint8_t kind = in.U8();
  data.kind = static_cast<TemplateKind>(kind);
  for (std::string& level : data.industry) level = in.Text16(kTextOctetsMax);
  const uint16_t items = in.U16();
  if (!in.ok() || kind < 1 || kind > 2 || items > kTemplateItemsMax) return kBadOctets;
  for (uint16_t i = 0; i < items; ++i) {
    if (!ReadItem(in, data.items.emplace_back())) return kBadOctets;
    if (i > 0 && data.items[i].index <= data.items[i - 1u].index) return kBadOctets;
  }
  if (!in.AtEnd()) return kBadOctets;
  return data;
}

}  // namespace idnode
