#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace idnode {

// A row of a case file: by the names in its header line.
using CaseRow = std::map<std::string, std::string>;

// RFC 4180, a line a row.
inline std::vector<std::string> FieldsOfLine(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && line.substr(i + 1).starts_with('"')) {
      fields.back() += line[++i];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

// All rows of tests/conformance/data/<file>; none when it cannot be read.
inline std::vector<CaseRow> CaseRowsOf(const std::string& file) {
  std::ifstream in(IDNODE_SOURCE_DIR "/tests/conformance/data/" + file);
  std::string line;
  std::getline(in, line);
  const auto names = FieldsOfLine(line);
  std::vector<CaseRow> rows;
  while (std::getline(in, line)) {
    const auto fields = FieldsOfLine(line);
    EXPECT_EQ(fields.size(), names.size()) << line;
    CaseRow row;
    for (size_t i = 0; i < names.size(); ++i) row[names[i]] = fields.at(i);
    rows.push_back(row);
  }
  return rows;
}

// The name of a parameterised test: the row's id.
inline std::string IdOfCase(const testing::TestParamInfo<CaseRow>& info) {
  return info.param.at("id");
}

}  // namespace idnode
