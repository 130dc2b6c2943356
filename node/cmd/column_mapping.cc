#include "node/cmd/column_mapping.h"

#include <algorithm>
#include <array>

#include "node/cmd/record_json.h"
#include "node/cmd/value_option.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr auto kIdentifierColumns =
    std::to_array<std::string_view>({"identifier", "handle", "gtin", "sscc", "gln", "code"});
constexpr std::string_view kValuesColumn = "values";
constexpr uint32_t kLinkIndex = 1;
// Business attributes begin here in the national practice (spec/secondary-node.md 7.1).
constexpr uint32_t kFirstAttributeIndex = 2000;
constexpr int kLiteralOnly = -1, kCanonicalText = -2;

constexpr size_t kNoColumn = SIZE_MAX;
size_t ColumnOf(const std::vector<std::string>& header, std::string_view name) {
  const auto found = std::find(header.begin(), header.end(), name);
  return found == header.end() ? kNoColumn : static_cast<size_t>(found - header.begin());
}

std::string_view CellAt(const Row& row, size_t column) {
  return column < row.cells.size() ? row.cells[column] : std::string_view();
}

size_t IdentifierColumn(const std::vector<std::string>& header) {
  for (const std::string_view name : kIdentifierColumns) {
    if (const size_t column = ColumnOf(header, name); column != kNoColumn) return column;
  }
  return kNoColumn;
}

}  // namespace

bool ColumnMapping::HasIdentifierColumn(const std::vector<std::string>& header) {
  return IdentifierColumn(header) != kNoColumn;
}

Result<ColumnMapping> ColumnMapping::Create(const std::vector<std::string>& header,
                                            const MappingOptions& options) {
  ColumnMapping mapping;
  mapping.identifier_ =
      options.identifier.empty() ? IdentifierColumn(header) : ColumnOf(header, options.identifier);
  mapping.range_ = ColumnOf(header, options.range.empty() ? kRangeColumn : options.range);
  if (!options.range.empty() && mapping.range_ == kNoColumn) {
    return Error{Errc::kMissingField, "--range names no column"};
  }
  const bool has_identifiers = mapping.identifier_ != kNoColumn;
  const bool ranges_alone = mapping.range_ != kNoColumn && options.identifier.empty();
  if (!has_identifiers && !ranges_alone) {
    return Error{Errc::kMissingField, "no column holds the identifier; say which (--identifier)"};
  }
  mapping.identifier_column_ = has_identifiers ? header[mapping.identifier_] : "identifier";

  for (const std::string& text : options.values) {
    Result<ValueOption> option = ParseValueOption(text);
    if (!option) return option.error();
    const size_t column = ColumnOf(header, option->data);
    if (column == kNoColumn) return Error{Errc::kMissingField, "--value names no column"};
    mapping.fields_.push_back({option->index, std::move(option->type), column});
  }
  const size_t values =
      options.json && options.values.empty() ? ColumnOf(header, kValuesColumn) : kNoColumn;
  if (values != kNoColumn) mapping.values_column_ = values;
  const bool every_column = options.values.empty() && !mapping.values_column_;
  const size_t columns = std::min(header.size(), options.own_columns);
  for (size_t i = 0; every_column && i < columns; ++i) {
    if (i == mapping.identifier_ || (i == mapping.range_ && !has_identifiers)) continue;
    const auto index = kFirstAttributeIndex + static_cast<uint32_t>(mapping.fields_.size());
    mapping.fields_.push_back({index, UpperAscii(header[i]), i});
  }
  if (const Status parsed = mapping.ParseLink(header, options.link); !parsed) {
    return parsed.error();
  }
  return mapping;
}

Status ColumnMapping::ParseLink(const std::vector<std::string>& header, std::string_view link) {
  while (!link.empty()) {
    const size_t open = link.find('{');
    LinkPart part;
    part.literal = link.substr(0, open);
    part.column = kLiteralOnly;
    if (open == std::string_view::npos) {
      link_.push_back(std::move(part));
      return {};
    }
    const size_t close = link.find('}', open);
    if (close == std::string_view::npos) return Error{Errc::kMalformed, "--link: '}' is missing"};
    const std::string_view name = link.substr(open + 1, close - open - 1);
    if (name == "text") {
      part.column = kCanonicalText;
    } else if (const size_t column = ColumnOf(header, name); column != kNoColumn) {
      part.column = static_cast<int>(column);
    } else {
      return Error{Errc::kMissingField, "--link names no column"};
    }
    link_.push_back(std::move(part));
    link.remove_prefix(close + 1);
  }
  return {};
}

std::string_view ColumnMapping::IdentifierOf(const Row& row) const {
  return CellAt(row, identifier_);
}

std::string_view ColumnMapping::RangeOf(const Row& row) const {
  return IdentifierOf(row).empty() ? CellAt(row, range_) : std::string_view();
}

Status ColumnMapping::FillValues(const Row& row, std::string_view text,
                                 google::protobuf::RepeatedPtrField<v1::Value>& values) const {
  const bool is_range = !RangeOf(row).empty();
  if (!link_.empty()) {
    v1::Value* value = values.Add();
    value->set_index(kLinkIndex);
    value->set_type("URL");
    std::string* url = value->mutable_data();
    for (const LinkPart& part : link_) {
      url->append(part.literal);
      if (part.column == kCanonicalText) url->append(text);
      if (part.column >= 0) url->append(PercentEncode(row.cells[static_cast<size_t>(part.column)]));
    }
  }
  for (const Field& field : fields_) {
    const std::string_view cell = row.cells[field.column];
    if (cell.empty() || (is_range && field.column == range_)) continue;
    v1::Value* value = values.Add();
    value->set_index(field.index);
    value->set_type(field.type);
    value->set_data(cell.data(), cell.size());
  }
  if (!values_column_) return {};
  return ReadValuesJson(row.cells[*values_column_], values);
}

}  // namespace idnode
