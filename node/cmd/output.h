#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "node/cmd/command.h"
#include "proto/base/result.h"

namespace idnode {

// Prints rows of one kind to stdout, as a table for people or as JSON for programs. A row is a
// JSON object; a table shows the members named in `columns`, in that order.
class RowPrinter {
 public:
  struct Column {
    std::string_view member;
    std::string_view title;
  };
  RowPrinter(OutputFormat format, std::vector<Column> columns);

  void Add(boost::json::object row);
  // Ends the output. Rows of a table are aligned by what a terminal shows (a Chinese character is
  // two columns wide).
  void Finish();

 private:
  OutputFormat format_;
  std::vector<Column> columns_;
  std::vector<boost::json::object> rows_;
  bool first_ = true;
};

// How so many rows are printed: one alone is an object, no list.
OutputFormat FormatOfRows(OutputFormat format, size_t count);

// One object: as JSON, or as "member  value" lines.
void PrintObject(OutputFormat format, const boost::json::object& object);

// How many columns of a terminal a text takes.
size_t DisplayWidth(std::string_view utf8);

// 1234567 -> "1,234,567".
std::string Grouped(int64_t number);

// One line on stderr, in red where that is wanted (NO_COLOR): "idnode: <what>: <en> <zh>
// (<detail>)".
void PrintError(std::string_view what, const Error& error);
void PrintMessage(std::string_view text);

// Whether stderr is a terminal that may be painted and rewritten.
bool IsTerminal();

}  // namespace idnode
