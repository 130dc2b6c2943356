#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace idnode {

// A document of sections, paragraphs and tables in one file of HTML, to be read or printed to PDF
// on A4. Texts are in any language, and escaped here.
class PrintedPage {
 public:
  using Cell = std::variant<std::string, int64_t>;  // A number stands on the right.
  explicit PrintedPage(std::string_view title);

  void BeginSection(std::string_view title);
  void EndSection();
  void AddParagraph(std::string_view text);
  void AddTable(std::span<const std::string> columns, std::span<const std::vector<Cell>> rows);

  // The whole file; nothing can be added afterwards.
  std::string Finish() &&;

 private:
  std::string html_;
};

}  // namespace idnode
