#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "node/cmd/batch_sender.h"
#include "node/cmd/refused_rows.h"
#include "proto/base/result.h"
#include "proto/rpc/registry.pb.h"

namespace idnode {

// The sending half of an import: takes items that were read and checked, sorts them by key in
// pieces, sends them in batches, and keeps the account. Ascending keys are far cheaper to store
// than random ones, and a piece is a few tens of MiB.
//
// Ranges of serials go before the items of their piece, in the order they came in and one batch
// after the other: a range is not laid over serials that are registered already.
//
// Of rows with one key the first is decided first, so that an import that was killed and started
// again ends like one that was not: batches that are under way together may be decided in any
// order, so rows of one key share a batch, and a piece begins when the one before was answered. In
// a dry run each batch does, so that it is judged by what those before it would have left.
//
// Threads: one; answers are accounted for on the sender's.
class ItemImport {
 public:
  struct Options {
    std::string refused_file;
    std::string column;                  // Of the identifier, in the result file.
    std::string range_column = "range";  // Likewise.
    uint32_t batch_rows = 1'000;
    uint64_t patience_seconds = 60;
    bool dry_run = false;
    // Items are judged by what is above them (the default links of links): a batch that goes on
    // below a key of the one before waits for it.
    bool follows_levels = false;
  };
  struct Counts {
    uint64_t created = 0, replaced = 0, removed = 0, unchanged = 0, refused = 0;
    uint64_t ranges_allocated = 0, ranges_unchanged = 0;
  };

  ItemImport(NodeClient& node, const Options& options);

  void Add(std::string_view key, uint64_t row, v1::RegisterItem item);
  void AddRange(uint64_t row, v1::AllocateRangeRequest range);
  void Refuse(uint64_t row, std::string_view field, std::string_view identifier,
              const Error& error);
  // Sends the piece that was gathered, when it is full or `last`. False: given up; Finish() says
  // why.
  bool Send(bool last);
  // Waits for all answers.
  NodeReply<bool> Finish() { return sender_.Finish(); }

  // After Finish().
  const Counts& counts() const { return counts_; }
  const std::string& refused_file() const { return refused_.path(); }
  // kIo: the result file could not be written.
  Status CloseRefused();

 private:
  struct Prepared {
    std::string key;
    uint64_t row;
    v1::RegisterItem item;
  };
  struct PreparedRange {
    uint64_t row;
    v1::AllocateRangeRequest range;
  };
  bool is_full() const;
  bool SendRanges();
  bool SendItems();
  bool MustSettle(size_t next, std::string_view top) const;
  bool Send(std::unique_ptr<v1::RegisterRequest> request, std::vector<uint64_t> rows);
  void Account(const v1::RegisterRequest& request, const v1::RegisterResponse& response);

  const Options options_;
  const std::string run_;
  std::vector<Prepared> piece_;
  std::vector<PreparedRange> ranges_;  // Of the piece.
  size_t piece_octets_ = 0;
  uint64_t next_id_ = 1;

  std::mutex mutex_;  // What follows is shared with the thread that takes the answers.
  RefusedRows refused_;
  std::unordered_map<uint64_t, std::vector<uint64_t>> rows_of_;  // Of the batches under way.
  Counts counts_;

  BatchSender sender_;  // The last: its thread uses the others.
};

// products.tsv.zst -> products.refused.csv, in the present directory.
std::string RefusedFileFor(const std::string& input);

}  // namespace idnode
