#include "node/service/identifier_directory.h"

#include <algorithm>
#include <utility>

#include "node/security/secret_box.h"
#include "node/service/subjects.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/identifier.h"
#include "storage/subjects.h"

namespace idnode {
namespace {

constexpr size_t kNameOctetsMax = 1'024;

Status CheckName(std::string_view name) {
  if (name.empty() || name.size() > kNameOctetsMax || !IsUtf8(name) || HasControlCharacter(name)) {
    return Error{Errc::kMalformed, "a name is 1 to 1,024 octets of plain text"};
  }
  return {};
}

// The longest prefix counts (label by label).
const DirectoryElsewhere* WhereElse(const std::vector<DirectoryElsewhere>& elsewhere,
                                    std::string_view prefix) {
  const DirectoryElsewhere* longest = nullptr;
  for (const DirectoryElsewhere& other : elsewhere) {
    if (prefix != other.prefix && !IsUnder(prefix, other.prefix)) continue;
    if (longest == nullptr || longest->prefix.size() < other.prefix.size()) longest = &other;
  }
  return longest;
}

// The Handle protocol has such prefixes; the directory, which goes by labels, none.
bool HasEmptyLabel(std::string_view prefix) {
  return prefix.starts_with('.') || prefix.ends_with('.') ||
         prefix.find("..") != std::string_view::npos;
}

bool IsOnHold(const Enterprise* enterprise) {
  return enterprise == nullptr || enterprise->state != EnterpriseState::kActive;
}

}  // namespace

std::vector<DirectoryElsewhere> ParseDirectoriesElsewhere(const std::vector<std::string>& texts) {
  std::vector<DirectoryElsewhere> elsewhere;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos) continue;
    const auto prefix = ParsePrefix(Scheme::kHandle, std::string_view(text).substr(0, equals));
    std::string base = text.substr(equals + 1);
    if (!prefix || base.empty()) continue;
    if (!base.ends_with('/')) base.push_back('/');
    elsewhere.push_back({prefix->text, std::move(base)});
  }
  return elsewhere;
}

Result<IdentifierDirectory::Answer> IdentifierDirectory::FindPrefix(std::string_view text) const {
  const auto prefix = ParsePrefix(Scheme::kHandle, text);
  if (!prefix) return prefix.error();
  if (HasEmptyLabel(prefix->text)) return Error{Errc::kMalformed, "a prefix with an empty label"};
  Answer answer;
  Entry& entry = answer.entry;
  entry.prefix = prefix->text;
  if (prefix->text == node_prefix_) {
    if (const Status described = Describe(kOperatorSubject, entry); !described) {
      return described.error();
    }
    return answer;
  }
  if (const DirectoryElsewhere* other = WhereElse(elsewhere_, prefix->text)) {
    answer.location = other->base + "identifier/" + PercentEncode(prefix->text);
    return answer;
  }
  const auto view = directory_.View();
  const AllottedPrefix* allotted = view->FindPrefix(*prefix);
  if (allotted == nullptr) return Error{Errc::kNotFound, "the prefix is not allotted here"};
  const Enterprise* enterprise = view->FindEnterprise(allotted->enterprise);
  if (enterprise != nullptr) entry.name = enterprise->name;
  if (const Status described = Describe(allotted->enterprise, entry); !described) {
    return described.error();
  }
  entry.registered = allotted->created;
  entry.on_hold = IsOnHold(enterprise) || allotted->state == PrefixState::kSuspended;
  return answer;
}

// Name and data of a subject, where there is any.
Status IdentifierDirectory::Describe(uint32_t holder, Entry& entry) const {
  const auto subject = ReadSubject(engine_, holder);
  if (!subject) return subject.error();
  if (!*subject) return {};
  auto data = OpenSubject(**subject, secrets_);
  if (!data) return data.error();
  MaskPersonal(*data);
  if (!(*subject)->name.empty()) entry.name = (*subject)->name;
  entry.registered = (*subject)->created;
  entry.subject = *std::move(data);
  return {};
}

Result<IdentifierDirectory::Entry> IdentifierDirectory::EntryOf(uint32_t holder,
                                                                const DirectoryView& view) const {
  Entry entry;
  if (holder == kOperatorSubject) {
    if (const Status described = Describe(holder, entry); !described) return described.error();
    entry.prefix = node_prefix_;
    if (!node_prefix_.empty()) entry.all_prefixes = {node_prefix_};
    return entry;
  }
  const Enterprise* enterprise = view.FindEnterprise(holder);
  if (const Status described = Describe(holder, entry); !described) return described.error();
  const auto prefixes = view.HandlePrefixesOf(holder);
  entry.all_prefixes.assign(prefixes.begin(), prefixes.end());
  entry.on_hold = IsOnHold(enterprise);
  if (entry.all_prefixes.empty()) {
    if (enterprise != nullptr) entry.registered = enterprise->created;
    return entry;
  }
  entry.prefix = entry.all_prefixes.front();
  if (const auto* allotted = view.FindPrefix({Scheme::kHandle, entry.prefix})) {
    entry.registered = allotted->created;
    entry.on_hold = entry.on_hold || allotted->state == PrefixState::kSuspended;
  }
  return entry;
}

Result<IdentifierDirectory::Found> IdentifierDirectory::FindNamed(std::string_view name,
                                                                  bool whole) const {
  std::vector<uint32_t> holders;
  const Status walked = EachSubjectNamed(engine_, name, whole, [&](uint32_t holder) {
    holders.push_back(holder);
    return holders.size() <= limits::kDirectoryFoundMax;
  });
  if (!walked) return walked.error();
  Found found;
  found.truncated = holders.size() > limits::kDirectoryFoundMax;
  if (found.truncated) holders.pop_back();
  const auto view = directory_.View();
  for (const uint32_t holder : holders) {
    auto entry = EntryOf(holder, *view);
    if (!entry) return entry.error();
    found.entries.push_back(*std::move(entry));
  }
  return found;
}

Result<IdentifierDirectory::Found> IdentifierDirectory::FindName(std::string_view name) const {
  if (const Status fits = CheckName(name); !fits) return fits.error();
  auto found = FindNamed(name, /*whole=*/true);
  if (!found) return found.error();
  if (found->entries.empty()) return Error{Errc::kNotFound, "nobody has this name"};
  return found;
}

Result<IdentifierDirectory::Found> IdentifierDirectory::Search(std::string_view pattern) const {
  if (const Status fits = CheckName(pattern); !fits) return fits.error();
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return FindNamed(pattern, /*whole=*/true);
  if (star == 0 || star + 1 != pattern.size()) {
    return Error{Errc::kPatternUnsupported, "a name, or the beginning of one and *"};
  }
  return FindNamed(pattern.substr(0, star), /*whole=*/false);
}

}  // namespace idnode
