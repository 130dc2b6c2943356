#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/business/subject_data.h"
#include "proto/handle/limits.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"

namespace idnode {

class SecretBox;

// How often anybody may ask the directory: of a network, of all together.
inline constexpr limits::HandleAllowance kDirectoryAllowance{20, 200, 500, 1'000};

// Another node's directory that answers for what lies under a prefix.
struct DirectoryElsewhere {
  std::string prefix, base;  // 88.118.8, https://sn.example.cn/iiidap/
};
// "88.118.8=https://sn.example.cn/iiidap/"; what is not of that form is left out.
std::vector<DirectoryElsewhere> ParseDirectoriesElsewhere(const std::vector<std::string>& texts);

// Who stands behind a prefix: the directory service IIIDAP (spec/secondary-node.md 5.9). Personal
// members are masked always. Anybody may ask, so no question costs more than a few rows.
// Every method reads the disk. Threads: any.
class IdentifierDirectory {
 public:
  IdentifierDirectory(const Engine& engine, const Directory& directory, const SecretBox& secrets,
                      std::string node_prefix, std::vector<DirectoryElsewhere> elsewhere)
      : engine_(engine),
        directory_(directory),
        secrets_(secrets),
        node_prefix_(std::move(node_prefix)),
        elsewhere_(std::move(elsewhere)) {}

  struct Entry {
    std::string prefix;                     // Empty: it holds none.
    std::vector<std::string> all_prefixes;  // The first limits::kHandlePrefixesShownMax.
    Time registered;
    bool on_hold = false;
    std::string name;
    std::optional<SubjectData> subject;  // Masked. Nothing: there is none yet.
  };
  struct Answer {
    std::string location;  // Not empty: another node knows.
    Entry entry;
  };
  // A Handle prefix. kInvalidIdentifier: it is none. kNotFound: it is not allotted here.
  Result<Answer> FindPrefix(std::string_view prefix) const;

  struct Found {
    std::vector<Entry> entries;
    bool truncated = false;
  };
  // Whose subject data has the name. kNotFound: nobody's. kMalformed: no name.
  Result<Found> FindName(std::string_view name) const;
  // A name, or the beginning of one and '*'. Nothing found is an empty answer. kPatternUnsupported:
  // a '*' elsewhere, or nothing before it.
  Result<Found> Search(std::string_view pattern) const;

 private:
  Status Describe(uint32_t holder, Entry& entry) const;
  Result<Found> FindNamed(std::string_view name, bool whole) const;
  Result<Entry> EntryOf(uint32_t holder, const DirectoryView& view) const;

  const Engine& engine_;
  const Directory& directory_;
  const SecretBox& secrets_;
  const std::string node_prefix_;
  const std::vector<DirectoryElsewhere> elsewhere_;
};

}  // namespace idnode
