#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/text.h"
#include "proto/ident/gs1_key.h"
#include "proto/ident/identifier.h"

// The published Digital Link URIs whose path is one SSCC, GTIN or GLN and nothing else.
namespace idnode {
namespace {

using Row = std::map<std::string, std::string>;

// RFC 4180, a line a row.
std::vector<std::string> FieldsOf(std::string_view line) {
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

std::vector<Row> Rows() {
  std::ifstream file(IDNODE_SOURCE_DIR "/tests/conformance/data/gs1/uri-cases.csv");
  std::string line;
  std::getline(file, line);
  const auto names = FieldsOf(line);
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const auto fields = FieldsOf(line);
    EXPECT_EQ(fields.size(), names.size()) << line;
    Row row;
    for (size_t i = 0; i < names.size(); ++i) row[names[i]] = fields.at(i);
    rows.push_back(row);
  }
  return rows;
}

// The path without its first slash, as a front hands it on.
std::string PathOf(const std::string& uri) {
  const size_t authority = uri.find("://");
  if (authority == std::string::npos) return {};
  const size_t slash = uri.find('/', authority + 3);
  if (slash == std::string::npos) return {};
  return uri.substr(slash + 1, uri.find_first_of("?#", slash) - slash - 1);
}

bool IsBareKey(std::string_view path) {
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || path.find('/', slash + 1) != std::string_view::npos) {
    return false;
  }
  return std::ranges::find(kGs1KeyRows, path.substr(0, slash), &Gs1KeyRow::ai) != kGs1KeyRows.end();
}

std::vector<Row> BareKeys(std::string_view resolver) {
  std::vector<Row> rows;
  for (const Row& row : Rows()) {
    if (row.at("resolver") == resolver && IsBareKey(PathOf(row.at("input")))) rows.push_back(row);
  }
  return rows;
}

// "(01)09520123456788(17)261231": the key without its attributes.
std::string KeyElement(const std::string& elements) {
  return elements.substr(0, elements.find('(', 1));
}

TEST(Gs1Uri, OfAGoodKeyGivesTheKeyThatWasPublished) {
  const auto rows = BareKeys("ok");
  EXPECT_EQ(rows.size(), 43u);
  for (const Row& row : rows) {
    const auto identifier = ParseIdentifier(PathOf(row.at("input")));
    ASSERT_TRUE(identifier) << row.at("id") << " " << row.at("input");
    ASSERT_EQ(identifier->scheme, Scheme::kGs1) << row.at("id");

    const std::string element = KeyElement(row.at("elements"));
    const auto bracketed = ParseIdentifier(element);
    ASSERT_TRUE(bracketed) << row.at("id") << " " << element;
    EXPECT_EQ(identifier->key, bracketed->key) << row.at("id");

    const size_t close = element.find(')');
    const std::string path = element.substr(1, close - 1) + '/' + element.substr(close + 1);
    EXPECT_EQ(identifier->text, path) << row.at("id");
    EXPECT_EQ(*TextOfKey(identifier->key), path) << row.at("id");
  }
}

TEST(Gs1Uri, OfABadKeyGivesNoGs1Key) {
  const std::map<std::string, Errc> reasons = {
      {"U065", Errc::kCheckDigit},  {"U066", Errc::kCheckDigit},  {"U067", Errc::kCheckDigit},
      {"U074", Errc::kWrongLength}, {"U075", Errc::kWrongLength}, {"U165", Errc::kWrongLength}};
  size_t refused = 0;
  for (const Row& row : BareKeys("400")) {
    const auto identifier = ParseIdentifier(PathOf(row.at("input")));
    // Without a digit after the slash the path reads as a Handle name, which nobody holds.
    EXPECT_TRUE(!identifier || identifier->scheme == Scheme::kHandle) << row.at("id");
    const auto reason = reasons.find(row.at("id"));
    if (reason == reasons.end()) continue;
    ASSERT_FALSE(identifier) << row.at("id");
    EXPECT_EQ(identifier.error().code, reason->second) << row.at("id");
    ++refused;
  }
  EXPECT_EQ(refused, reasons.size());
}

}  // namespace
}  // namespace idnode
