#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "node/cmd/command.h"
#include "proto/rpc/registry.pb.h"
#include "proto/web/community_links.h"

namespace idnode {

struct LinksImportOptions {
  std::string path;  // "-": stdin
  LinkFormat format = LinkFormat::kAuto;
  std::string refused_file;  // Empty: by the name of the file.
  uint64_t patience_seconds = 60;
  bool add = false, dry_run = false, quiet = false;
};

// Registers the links of every entry of a file: a JSON list, one object, or objects one after the
// other. Entries of one identifier are taken together. Prints what became of them, and what was not
// taken as it stood; the exit code.
int ImportLinks(const LinksImportOptions& options, const GlobalOptions& global);

// The links as the values of an item of a batch.
void FillLinks(std::span<const LinkEntry> links, const std::optional<std::string>& description,
               v1::RegisterItem& item);

}  // namespace idnode
