#include "node/cmd/row_source.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstring>
#include <utility>

#include "node/cmd/octet_source.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

namespace json = boost::json;

constexpr size_t kChunkOctets = 1u << 20;

// Cuts a stream of octets into lines. In CSV a quoted field may hold line ends.
class Lines {
 public:
  Lines(std::unique_ptr<OctetSource> source, bool quoted)
      : source_(std::move(source)), quoted_(quoted) {}

  // The next line without its end, or false. A line over the limit comes cut, with `over` set.
  Result<bool> Next(std::string_view& line, bool& over) {
    over = false;
    size_t scanned = 0;
    bool inside = false;
    for (;;) {
      const size_t end = FindEnd(scanned, inside);
      if (end != std::string::npos || (at_end_ && begin_ < buffer_.size())) {
        const size_t stop = end == std::string::npos ? buffer_.size() : end;
        line = std::string_view(buffer_).substr(begin_, stop - begin_);
        begin_ = end == std::string::npos ? stop : stop + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        over = line.size() > limits::kBatchLineOctetsMax;
        return true;
      }
      if (at_end_) return false;
      scanned = buffer_.size() - begin_;
      if (const Status more = Refill(); !more) return more.error();
    }
  }
  const OctetSource& source() const { return *source_; }

 private:
  size_t FindEnd(size_t scanned, bool& inside) const {
    if (!quoted_) return buffer_.find('\n', begin_ + scanned);
    for (size_t i = begin_ + scanned; i < buffer_.size(); ++i) {
      if (buffer_[i] == '"') inside = !inside;
      if (buffer_[i] == '\n' && !inside) return i;
    }
    return std::string::npos;
  }
  Status Refill() {
    if (buffer_.size() - begin_ > 2 * limits::kBatchLineOctetsMax) {
      return Error{Errc::kTooLarge, "a line is over 1 MiB"};
    }
    buffer_.erase(0, begin_);
    begin_ = 0;
    const size_t had = buffer_.size();
    buffer_.resize(had + kChunkOctets);
    const Result<size_t> got = source_->Read(buffer_.data() + had, kChunkOctets);
    buffer_.resize(had + (got ? *got : 0));
    if (!got) return got.error();
    at_end_ = *got == 0;
    return {};
  }

  std::unique_ptr<OctetSource> source_;
  bool quoted_, at_end_ = false;
  std::string buffer_;
  size_t begin_ = 0;
};

void SplitTabs(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  for (;;) {
    const size_t tab = line.find('\t');
    cells.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return;
    line.remove_prefix(tab + 1);
  }
}

// RFC 4180. Quoted cells that hold a doubled quote are rewritten into `kept`.
Status SplitCommas(std::string_view line, std::string& kept, std::vector<std::string_view>& cells) {
  cells.clear();
  kept.clear();
  kept.reserve(line.size());  // Views into it stay valid.
  for (;;) {
    size_t end;
    if (line.starts_with('"')) {
      const size_t begin = kept.size();
      size_t at = 1;
      for (; at < line.size(); ++at) {
        if (line[at] == '"' && !(at + 1 < line.size() && line[at + 1] == '"')) break;
        if (line[at] == '"') ++at;
        kept.push_back(line[at]);
      }
      if (at >= line.size()) return Error{Errc::kMalformed, "a quote is not closed"};
      cells.push_back(std::string_view(kept).substr(begin));
      end = at + 1;
      if (end < line.size() && line[end] != ',') {
        return Error{Errc::kMalformed, "text after a closing quote"};
      }
    } else {
      end = std::min(line.find(','), line.size());
      cells.push_back(line.substr(0, end));
    }
    if (end >= line.size()) return {};
    line.remove_prefix(end + 1);
  }
}

class DelimitedSource : public RowSource {
 public:
  DelimitedSource(std::unique_ptr<OctetSource> source, bool commas)
      : lines_(std::move(source), commas), commas_(commas) {}

  Status ReadHeader() {
    Row row;
    const Result<bool> first = Next(row);
    if (!first) return first.error();
    if (!*first || row.cells.empty()) return Error{Errc::kMissingField, "the file has no header"};
    if (!row.problem) return row.problem;
    for (std::string_view cell : row.cells) {
      if (cell.starts_with("\xEF\xBB\xBF")) cell.remove_prefix(3);  // A byte-order mark.
      header_.emplace_back(cell);
    }
    return {};
  }
  const std::vector<std::string>& header() const override { return header_; }

  Result<bool> Next(Row& row) override {
    std::string_view line;
    bool over = false;
    do {
      const Result<bool> more = lines_.Next(line, over);
      if (!more || !*more) return more;
      ++number_;
    } while (line.empty());
    row.number = number_;
    row.header = &header_;
    row.problem = {};
    row.cells.clear();
    if (over) {
      row.problem = Error{Errc::kTooLarge, "the line is over 1 MiB"};
    } else if (!IsUtf8(line)) {
      row.problem = Error{Errc::kNotUtf8, "line"};
    } else if (commas_) {
      row.problem = SplitCommas(line, kept_, row.cells);
    } else {
      SplitTabs(line, row.cells);
    }
    if (row.problem && !header_.empty() && row.cells.size() != header_.size()) {
      row.problem =
          Error{Errc::kMalformed, "the row has another number of columns than the header"};
    }
    return true;
  }
  uint64_t read_octets() const override { return lines_.source().read_octets(); }
  uint64_t file_octets() const override { return lines_.source().file_octets(); }

 private:
  Lines lines_;
  bool commas_;
  std::vector<std::string> header_;
  std::string kept_;
  uint64_t number_ = 0;
};

class JsonLinesSource : public RowSource {
 public:
  explicit JsonLinesSource(std::unique_ptr<OctetSource> source)
      : lines_(std::move(source), false) {}

  const std::vector<std::string>& header() const override { return header_; }

  bool is_json() const override { return true; }

  void AddColumn(const std::string& name) override { header_.push_back(name); }

  // The first object names the columns, and is a row like the others.
  Status ReadHeader() {
    const Result<bool> first = NextLine();
    if (!first) return first.error();
    has_first_ = *first;
    if (!*first || over_ || !IsUtf8(line_)) return {};
    const auto object = Parse(line_);
    for (const auto& member : object ? object->get_object() : json::object()) {
      header_.emplace_back(member.key());
    }
    return {};
  }

  Result<bool> Next(Row& row) override {
    if (!std::exchange(has_first_, false)) {
      const Result<bool> more = NextLine();
      if (!more || !*more) return more;
    }
    row.number = number_;
    row.header = &header_;
    row.cells.clear();
    row.problem = over_            ? Status(Error{Errc::kTooLarge, "the line is over 1 MiB"})
                  : !IsUtf8(line_) ? Status(Error{Errc::kNotUtf8, "line"})
                                   : Take(row);
    return true;
  }
  uint64_t read_octets() const override { return lines_.source().read_octets(); }
  uint64_t file_octets() const override { return lines_.source().file_octets(); }

 private:
  // The next line that is not empty, in line_.
  Result<bool> NextLine() {
    do {
      const Result<bool> more = lines_.Next(line_, over_);
      if (!more || !*more) return more;
      ++number_;
    } while (line_.empty());
    return true;
  }

  static Result<json::value> Parse(std::string_view line) {
    boost::system::error_code error;
    json::parse_options limits;
    limits.max_depth = limits::kJsonDepthMax;
    json::value value = json::parse(line, error, {}, limits);
    if (error || !value.is_object()) return Error{Errc::kMalformed, "the line is no JSON object"};
    return value;
  }

  Status Take(Row& row) {
    const auto value = Parse(line_);
    if (!value) return value.error();
    const json::object& object = value->get_object();
    kept_.assign(header_.size(), {});
    row.cells.clear();
    for (size_t i = 0; i < header_.size(); ++i) {
      if (const json::value* cell = object.if_contains(header_[i]); cell && !cell->is_null()) {
        kept_[i] = cell->is_string() ? std::string(cell->get_string()) : json::serialize(*cell);
      }
      row.cells.push_back(kept_[i]);
    }
    return {};
  }

  Lines lines_;
  std::string_view line_;  // Until the next one is read.
  bool over_ = false;      // It is cut.
  std::vector<std::string> header_, kept_;
  bool has_first_ = false;  // line_ is the first and was not handed out yet.
  uint64_t number_ = 0;
};

RowFormat FormatOf(std::string_view path) {
  if (path.ends_with(".zst")) path.remove_suffix(4);
  if (path.ends_with(".gz")) path.remove_suffix(3);
  if (path.ends_with(".tsv") || path.ends_with(".tab")) return RowFormat::kTsv;
  if (path.ends_with(".jsonl") || path.ends_with(".ndjson")) return RowFormat::kJsonLines;
  return RowFormat::kCsv;
}

}  // namespace

std::string_view Row::Cell(std::string_view column) const {
  const auto found = std::find(header->begin(), header->end(), column);
  const auto at = static_cast<size_t>(found - header->begin());
  return at < cells.size() ? cells[at] : std::string_view();
}

Result<std::unique_ptr<RowSource>> OpenRowSource(const RowSourceOptions& options) {
  auto octets = OpenOctetSource(options.path);
  if (!octets) return octets.error();
  const RowFormat format =
      options.format == RowFormat::kByName ? FormatOf(options.path) : options.format;
  if (format == RowFormat::kJsonLines) {
    auto source = std::make_unique<JsonLinesSource>(std::move(*octets));
    if (const Status read = source->ReadHeader(); !read) return read.error();
    return std::unique_ptr<RowSource>(std::move(source));
  }
  auto source = std::make_unique<DelimitedSource>(std::move(*octets), format == RowFormat::kCsv);
  if (const Status read = source->ReadHeader(); !read) return read.error();
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace idnode
