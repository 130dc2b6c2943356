#include <algorithm>

#include "node/service/links.h"
#include "proto/base/text.h"
#include "proto/gs1/packed_key.h"
#include "proto/gs1/uri.h"
#include "proto/web/link_target.h"
#include "proto/web/link_types.h"

// What may be registered as links of an identifier (spec/gs1-digital-link.md 5.7, 7, 9).
namespace idnode {
namespace {

constexpr std::string_view kItemDescription = "gs1:itemDescription";

// Host, without a port where the root has none, and path of an address; false: it is elsewhere.
bool IsUnder(std::string_view href, std::string_view root, bool any_port, std::string_view& rest) {
  const size_t scheme = href.find("://");
  if (scheme == std::string_view::npos) return false;
  href.remove_prefix(scheme + 3);
  const size_t slash = std::min(root.find('/'), root.size());
  const size_t end = std::min(href.find_first_of("/?#"), href.size());
  std::string_view authority = href.substr(0, end);
  if (any_port) authority = authority.substr(0, authority.rfind(':'));
  rest = href.substr(end);
  if (!EqualFolded(authority, root.substr(0, slash))) return false;
  const std::string_view path = root.substr(slash);
  if (!rest.starts_with(path)) return false;
  rest.remove_prefix(path.size());
  return rest.empty() || rest.starts_with('/') || path.ends_with('/');
}

// The path with the identifier's own values in the place of variables. A pair whose value is a
// variable that the identifier does not have stands for whatever a request has there: it is left
// out.
std::string FilledPath(std::string_view path, const Gs1Path& own) {
  std::string filled;
  while (path.starts_with('/')) {
    const size_t middle = std::min(path.find('/', 1), path.size());
    const size_t end =
        middle == path.size() ? middle : std::min(path.find('/', middle + 1), path.size());
    const std::string_view pair = path.substr(0, end);
    path.remove_prefix(end);
    std::string values;
    if (!HasVariables(pair)) {
      filled += pair;
    } else if (FillVariables(pair, own, values)) {
      filled += values;
    }
  }
  return filled;
}

// What a link without linkType, or with its own, leads to is asked for again.
bool AsksForItself(std::string_view query, std::string_view relation) {
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !EqualFolded(pair.substr(0, equals), "linkType")) {
      continue;
    }
    const auto type = PercentDecode(pair.substr(equals + 1));
    return type && RelationOf(*type) == relation;
  }
  return true;
}

class LoopFinder {
 public:
  LoopFinder(std::string_view key, const LinkRoots& roots) : key_(key), roots_(roots) {}

  bool Loops(std::string_view relation, std::string_view href) {
    if (roots_.public_root.empty() && roots_.stems.empty()) return false;
    std::string_view rest;
    if (!roots_.public_root.empty()) {
      const std::string_view root = roots_.public_root;
      if (IsUnder(href, root.substr(std::min(root.find("://") + 3, root.size())), false, rest) &&
          LeadsHere(relation, rest)) {
        return true;
      }
    }
    return std::ranges::any_of(roots_.stems, [&](const std::string& stem) {
      return IsUnder(href, stem, true, rest) && LeadsHere(relation, rest);
    });
  }

 private:
  bool LeadsHere(std::string_view relation, std::string_view rest) {
    // The identifier is put behind the address of another resolver (5.7).
    if (relation == kHandledBy) return rest.find_first_not_of('/') == std::string_view::npos;
    if (own_.empty() && !UnpackGs1Key(key_, own_)) return false;
    const size_t end = std::min(rest.find_first_of("?#"), rest.size());
    Gs1Path path;
    if (!ParseGs1Path(FilledPath(rest.substr(0, end), own_), path, {.alphabetic_names = true})) {
      return false;
    }
    std::string key;
    AppendGs1Key(path, key);
    if (key != key_) return false;
    std::string_view query = rest.substr(end);
    query = query.starts_with('?') ? query.substr(1, query.find('#') - 1) : std::string_view();
    return AsksForItself(query, relation);
  }

  const std::string_view key_;
  const LinkRoots& roots_;
  Gs1Path own_;
};

}  // namespace

Status CheckLinks(std::string_view key, std::span<const Value> values, const LinkRoots& roots) {
  if (!key.starts_with(kGs1KeyMark)) return {};
  LoopFinder loops(key, roots);
  size_t defaults = 0;
  for (const Value& value : values) {
    if (EqualFolded(value.type, "URL")) {
      if (loops.Loops(kDefaultLink, value.data)) return Error{Errc::kLinkLoop, "URL"};
      continue;
    }
    // Other types are cheap to tell: this is asked of every value of every registration.
    if (value.type.find(':') == std::string_view::npos) continue;
    const std::string relation = RelationOf(value.type);
    const LinkType* type = FindLinkType(relation);
    if (relation.empty() || value.type == kItemDescription) continue;
    const auto target = ParseLinkTarget(value.data);
    if (!target && type == nullptr) continue;
    if (!target) return target.error();
    if (relation == kDefaultLink && ++defaults > 1) return Error{Errc::kSeveralDefaultLinks};
    if (loops.Loops(relation, target->href)) return Error{Errc::kLinkLoop};
  }
  return {};
}

}  // namespace idnode
