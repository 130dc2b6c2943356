#include "sync/upstream/filing_feed.h"

#include <algorithm>
#include <map>

#include "proto/base/limits.h"

namespace idnode {
namespace {

constexpr size_t kFilingsOctetsMax = limits::kFilingsOctetsPerMessageMax;

class Feed {
 public:
  Feed(const FiledValues& values, std::string_view node_prefix)
      : values_(values), node_prefix_(node_prefix) {}

  // The rows that a record names, with their values; those that are filed already only come later.
  Status Read(Position position, std::string_view thin) {
    named_.clear();
    fresh_.clear();
    fresh_octets_ = 0;
    const auto record = DecodeThin(thin);
    if (!record) return Error{Errc::kCorrupt, "filings: our own record cannot be read"};
    for (const LogItem& item : record->items) AppendFilingsNamedBy(item, node_prefix_, named_);
    std::ranges::sort(named_);
    named_.erase(std::unique(named_.begin(), named_.end()), named_.end());
    for (const FilingName& name : named_) {
      if (places_.contains(name)) continue;
      auto value = values_.read(name);
      if (!value) return value.error();
      Filing filing{name, position, {}};
      if (*value) filing.body = std::move((*value)->body);
      if (filing.body && filing.body->size() > limits::kFilingOctetsMax) {
        left_out_ = true;
        continue;
      }
      fresh_octets_ += filing.octets();
      fresh_.push_back(std::move(filing));
    }
    return {};
  }
  // Drops what does not fit even alone.
  void Shorten(uint64_t octets_max) {
    while (!fresh_.empty() &&
           (fresh_octets_ > octets_max || fresh_.size() > limits::kFilingsPerMessageMax)) {
      fresh_octets_ -= fresh_.back().octets();
      fresh_.pop_back();
      left_out_ = true;
    }
  }
  bool HasRoom() const {
    return filings_.size() + fresh_.size() <= limits::kFilingsPerMessageMax &&
           octets_ + fresh_octets_ <= kFilingsOctetsMax;
  }
  void Keep(Position position) {
    for (Filing& filing : fresh_) {
      places_.emplace(filing.name, filings_.size());
      filings_.push_back(std::move(filing));
    }
    for (const FilingName& name : named_) {
      if (const auto at = places_.find(name); at != places_.end()) {
        filings_[at->second].position = position;
      }
    }
    octets_ += fresh_octets_;
    fresh_.clear();
  }

  uint64_t fresh_octets() const { return fresh_octets_; }
  bool left_out() const { return left_out_; }
  std::vector<Filing> Take() { return std::move(filings_); }

 private:
  const FiledValues& values_;
  const std::string_view node_prefix_;
  std::vector<FilingName> named_;
  std::vector<Filing> fresh_, filings_;
  std::map<FilingName, size_t> places_;
  uint64_t fresh_octets_ = 0, octets_ = 0;
  bool left_out_ = false;
};

}  // namespace

Result<FedRecords> FeedFilings(const FiledValues& values, std::string_view node_prefix,
                               Position first, std::vector<std::string> records,
                               uint64_t octets_max, uint64_t first_octets_max) {
  Require(!records.empty());
  Feed feed(values, node_prefix);
  FedRecords fed;
  size_t taken = 0;
  for (; taken < records.size(); ++taken) {
    const Position position{first.value + taken};
    if (values.read) {
      if (const Status read = feed.Read(position, records[taken]); !read) return read.error();
    }
    const uint64_t record_octets = records[taken].size();
    if (taken == 0) {
      Require(record_octets <= limits::kSyncBatchOctetsMax);
      feed.Shorten(
          std::min<uint64_t>(kFilingsOctetsMax, limits::kSyncBatchOctetsMax - record_octets));
      if (record_octets + feed.fresh_octets() > first_octets_max) {
        fed.wanted = record_octets + feed.fresh_octets();
        return fed;
      }
    } else if (fed.octets + record_octets + feed.fresh_octets() > octets_max || !feed.HasRoom()) {
      break;
    }
    fed.octets += record_octets + feed.fresh_octets();
    feed.Keep(position);
  }
  records.resize(taken);
  fed.records = std::move(records);
  fed.filings = feed.Take();
  fed.left_out = feed.left_out();
  return fed;
}

}  // namespace idnode
