#include "node/dossier/sheets.h"
#include "proto/web/printed_page.h"

namespace idnode {

std::string DossierHtml(const Dossier& dossier) {
  return SheetsHtml("二级节点评价材料", SheetsOf(dossier));
}

std::string SheetsHtml(std::string_view title, const std::vector<DossierSheet>& sheets) {
  PrintedPage page(title);
  for (const DossierSheet& sheet : sheets) {
    page.BeginSection(sheet.title);
    for (const std::string& paragraph : sheet.paragraphs) page.AddParagraph(paragraph);
    if (!sheet.columns.empty()) page.AddTable(sheet.columns, sheet.rows);
    page.EndSection();
  }
  return std::move(page).Finish();
}

}  // namespace idnode
