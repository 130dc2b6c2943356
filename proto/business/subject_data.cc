#include "proto/business/subject_data.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr uint8_t kSealed = 1;
constexpr size_t kEntryOctetsMin = 2;
constexpr Error kBadOctets{Errc::kCorrupt, "subject data: the octets are none"};

std::string PlaceOf(size_t entry, SubjectField field, size_t item) {
  std::string place;
  Writer(place)
      .U16(static_cast<uint16_t>(entry))
      .U8(static_cast<uint8_t>(field))
      .U8(static_cast<uint8_t>(item));
  return place;
}

bool IsOfPart(const SubjectValue& value, SubjectPart part) {
  return IsFile(FindSubjectField(value.field)->kind) == (part == SubjectPart::kFiles);
}

// What of an item stands before its octets is checked against the table: its member exists in this
// group and kind of subject, and is of this part.
class Decoder {
 public:
  Decoder(std::string_view octets, SubjectPart part, const OpenItem& open)
      : in_(octets), part_(part), open_(open) {}

  Status Read(SubjectData& data) {
    const uint8_t layout = in_.U8();
    if (in_.ok() && layout != kLayout) {
      return Error{Errc::kFormatVersion, "subject data: another layout"};
    }
    const uint8_t kind = in_.U8();
    if (kind != 1 && kind != 2) return kBadOctets;
    const bool texts = part_ == SubjectPart::kTexts;
    if (texts) data.kind = static_cast<SubjectKind>(kind);
    if (static_cast<uint8_t>(data.kind) != kind) return kBadOctets;
    const uint16_t count = in_.U16();
    if (!in_.ok() || count == 0 || count > in_.left() / kEntryOctetsMin) return kBadOctets;
    if (!texts && count != data.entries.size()) return kBadOctets;
    for (size_t place = 0; place < count; ++place) {
      if (const Status read = ReadEntry(place, data); !read) return read;
    }
    if (!in_.AtEnd() || data.entries[0].group != SubjectGroup::kSelf) return kBadOctets;
    return {};
  }

 private:
  Status ReadEntry(size_t place, SubjectData& data) {
    const uint8_t group = in_.U8();
    const auto& rows = SubjectGroups();
    if (std::ranges::none_of(rows, [&](const SubjectGroupRow& row) {
          return static_cast<uint8_t>(row.group) == group;
        })) {
      return kBadOctets;
    }
    if (part_ == SubjectPart::kTexts) {
      data.entries.push_back({static_cast<SubjectGroup>(group), {}});
    }
    SubjectEntry& entry = data.entries[place];
    if (static_cast<uint8_t>(entry.group) != group) return kBadOctets;
    for (uint8_t left = in_.U8(); left > 0 && in_.ok(); --left) {
      if (const Status read = ReadValue(place, data.kind, entry); !read) return read;
    }
    return in_.ok() ? Status() : kBadOctets;
  }

  Status ReadValue(size_t place, SubjectKind kind, SubjectEntry& entry) {
    SubjectValue value{static_cast<SubjectField>(in_.U8()), {}};
    const SubjectFieldRow* row = FindSubjectField(value.field);
    const uint8_t flags = in_.U8();
    const uint8_t items = in_.U8();
    if (!in_.ok() || row == nullptr || row->group != entry.group || flags > kSealed ||
        PresenceOf(*row, kind) == Presence::kAbsent || !IsOfPart(value, part_) ||
        entry.Find(value.field) != nullptr) {
      return kBadOctets;
    }
    if (items == 0 || items > (IsFile(row->kind) ? row->most : 1)) return kBadOctets;
    for (size_t item = 0; item < items; ++item) {
      const std::string_view octets = in_.Text32(limits::kSubjectOctetsMax);
      if (!in_.ok()) return kBadOctets;
      if (flags != kSealed) {
        value.items.emplace_back(octets);
        continue;
      }
      auto opened = open_(octets, PlaceOf(place, value.field, item));
      if (!opened) return opened.error();
      value.items.push_back(*std::move(opened));
    }
    entry.Add(std::move(value));
    return {};
  }

  Reader in_;
  const SubjectPart part_;
  const OpenItem& open_;
};

}  // namespace

const SubjectValue* SubjectEntry::Find(SubjectField field) const {
  const auto at = std::ranges::find(values, field, &SubjectValue::field);
  return at == values.end() ? nullptr : &*at;
}

std::string_view SubjectEntry::Text(SubjectField field) const {
  const SubjectValue* value = Find(field);
  return value == nullptr ? std::string_view() : value->items.front();
}

void SubjectEntry::Add(SubjectValue value) {
  Require(!value.items.empty());
  values.insert(std::ranges::upper_bound(values, value.field, {}, &SubjectValue::field),
                std::move(value));
}

SubjectData EmptySubject(SubjectKind kind) { return {kind, {SubjectEntry{}}}; }

std::string EncodeSubject(const SubjectData& data, SubjectPart part, const SealItem& seal) {
  Require(!data.entries.empty() && data.entries.size() <= UINT16_MAX);
  std::string octets;
  Writer out(octets);
  out.U8(kLayout).U8(static_cast<uint8_t>(data.kind));
  out.U16(static_cast<uint16_t>(data.entries.size()));
  for (size_t place = 0; place < data.entries.size(); ++place) {
    const SubjectEntry& entry = data.entries[place];
    const auto count = std::ranges::count_if(
        entry.values, [&](const SubjectValue& value) { return IsOfPart(value, part); });
    out.U8(static_cast<uint8_t>(entry.group)).U8(static_cast<uint8_t>(count));
    for (const SubjectValue& value : entry.values) {
      if (!IsOfPart(value, part)) continue;
      const bool sealed = FindSubjectField(value.field)->personal;
      out.U8(static_cast<uint8_t>(value.field)).U8(sealed ? kSealed : 0);
      out.U8(static_cast<uint8_t>(value.items.size()));
      for (size_t item = 0; item < value.items.size(); ++item) {
        out.Text32(sealed ? seal(value.items[item], PlaceOf(place, value.field, item))
                          : value.items[item]);
      }
    }
  }
  return octets;
}

Result<SubjectData> DecodeSubject(std::string_view texts, const OpenItem& open) {
  SubjectData data;
  if (const Status read = Decoder(texts, SubjectPart::kTexts, open).Read(data); !read) {
    return read.error();
  }
  return data;
}

Status DecodeSubjectFiles(std::string_view files, const OpenItem& open, SubjectData& data) {
  return Decoder(files, SubjectPart::kFiles, open).Read(data);
}

std::string SubjectPath(const SubjectData& data, size_t entry, std::string_view name) {
  const SubjectGroupRow& group = RowOf(data.entries[entry].group);
  std::string path(group.name);
  if (group.entries_max > 1) {
    const auto before =
        std::count_if(data.entries.begin(), data.entries.begin() + static_cast<ptrdiff_t>(entry),
                      [&](const SubjectEntry& other) { return other.group == group.group; });
    path.append("[").append(std::to_string(before)).append("]");
  }
  if (!path.empty() && !name.empty()) path.push_back('.');
  return path.append(name);
}

}  // namespace idnode
