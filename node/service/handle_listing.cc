#include "node/service/handle_listing.h"

#include "proto/ident/handle_name.h"
#include "proto/ident/scheme.h"
#include "storage/directory.h"
#include "storage/keyspace.h"
#include "storage/registry.h"

namespace idnode {
namespace {

constexpr char kHandleScheme = static_cast<char>(Scheme::kHandle);

// Fills a page up to its limit.
class PageOfHandles {
 public:
  explicit PageOfHandles(size_t handles_max) : handles_max_(handles_max) {}

  // False: the page is full, and goes on from there.
  bool Add(std::string handle, std::string_view at) {
    if (page.handles.size() >= handles_max_) {
      page.next = at;
      return false;
    }
    page.handles.push_back(std::move(handle));
    return true;
  }
  HandlePage page;

 private:
  size_t handles_max_;
};

}  // namespace

Result<HandlePage> ListKeys(const Rows& rows, std::string_view from, std::string_view until,
                            size_t handles_max) {
  PageOfHandles filled(handles_max);
  const auto cursor = rows.Scan(Table::kRecords, from, until);
  for (; cursor->Valid(); cursor->Next()) {
    if (!filled.Add(std::string(cursor->key().substr(1)), cursor->key())) break;
  }
  if (const Status read = cursor->status(); !read) return read.error();
  return std::move(filled.page);
}

Result<HandlePage> ListHomedPrefixes(const Rows& rows, std::string_view node_prefix,
                                     std::string_view from, size_t handles_max) {
  const std::string_view first = from.empty() ? from : PrefixNamedBy(from);
  PageOfHandles filled(handles_max);
  const auto add = [&](std::string_view prefix) {
    const std::string handle = std::string(kPrefixHandles).append(prefix);
    return filled.Add(handle, handle);
  };
  bool own_is_due = !node_prefix.empty() && node_prefix >= first;
  const auto cursor = rows.Scan(Table::kDirectory, keyspace::Prefix(kHandleScheme, first),
                                keyspace::After(keyspace::Prefix(kHandleScheme, {})));
  for (; cursor->Valid(); cursor->Next()) {
    const auto row = SplitVersion(cursor->value());
    const auto prefix = row ? DecodePrefix(row->body) : Result<AllottedPrefix>(row.error());
    if (!prefix) return Error{Errc::kCorrupt, prefix.error().detail};
    const std::string& text = prefix->prefix.text;
    if (own_is_due && text >= node_prefix) {
      own_is_due = false;
      if (!add(node_prefix)) return std::move(filled.page);
    }
    if (prefix->state != PrefixState::kActive || text == node_prefix) continue;
    if (!add(text)) return std::move(filled.page);
  }
  if (const Status read = cursor->status(); !read) return read.error();
  if (own_is_due) add(node_prefix);
  return std::move(filled.page);
}

}  // namespace idnode
