#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "proto/base/text.h"
#include "proto/ident/identifier.h"

// The worked examples of docs/formats/keys.md.
namespace idnode {
namespace {

TEST(KeysDocument, ShowsWhatTheCodeMakes) {
  std::ifstream document(IDNODE_SOURCE_DIR "/docs/formats/keys.md");
  const std::regex example("\\| `([^`]+)` \\| `([0-9a-f]+)` \\|");
  std::set<Scheme> seen;
  size_t examples = 0;
  for (std::string line; std::getline(document, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, example)) continue;
    const auto identifier = ParseIdentifier(match[1].str());
    ASSERT_TRUE(identifier) << line;
    EXPECT_EQ(ToHex(identifier->key), match[2].str()) << line;
    seen.insert(identifier->scheme);
    ++examples;
  }
  EXPECT_GE(examples, 12u);
  for (const SchemeRow& row : kSchemeRows) EXPECT_TRUE(seen.contains(row.scheme)) << row.name;
}

}  // namespace
}  // namespace idnode
