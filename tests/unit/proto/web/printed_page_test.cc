#include "proto/web/printed_page.h"

#include <gtest/gtest.h>

#include <utility>

namespace idnode {
namespace {

TEST(PrintedPage, HasItsPartsInOrder) {
  PrintedPage page("报告");
  page.BeginSection("一");
  page.AddParagraph("text");
  const std::vector<std::string> columns = {"甲", "乙"};
  const std::vector<std::vector<PrintedPage::Cell>> rows = {{std::string("a"), int64_t{-12}}};
  page.AddTable(columns, rows);
  page.EndSection();
  const std::string html = std::move(page).Finish();
  EXPECT_TRUE(html.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">"));
  EXPECT_TRUE(
      html.ends_with("<h1>报告</h1>\n<section>\n<h2>一</h2>\n<p>text</p>\n"
                     "<table>\n<thead><tr><th>甲</th><th>乙</th></tr></thead>\n<tbody>\n"
                     "<tr><td>a</td><td class=\"number\">-12</td></tr>\n</tbody>\n</table>\n"
                     "</section>\n</body>\n</html>\n"));
  EXPECT_NE(html.find("<title>报告</title>"), std::string::npos);
  EXPECT_NE(html.find("@page { size: A4;"), std::string::npos);
}

TEST(PrintedPage, TakesTextsForTexts) {
  PrintedPage page("<title>");
  page.BeginSection("a & b");
  page.AddParagraph("<script>alert(\"x\")</script>");
  const std::vector<std::string> columns = {"</table>"};
  const std::vector<std::vector<PrintedPage::Cell>> rows = {{std::string("<td>")}};
  page.AddTable(columns, rows);
  page.EndSection();
  const std::string html = std::move(page).Finish();
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<title><title>"), std::string::npos);
  EXPECT_NE(html.find("<td>&lt;td&gt;</td>"), std::string::npos);
  EXPECT_NE(html.find("<th>&lt;/table&gt;</th>"), std::string::npos);
}

}  // namespace
}  // namespace idnode
