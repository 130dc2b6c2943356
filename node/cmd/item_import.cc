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

// What a piece is cut at, whichever comes first: lines may be long.
constexpr size_t kSortedRows = 65'536;
constexpr size_t kPieceOctetsMax = 64u << 20;
// What a batch is cut at, well below what a node takes.
constexpr size_t kBatchOctetsMax = 2u << 20;
static_assert(kBatchOctetsMax + limits::kBatchLineOctetsMax < limits::kChangeOctetsMax);

BatchSender::Options SendingOf(const ItemImport::Options& options) {
  BatchSender::Options sending;
  sending.patience_seconds = options.patience_seconds;
  return sending;
}

// What lies below a GS1 identifier begins with its key and a zero octet.
bool LiesBelow(std::string_view key, std::string_view top) {
  return key.size() > top.size() && key.starts_with(top) && key[top.size()] == '\0';
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
  piece_octets_ += key.size() + item.ByteSizeLong();
  piece_.push_back({std::string(key), row, std::move(item)});
}

void ItemImport::AddRange(uint64_t row, v1::AllocateRangeRequest range) {
  piece_octets_ += range.ByteSizeLong();
  ranges_.push_back({row, std::move(range)});
}

void ItemImport::Refuse(uint64_t row, std::string_view field, std::string_view identifier,
                        const Error& error) {
  std::scoped_lock lock(mutex_);
  refused_.Add(row, field, identifier, error);
  ++counts_.refused;
}

bool ItemImport::is_full() const {
  return piece_.size() + ranges_.size() >= kSortedRows || piece_octets_ >= kPieceOctetsMax;
}

bool ItemImport::Send(bool last) {
  if (!last && !is_full()) return true;
  if (!sender_.Settle() || !SendRanges() || !SendItems()) return false;
  piece_octets_ = 0;
  return true;
}

bool ItemImport::SendRanges() {
  for (size_t begin = 0, end = 0; begin < ranges_.size(); begin = end) {
    auto request = std::make_unique<v1::RegisterRequest>();
    std::vector<uint64_t> rows;
    size_t octets = 0;
    for (; end < ranges_.size() && rows.size() < limits::kRangesPerBatchMax &&
           octets < kBatchOctetsMax;
         ++end) {
      octets += ranges_[end].range.ByteSizeLong();
      rows.push_back(ranges_[end].row);
      *request->add_ranges() = std::move(ranges_[end].range);
    }
    if (!Send(std::move(request), std::move(rows)) || !sender_.Settle()) return false;
  }
  ranges_.clear();
  return true;
}

bool ItemImport::SendItems() {
  std::stable_sort(piece_.begin(), piece_.end(),
                   [](const Prepared& a, const Prepared& b) { return a.key < b.key; });
  std::string_view top;  // What the key before is, or lies below.
  for (size_t begin = 0, end = 0; begin < piece_.size(); begin = end) {
    auto request = std::make_unique<v1::RegisterRequest>();
    std::vector<uint64_t> rows;
    size_t octets = 0;
    const auto goes_along = [&] {
      const bool has_room = rows.size() < options_.batch_rows && octets < kBatchOctetsMax;
      const bool may_follow =
          rows.size() < limits::kItemsPerChangeMax && octets < limits::kChangeOctetsMax / 2;
      return has_room || (may_follow && piece_[end].key == piece_[end - 1].key);
    };
    for (; end < piece_.size() && goes_along(); ++end) {
      if (!LiesBelow(piece_[end].key, top)) top = piece_[end].key;
      octets += piece_[end].item.ByteSizeLong();
      rows.push_back(piece_[end].row);
      *request->add_items() = std::move(piece_[end].item);
    }
    if (!Send(std::move(request), std::move(rows))) return false;
    if (MustSettle(end, top) && !sender_.Settle()) return false;
  }
  piece_.clear();
  return true;
}

// Whether what was sent must be answered before the item at `next` is.
bool ItemImport::MustSettle(size_t next, std::string_view top) const {
  if (options_.dry_run || next >= piece_.size()) return options_.dry_run;
  const std::string_view key = piece_[next].key;
  return key == piece_[next - 1].key || (options_.follows_levels && LiesBelow(key, top));
}

bool ItemImport::Send(std::unique_ptr<v1::RegisterRequest> request, std::vector<uint64_t> rows) {
  request->set_id(next_id_++);
  request->set_dry_run(options_.dry_run);
  request->set_idempotency_key(fmt::format("import-{}-{}", run_, request->id()));
  {
    std::scoped_lock lock(mutex_);
    rows_of_[request->id()] = std::move(rows);
  }
  return sender_.Send(std::move(request));
}

void ItemImport::Account(const v1::RegisterRequest& request, const v1::RegisterResponse& response) {
  std::scoped_lock lock(mutex_);
  const bool has_ranges = request.ranges_size() > 0;
  (has_ranges ? counts_.ranges_allocated : counts_.created) += response.created();
  (has_ranges ? counts_.ranges_unchanged : counts_.unchanged) += response.unchanged();
  counts_.replaced += response.replaced();
  counts_.removed += response.removed();
  const std::vector<uint64_t> rows = std::move(rows_of_[response.id()]);
  rows_of_.erase(response.id());
  for (const v1::RegisterItemOutcome& outcome : response.items()) {
    if (!outcome.has_problem() || outcome.item() >= rows.size()) continue;
    RemoteProblem problem = ProblemOf(outcome.problem());
    if (options_.dry_run && problem.code == Errc::kNoDefaultLink && sender_.was_broken()) {
      problem.detail = "an earlier entry of the same dry run may have one";
    }
    const int item = static_cast<int>(outcome.item());
    refused_.Add(rows[outcome.item()], has_ranges ? options_.range_column : options_.column,
                 has_ranges ? request.ranges(item).range() : request.items(item).identifier(),
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
