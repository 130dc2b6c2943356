#include "node/front/http/batch_group.h"

#include "proto/web/json_writer.h"
#include "proto/web/problem.h"

namespace idnode {
namespace {

void Count(RegisterOutcome outcome, BatchSums& sums) {
  switch (outcome) {
    case RegisterOutcome::kCreated:
      ++sums.created;
      break;
    case RegisterOutcome::kReplaced:
      ++sums.replaced;
      break;
    case RegisterOutcome::kRemoved:
      ++sums.removed;
      break;
    case RegisterOutcome::kUnchanged:
      ++sums.unchanged;
      break;
    case RegisterOutcome::kRefused:
      ++sums.refused;
      break;
  }
}

void WriteOutcome(uint64_t line, std::string_view outcome, const BatchEntry* entry,
                  const Error* problem, std::string& out) {
  JsonWriter json(out);
  json.StartObject();
  json.Member("line");
  json.Uint64(line);
  json.Member("outcome");
  json.ValidText(outcome);
  if (entry != nullptr) {
    json.Member("identifier");
    json.Text(entry->identifier);
  }
  if (entry != nullptr && !entry->warnings.empty()) {
    json.Member("warnings");
    json.RawValue(entry->warnings.data(), entry->warnings.size(), rapidjson::kArrayType);
  }
  if (problem != nullptr) {
    std::string document;
    WriteProblem(*problem, {}, document);
    json.Member("problem");
    json.RawValue(document.data(), document.size(), rapidjson::kObjectType);
  }
  json.EndObject();
  out.push_back('\n');
}

}  // namespace

void BatchGroup::Add(uint64_t line_number, std::string_view line) {
  lines_.push_back({line_number, text_.size(), line.size(), {}, false});
  text_ += line;
}

void BatchGroup::AddRefused(uint64_t line_number, const Error& error) {
  lines_.push_back({line_number, text_.size(), 0, error, true});
}

const std::vector<RegisterItem>& BatchGroup::Items() {
  items_.reserve(lines_.size());
  for (const Line& line : lines_) {
    RegisterItem& item = items_.emplace_back();
    item.is_refused = line.is_refused;
    item.refused = line.refused;
    std::unique_ptr<BatchEntry>& read = read_.emplace_back();
    if (line.is_refused) continue;
    auto parsed = read_entry_(std::string_view(text_).substr(line.offset, line.octets));
    if (!parsed) {
      item.is_refused = true;
      item.refused = parsed.error();
      continue;
    }
    read = *std::move(parsed);
    item = read->item;
  }
  return items_;
}

void BatchGroup::WriteOutcomes(const RegisterResult& result, BatchSums& sums,
                               std::string& out) const {
  for (size_t i = 0; i < lines_.size(); ++i) {
    const BatchEntry* entry = i < read_.size() ? read_[i].get() : nullptr;
    if (!result.status && (i >= items_.size() || !items_[i].is_refused)) {
      const Error error = result.status.error();
      const bool unknown = error.code == Errc::kUnknownOutcome;
      ++(unknown ? sums.unknown : sums.refused);
      WriteOutcome(lines_[i].number, unknown ? "unknown" : "refused", entry, &error, out);
      continue;
    }
    const RegisterItemResult item =
        i < items_.size() && items_[i].is_refused
            ? RegisterItemResult{RegisterOutcome::kRefused, items_[i].refused}
            : result.items[i];
    const bool unknown =
        item.outcome == RegisterOutcome::kRefused && item.error.code == Errc::kUnknownOutcome;
    if (unknown) {
      ++sums.unknown;
    } else {
      Count(item.outcome, sums);
    }
    WriteOutcome(lines_[i].number, unknown ? "unknown" : NameOf(item.outcome), entry,
                 item.outcome == RegisterOutcome::kRefused ? &item.error : nullptr, out);
  }
}

void WriteBatchSummary(uint64_t lines, const BatchSums& sums, const Error* problem,
                       std::string& out) {
  JsonWriter json(out);
  json.StartObject();
  json.Member("summary");
  json.StartObject();
  const auto number = [&](std::string_view name, uint64_t value) {
    json.Member(name);
    json.Uint64(value);
  };
  number("lines", lines);
  number("created", sums.created);
  number("replaced", sums.replaced);
  number("removed", sums.removed);
  number("unchanged", sums.unchanged);
  number("refused", sums.refused);
  number("unknown", sums.unknown);
  json.Member("complete");
  json.Bool(problem == nullptr);
  if (problem != nullptr) {
    std::string document;
    WriteProblem(*problem, {}, document);
    json.Member("problem");
    json.RawValue(document.data(), document.size(), rapidjson::kObjectType);
  }
  json.EndObject();
  json.EndObject();
  out.push_back('\n');
}

}  // namespace idnode
