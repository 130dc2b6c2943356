#include "node/service/listing.h"

#include <algorithm>
#include <memory>

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

// Rows that a page may look at to find those that it shows: a GS1 prefix with an odd number of
// digits has neighbours in its range, an enterprise others between its own.
constexpr size_t kRowsVisitedMax = 20 * limits::kListPageMax;

// What to walk, in ascending order of key and without overlap, and what of it to show.
struct Selection {
  std::vector<KeyRange> ranges;
  std::vector<IdentifierPrefix> prefixes;  // Empty: whatever lies in the ranges.
  uint32_t enterprise = 0;                 // 0: of all.

  bool Shows(std::string_view key, const RecordView& record) const {
    if (enterprise != 0 && record.enterprise() != enterprise) return false;
    return prefixes.empty() ||
           std::ranges::any_of(prefixes, [&](const auto& prefix) { return Covers(prefix, key); });
  }
};

void AddRanges(const IdentifierPrefix& prefix, std::vector<KeyRange>& ranges) {
  if (prefix.scheme != Scheme::kGs1) {
    ranges.push_back(RangeOf(prefix));
    return;
  }
  for (const char type : Gs1KeyTypes()) ranges.push_back(RangeOf(prefix, type));
}

// Ranges of prefixes overlap where one prefix begins another.
void SortAndJoin(std::vector<KeyRange>& ranges) {
  std::ranges::sort(ranges, {}, &KeyRange::from);
  std::vector<KeyRange> joined;
  for (KeyRange& range : ranges) {
    if (!joined.empty() && range.from < joined.back().until) {
      joined.back().until = std::max(joined.back().until, range.until);
    } else {
      joined.push_back(std::move(range));
    }
  }
  ranges = std::move(joined);
}

KeyRange WholeScheme(Scheme scheme) {
  const char first = static_cast<char>(scheme);
  return {std::string(1, first), std::string(1, static_cast<char>(first + 1))};
}

// Of those who may list or export: whether all there is.
bool SeesAll(const Caller& caller, Act act) { return ExtentFor(caller, act) == Extent::kAll; }

// One prefix; an enterprise's must be allotted to it.
Result<Selection> SelectPrefix(Scheme scheme, std::string_view text, const Caller& caller, Act act,
                               const DirectoryView& directory) {
  auto prefix = ParsePrefix(scheme, text);
  if (!prefix) return prefix.error();
  Selection selection;
  if (!SeesAll(caller, act)) {
    const AllottedPrefix* owner = directory.Owner({scheme, prefix->text});
    if (owner == nullptr || owner->enterprise != caller.enterprise) {
      return Error{Errc::kOutsidePrefix, "the prefix is not allotted to the enterprise"};
    }
    selection.enterprise = caller.enterprise;
  }
  AddRanges(*prefix, selection.ranges);
  SortAndJoin(selection.ranges);
  selection.prefixes.push_back(*std::move(prefix));
  return selection;
}

// Everything under the prefixes of an enterprise, in `scheme` or (nothing) in all.
Selection SelectEnterprise(const Scheme* scheme, uint32_t enterprise,
                           const DirectoryView& directory) {
  Selection selection{.enterprise = enterprise};
  directory.EachPrefix([&](const AllottedPrefix& prefix) {
    if (prefix.enterprise != enterprise) return;
    if (scheme != nullptr && prefix.prefix.scheme != *scheme) return;
    AddRanges(prefix.prefix, selection.ranges);
  });
  SortAndJoin(selection.ranges);
  return selection;
}

// A record of one moment, with the octets that hold it.
struct Row {
  std::string_view key;
  std::string_view record;
  Registry::Found found;
};

// Shows `each` what is selected and follows `after`, until it returns false. Looks at no more than
// `visited_max` rows; the key it got to, if that was not the end.
Result<std::string> Walk(const Rows& rows, const Selection& selection, std::string_view after,
                         size_t visited_max, const std::function<bool(const Row&)>& each) {
  const std::string next = after.empty() ? std::string() : std::string(after) + '\0';
  for (const KeyRange& range : selection.ranges) {
    if (!range.until.empty() && range.until <= next) continue;
    const auto cursor = rows.Scan(Table::kRecords, std::max(range.from, next), range.until);
    for (; cursor->Valid(); cursor->Next()) {
      const auto versioned = SplitVersion(cursor->value());
      if (!versioned) return versioned.error();
      const auto record = RecordView::Parse(versioned->body);
      if (!record) return Error{Errc::kCorrupt, "records: the row holds no record"};
      const Row row{cursor->key(), versioned->body, {versioned->version, *record}};
      if (selection.Shows(row.key, *record) && !each(row)) return std::string(row.key);
      if (--visited_max == 0) return std::string(row.key);
    }
    if (const Status read = cursor->status(); !read) return read.error();
  }
  return std::string();
}

// The same of ranges of serials, which lie under the key of their product.
Result<bool> WalkRanges(const Rows& rows, const Selection& selection,
                        const std::function<bool(const SerialRanges::Found&)>& each) {
  for (const KeyRange& range : selection.ranges) {
    const auto cursor = rows.Scan(Table::kRanges, range.from, range.until);
    for (; cursor->Valid(); cursor->Next()) {
      if (IsRangeSetKey(cursor->key())) continue;
      const auto found = RangeInRow(cursor->key(), cursor->value());
      if (!found) return found.error();
      const bool shown = selection.Shows(found->range.product, found->range.record);
      if (shown && !each(*found)) return false;
    }
    if (const Status read = cursor->status(); !read) return read.error();
  }
  return true;
}

Result<Selection> SelectionOf(const ExportFilter& filter, const Caller& caller,
                              const DirectoryView& directory) {
  Scheme scheme = Scheme::kHandle;
  if (!filter.scheme.empty()) {
    const SchemeRow* row = FindScheme(filter.scheme);
    if (row == nullptr) return Error{Errc::kMalformed, "no scheme of this name"};
    scheme = row->scheme;
  }
  const bool sees_all = SeesAll(caller, Act::kExportIdentifiers);
  const uint32_t enterprise = sees_all ? filter.enterprise : caller.enterprise;
  if (!filter.prefix.empty()) {
    auto selection =
        SelectPrefix(scheme, filter.prefix, caller, Act::kExportIdentifiers, directory);
    if (selection) selection->enterprise = enterprise;
    return selection;
  }
  Selection selection{.enterprise = enterprise};
  if (!sees_all) {
    return SelectEnterprise(filter.scheme.empty() ? nullptr : &scheme, enterprise, directory);
  }
  selection.ranges.push_back(filter.scheme.empty() ? KeyRange{} : WholeScheme(scheme));
  return selection;
}

}  // namespace

Result<ListPage> Listing::List(const ListRequest& request, const Caller& caller) const {
  const Status may = acts_.Permit(caller, Act::kListIdentifiers, request.prefix);
  if (!may) return may.error();
  if (request.count == 0 || request.count > limits::kListPageMax) {
    return Error{Errc::kTooLarge, "a page has 1 to 1000 records"};
  }
  const auto directory = directory_.View();
  Result<Selection> selection = Selection{};
  if (!request.prefix.empty()) {
    selection =
        SelectPrefix(request.scheme, request.prefix, caller, Act::kListIdentifiers, *directory);
  } else if (SeesAll(caller, Act::kListIdentifiers)) {
    selection->ranges.push_back(WholeScheme(request.scheme));
  } else {
    selection = SelectEnterprise(&request.scheme, caller.enterprise, *directory);
  }
  if (!selection) return selection.error();

  const auto after = FromBase64Url(request.cursor);
  const char scheme = static_cast<char>(request.scheme);
  const bool ours = after && (after->empty() || after->front() == scheme) &&
                    after->size() <= limits::kIdentifierQueryOctetsMax;
  if (!ours) return Error{Errc::kInvalidCursor, "the cursor is of another listing"};
  const Status begun = acts_.Begin(caller, Act::kListIdentifiers, request.prefix);
  if (!begun) return begun.error();

  ListPage page;
  Status text_of_row;
  const auto reached =
      Walk(*engine_.OpenView(), *selection, *after, kRowsVisitedMax, [&](const Row& row) {
        auto text = TextOf(row.key, row.found.record);
        if (!text) {
          text_of_row = text.error();
          return false;
        }
        page.rows.push_back({*std::move(text), std::string(row.key), std::string(row.record),
                             row.found.version.value});
        return page.rows.size() < request.count;
      });
  if (!reached) return reached.error();
  if (!text_of_row) return text_of_row.error();
  page.next_cursor = ToBase64Url(*reached);
  return page;
}

Status Listing::Export(
    const ExportFilter& filter, const Caller& caller,
    const std::function<bool(std::string_view key, const Registry::Found&)>& each,
    const std::function<bool(const SerialRanges::Found&)>& each_range) const {
  const Act act = Act::kExportIdentifiers;
  if (const Status may = acts_.Permit(caller, act, filter.prefix); !may) return may;
  if (filter.enterprise != 0 && !MayDoTo(caller, act, filter.enterprise)) {
    acts_.Refused(caller, act, filter.prefix, Errc::kDenied);
    return Error{Errc::kDenied, "an enterprise exports its own records"};
  }
  const auto selection = SelectionOf(filter, caller, *directory_.View());
  if (!selection) return selection.error();
  if (const Status begun = acts_.Begin(caller, act, filter.prefix); !begun) return begun;
  const auto view = engine_.OpenView();
  if (each_range && filter.after_key.empty()) {
    const auto walked = WalkRanges(*view, *selection, each_range);
    if (!walked || !*walked) return walked ? Status() : Status(walked.error());
  }
  const auto reached = Walk(*view, *selection, filter.after_key, SIZE_MAX,
                            [&](const Row& row) { return each(row.key, row.found); });
  return reached ? Status() : Status(reached.error());
}

Result<std::string> TextOf(std::string_view key, const RecordView& record) {
  if (!record.text().empty()) return std::string(record.text());
  return TextOfKey(key);
}

}  // namespace idnode
