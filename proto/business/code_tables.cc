#include "proto/business/code_tables.h"

#include <algorithm>

#include "proto/base/text.h"

namespace idnode {
namespace {

const CodeRow* FindCode(std::span<const CodeRow> rows, std::string_view code) {
  const auto at = std::ranges::lower_bound(rows, code, {}, &CodeRow::code);
  return at != rows.end() && at->code == code ? &*at : nullptr;
}

bool HasRowsBelow(std::string_view code) {
  return std::ranges::find(Industries(), code, &CodeRow::parent) != Industries().end();
}

}  // namespace

const CodeRow* FindRegion(std::string_view code) { return FindCode(Regions(), code); }
const CodeRow* FindIndustry(std::string_view code) { return FindCode(Industries(), code); }

int RegionLevel(std::string_view code) {
  const CodeRow* row = FindRegion(code);
  if (row == nullptr) return 0;
  if (row->parent.empty()) return 1;
  return row->parent.ends_with("0000") ? 2 : 3;
}

bool IsIndustry(int level, std::string_view code) {
  if (level <= 2) return code.size() == static_cast<size_t>(level) && FindIndustry(code) != nullptr;
  if (code.size() != static_cast<size_t>(level) || !std::ranges::all_of(code, IsDigit))
    return false;
  const std::string_view above = code.substr(0, code.size() - 1);
  if (HasRowsBelow(above)) return FindIndustry(code) != nullptr;
  return IsIndustry(level - 1, above);
}

bool IndustryBelongsTo(int level, std::string_view code, std::string_view above) {
  if (level > 2) return !above.empty() && code.starts_with(above);
  const CodeRow* row = FindIndustry(code);
  return row != nullptr && row->parent == above;
}

}  // namespace idnode
