#include <algorithm>
#include <memory>
#include <string>

#include "node/cmd/column_mapping.h"
#include "node/cmd/command.h"
#include "node/cmd/item_import.h"
#include "node/cmd/one_of.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/row_source.h"
#include "node/cmd/session.h"
#include "node/runtime/clock.h"
#include "node/service/range_name.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

// How many rows go by between two looks at the clock.
constexpr uint64_t kRowsShown = 1'000;

struct Options {
  RowSourceOptions source;
  MappingOptions mapping;
  std::string refused_file;
  uint32_t batch_rows = 1'000;
  uint64_t patience_seconds = 60;
  bool put = false, dry_run = false, quiet = false;
};

std::string RangeColumnOf(const MappingOptions& mapping) {
  return mapping.range.empty() ? std::string(ColumnMapping::kRangeColumn) : mapping.range;
}

// An object of JSON Lines is a range or an identifier, and the first need not show both columns.
void AddColumns(RowSource& source, const MappingOptions& mapping) {
  const std::vector<std::string>& header = source.header();
  const std::string range = RangeColumnOf(mapping);
  const bool has_ranges = std::ranges::count(header, range) > 0;
  const bool has_identifiers = mapping.identifier.empty()
                                   ? ColumnMapping::HasIdentifierColumn(header)
                                   : std::ranges::count(header, mapping.identifier) > 0;
  if (has_identifiers && !has_ranges) source.AddColumn(range);
  if (has_ranges && !has_identifiers) {
    source.AddColumn(mapping.identifier.empty() ? "identifier" : mapping.identifier);
  }
}

// One import: reads and checks rows, and has them sent.
class Import {
 public:
  Import(const Options& options, const GlobalOptions& global)
      : options_(options), global_(global) {}

  int Run();

 private:
  Status ReadAll(RowSource& source, const ColumnMapping& mapping);
  void Prepare(const Row& row, const ColumnMapping& mapping);
  void PrepareRange(const Row& row, const ColumnMapping& mapping);
  int Summarise(double seconds);

  const Options& options_;
  const GlobalOptions& global_;
  std::unique_ptr<ItemImport> items_;
  std::unique_ptr<ProgressBar> progress_;
  std::string identifier_column_;
  Identifier scratch_;
  uint64_t rows_ = 0;
};

void Import::Prepare(const Row& row, const ColumnMapping& mapping) {
  ++rows_;
  if (row.problem && !mapping.RangeOf(row).empty()) return PrepareRange(row, mapping);
  const std::string_view text = mapping.IdentifierOf(row);
  Status checked = row.problem;
  if (checked && text.empty()) checked = Error{Errc::kMissingField};
  if (checked) checked = ParseIdentifier(text, scratch_);
  if (checked) checked = CheckForRegistration(scratch_);
  v1::RegisterItem item;
  const char* field = row.problem ? identifier_column_.c_str() : "";
  if (checked) {
    field = "values";
    checked = mapping.FillValues(row, scratch_.text, *item.mutable_values());
  }
  if (!checked) return items_->Refuse(row.number, field, text, checked.error());
  item.set_identifier(text.data(), text.size());
  item.set_action(options_.put ? v1::REGISTER_ACTION_PUT : v1::REGISTER_ACTION_CREATE);
  items_->Add(scratch_.key, row.number, std::move(item));
}

void Import::PrepareRange(const Row& row, const ColumnMapping& mapping) {
  const std::string_view text = mapping.RangeOf(row);
  const auto name = ParseRangeName(text);
  if (!name) return items_->Refuse(row.number, RangeColumnOf(options_.mapping), text, name.error());
  v1::AllocateRangeRequest range;
  range.set_range(TextOfRange(*name));
  const Status filled = mapping.FillValues(row, range.range(), *range.mutable_values());
  if (!filled) return items_->Refuse(row.number, "values", text, filled.error());
  items_->AddRange(row.number, std::move(range));
}

Status Import::ReadAll(RowSource& source, const ColumnMapping& mapping) {
  Row row;
  for (;;) {
    const Result<bool> more = source.Next(row);
    if (!more) return more.error();
    if (*more) Prepare(row, mapping);
    if (!items_->Send(/*last=*/!*more)) return {};  // Finish() says why.
    if (!*more || rows_ % kRowsShown == 0) progress_->Update(source.read_octets(), rows_);
    if (!*more) return {};
  }
}

int Import::Summarise(double seconds) {
  const auto rate = static_cast<int64_t>(static_cast<double>(rows_) / std::max(seconds, 0.001));
  const ItemImport::Counts& counts = items_->counts();
  boost::json::object summary = {{"rows", rows_},
                                 {"registered", counts.created},
                                 {"replaced", counts.replaced},
                                 {"unchanged", counts.unchanged},
                                 {"ranges_allocated", counts.ranges_allocated},
                                 {"ranges_unchanged", counts.ranges_unchanged},
                                 {"refused", counts.refused},
                                 {"rows_per_second", rate}};
  if (options_.dry_run) summary["dry_run"] = true;
  if (counts.refused > 0) summary["refused_file"] = items_->refused_file();
  PrintObject(global_.output, summary);
  if (const Status closed = items_->CloseRefused(); !closed) {
    return Refused(items_->refused_file(), closed.error());
  }
  return counts.refused == 0 ? kExitOk : kExitPartly;
}

int Import::Run() {
  auto source = OpenRowSource(options_.source);
  if (!source) return Refused(options_.source.path, source.error());
  MappingOptions mapped = options_.mapping;
  mapped.own_columns = (*source)->header().size();
  AddColumns(**source, mapped);
  mapped.json = (*source)->is_json();
  auto mapping = ColumnMapping::Create((*source)->header(), mapped);
  if (!mapping) return Refused(options_.source.path, mapping.error());
  identifier_column_ = mapping->identifier_column();
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global_, exit_code);
  if (node == nullptr) return exit_code;

  const uint64_t started = MonotonicMicros();
  progress_ = std::make_unique<ProgressBar>("import", (*source)->file_octets(), options_.quiet);
  items_ = std::make_unique<ItemImport>(
      *node, ItemImport::Options{.refused_file = options_.refused_file,
                                 .column = identifier_column_,
                                 .range_column = RangeColumnOf(options_.mapping),
                                 .batch_rows = options_.batch_rows,
                                 .patience_seconds = options_.patience_seconds,
                                 .dry_run = options_.dry_run});
  const Status read = ReadAll(**source, *mapping);
  const NodeReply<bool> sent = items_->Finish();
  progress_->Finish();
  const double seconds = static_cast<double>(MonotonicMicros() - started) / 1e6;
  exit_code = Summarise(seconds);
  if (!sent) return Refused("import", sent.problem());
  if (!read) return Refused(options_.source.path, read.error());
  return exit_code;
}

}  // namespace

Run DeclareImport(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("file", options->source.path,
                 "CSV, TSV or JSON Lines, also .zst or .gz; -: stdin / 输入文件")
      ->required();
  app.add_option("--format", options->source.format, "csv, tsv or jsonl [by the file's name]")
      ->transform(OneOf<RowFormat>(
          {{"csv", RowFormat::kCsv}, {"tsv", RowFormat::kTsv}, {"jsonl", RowFormat::kJsonLines}}))
      ->option_text("FORMAT");
  app.add_option("--identifier", options->mapping.identifier,
                 "Column of the identifier [identifier, handle, gtin, sscc, gln or code] / 标识列");
  app.add_option("--range", options->mapping.range,
                 "Column of ranges of serials, in rows without identifier [range] / 号段列");
  app.add_option("--value", options->mapping.values,
                 "INDEX:TYPE=COLUMN, again for each [all other columns, from 2000] / 标识值映射");
  app.add_option("--link", options->mapping.link,
                 "Value 1 of type URL; {text} and {COLUMN} are filled in / 链接模板");
  app.add_option("--refused", options->refused_file,
                 "Where refused rows are listed [NAME.refused.csv] / 拒绝行清单");
  app.add_option("--batch", options->batch_rows, "Rows a batch / 每批行数")
      ->check(CLI::Range(1, 4'096));
  app.add_option("--patience", options->patience_seconds,
                 "Seconds to go on trying while the node does not answer / 重试时长(秒)");
  app.add_flag("--put", options->put, "Replace rows that are registered with other content / 覆盖");
  app.add_flag("--dry-run", options->dry_run, "Only say what would become of it / 仅预演");
  app.add_flag("-q,--quiet", options->quiet, "No progress / 不显示进度");
  return [options, &global] {
    if (options->refused_file.empty()) {
      options->refused_file = RefusedFileFor(options->source.path);
    }
    return Import(*options, global).Run();
  };
}

}  // namespace idnode
