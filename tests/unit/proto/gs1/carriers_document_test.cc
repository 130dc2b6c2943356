#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <string>

#include "proto/gs1/compression.h"
#include "proto/gs1/element_string.h"
#include "proto/gs1/epc_binary.h"
#include "proto/gs1/epc_urn.h"

// The examples of docs/formats/gs1-carriers.md.
namespace idnode {
namespace {

Status LinkOf(const std::string& text, std::string& link) {
  link.clear();
  if (MayBeEpcUrn(text)) return DecodeEpcUrn(text, link);
  if (MayBeEpcBinary(text)) return DecodeEpcBinary(text, link);
  if (!MayBeElementString(text)) return DecodeCompressed(text, link);
  Gs1ElementList elements;
  if (const Status parsed = ParseElementString(text, elements); !parsed) return parsed;
  if (const Status checked = CheckElements(elements); !checked) return checked;
  return AppendDigitalLink(elements, link);
}

TEST(Gs1CarriersDocument, ShowsWhatTheCodeMakes) {
  std::ifstream document(IDNODE_SOURCE_DIR "/docs/formats/gs1-carriers.md");
  const std::regex example("\\| [^|]+ \\| `([^`]+)` \\| `(/[^`]+)` \\|");
  size_t examples = 0;
  for (std::string line; std::getline(document, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, example)) continue;
    std::string link;
    const Status read = LinkOf(match[1].str(), link);
    ASSERT_TRUE(read.ok()) << line << ": " << read.error().detail;
    EXPECT_EQ(link, match[2].str()) << line;
    ++examples;
  }
  EXPECT_EQ(examples, 12u);
}

}  // namespace
}  // namespace idnode
