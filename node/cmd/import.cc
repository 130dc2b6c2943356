#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>

#include "node/cmd/batch_sender.h"
#include "node/cmd/column_mapping.h"
#include "node/cmd/command.h"
#include "node/cmd/one_of.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/refused_rows.h"
#include "node/cmd/row_source.h"
#include "node/cmd/session.h"
#include "node/runtime/clock.h"
#include "node/runtime/random.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

struct Options {
  RowSourceOptions source;
  MappingOptions mapping;
  std::string refused_file;
  uint32_t batch_rows = 1'000;
  uint64_t patience_seconds = 60;
  bool put = false, quiet = false;
};

// Rows are sorted by key in pieces of this many before they are sent: ascending keys are far
// cheaper to store than random ones, and a piece is a few tens of MiB.
constexpr size_t kSortedRows = 65'536;

// One import: reads, checks, sorts, sends, and keeps the account.
class Import {
 public:
  Import(const Options& options, const GlobalOptions& global)
      : options_(options), global_(global), refused_(options.refused_file) {}

  int Run();

 private:
  struct Prepared {
    std::string key;
    uint64_t row;
    v1::RegisterItem item;
  };

  Status ReadAll(RowSource& source, const ColumnMapping& mapping, BatchSender& sender);
  void Prepare(const Row& row, const ColumnMapping& mapping);
  bool SendPiece(BatchSender& sender);
  void Account(const v1::RegisterRequest& request, const v1::RegisterResponse& response);
  int Summarise(double seconds);

  const Options& options_;
  const GlobalOptions& global_;
  RefusedRows refused_;
  std::unique_ptr<ProgressBar> progress_;
  std::string identifier_column_;
  std::string run_ = ToHex(RandomOctets(8));
  std::vector<Prepared> piece_;
  Identifier scratch_;
  uint64_t next_id_ = 1;
  uint64_t rows_ = 0;

  std::mutex mutex_;  // What follows is shared with the thread that takes the answers.
  std::unordered_map<uint64_t, std::vector<uint64_t>> rows_of_;  // Of the batches under way.
  uint64_t created_ = 0, replaced_ = 0, unchanged_ = 0;
};

void Import::Prepare(const Row& row, const ColumnMapping& mapping) {
  ++rows_;
  const std::string_view text = mapping.IdentifierOf(row);
  Status checked = row.problem;
  if (checked && text.empty()) checked = Error{Errc::kMissingField};
  if (checked) checked = ParseIdentifier(text, scratch_);
  if (checked) checked = CheckForRegistration(scratch_);
  v1::RegisterItem item;
  const char* field = row.problem ? identifier_column_.c_str() : "";
  if (checked) {
    field = "values";
    checked = mapping.FillValues(row, scratch_.text, item);
  }
  if (!checked) {
    std::scoped_lock lock(mutex_);
    refused_.Add(row.number, field, text, checked.error());
    return;
  }
  Prepared& prepared = piece_.emplace_back();
  prepared.item = std::move(item);
  prepared.key = scratch_.key;
  prepared.row = row.number;
  prepared.item.set_identifier(text.data(), text.size());
  prepared.item.set_action(options_.put ? v1::REGISTER_ACTION_PUT : v1::REGISTER_ACTION_CREATE);
}

// Of rows with one key the first in the file is decided first, so that an import that was killed
// and started again ends like one that was not: batches that are under way together may be decided
// in any order, so rows of one key share a batch, and a piece begins when the one before was
// answered.
bool Import::SendPiece(BatchSender& sender) {
  if (!sender.Settle()) return false;
  std::stable_sort(piece_.begin(), piece_.end(),
                   [](const Prepared& a, const Prepared& b) { return a.key < b.key; });
  for (size_t begin = 0, end = 0; begin < piece_.size(); begin = end) {
    end = std::min(piece_.size(), begin + options_.batch_rows);
    while (end < piece_.size() && end - begin < limits::kItemsPerChangeMax &&
           piece_[end].key == piece_[end - 1].key) {
      ++end;
    }
    auto request = std::make_unique<v1::RegisterRequest>();
    request->set_id(next_id_++);
    request->set_idempotency_key(fmt::format("import-{}-{}", run_, request->id()));
    std::vector<uint64_t> rows;
    for (size_t i = begin; i < end; ++i) {
      rows.push_back(piece_[i].row);
      *request->add_items() = std::move(piece_[i].item);
    }
    {
      std::scoped_lock lock(mutex_);
      rows_of_[request->id()] = std::move(rows);
    }
    if (!sender.Send(std::move(request))) return false;
  }
  piece_.clear();
  return true;
}

void Import::Account(const v1::RegisterRequest& request, const v1::RegisterResponse& response) {
  std::scoped_lock lock(mutex_);
  created_ += response.created();
  replaced_ += response.replaced();
  unchanged_ += response.unchanged();
  const std::vector<uint64_t> rows = std::move(rows_of_[response.id()]);
  rows_of_.erase(response.id());
  for (const v1::RegisterItemOutcome& outcome : response.items()) {
    if (!outcome.has_problem() || outcome.item() >= rows.size()) continue;
    const RemoteProblem problem = ProblemOf(outcome.problem());
    refused_.Add(rows[outcome.item()], identifier_column_,
                 request.items(static_cast<int>(outcome.item())).identifier(),
                 Error{problem.code, problem.detail});
  }
}

Status Import::ReadAll(RowSource& source, const ColumnMapping& mapping, BatchSender& sender) {
  Row row;
  for (;;) {
    const Result<bool> more = source.Next(row);
    if (!more) return more.error();
    if (*more) Prepare(row, mapping);
    if (!*more || piece_.size() >= kSortedRows) {
      if (!SendPiece(sender)) return {};  // Finish() says why.
      progress_->Update(source.read_octets(), rows_);
    }
    if (!*more) return {};
  }
}

int Import::Summarise(double seconds) {
  const auto rate = static_cast<int64_t>(static_cast<double>(rows_) / std::max(seconds, 0.001));
  boost::json::object summary = {
      {"rows", rows_},           {"registered", created_},      {"replaced", replaced_},
      {"unchanged", unchanged_}, {"refused", refused_.count()}, {"rows_per_second", rate}};
  if (refused_.count() > 0) summary["refused_file"] = refused_.path();
  PrintObject(global_.output, summary);
  if (!refused_.Close()) return Refused(refused_.path(), Error{Errc::kIo, "cannot be written"});
  return refused_.count() == 0 ? kExitOk : kExitPartly;
}

int Import::Run() {
  auto source = OpenRowSource(options_.source);
  if (!source) return Refused(options_.source.path, source.error());
  MappingOptions mapped = options_.mapping;
  mapped.json = (*source)->is_json();
  auto mapping = ColumnMapping::Create((*source)->header(), mapped);
  if (!mapping) return Refused(options_.source.path, mapping.error());
  identifier_column_ = mapping->identifier_column();
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global_, exit_code);
  if (node == nullptr) return exit_code;

  const uint64_t started = MonotonicMicros();
  progress_ = std::make_unique<ProgressBar>("import", (*source)->file_octets(), options_.quiet);
  BatchSender::Options sending;
  sending.patience_seconds = options_.patience_seconds;
  BatchSender sender(*node, sending,
                     [this](const v1::RegisterRequest& request,
                            const v1::RegisterResponse& response) { Account(request, response); });
  const Status read = ReadAll(**source, *mapping, sender);
  const NodeReply<bool> sent = sender.Finish();
  progress_->Finish();
  const double seconds = static_cast<double>(MonotonicMicros() - started) / 1e6;
  exit_code = Summarise(seconds);
  if (!sent) return Refused("import", sent.problem());
  if (!read) return Refused(options_.source.path, read.error());
  return exit_code;
}

// products.tsv.zst -> products.refused.csv, in the present directory.
std::string RefusedFileFor(const std::string& input) {
  std::string name = input == "-" ? "stdin" : std::filesystem::path(input).filename().string();
  name = name.substr(0, name.find('.', 1));
  return name + ".refused.csv";
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
  app.add_flag("-q,--quiet", options->quiet, "No progress / 不显示进度");
  return [options, &global] {
    if (options->refused_file.empty()) {
      options->refused_file = RefusedFileFor(options->source.path);
    }
    return Import(*options, global).Run();
  };
}

}  // namespace idnode
