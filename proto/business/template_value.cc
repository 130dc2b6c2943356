#include "proto/business/template_value.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/business/characters.h"
#include "proto/business/text_forms.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

// Takes digits from the front; false: there is none.
bool TakeDigits(std::string_view& text) {
  const size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(end);
  return end > 0;
}

bool TakeOne(std::string_view& text, std::string_view of) {
  if (text.empty() || of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool IsNumber(std::string_view text) {
  TakeOne(text, "-+");
  if (!TakeDigits(text)) return false;
  if (TakeOne(text, ".") && !TakeDigits(text)) return false;
  if (!TakeOne(text, "eE")) return text.empty();
  TakeOne(text, "-+");
  return TakeDigits(text) && text.empty();
}

std::optional<Errc> CheckEntry(TemplateItemType type, std::string_view entry) {
  if (type != TemplateItemType::kReference) {
    return IsWebAddress(entry) ? std::nullopt : std::optional(Errc::kNotWebAddress);
  }
  const auto identifier = ParseIdentifier(entry);
  if (identifier && CheckForRegistration(*identifier)) return std::nullopt;
  return Errc::kInvalidIdentifier;
}

}  // namespace

std::vector<std::string_view> EntriesOf(std::string_view data) {
  std::vector<std::string_view> entries;
  for (size_t from = 0; from <= data.size();) {
    const size_t end = std::min(data.find('\n', from), data.size());
    entries.push_back(data.substr(from, end - from));
    from = end + 1;
  }
  return entries;
}

std::optional<Errc> CheckTemplateValue(const TemplateItem& item, std::string_view data) {
  if (!IsUtf8(data)) return Errc::kNotUtf8;
  if (IsList(item.type)) {
    // Each entry has an octet at least: what has too many is not taken apart.
    const auto lines = static_cast<size_t>(std::ranges::count(data, '\n')) + 1;
    if (lines > LengthOf(item)) return Errc::kTooLong;
    for (const std::string_view entry : EntriesOf(data)) {
      if (const auto fault = CheckEntry(item.type, entry)) return fault;
    }
    return std::nullopt;
  }
  if (CountCharacters(data) > LengthOf(item)) return Errc::kTooLong;
  if (item.type == TemplateItemType::kNumber && !IsNumber(data)) return Errc::kNotNumber;
  if (item.type == TemplateItemType::kDate && !IsCalendarDate(data)) return Errc::kNotDate;
  return std::nullopt;
}

}  // namespace idnode
