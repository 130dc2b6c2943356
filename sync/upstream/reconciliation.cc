#include "sync/upstream/reconciliation.h"

#include <algorithm>

#include "proto/base/limits.h"

namespace idnode {

Result<std::vector<std::string>> Reconciliation::KeysOf(FilingTable table) const {
  return values_->keys(table, FromOf(table));
}

Result<Reconciliation> Reconciliation::Begin(const FiledValues& values, Time now) {
  Reconciliation made(values, now);
  for (const FilingTable table : kFilingTables) {
    const auto keys = made.KeysOf(table);
    if (!keys) return keys.error();
    FilingState& state = made.states_[table];
    for (const std::string& key : *keys) {
      const auto value = values.read({table, key});
      if (!value) return value.error();
      if (*value && (*value)->body.size() <= limits::kFilingOctetsMax) {
        AddToState(FilingDigest(key, (*value)->body), state);
      }
    }
  }
  return made;
}

Status Reconciliation::OnStates(const std::map<FilingTable, FilingState>& theirs) {
  tables_.clear();
  for (const auto& [table, ours] : states_) {
    const auto told = theirs.find(table);
    if (told == theirs.end()) return Error{Errc::kMalformed, "filings: a table was left out"};
    tables_.push_back({.table = table,
                       .rows_here = ours.rows,
                       .rows_there = told->second.rows,
                       .equal = ours == told->second});
  }
  at_ = SIZE_MAX;
  return {};
}

// The next table that differs, from its beginning.
bool Reconciliation::NextTable() {
  do {
    ++at_;
  } while (at_ < tables_.size() && tables_[at_].equal);
  ours_.clear();
  theirs_.clear();
  our_next_ = their_next_ = 0;
  after_.clear();
  asked_ = last_page_ = false;
  return at_ < tables_.size();
}

Result<Reconciliation::Step> Reconciliation::Next(Position acked) {
  Step step;
  while (at_ == SIZE_MAX || at_ < tables_.size()) {
    const bool compared =
        at_ != SIZE_MAX && last_page_ && our_next_ == ours_.size() && their_next_ == theirs_.size();
    if (at_ == SIZE_MAX || compared) {
      if (!NextTable()) return step;
      auto keys = KeysOf(tables_[at_].table);
      if (!keys) return keys.error();
      ours_ = *std::move(keys);
    }
    const bool page_is_over = their_next_ == theirs_.size() && !last_page_;
    if (page_is_over) {
      asked_ = true;
      step.ask = Step::Ask{tables_[at_].table, after_, FromOf(tables_[at_].table)};
      return step;
    }
    if (const Status done = Compare(acked, step.filings); !done) return done.error();
    if (!step.filings.empty()) return step;
  }
  return step;
}

Status Reconciliation::OnPage(FilingTable table, std::vector<std::pair<std::string, Digest>> rows,
                              bool last) {
  const auto ascends = [](const auto& a, const auto& b) { return a.first < b.first; };
  const bool fits =
      std::exchange(asked_, false) && table == tables_[at_].table &&
      rows.size() <= limits::kFilingRowsPerPageMax && (last || !rows.empty()) &&
      std::adjacent_find(rows.begin(), rows.end(),
                         [&](const auto& a, const auto& b) { return !ascends(a, b); }) ==
          rows.end() &&
      (rows.empty() || (rows.front().first > after_ && rows.front().first >= FromOf(table)));
  if (!fits) return Error{Errc::kMalformed, "filings: a page that was not asked for"};
  theirs_ = std::move(rows);
  their_next_ = 0;
  last_page_ = last;
  if (!theirs_.empty()) after_ = theirs_.back().first;
  return {};
}

// Goes on through both lists, up to the end of the page or until there is enough to file.
Status Reconciliation::Compare(Position acked, std::vector<Filing>& filings) {
  size_t octets = 0;
  while (filings.size() < limits::kFilingsAgainMax &&
         octets < limits::kFilingsOctetsPerMessageMax / 4) {
    const bool has_ours = our_next_ < ours_.size(), has_theirs = their_next_ < theirs_.size();
    if (!has_theirs && !(last_page_ && has_ours)) return {};
    const size_t before = filings.size();
    Status done;
    if (has_ours && (!has_theirs || ours_[our_next_] < theirs_[their_next_].first)) {
      done = CompareOne(ours_[our_next_++], nullptr, acked, filings);
    } else {
      const auto& [key, digest] = theirs_[their_next_++];
      if (has_ours && ours_[our_next_] == key) ++our_next_;
      done = CompareOne(key, &digest, acked, filings);
    }
    if (!done) return done;
    if (filings.size() > before) octets += filings.back().octets();
  }
  return {};
}

Status Reconciliation::CompareOne(const std::string& key, const Digest* theirs, Position acked,
                                  std::vector<Filing>& filings) {
  Reconciled& table = tables_[at_];
  const FilingName name{table.table, key};
  auto value = values_->read(name);
  if (!value) return value.error();
  if (!*value) {
    if (theirs == nullptr) return {};
    ++table.missing_here;
    filings.push_back({name, acked, {}});
    return {};
  }
  Filing filing{name, (*value)->version, std::move((*value)->body)};
  if (filing.body->size() > limits::kFilingOctetsMax) return {};
  if (theirs != nullptr && *theirs == FilingDigest(key, *filing.body)) return {};
  if (filing.position > acked) return {};
  ++(theirs == nullptr ? table.missing_there : table.different);
  filings.push_back(std::move(filing));
  return {};
}

}  // namespace idnode
