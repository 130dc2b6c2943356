#include "node/cmd/links_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "node/cmd/item_import.h"
#include "node/cmd/octet_source.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/session.h"
#include "node/front/http/list_cutter.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "proto/web/link_warnings.h"

namespace idnode {
namespace {

// Entries are gathered by identifier in pieces of so many before they are sent.
constexpr size_t kGatheredMax = 65'536;
constexpr size_t kReadOctets = 65'536;

v1::RegisterAction ActionOf(LinkAction action) {
  switch (action) {
    case LinkAction::kAdd:
      return v1::REGISTER_ACTION_ADD_LINKS;
    case LinkAction::kRemove:
      return v1::REGISTER_ACTION_REMOVE_LINKS;
    case LinkAction::kPut:
      break;
  }
  return v1::REGISTER_ACTION_PUT_LINKS;
}

// The first, unless the other is a default for any identifier and it is for those with a serial or
// lot alone.
void KeepOneDefault(std::vector<LinkEntry>& first, std::vector<LinkEntry>& second) {
  const auto ours = std::ranges::find_if(first, &LinkEntry::is_default);
  const auto theirs = std::ranges::find_if(second, &LinkEntry::is_default);
  if (ours == first.end() || theirs == second.end()) return;
  const bool yields = NearnessOf(ours->target.href) > NearnessOf(theirs->target.href);
  (yields ? ours : theirs)->is_default = false;
}

class LinksImport {
 public:
  LinksImport(const LinksImportOptions& options, const GlobalOptions& global)
      : options_(options), global_(global) {}

  int Run();

 private:
  // What the entries of one identifier say together.
  struct Gathered {
    uint64_t row;
    LinkBatchEntry entry;
  };

  Status ReadAll(OctetSource& source);
  Status TakeOctets(std::string_view octets);
  void Take(std::string_view text);
  void Gather(CommunityEntry read);
  bool SendGathered(bool last);
  void Note(const std::string& what) { ++notes_[what]; }
  int Summarise();

  const LinksImportOptions& options_;
  const GlobalOptions& global_;
  std::unique_ptr<ItemImport> items_;
  std::unique_ptr<ProgressBar> progress_;
  ListCutter cutter_;
  std::string element_;
  Identifier scratch_;
  uint64_t entries_ = 0, left_out_ = 0, identifiers_ = 0;
  std::map<std::string, Gathered> gathered_;  // By key.
  // Of keys that were sent: what comes later stands beside what came before.
  std::unordered_set<std::string> sent_;
  std::map<std::string, uint64_t> notes_;  // What was not taken as it stood, and how often.
};

void LinksImport::Gather(CommunityEntry read) {
  for (const LinkNote& note : read.notes) {
    std::string what(NameOf(note.code));
    // Addresses differ from entry to entry; names do not.
    if (!note.to.empty()) what += ": " + note.from + " -> " + note.to;
    Note(what);
  }
  if (read.entry.action != LinkAction::kRemove && read.entry.links.empty()) {
    ++left_out_;
    return;
  }
  for (const LinkWarning& warning : WarningsOf(read.entry.links)) {
    const bool is_of_type = warning.code != LinkWarningCode::kMissingTitle;
    const std::string name(RowOf(warning.code).name);
    Note(is_of_type ? name + ": " + read.entry.links[warning.link].link_type : name);
  }
  if (options_.add && read.entry.action == LinkAction::kPut) read.entry.action = LinkAction::kAdd;
  const auto [at, is_new] = gathered_.try_emplace(scratch_.key, Gathered{entries_, {}});
  LinkBatchEntry& entry = at->second.entry;
  if (is_new) {
    entry = std::move(read.entry);
    return;
  }
  KeepOneDefault(entry.links, read.entry.links);
  std::ranges::move(read.entry.links, std::back_inserter(entry.links));
  if (!entry.description) entry.description = std::move(read.entry.description);
}

void LinksImport::Take(std::string_view text) {
  ++entries_;
  if (text.size() > limits::kBatchLineOctetsMax) {
    return items_->Refuse(entries_, "entry", {}, Error{Errc::kTooLarge, "at most 1 MiB"});
  }
  auto read = ReadCommunityEntry(text, options_.format);
  if (!read) return items_->Refuse(entries_, "entry", {}, read.error());
  const std::string& identifier = read->entry.identifier;
  Status checked = ParseIdentifier(identifier, scratch_);
  if (checked) checked = CheckForRegistration(scratch_);
  if (!checked) return items_->Refuse(entries_, "identifier", identifier, checked.error());
  Gather(*std::move(read));
}

bool LinksImport::SendGathered(bool last) {
  if (!last && gathered_.size() < kGatheredMax) return true;
  for (auto& [key, gathered] : gathered_) {
    LinkBatchEntry& entry = gathered.entry;
    const bool is_new = sent_.insert(key).second;
    if (!is_new && entry.action == LinkAction::kPut) {
      entry.action = LinkAction::kAdd;
      for (LinkEntry& link : entry.links) {
        link.is_default = link.is_default && NearnessOf(link.target.href) == 0;
      }
    }
    identifiers_ += is_new ? 1 : 0;
    v1::RegisterItem item;
    item.set_identifier(entry.identifier);
    item.set_action(ActionOf(entry.action));
    item.set_expected_version(entry.expected_version);
    if (entry.action == LinkAction::kRemove) {
      item.mutable_selection()->set_link_type(entry.link_type);
      item.mutable_selection()->set_hreflang(entry.language);
      item.mutable_selection()->set_context(entry.context);
    }
    FillLinks(entry.links, entry.description, item);
    items_->Add(key, gathered.row, std::move(item));
  }
  gathered_.clear();
  return items_->Send(/*last=*/true);
}

// A list, an object, or one after the other.
Status LinksImport::TakeOctets(std::string_view octets) {
  while (!octets.empty()) {
    if (cutter_.complete()) {
      while (!octets.empty() &&
             std::string_view(" \t\r\n").find(octets.front()) != std::string_view::npos) {
        octets.remove_prefix(1);
      }
      if (octets.empty()) return {};
      cutter_ = ListCutter();
    }
    const ListCutter::Step step = cutter_.Take(octets, element_);
    if (step == ListCutter::Step::kBroken) return Error{Errc::kMalformed, "no JSON entries"};
    if (step == ListCutter::Step::kElement) Take(std::exchange(element_, {}));
  }
  return {};
}

Status LinksImport::ReadAll(OctetSource& source) {
  std::vector<char> buffer(kReadOctets);
  for (;;) {
    const Result<size_t> read = source.Read(buffer.data(), buffer.size());
    if (!read) return read.error();
    if (const Status taken = TakeOctets({buffer.data(), *read}); !taken) return taken;
    if (!SendGathered(/*last=*/*read == 0)) return {};  // Finish() says why.
    progress_->Update(source.read_octets(), entries_);
    if (*read > 0) continue;
    const bool is_whole = entries_ == 0 ? element_.empty() : cutter_.complete();
    return is_whole ? Status() : Status(Error{Errc::kMalformed, "the file ends within an entry"});
  }
}

int LinksImport::Summarise() {
  const ItemImport::Counts& counts = items_->counts();
  boost::json::object summary = {{"entries", entries_},       {"identifiers", identifiers_},
                                 {"created", counts.created}, {"replaced", counts.replaced},
                                 {"removed", counts.removed}, {"unchanged", counts.unchanged},
                                 {"left_out", left_out_},     {"refused", counts.refused}};
  if (options_.dry_run) summary["dry_run"] = true;
  if (counts.refused > 0) summary["refused_file"] = items_->refused_file();
  if (global_.output == OutputFormat::kTable) {
    for (const auto& [what, count] : notes_) {
      PrintMessage(fmt::format("{} ({})", what, Grouped(static_cast<int64_t>(count))));
    }
  } else {
    boost::json::object notes;
    for (const auto& [what, count] : notes_) notes[what] = count;
    summary["notes"] = std::move(notes);
  }
  PrintObject(global_.output, summary);
  if (const Status closed = items_->CloseRefused(); !closed) {
    return Refused(items_->refused_file(), closed.error());
  }
  return counts.refused == 0 ? kExitOk : kExitPartly;
}

int LinksImport::Run() {
  auto source = OpenOctetSource(options_.path);
  if (!source) return Refused(options_.path, source.error());
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global_, exit_code);
  if (node == nullptr) return exit_code;
  progress_ =
      std::make_unique<ProgressBar>("links import", (*source)->file_octets(), options_.quiet);
  items_ = std::make_unique<ItemImport>(
      *node, ItemImport::Options{.refused_file = options_.refused_file.empty()
                                                     ? RefusedFileFor(options_.path)
                                                     : options_.refused_file,
                                 .column = "identifier",
                                 .patience_seconds = options_.patience_seconds,
                                 .dry_run = options_.dry_run,
                                 .follows_levels = true});
  const Status read = ReadAll(**source);
  const NodeReply<bool> sent = items_->Finish();
  progress_->Finish();
  exit_code = Summarise();
  if (!sent) return Refused("links import", sent.problem());
  if (!read) return Refused(options_.path, read.error());
  return exit_code;
}

}  // namespace

int ImportLinks(const LinksImportOptions& options, const GlobalOptions& global) {
  return LinksImport(options, global).Run();
}

void FillLinks(std::span<const LinkEntry> links, const std::optional<std::string>& description,
               v1::RegisterItem& item) {
  LinkValues values;
  if (description) values.AddDescription(*description);
  for (const LinkEntry& link : links) values.Add(link);
  for (const Value& value : values.values()) {
    v1::Value& message = *item.add_values();
    message.set_type(value.type.data(), value.type.size());
    message.set_data(value.data.data(), value.data.size());
  }
}

}  // namespace idnode
