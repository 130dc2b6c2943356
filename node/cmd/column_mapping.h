#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/cmd/row_source.h"
#include "proto/base/result.h"
#include "proto/rpc/registry.pb.h"

namespace idnode {

// Which column becomes what.
struct MappingOptions {
  std::string identifier;           // Column; empty: identifier, handle, gtin, sscc, gln or code.
  std::string range;                // Column of ranges of serials; empty: range, if it is there.
  size_t own_columns = SIZE_MAX;    // How many are the file's own; others become no values.
  std::vector<std::string> values;  // INDEX:TYPE=column. None: every other column, from index 2000.
  std::string link;                 // {text} and {column} are filled in; value 1, type URL.
  // The rows are JSON: without `values`, a column of that name holds them as `export` prints them.
  bool json = false;
};

// Turns rows into items to register, or ranges of serials to allocate: a row is a range where it
// has one and no identifier.
class ColumnMapping {
 public:
  static constexpr std::string_view kRangeColumn = "range";
  // Whether there is a column of identifiers that is known by its name.
  static bool HasIdentifierColumn(const std::vector<std::string>& header);

  // kMissingField: no such column, or neither one of identifiers nor of ranges. kMalformed: a
  // mapping that cannot be read.
  static Result<ColumnMapping> Create(const std::vector<std::string>& header,
                                      const MappingOptions& options);

  std::string_view IdentifierOf(const Row& row) const;
  // Empty: the row is no range.
  std::string_view RangeOf(const Row& row) const;
  std::string_view identifier_column() const { return identifier_column_; }
  // Adds the values of a row whose canonical text is `text`. Empty cells give no value, nor does
  // the range of a row that is one. kMalformed: a column `values` that cannot be read.
  Status FillValues(const Row& row, std::string_view text,
                    google::protobuf::RepeatedPtrField<v1::Value>& values) const;

 private:
  struct Field {
    uint32_t index;
    std::string type;
    size_t column;
  };
  struct LinkPart {
    std::string literal;
    int column = -1;  // -1: the literal only; -2: the canonical text.
  };
  Status ParseLink(const std::vector<std::string>& header, std::string_view link);

  size_t identifier_ = 0, range_ = 0;
  std::string identifier_column_;
  std::vector<Field> fields_;
  std::optional<size_t> values_column_;
  std::vector<LinkPart> link_;
};

}  // namespace idnode
