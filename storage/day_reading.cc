#include "proto/base/reader.h"
#include "storage/children.h"
#include "storage/day_tables.h"
#include "storage/keyspace.h"
#include "storage/registry.h"

// A day's tables out of the store.
namespace idnode {
namespace {

// Where the enterprises ('E') or prefixes ('P') of an origin stand, and without what before each.
struct DirectoryRows {
  Table table;
  std::string prefix;
};
DirectoryRows RowsOf(uint32_t origin, char tag) {
  DirectoryRows rows{Table::kDirectory, std::string(1, tag)};
  if (origin == kOwn) return rows;
  rows.table = Table::kChildren;
  Writer(rows.prefix).U32(origin);
  return rows;
}

template <class Each>
Status EachRow(const Rows& rows, const DirectoryRows& of, const Each& each) {
  const auto cursor = rows.Scan(of.table, of.prefix, keyspace::After(of.prefix));
  for (; cursor->Valid(); cursor->Next()) {
    const auto row = SplitVersion(cursor->value());
    if (!row) return row.error();
    if (const Status told = each(row->body); !told) {
      return Error{Errc::kCorrupt, told.error().detail};
    }
  }
  return cursor->status();
}

Status ReadDirectory(const Rows& rows, uint32_t origin, DayCount& count) {
  const Status enterprises =
      EachRow(rows, RowsOf(origin, 'E'), [&](std::string_view body) -> Status {
        const auto enterprise = DecodeEnterprise(body);
        if (!enterprise) return enterprise.error();
        count.TakeEnterprise(enterprise->number, enterprise->code, enterprise->created);
        return {};
      });
  if (!enterprises) return enterprises;
  const Status prefixes = EachRow(rows, RowsOf(origin, 'P'), [&](std::string_view body) -> Status {
    const auto prefix = DecodePrefix(body);
    if (!prefix) return prefix.error();
    count.TakePrefix(*prefix);
    return {};
  });
  if (!prefixes || origin != kOwn) return prefixes;
  const auto children = ListChildren(rows);
  if (!children) return children.error();
  for (const Child& child : *children) count.TakeChild(child.docked);
  return {};
}

// What was counted by the end of a day is all that was ever counted, less the hours after it.
Status ReadSums(const Rows& rows, uint32_t origin, DayCount& count) {
  const auto totals = ReadTotals(rows, origin);
  if (!totals) return totals.error();
  for (const auto& [figure, total] : *totals) {
    if (figure.enterprise == kAllEnterprises) continue;
    DayCount::FigureSums recent;
    uint64_t later = 0;
    const auto cursor = rows.Scan(Table::kCounters, keyspace::Hourly(figure, count.first_hour()),
                                  keyspace::Hourly(figure, UINT32_MAX));
    for (; cursor->Valid(); cursor->Next()) {
      const auto key = keyspace::ParseHourly(cursor->key());
      if (!key) return key.error();
      const auto sum = DecodeSum(cursor->value());
      if (!sum) return sum.error();
      recent.Take(count.day(), key->hour, *sum);
      if (key->hour >= count.day().until) later += static_cast<uint64_t>(*sum);
    }
    if (const Status read = cursor->status(); !read) return read;
    recent.at_the_end = static_cast<int64_t>(static_cast<uint64_t>(total) - later);
    count.TakeSums(figure, recent);
  }
  return {};
}

}  // namespace

Result<DayTables> ReadDayTables(const Rows& rows, uint32_t origin, const DayQuestion& question) {
  DayCount count(question);
  if (const Status read = ReadDirectory(rows, origin, count); !read) return read.error();
  if (const Status read = ReadSums(rows, origin, count); !read) return read.error();
  const auto take = [&](const SourcePartName& name, std::string_view body) -> Status {
    if (!count.Shows(name.enterprise)) return {};
    const auto part = DecodeSourcePart(body);
    if (!part) return Error{Errc::kCorrupt, part.error().detail};
    count.TakePart(name.enterprise, *part);
    return {};
  };
  const Status read = EachSourcePart(rows, origin, question.day.from, question.day.until, take);
  if (!read) return read.error();
  return count.Finish();
}

}  // namespace idnode
