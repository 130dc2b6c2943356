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
  std::vector<std::string> values;  // INDEX:TYPE=column. None: every other column, from index 2000.
  std::string link;                 // {text} and {column} are filled in; value 1, type URL.
  // The rows are JSON: without `values`, a column of that name holds them as `export` prints them.
  bool json = false;
};

// Turns rows into items to register.
class ColumnMapping {
 public:
  // kMissingField: no such column. kMalformed: a mapping that cannot be read.
  static Result<ColumnMapping> Create(const std::vector<std::string>& header,
                                      const MappingOptions& options);

  std::string_view IdentifierOf(const Row& row) const;
  std::string_view identifier_column() const { return identifier_column_; }
  // Adds the values of a row whose canonical text is `text`. Empty cells give no value. kMalformed:
  // a column `values` that cannot be read.
  Status FillValues(const Row& row, std::string_view text, v1::RegisterItem& item) const;

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

  size_t identifier_ = 0;
  std::string identifier_column_;
  std::vector<Field> fields_;
  std::optional<size_t> values_column_;
  std::vector<LinkPart> link_;
};

}  // namespace idnode
