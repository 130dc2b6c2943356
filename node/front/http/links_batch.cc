#include "node/front/http/batch_entry.h"
#include "proto/web/link_batch.h"
#include "proto/web/link_warnings.h"

// The entries of POST /api/v1/links.
namespace idnode {
namespace {

struct LinksEntry : BatchEntry {
  LinkValues values;
  LinkSelection selection;
};

RegisterAction ActionOf(LinkAction action) {
  switch (action) {
    case LinkAction::kAdd:
      return RegisterAction::kAddLinks;
    case LinkAction::kRemove:
      return RegisterAction::kRemoveLinks;
    case LinkAction::kPut:
      break;
  }
  return RegisterAction::kPutLinks;
}

}  // namespace

Result<std::unique_ptr<BatchEntry>> ReadLinksEntry(std::string_view text) {
  auto read = ParseLinkBatchEntry(text);
  if (!read) return read.error();
  auto entry = std::make_unique<LinksEntry>();
  entry->identifier = std::move(read->identifier);
  entry->selection = {std::move(read->link_type), std::move(read->language),
                      std::move(read->context)};
  if (read->description) entry->values.AddDescription(*read->description);
  for (const LinkEntry& link : read->links) entry->values.Add(link);
  const std::vector<LinkWarning> warnings = WarningsOf(read->links);
  if (!warnings.empty()) WriteLinkWarnings(warnings, read->links, entry->warnings);
  RegisterItem& item = entry->item;
  item.action = ActionOf(read->action);
  item.identifier = entry->identifier;
  item.values = entry->values.values();
  item.expected_version = read->expected_version;
  item.selection = &entry->selection;
  return std::unique_ptr<BatchEntry>(std::move(entry));
}

}  // namespace idnode
