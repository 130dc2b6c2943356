#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

// One row of a table in a text file. Views last until the next row.
struct Row {
  uint64_t number = 0;  // Of its line, from 1, the header being a line.
  Status problem;       // The row itself is wrong: columns, UTF-8, JSON. The next may be right.
  std::vector<std::string_view> cells;  // In the order of the header.
  const std::vector<std::string>* header = nullptr;

  // Empty: no such column, or nothing in it.
  std::string_view Cell(std::string_view column) const;
};

enum class RowFormat : uint8_t { kByName, kCsv, kTsv, kJsonLines };

struct RowSourceOptions {
  std::string path;  // "-": stdin.
  // kByName: by the file's name, with .zst and .gz taken off; stdin is CSV.
  RowFormat format = RowFormat::kByName;
};

// Rows of a CSV (RFC 4180), TSV (no quoting) or JSON Lines file, compressed or not. The first line
// names the columns; of JSON Lines the members of the first object do. A line holds at most
// limits::kBatchLineOctetsMax octets.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual const std::vector<std::string>& header() const = 0;
  // Cells of arrays and objects are JSON.
  virtual bool is_json() const { return false; }
  // Before the first Next(): of JSON Lines, later objects may have a member that the first has not.
  virtual void AddColumn(const std::string&) {}
  // False: the end. An error ends the file: kIo, kMalformed (damaged compression).
  virtual Result<bool> Next(Row& row) = 0;
  virtual uint64_t read_octets() const = 0;
  virtual uint64_t file_octets() const = 0;
};
Result<std::unique_ptr<RowSource>> OpenRowSource(const RowSourceOptions& options);

}  // namespace idnode
