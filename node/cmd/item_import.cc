#include "node/cmd/item_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "node/cmd/session.h"
#include "node/runtime/random.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr size_t kSortedRows = 65'536;

BatchSender::Options SendingOf(const ItemImport::Options& options) {
  BatchSender::Options sending;
  sending.patience_seconds = options.patience_seconds;
  return sending;
}

}  // namespace

ItemImport::ItemImport(NodeClient& node, const Options& options)
    : options_(options),
      run_(ToHex(RandomOctets(8))),
      refused_(options.refused_file),
      sender_(node, SendingOf(options),
              [this](const v1::RegisterRequest& request, const v1::RegisterResponse& response) {
                Account(request, response);
              }) {}

void ItemImport::Add(std::string_view key, uint64_t row, v1::RegisterItem item) {
  piece_.push_back({std::string(key), row, std::move(item)});
}

void ItemImport::Refuse(uint64_t row, std::string_view field, std::string_view identifier,
                        const Error& error) {
  std::scoped_lock lock(mutex_);
  refused_.Add(row, field, identifier, error);
  ++counts_.refused;
}

bool ItemImport::Send(bool last) {
  if (!last && piece_.size() < kSortedRows) return true;
  if (!sender_.Settle()) return false;
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
    request->set_dry_run(options_.dry_run);
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
    if (!sender_.Send(std::move(request))) return false;
  }
  piece_.clear();
  return true;
}

void ItemImport::Account(const v1::RegisterRequest& request, const v1::RegisterResponse& response) {
  std::scoped_lock lock(mutex_);
  counts_.created += response.created();
  counts_.replaced += response.replaced();
  counts_.removed += response.removed();
  counts_.unchanged += response.unchanged();
  const std::vector<uint64_t> rows = std::move(rows_of_[response.id()]);
  rows_of_.erase(response.id());
  for (const v1::RegisterItemOutcome& outcome : response.items()) {
    if (!outcome.has_problem() || outcome.item() >= rows.size()) continue;
    const RemoteProblem problem = ProblemOf(outcome.problem());
    refused_.Add(rows[outcome.item()], options_.column,
                 request.items(static_cast<int>(outcome.item())).identifier(),
                 Error{problem.code, problem.detail});
    ++counts_.refused;
  }
}

Status ItemImport::CloseRefused() {
  std::scoped_lock lock(mutex_);
  return refused_.Close() ? Status() : Status(Error{Errc::kIo, "cannot be written"});
}

std::string RefusedFileFor(const std::string& input) {
  std::string name = input == "-" ? "stdin" : std::filesystem::path(input).filename().string();
  name = name.substr(0, name.find('.', 1));
  return name + ".refused.csv";
}

}  // namespace idnode
