#include "node/service/parsed_batch.h"

#include <unordered_set>

#include "proto/record/value.h"

namespace idnode {
namespace {

bool HasValues(RegisterAction action) {
  return action != RegisterAction::kRemove && !EditsLinks(action);
}

}  // namespace

ParsedBatch::ParsedBatch(std::span<const RegisterItem> items) : items_(items.size()) {
  keys_.reserve(items.size() * 32);
  bool creates_only = true;
  for (size_t i = 0; i < items.size(); ++i) {
    items_[i].status = Parse(items[i], items_[i]);
    creates_only = creates_only && items[i].action == RegisterAction::kCreate;
  }
  if (!creates_only) RefuseSecondTouches(items);
}

Status ParsedBatch::Parse(const RegisterItem& item, Item& parsed) {
  if (item.is_refused) return item.refused;
  if (const Status read = ParseIdentifier(item.identifier, scratch_); !read) return read;
  if (const Status fits = CheckForRegistration(scratch_); !fits) return fits;
  if (HasValues(item.action)) {
    if (const Status fits = CheckValues(item.values); !fits) return fits;
  }
  parsed.key_at = static_cast<uint32_t>(keys_.size());
  parsed.key_octets = static_cast<uint32_t>(scratch_.key.size());
  keys_.append(scratch_.key);
  // A Handle's canonical text is the text as it was given, its key that text folded.
  const bool is_folded = std::string_view(scratch_.key).substr(1) == scratch_.text;
  if (scratch_.scheme == Scheme::kHandle && !is_folded) parsed.text = item.identifier;
  return {};
}

void ParsedBatch::RefuseSecondTouches(std::span<const RegisterItem> items) {
  std::unordered_set<std::string_view> created, touched;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items_[i].status) continue;
    const bool creates = items[i].action == RegisterAction::kCreate;
    const bool second = touched.contains(key(i)) || (!creates && created.contains(key(i)));
    if (second) {
      items_[i].status = Error{Errc::kConflict, "an earlier item of the batch has the identifier"};
    } else {
      (creates ? created : touched).insert(key(i));
    }
  }
}

}  // namespace idnode
