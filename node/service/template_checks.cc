#include "node/service/template_checks.h"

#include <algorithm>

#include "node/service/catalogue_owner.h"
#include "proto/base/text.h"
#include "proto/business/member_reader.h"
#include "proto/business/template_value.h"
#include "proto/ident/identifier.h"
#include "storage/filings.h"

namespace idnode {
namespace {

bool IsOfTemplate(uint32_t index, std::string_view type) {
  return index >= kTemplateIndexMin || EqualFolded(type, kTemplateHandleType) ||
         EqualFolded(type, kTemplateVersionType);
}

// A record that cannot be read says nothing.
std::vector<Value> ValuesIn(const RecordView& record) {
  auto values = record.DecodeAll();
  return values ? *std::move(values) : std::vector<Value>();
}

bool IsOfThisNode(const std::string& key, const DirectoryView& directory,
                  std::string_view node_prefix) {
  if (key.substr(0, key.find('/')) == OwnFilingKey(node_prefix)) return true;
  PrefixMatter matter;
  return MatterOfKey(key, matter) && directory.Owner(matter) != nullptr;
}

MemberRow RowOfItem(const TemplateItem& item) { return {{}, item.chinese, item.english}; }

template <class Each>
void EachItem(const DataTemplate& data, std::span<const Value> values, const Each& each) {
  for (const Value& value : values) {
    if (value.index < kTemplateIndexMin) continue;
    if (const TemplateItem* item = data.FindEnabled(value.index)) each(*item, value);
  }
}

}  // namespace

TemplateNamed TemplateNamedBy(std::span<const Value> values) {
  TemplateNamed named;
  for (const Value& value : values) {
    if (EqualFolded(value.type, kTemplateHandleType)) named.handle = value.data;
    if (EqualFolded(value.type, kTemplateVersionType)) named.version = value.data;
  }
  return named;
}

bool NamesTemplate(const RecordView& record) {
  for (RecordView::Walk walk = record.values(); walk.Next();) {
    if (EqualFolded(walk.type(), kTemplateHandleType)) return true;
  }
  return false;
}

bool IsSameByTemplate(const RecordView& present, std::span<const Value> values) {
  const auto part = [](std::span<const Value> all) {
    std::vector<const Value*> of;
    for (const Value& value : all) {
      if (IsOfTemplate(value.index, value.type)) of.push_back(&value);
    }
    std::ranges::sort(of, {}, [](const Value* value) { return value->index; });
    return of;
  };
  const std::vector<Value> stored = ValuesIn(present);
  return std::ranges::equal(part(stored), part(values), [](const Value* a, const Value* b) {
    return a->index == b->index && a->permissions == b->permissions && a->type == b->type &&
           a->data == b->data;
  });
}

FoundTemplate TemplateReader::Read(const TemplateNamed& named, const std::string& key) const {
  if (named.version.empty()) {
    return {
        Error{Errc::kNoTemplate, "a value of type TEMPLATE names the template's version"}, {}, {}};
  }
  auto row = ReadTemplate(rows_, key, named.version);
  if (!row) return {row.error(), {}, {}};
  if (!*row) return {Error{Errc::kNoTemplate, "of this handle and version"}, {}, {}};
  auto data = DecodeTemplate((*row)->document);
  if (!data) return {data.error(), {}, {}};
  return {{}, **std::move(row), *std::move(data)};
}

std::shared_ptr<const FoundTemplate> TemplateReader::Find(const TemplateNamed& named) {
  if (named.handle.empty()) return nullptr;
  auto [at, is_new] = found_.try_emplace({std::string(named.handle), std::string(named.version)});
  if (!is_new) return at->second;
  const auto identifier = ParseIdentifier(named.handle);
  if (!identifier || identifier->scheme != Scheme::kHandle ||
      !IsOfThisNode(identifier->key, directory_, node_prefix_)) {
    return nullptr;
  }
  at->second = std::make_shared<const FoundTemplate>(Read(named, identifier->key));
  return at->second;
}

std::shared_ptr<const FoundTemplate> TemplateReader::FindOf(const RecordView& record) {
  return NamesTemplate(record) ? Find(TemplateNamedBy(ValuesIn(record))) : nullptr;
}

std::vector<MemberFault> FaultsByTemplate(const DataTemplate& data, std::span<const Value> values) {
  MemberFaults faults;
  for (const TemplateItem& item : data.items) {
    if (!item.required || item.state != TemplateItemState::kEnabled) continue;
    const auto at = std::ranges::find(values, item.index, &Value::index);
    if (at == values.end() || at->data.empty()) {
      faults.Add(std::to_string(item.index), RowOfItem(item), Errc::kMissingField);
    }
  }
  for (const Value& value : values) {
    if (value.index < kTemplateIndexMin) continue;
    const std::string path = std::to_string(value.index);
    const TemplateItem* item = data.FindEnabled(value.index);
    if (item == nullptr) {
      faults.AddUnknown(path);
      continue;
    }
    if (!EqualFolded(value.type, item->english)) {
      faults.Add(path + ".type", RowOfItem(*item), Errc::kInvalidValue);
    }
    if (value.data.empty()) continue;  // As if it were not there.
    if (const auto fault = CheckTemplateValue(*item, value.data)) {
      faults.Add(path, RowOfItem(*item), *fault);
    }
  }
  return faults.Take();
}

std::vector<std::string> TargetsByTemplate(const DataTemplate& data,
                                           std::span<const Value> values) {
  std::vector<std::string> targets;
  EachItem(data, values, [&](const TemplateItem& item, const Value& value) {
    if (item.type != TemplateItemType::kReference || item.unresolved || value.data.empty()) return;
    for (const std::string_view entry : EntriesOf(value.data)) {
      if (auto target = ParseIdentifier(entry)) targets.push_back(std::move(target->key));
    }
  });
  std::ranges::sort(targets);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

std::vector<UniqueValue> UniqueValuesOf(const FoundTemplate& found, std::span<const Value> values) {
  std::vector<UniqueValue> unique;
  EachItem(found.data, values, [&](const TemplateItem& item, const Value& value) {
    if (!item.unique || value.data.empty()) return;
    unique.push_back(UniqueValueOf(found.row.key, value.index, value.data));
  });
  std::ranges::sort(unique);
  return unique;
}

std::vector<uint32_t> IndexesGrantedTo(const DataTemplate& data, std::string_view application) {
  std::vector<uint32_t> indexes;
  for (const TemplateItem& item : data.items) {
    const bool has = std::ranges::any_of(
        item.granted, [&](const std::string& each) { return EqualFolded(each, application); });
    if (has && !item.is_public) indexes.push_back(item.index);
  }
  return indexes;
}

void HideGranted(const DataTemplate& data, std::span<Value> values) {
  for (Value& value : values) {
    if (value.index < kTemplateIndexMin) continue;
    const TemplateItem* item = data.FindEnabled(value.index);
    if (item != nullptr && !item->is_public) {
      value.permissions = static_cast<uint8_t>(value.permissions & ~kPublicRead);
    }
  }
}

}  // namespace idnode
