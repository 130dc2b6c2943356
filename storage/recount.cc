#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/ident/handle_name.h"
#include "proto/record/record.h"
#include "storage/audit.h"
#include "storage/chain.h"
#include "storage/checksum.h"
#include "storage/children.h"
#include "storage/figure_fold.h"
#include "storage/keyspace.h"
#include "storage/range_recount.h"
#include "storage/registry.h"
#include "storage/source_part.h"
#include "storage/tree_tiles.h"

// Counts everything again. Damage of the data becomes differences, so that one run finds all there
// is to find; only a failure to read, or the caller's wish, ends it early.
namespace idnode {
namespace {

// Whoever asks for a recount wants to know what is wrong, not to be drowned in it.
constexpr size_t kDifferencesMax = 1'000;
constexpr uint64_t kProgressEvery = 4'096;  // Rows.

class Findings {
 public:
  explicit Findings(Recount& recount) : recount_(recount) {}

  void operator()(std::string what, int64_t recounted = 0, int64_t stored = 0) {
    if (recount_.differences.size() >= kDifferencesMax) return;
    recount_.differences.push_back({std::move(what), recounted, stored});
  }
  void AtRecord(uint64_t position, std::string_view what) {
    (*this)("log record " + std::to_string(position) + ": " + std::string(what));
  }

 private:
  Recount& recount_;
};

// Tells how far the walk is, and asks whether to go on.
class Pace {
 public:
  Pace(const Progress& progress, uint64_t of) : progress_(progress), of_(of) {}

  Status Step() { return ++done_ % kProgressEvery == 0 ? Tell() : Status{}; }
  Status Tell() {
    if (progress_ && !progress_(done_, std::max(done_, of_))) {
      return Error{Errc::kTimeout, "recount: stopped on request"};
    }
    return {};
  }

 private:
  const Progress& progress_;
  uint64_t done_ = 0;
  uint64_t of_;
};

// Rows as the events of a log leave them: a checksum for each key.
class RowsFold {
 public:
  explicit RowsFold(std::string what) : what_(std::move(what)) {}
  void Put(std::string key, std::string_view row) { rows_[std::move(key)] = Checksum(row); }

  // Holds the stored rows under `prefix` against the folded ones; `row_of` cuts out what is
  // compared.
  template <class RowOf>
  Status Compare(const Rows& rows, Table table, const std::string& prefix, const RowOf& row_of,
                 Findings& findings) {
    const auto cursor = rows.Scan(table, prefix, keyspace::After(prefix));
    for (; cursor->Valid(); cursor->Next()) {
      const auto at = rows_.find(std::string(cursor->key()));
      if (at == rows_.end()) {
        findings(what_ + ": a row that no event made: key " + ToHex(cursor->key()));
        continue;
      }
      if (at->second != Checksum(row_of(cursor->value()))) {
        findings(what_ + ": a row differs from its last event: key " + ToHex(cursor->key()));
      }
      rows_.erase(at);
    }
    return cursor->status();
  }
  // After all prefixes were compared: what no stored row answered to.
  void ReportMissing(Findings& findings) const {
    for (const auto& [key, checksum] : rows_) {
      findings(what_ + ": a row is missing: key " + ToHex(key));
    }
  }

 private:
  std::string what_;
  std::unordered_map<std::string, uint64_t> rows_;
};

// Walks a log in order: dense, well-formed, chained; and counts what it says.
class LogWalk {
 public:
  LogWalk(uint32_t origin, Recount& recount, Findings& findings)
      : figures(origin), recount_(recount), findings_(findings) {}

  // `each` is told of every record that could be read.
  template <class Each>
  void Take(Position key, std::string_view thin, const Each& each) {
    for (++head.value; head < key && missing_ < kDifferencesMax; ++head.value, ++missing_) {
      findings_.AtRecord(head.value, "missing");
    }
    head = key;
    ++recount_.log_records;
    const auto record = DecodeThin(thin);
    if (!record) {
      findings_.AtRecord(key.value, record.error().detail);
    } else {
      if (record->position != key) findings_.AtRecord(key.value, "says another position");
      if (record->predecessor != tip) findings_.AtRecord(key.value, "follows another record");
    }
    tip = LeafHash(thin);
    tree.Append(tip);
    if (!record) return;
    latest_day = std::max(latest_day, record->time.day());
    recount_.log_items += record->items.size();
    const uint32_t hour = record->time.hour();
    for (const LogItem& item : record->items) {
      if (const Status counted = figures.Take(item, hour); !counted) {
        findings_.AtRecord(key.value, counted.error().detail);
      }
    }
    each(*record);
  }

  Position head;
  Digest tip{};
  Frontier tree;
  uint16_t latest_day = 0;
  FigureFold figures;

 private:
  Recount& recount_;
  Findings& findings_;
  size_t missing_ = 0;
};

// How many identifiers an enterprise holds, and which: a sum over checksums of their keys, so that
// one identifier in place of another is found too.
struct Holding {
  int64_t count = 0;
  uint64_t keys = 0;
  void Add(std::string_view key) {
    ++count;
    keys += Checksum(key);
  }
  void Remove(std::string_view key) {
    --count;
    keys -= Checksum(key);
  }
  friend bool operator==(const Holding&, const Holding&) = default;
};

// The rows that find who asked (storage/source_part.h).
void TakeSources(uint32_t origin, const LogRecord& record, std::string_view row, RowsFold& fold,
                 Findings& findings) {
  const auto keys = SourceRowKeys(origin, record);
  if (!keys) return findings.AtRecord(record.position.value, keys.error().detail);
  for (const std::string& key : *keys) fold.Put(key, row);
}
Status CompareSourceRows(const Rows& rows, uint32_t origin, RowsFold& fold, Findings& findings) {
  const size_t skipped = origin == kOwn ? 0 : keyspace::kVersionOctets;  // Of the node above.
  const auto row_of = [skipped](std::string_view row) {
    return row.substr(std::min(skipped, row.size()));
  };
  const std::string prefix = keyspace::SourcesOf(origin);
  const Status read = fold.Compare(rows, Table::kSources, prefix, row_of, findings);
  if (!read) return read;
  fold.ReportMissing(findings);
  return {};
}

class OwnRecount {
 public:
  OwnRecount(const Rows& rows, const Progress& progress, uint64_t of)
      : rows_(rows), pace_(progress, of), findings_(recount_), log_(kOwn, recount_, findings_) {}

  Result<Recount> Run() {
    for (const auto step :
         {&OwnRecount::WalkLog, &OwnRecount::CompareTiles, &OwnRecount::CompareApplied,
          &OwnRecount::WalkRanges, &OwnRecount::WalkRecords, &OwnRecount::CompareDirectory,
          &OwnRecount::CompareSources, &OwnRecount::CompareFigures}) {
      if (const Status done = (this->*step)(); !done) return done.error();
    }
    recount_.tree = {log_.tree.size(), log_.tree.Root()};
    if (const Status told = pace_.Tell(); !told) return told.error();
    return std::move(recount_);
  }

 private:
  Status WalkLog() {
    auto tiles = TreeTiles::Open(rows_, 0, [](uint64_t) { return Digest{}; });
    if (!tiles) return tiles.error();
    Batch complete;
    const auto cursor = rows_.Scan(Table::kLog, {}, {});
    for (; cursor->Valid(); cursor->Next()) {
      const auto position = keyspace::ParseLog(cursor->key());
      if (!position) {
        findings_("log: a key that is no position: " + ToHex(cursor->key()));
        continue;
      }
      log_.Take(*position, cursor->value(),
                [this](const LogRecord& record) { TakeEvents(record); });
      tiles->Append(log_.tip, complete);
      if (!complete.empty()) {
        if (const Status same = CompareTile(complete); !same) return same;
      }
      if (const Status step = pace_.Step(); !step) return step;
    }
    return cursor->status();
  }

  void TakeEvents(const LogRecord& record) {
    row_.clear();
    Writer(row_).U64(record.position.value);
    TakeSources(kOwn, record, row_, sources_, findings_);
    for (const LogItem& item : record.items) {
      ranges_.TakeEvent(item);
      if (item.kind == EventKind::kIdentifierCreated || item.kind == EventKind::kMemberRegistered) {
        Enterprise(item.enterprise).Add(item.key);
      } else if (item.kind == EventKind::kIdentifierRemoved ||
                 item.kind == EventKind::kMemberRemoved) {
        Enterprise(item.enterprise).Remove(item.key);
      } else if (item.kind == EventKind::kPrefixRecordPut) {
        prefix_records_.emplace(item.key);
      } else if (item.kind == EventKind::kPrefixRecordRemoved) {
        prefix_records_.erase(std::string(item.key));
      } else if (IsDirectoryEvent(item.kind)) {
        row_.clear();
        Writer(row_).U64(record.position.value).Raw(item.body);
        directory_.Put(std::string(item.key), row_);
      }
    }
  }
  // Neighbours mostly belong to one enterprise.
  Holding& Enterprise(uint32_t number) {
    if (last_ == nullptr || number != last_number_) {
      last_ = &held_[number];  // A node of the map: it stays where it is.
      last_number_ = number;
    }
    return *last_;
  }

  // The tiles that the last record completed.
  Status CompareTile(Batch& complete) {
    for (const Batch::Row& row : complete.Sorted()) {
      const auto found = rows_.Get(row.table, row.key, Reach::kDisk, row_);
      if (!found) return found.error();
      if (!*found || row_ != row.value) {
        findings_("tree: tile " + ToHex(row.key) + " is not that of the records");
      }
      ++tiles_complete_;
    }
    complete.Clear();
    return {};
  }

  Status CompareTiles() {
    int64_t stored = 0;
    const auto cursor = rows_.Scan(Table::kTree, {}, {});
    for (; cursor->Valid(); cursor->Next()) ++stored;
    if (stored != tiles_complete_) findings_("tree: number of tiles", tiles_complete_, stored);
    return cursor->status();
  }

  Status CompareApplied() {
    const auto applied = ReadApplied(rows_);
    if (!applied && applied.error().code == Errc::kIo) return applied.error();
    if (!applied) {
      findings_("applied: " + std::string(applied.error().detail));
      return {};
    }
    if (applied->position != log_.head) {
      findings_("applied: position of the head", static_cast<int64_t>(log_.head.value),
                static_cast<int64_t>(applied->position.value));
    }
    if (applied->tip != log_.tip) findings_("applied: the tip is not the last record");
    if (applied->tree != log_.tree) findings_("applied: the tree is not that of the records");
    if (applied->latest_day != log_.latest_day) {
      findings_("applied: latest day", log_.latest_day, applied->latest_day);
    }
    return {};
  }

  RangeRecount::Report Reported() {
    return [this](std::string what, int64_t recounted, int64_t stored) {
      findings_(std::move(what), recounted, stored);
    };
  }

  Status WalkRanges() { return ranges_.WalkRows(rows_, log_.head, Reported()); }

  Status WalkRecords() {
    std::unordered_map<uint32_t, Holding> stored;
    const auto ranges = SerialRanges::Open(rows_);
    if (!ranges) return ranges.error();
    MemberWalk members(**ranges);
    const auto cursor = rows_.Scan(Table::kRecords, {}, {});
    for (; cursor->Valid(); cursor->Next()) {
      const bool is_identifier = PrefixNamedByKey(cursor->key()).empty();
      recount_.identifiers += is_identifier;
      const auto row = SplitVersion(cursor->value());
      const auto record = row ? RecordView::Parse(row->body) : Result<RecordView>(row.error());
      if (!record) {
        findings_("identifier " + ToHex(cursor->key()) + ": " + std::string(record.error().detail));
        continue;
      }
      if (row->version > log_.head) {
        findings_("identifier " + ToHex(cursor->key()) + ": its version is after the log's head");
      }
      const auto holder = members.HolderOf(cursor->key());
      if (!holder && holder.error().code == Errc::kIo) return holder.error();
      if (!holder) findings_("ranges: " + std::string(holder.error().detail));
      if (holder && *holder != 0) ranges_.TakeRegisteredMember(*holder);
      if (is_identifier) {
        stored[record->enterprise()].Add(cursor->key());
      } else if (prefix_records_.erase(std::string(cursor->key())) == 0) {
        findings_("prefix handle " + ToHex(cursor->key()) + ": a record that no event made");
      }
      if (const Status step = pace_.Step(); !step) return step;
    }
    if (const Status status = cursor->status(); !status) return status;
    CompareHoldings(stored);
    ranges_.Compare(Reported());
    for (const std::string& key : prefix_records_) {
      findings_("prefix handle " + ToHex(key) + ": its record is missing");
    }
    return {};
  }

  void CompareHoldings(std::unordered_map<uint32_t, Holding>& stored) {
    for (const auto& [number, holding] : held_) stored.try_emplace(number);
    for (const auto& [number, holding] : stored) {
      const Holding& counted = held_[number];
      if (holding == counted) continue;
      findings_("identifiers of enterprise " + std::to_string(number) +
                    (holding.count == counted.count ? ": others than the log says" : ""),
                counted.count, holding.count);
    }
  }

  Status CompareDirectory() {
    const auto whole = [](std::string_view row) { return row; };
    for (const std::string prefix : {"E", "P"}) {
      if (const Status read =
              directory_.Compare(rows_, Table::kDirectory, prefix, whole, findings_);
          !read) {
        return read;
      }
    }
    directory_.ReportMissing(findings_);
    return {};
  }

  Status CompareSources() { return CompareSourceRows(rows_, kOwn, sources_, findings_); }

  Status CompareFigures() { return log_.figures.Compare(rows_, Reported()); }

  const Rows& rows_;
  Recount recount_;
  Pace pace_;
  Findings findings_;
  LogWalk log_;
  RowsFold directory_{"directory"};
  RowsFold sources_{"sources"};
  RangeRecount ranges_;
  std::unordered_map<uint32_t, Holding> held_;      // By what the log says.
  std::unordered_set<std::string> prefix_records_;  // Keys; as few as there are prefixes.
  Holding* last_ = nullptr;
  uint32_t last_number_ = 0;
  int64_t tiles_complete_ = 0;
  std::string row_;
};

std::string_view BodyOf(std::string_view row) {
  const auto versioned = SplitVersion(row);
  return versioned ? versioned->body : std::string_view();
}

}  // namespace

Result<Recount> RecountOwn(const Rows& rows, const Progress& progress) {
  // What is to be walked: records of the log and identifiers, by what the store says of itself.
  uint64_t of = 0;
  if (const auto applied = ReadApplied(rows)) of = applied->position.value;
  if (const auto totals = ReadTotals(rows, kOwn)) {
    const int64_t held = EvaluationOf(*totals, kAllEnterprises, 0).registered;
    of += static_cast<uint64_t>(std::max<int64_t>(held, 0));
  }
  return OwnRecount(rows, progress, of).Run();
}

Result<Recount> RecountChild(const Rows& rows, uint32_t child, const Progress& progress) {
  const auto state = ReadChild(rows, child);
  if (!state) return state.error();
  Recount recount;
  Findings findings(recount);
  Pace pace(progress, state->head.value);
  LogWalk log(child, recount, findings);
  RowsFold directory("directory"), sources("sources");

  const auto take = [&](const LogRecord& record) {
    TakeSources(child, record, {}, sources, findings);
    for (const LogItem& item : record.items) {
      if (!IsDirectoryEvent(item.kind)) continue;
      if (const auto key = ChildDirectoryKey(child, item)) {
        directory.Put(*key, item.body);
      } else {
        findings.AtRecord(record.position.value, key.error().detail);
      }
    }
  };
  const std::string prefix = keyspace::ChildLog(child, Position{}).substr(0, 5);
  const auto cursor = rows.Scan(Table::kChildren, prefix, keyspace::After(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    const auto position = keyspace::ParseLog(cursor->key().substr(5));
    if (!position) {
      findings("log: a key that is no position: " + ToHex(cursor->key()));
      continue;
    }
    log.Take(*position, BodyOf(cursor->value()), take);
    if (const Status step = pace.Step(); !step) return step.error();
  }
  if (const Status status = cursor->status(); !status) return status.error();

  if (state->head != log.head) {
    findings("child: position of the head", static_cast<int64_t>(log.head.value),
             static_cast<int64_t>(state->head.value));
  }
  if (state->tip != log.tip) findings("child: the tip is not the last record");
  if (state->tree != log.tree) findings("child: the tree is not that of the records");
  for (const char tag : {'E', 'P'}) {
    const std::string rows_of = tag + prefix.substr(1);
    const Status read = directory.Compare(rows, Table::kChildren, rows_of, BodyOf, findings);
    if (!read) return read.error();
  }
  directory.ReportMissing(findings);
  if (const Status read = CompareSourceRows(rows, child, sources, findings); !read) {
    return read.error();
  }
  const Status compared = log.figures.Compare(rows, findings);
  if (!compared) return compared.error();
  if (const Status told = pace.Tell(); !told) return told.error();
  recount.tree = {log.tree.size(), log.tree.Root()};
  return recount;
}

}  // namespace idnode
