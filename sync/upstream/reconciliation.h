#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/day_filing.h"
#include "storage/filings.h"
#include "sync/upstream/filing_feed.h"

namespace idnode {

// Compares what this node files with what the node above has of it, table by table, and says what
// to ask and what to file again until they are equal. Owns no socket or clock. One at a time.
class Reconciliation {
 public:
  // Reads every table; of tables of days the last weeks before `now`. kCorrupt.
  static Result<Reconciliation> Begin(const FiledValues& values, Time now);

  // What we have.
  const std::map<FilingTable, FilingState>& states() const { return states_; }
  // From which key on, of each table; empty: everything.
  std::string FromOf(FilingTable table) const { return ComparedFrom(table, began_); }
  // What the node above has. kMalformed: not of every table.
  Status OnStates(const std::map<FilingTable, FilingState>& theirs);

  // What comes next, once what came before was answered: a question, rows to file, or the end.
  struct Step {
    struct Ask {
      FilingTable table;
      std::string after, from;
    };
    std::optional<Ask> ask;
    std::vector<Filing> filings;
    bool over() const { return !ask && filings.empty(); }
  };
  // `acked`: up to where the node above has our log. What changed later goes with its record.
  Result<Step> Next(Position acked);
  // The answer to a question. kMalformed: not to the one that was asked, or not ascending.
  Status OnPage(FilingTable table, std::vector<std::pair<std::string, Digest>> rows, bool last);

  const std::vector<Reconciled>& tables() const { return tables_; }

 private:
  Reconciliation(const FiledValues& values, Time now) : values_(&values), began_(now) {}
  Result<std::vector<std::string>> KeysOf(FilingTable table) const;
  bool NextTable();
  Status Compare(Position acked, std::vector<Filing>& filings);
  Status CompareOne(const std::string& key, const Digest* theirs, Position acked,
                    std::vector<Filing>& filings);

  const FiledValues* values_;
  Time began_;
  std::map<FilingTable, FilingState> states_;
  std::vector<Reconciled> tables_;
  size_t at_ = SIZE_MAX;  // Which of them is looked at.
  std::vector<std::string> ours_;
  size_t our_next_ = 0;
  std::vector<std::pair<std::string, Digest>> theirs_;
  size_t their_next_ = 0;
  bool asked_ = false, last_page_ = false;
  std::string after_;
};

}  // namespace idnode
