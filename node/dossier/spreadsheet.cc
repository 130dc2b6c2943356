#include <xlsxwriter.h>

#include <cstdio>
#include <memory>

#include "node/dossier/sheets.h"
#include "proto/base/limits.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

constexpr size_t kSpreadsheetOctetsMax = 1u << 30;
constexpr double kNarrowColumn = 18, kWideColumn = 48, kTextColumn = 110;  // Characters.
// Above this a spreadsheet, which counts in doubles, is no longer exact.
constexpr int64_t kExactMax = int64_t{1} << 53;

struct Formats {
  explicit Formats(lxw_workbook* book)
      : title(workbook_add_format(book)),
        head(workbook_add_format(book)),
        text(workbook_add_format(book)),
        number(workbook_add_format(book)) {
    format_set_bold(title);
    format_set_font_size(title, 14);
    format_set_bold(head);
    format_set_bg_color(head, 0xEEF2F6);
    for (lxw_format* format : {head, text}) {
      format_set_text_wrap(format);
      format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    }
    format_set_num_format(number, "#,##0");
    format_set_align(number, LXW_ALIGN_VERTICAL_TOP);
  }
  lxw_format *title, *head, *text, *number;
};

// The first error stays.
class Page {
 public:
  Page(lxw_worksheet* sheet, const Formats& formats) : sheet_(sheet), formats_(formats) {}

  lxw_error Write(const DossierSheet& content) {
    Text(content.title, 0, formats_.title);
    for (const std::string& paragraph : content.paragraphs) Text(paragraph, 0, formats_.text);
    if (content.columns.empty()) {
      worksheet_set_column(sheet_, 0, 0, kTextColumn, nullptr);
      return error_;
    }
    worksheet_set_column(sheet_, 0, 0, content.columns.size() > 2 ? kNarrowColumn : kWideColumn,
                         nullptr);
    worksheet_set_column(sheet_, 1, static_cast<lxw_col_t>(content.columns.size()),
                         content.columns.size() > 2 ? kNarrowColumn : kTextColumn, nullptr);
    WriteTable(content);
    return error_;
  }

 private:
  void WriteTable(const DossierSheet& content) {
    for (size_t column = 0; column < content.columns.size(); ++column) {
      Put(content.columns[column], column, formats_.head);
    }
    ++row_;
    for (const auto& cells : content.rows) {
      for (size_t column = 0; column < cells.size(); ++column) PutCell(cells[column], column);
      ++row_;
    }
  }

  void PutCell(const DossierSheet::Cell& cell, size_t column) {
    const auto* number = std::get_if<int64_t>(&cell);
    if (number == nullptr) return Put(std::get<std::string>(cell), column, formats_.text);
    if (*number > kExactMax || *number < -kExactMax) {
      return Put(std::to_string(*number), column, formats_.text);
    }
    Keep(worksheet_write_number(sheet_, row_, static_cast<lxw_col_t>(column),
                                static_cast<double>(*number), formats_.number));
  }
  void Put(const std::string& text, size_t column, lxw_format* format) {
    Keep(
        worksheet_write_string(sheet_, row_, static_cast<lxw_col_t>(column), text.c_str(), format));
  }
  void Text(const std::string& text, size_t column, lxw_format* format) {
    Put(text, column, format);
    ++row_;
  }
  void Keep(lxw_error error) {
    if (error_ == LXW_NO_ERROR) error_ = error;
  }

  lxw_worksheet* const sheet_;
  const Formats& formats_;
  lxw_row_t row_ = 0;
  lxw_error error_ = LXW_NO_ERROR;
};

Status StatusOf(lxw_error error) {
  switch (error) {
    case LXW_NO_ERROR:
      return {};
    case LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE:
    case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
      return Error{Errc::kTooLarge, "more than a sheet or a cell of a spreadsheet holds"};
    case LXW_ERROR_CREATING_XLSX_FILE:
    case LXW_ERROR_CREATING_TMPFILE:
    case LXW_ERROR_READING_TMPFILE:
    case LXW_ERROR_ZIP_FILE_OPERATION:
    case LXW_ERROR_ZIP_FILE_ADD:
    case LXW_ERROR_ZIP_CLOSE:
      return Error{Errc::kIo, "the spreadsheet cannot be written"};
    default:
      return Error{Errc::kInternal, "the spreadsheet library refused a cell"};
  }
}

// The time of the data, so that equal data make equal octets.
lxw_error Describe(const Dossier& dossier, lxw_workbook* book) {
  lxw_doc_properties properties{};
  std::string title = "二级节点评价材料", author = dossier.words.operator_name;
  properties.title = title.data();
  properties.author = author.data();
  properties.created = static_cast<time_t>(dossier.last.ms / 1000);
  if (properties.created == 0) properties.created = 1;  // 0 is now, to the library.
  return workbook_set_properties(book, &properties);
}

lxw_error Write(const Dossier& dossier, lxw_workbook* book) {
  lxw_error error = Describe(dossier, book);
  const Formats formats(book);
  for (const DossierSheet& sheet : SheetsOf(dossier)) {
    if (error != LXW_NO_ERROR) break;
    error = Page(workbook_add_worksheet(book, sheet.name.c_str()), formats).Write(sheet);
  }
  const lxw_error closed = workbook_close(book);  // Frees it, whatever happened.
  return error == LXW_NO_ERROR ? closed : error;
}

}  // namespace

Result<std::string> DossierSpreadsheet(const Dossier& dossier, const std::string& scratch) {
  lxw_workbook* const book = workbook_new(scratch.c_str());
  if (book == nullptr) return Error{Errc::kInternal, "the spreadsheet library has no memory"};
  const Status written = StatusOf(Write(dossier, book));
  auto octets = written ? ReadWholeFile(scratch, kSpreadsheetOctetsMax)
                        : Result<std::string>(written.error());
  std::remove(scratch.c_str());
  return octets;
}

}  // namespace idnode
