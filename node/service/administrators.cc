#include "node/service/administrators.h"

#include <set>
#include <string>
#include <utility>

#include "proto/ident/identifier.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr std::string_view kAdminType = "HS_ADMIN";
constexpr std::string_view kListType = "HS_VLIST";
// Lists of lists are written by whoever may write a record here, and walked by whoever asks.
constexpr size_t kReferencesMax = 1'000;
constexpr size_t kDepthMax = 32;

// Looks for an identity in a list, and in the lists that it names. Each list is looked at once.
class ListSearch {
 public:
  ListSearch(const Registry& registry, const HandleIdentity& identity,
             std::vector<Caller::RecordVersion>& path)
      : registry_(registry), identity_(identity), path_(path) {}

  // Whether `list` refers to an HS_VLIST that holds the identity. A reference with index 0 names no
  // value that could be a list.
  Result<bool> Holds(const ValueReference& list, size_t depth) {
    if (list.index == 0 || depth >= kDepthMax) return false;
    const auto name = ParseIdentifier(list.handle);
    if (!name || !seen_.emplace(name->key, list.index).second) return false;
    std::string row;
    const auto found = registry_.Find(name->key, Reach::kDisk, row);
    if (!found && found.error().code == Errc::kNotFound) return false;
    if (!found) return found.error();
    const auto references = ListAt(found->record, list.index);
    auto holds = AnyOf(references, depth);
    if (holds && *holds) path_.push_back({name->key, found->version.value});
    return holds;
  }

 private:
  // Nothing: there is no list at the index.
  static std::vector<ValueReference> ListAt(const RecordView& record, uint32_t index) {
    for (RecordView::Walk walk = record.values(); walk.Next();) {
      if (walk.index() != index) continue;
      Reader in(walk.octets());
      const Value value = DecodeValue(in);
      if (!in.AtEnd() || !HasType(value.type, kListType)) return {};
      auto list = DecodeValueList(value.data);
      return list ? *std::move(list) : std::vector<ValueReference>();
    }
    return {};
  }

  Result<bool> AnyOf(const std::vector<ValueReference>& references, size_t depth) {
    for (const ValueReference& reference : references) {
      if (references_left_ == 0) return false;
      --references_left_;
      if (MeansAny(reference, identity_)) return true;
    }
    for (const ValueReference& reference : references) {
      if (references_left_ == 0) return false;
      auto holds = Holds(reference, depth + 1);
      if (!holds || *holds) return holds;
    }
    return false;
  }

  const Registry& registry_;
  const HandleIdentity& identity_;
  std::vector<Caller::RecordVersion>& path_;
  std::set<std::pair<std::string, uint32_t>> seen_;
  size_t references_left_ = kReferencesMax;
};

}  // namespace

bool MeansAny(const ValueReference& reference, const HandleIdentity& identity) {
  return Means({reference.handle, identity.index == 0 ? 0 : reference.index}, identity);
}

Status Administrators::Grant(std::string_view key, const Registry::Found& record,
                             uint16_t permissions, const HandleIdentity& identity,
                             std::vector<Caller::RecordVersion>& relied_on) const {
  std::vector<Caller::RecordVersion> path;
  ListSearch search(registry_, identity, path);
  for (RecordView::Walk walk = record.record.values(); walk.Next();) {
    if (!HasType(walk.type(), kAdminType)) continue;
    Reader in(walk.octets());
    const Value value = DecodeValue(in);
    const auto admin = DecodeAdmin(value.data);
    if (!in.AtEnd() || !admin || (admin->permissions & permissions) != permissions) continue;
    const ValueReference reference{admin->handle, admin->index};
    bool granted = MeansAny(reference, identity);
    if (!granted) {
      const auto listed = search.Holds(reference, 0);
      if (!listed) return listed.error();
      granted = *listed;
    }
    if (!granted) continue;
    path.push_back({std::string(key), record.version.value});
    relied_on.insert(relied_on.end(), path.begin(), path.end());
    return {};
  }
  return Error{Errc::kDenied, "no HS_ADMIN value gives the identity all that is needed"};
}

}  // namespace idnode
