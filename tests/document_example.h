#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string>

namespace idnode {

// The lines of the code block under the heading `## <heading>` of docs/formats/<file>.
inline std::string ExampleIn(const std::string& file, const std::string& heading) {
  std::ifstream document(IDNODE_SOURCE_DIR "/docs/formats/" + file);
  const std::string whole(std::istreambuf_iterator<char>(document), {});
  const size_t under = whole.find("\n## " + heading + "\n");
  const size_t begin = whole.find("\n```\n", under);
  const size_t end = begin == std::string::npos ? begin : whole.find("\n```\n", begin + 5);
  if (under == std::string::npos || end == std::string::npos) {
    ADD_FAILURE() << file << ": no code block under ## " << heading;
    return {};
  }
  return whole.substr(begin + 5, end + 1 - (begin + 5));
}

// Documents group octets and break lines to be read.
inline std::string WithoutSpace(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
  return text;
}

}  // namespace idnode
