#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/children.h"
#include "storage/filings.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {

// A node above, in memory, that holds the whole log of a node as its child 1, and the rows of its
// own that the log names.
class ParentOf {
 public:
  using Told = std::function<std::string(const FilingName& name, std::string body)>;
  ParentOf(MemoryNode& child, const std::string& prefix, const Told& told) {
    Commit([&](Change& change) {
      AddDockChild(change, {.number = 1,
                            .node_id = std::string(32, 'c'),
                            .name = "below",
                            .prefix = prefix,
                            .token_id = "00112233aabbccdd",
                            .docked = kMorning});
    });
    const std::vector<std::string> records = child.Records();
    std::vector<Filing> filings;
    for (size_t i = 0; i < records.size(); ++i) {
      std::vector<FilingName> names;
      const auto record = DecodeThin(records[i]);
      for (const LogItem& item : record->items) {
        AppendFilingsNamedBy(item, prefix, names);
      }
      for (const FilingName& name : names) {
        const auto row = ReadFiling(child.engine(), kOwn, name);
        if (!row || !*row) continue;
        filings.push_back({name, Position{i + 1}, told(name, (*row)->body)});
      }
    }
    Commit([&](Change& change) {
      const auto grown =
          AddChildRecords(change, *ReadChild(node_.engine(), 1), {records.begin(), records.end()});
      EXPECT_TRUE(grown.ok());
      AddFilings(change, 1, filings);
    });
  }

  Engine& engine() { return node_.engine(); }

 private:
  template <class Build>
  void Commit(const Build& build) {
    EXPECT_TRUE(node_.Commit(build).done());
  }

  MemoryNode node_;
};

}  // namespace idnode
