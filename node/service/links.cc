#include "node/service/links.h"

#include <algorithm>
#include <set>
#include <utility>

#include "proto/base/text.h"
#include "proto/gs1/packed_key.h"
#include "proto/web/link_types.h"
#include "proto/web/link_warnings.h"

namespace idnode {
namespace {

constexpr std::string_view kItemDescription = "gs1:itemDescription";
constexpr uint32_t kFirstLinkIndex = 1'000;

bool IsAddress(const Value& value) { return EqualFolded(value.type, "URL"); }

// A value as a link; no relation: it is none.
struct ReadLink {
  std::string relation;
  LinkTarget target;
};

ReadLink LinkOf(const Value& value) {
  ReadLink link;
  if (value.type == kItemDescription) return link;
  std::string relation = RelationOf(value.type);
  if (relation.empty()) return link;
  auto target = ParseLinkTarget(value.data);
  if (target) {
    link = {std::move(relation), *std::move(target)};
  } else if (FindLinkType(relation) != nullptr) {
    link.relation = std::move(relation);  // An older one that would not be taken any more.
  }
  return link;
}

// One edit on its way.
class Editor {
 public:
  Editor(const Gs1Path& path, std::span<const Value> present) : path_(path) {
    edited_.values.assign(present.begin(), present.end());
    for (const Value& value : present) indexes_.insert(value.index);
  }

  void Describe(const Value& description) {
    const auto old =
        std::ranges::find(edited_.values, kItemDescription, [](const Value& v) { return v.type; });
    if (old != edited_.values.end()) {
      old->data = description.data;
    } else {
      Append(description);
    }
  }

  void Put(std::span<const Value> given) {
    std::vector<Placed> old = TakeLinks();
    for (const Value& value : given) {
      const std::string place = PlaceOf(value);
      const auto same = std::ranges::find(old, place, &Placed::place);
      if (same == old.end()) {
        Append(value);
        continue;
      }
      Value kept = std::exchange(*same, {}).value;
      kept.type = value.type;
      kept.data = value.data;
      edited_.values.push_back(std::move(kept));
    }
  }

  void Add(std::span<const Value> given) {
    for (const Value& value : given) {
      const std::string place = PlaceOf(value);
      const auto same = std::ranges::find_if(
          edited_.values, [&](const Value& each) { return PlaceOf(each) == place; });
      if (same == edited_.values.end()) {
        Append(value);
      } else {
        same->type = value.type;
        same->data = value.data;
      }
    }
  }

  Status Remove(const LinkSelection& selection) {
    const std::string relation = RelationOf(selection.link_type);
    if (relation.empty() && !selection.link_type.empty()) {
      return Error{Errc::kInvalidValue, "no link type"};
    }
    const bool all = relation.empty() && selection.language.empty() && selection.context.empty();
    const bool with_address = all || (relation == kDefaultLink && selection.language.empty() &&
                                      selection.context.empty());
    const size_t removed = std::erase_if(edited_.values, [&](const Value& value) {
      if (IsAddress(value)) return with_address;
      const ReadLink link = LinkOf(value);
      return !link.relation.empty() && IsSelected(link, relation, selection);
    });
    if (removed > 0) return {};
    return Error{Errc::kValuesNotFound, "the record has no such link"};
  }

  // The address leads where the default link does; without one it stays, if it may.
  void FollowDefault(bool may_stay) {
    const auto address = std::ranges::find_if(edited_.values, IsAddress);
    if (address == edited_.values.end()) return;
    const auto plain = std::ranges::find_if(
        edited_.values, [](const Value& value) { return LinkOf(value).relation == kDefaultLink; });
    if (plain == edited_.values.end()) {
      if (!may_stay) edited_.values.erase(address);
      return;
    }
    std::string& href = edited_.texts.emplace_back();
    if (FillVariables(LinkOf(*plain).target.href, path_, href)) {
      address->data = href;
    } else {
      edited_.values.erase(address);
    }
  }

  EditedLinks Finish() { return std::move(edited_); }

 private:
  struct Placed {
    std::string place;
    Value value;
  };

  static std::string PlaceOf(const Value& value) {
    const ReadLink link = LinkOf(value);
    return link.relation.empty() ? std::string() : PlaceOfLink(link.relation, link.target);
  }

  static bool IsSelected(const ReadLink& link, std::string_view relation,
                         const LinkSelection& selection) {
    const auto& languages = link.target.languages;
    const auto& contexts = link.target.contexts;
    if (!relation.empty() && link.relation != relation) return false;
    if (!selection.language.empty() && std::ranges::none_of(languages, [&](std::string_view each) {
          return EqualFolded(each, selection.language);
        })) {
      return false;
    }
    return selection.context.empty() ||
           std::ranges::find(contexts, selection.context) != contexts.end();
  }

  std::vector<Placed> TakeLinks() {
    std::vector<Placed> links;
    std::erase_if(edited_.values, [&](const Value& value) {
      std::string place = PlaceOf(value);
      if (place.empty()) return false;
      links.push_back({std::move(place), value});
      return true;
    });
    return links;
  }

  void Append(const Value& given) {
    Value value;
    value.type = given.type;
    value.data = given.data;
    value.index = kFirstLinkIndex;
    while (!indexes_.insert(value.index).second) ++value.index;
    edited_.values.push_back(std::move(value));
  }

  const Gs1Path& path_;
  EditedLinks edited_;
  std::set<uint32_t> indexes_;  // Those of links that are taken away are not given again.
};

}  // namespace

bool IsLink(const Value& value) { return IsAddress(value) || !LinkOf(value).relation.empty(); }

bool HasDefaultLink(std::span<const Value> values) {
  return std::ranges::any_of(values, [](const Value& value) {
    if (IsAddress(value)) return CheckHref(value.data).ok();
    const std::string relation = RelationOf(value.type);
    const bool leads = relation == kDefaultLink || relation == kHandledBy;
    return leads && ParseLinkTarget(value.data).ok();
  });
}

Result<EditedLinks> EditLinks(std::string_view key, std::span<const Value> present, LinkEdit edit,
                              std::span<const Value> given, const LinkSelection& selection) {
  Gs1Path path;
  if (!key.starts_with(kGs1KeyMark) || !UnpackGs1Key(key, path)) {
    return Error{Errc::kInvalidIdentifier, "links belong to GS1 identifiers"};
  }
  Editor editor(path, present);
  std::vector<Value> links;
  for (const Value& value : given) {
    if (value.type == kItemDescription) {
      editor.Describe(value);
    } else {
      links.push_back(value);
    }
  }
  if (edit == LinkEdit::kRemove) {
    if (const Status removed = editor.Remove(selection); !removed) return removed.error();
  } else if (edit == LinkEdit::kPut) {
    editor.Put(links);
  } else {
    editor.Add(links);
  }
  editor.FollowDefault(/*may_stay=*/edit != LinkEdit::kPut);
  return editor.Finish();
}

}  // namespace idnode
