#include "proto/web/quality_list.h"

#include <algorithm>
#include <cstdlib>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr size_t kItemsMax = 32;

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The piece of `rest` up to `separator`, which is taken off it.
std::string_view NextPiece(std::string_view& rest, char separator) {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = Trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

double QualityOf(std::string_view text) {
  const std::string number(text);
  char* end = nullptr;
  const double quality = std::strtod(number.c_str(), &end);
  const bool reads = !number.empty() && *end == '\0' && quality >= 0 && quality <= 1;
  return reads ? quality : 1;
}

}  // namespace

std::vector<QualityItem> ParseQualityList(std::string_view text) {
  std::vector<QualityItem> items;
  while (!text.empty() && items.size() < kItemsMax) {
    std::string_view entry = NextPiece(text, ',');
    QualityItem item;
    for (const char c : NextPiece(entry, ';')) {
      item.name.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    while (!entry.empty()) {
      const std::string_view parameter = NextPiece(entry, ';');
      if (EqualFolded(parameter.substr(0, 2), "q=")) item.quality = QualityOf(parameter.substr(2));
    }
    if (!item.name.empty()) items.push_back(std::move(item));
  }
  return items;
}

}  // namespace idnode
