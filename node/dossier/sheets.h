#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "node/dossier/dossier.h"

namespace idnode {

// The dossier as pages of text and tables, which every form for people is made of.
struct DossierSheet {
  using Cell = std::variant<std::string, int64_t>;
  std::string name;                     // In Chinese, short: the tab of the page.
  std::string title;                    // In both languages.
  std::vector<std::string> paragraphs;  // Before the table.
  std::vector<std::string> columns;     // None: there is no table.
  std::vector<std::vector<Cell>> rows;
};
std::vector<DossierSheet> SheetsOf(const Dossier& dossier);
// Pages of any report as one HTML file.
std::string SheetsHtml(std::string_view title, const std::vector<DossierSheet>& sheets);

}  // namespace idnode
