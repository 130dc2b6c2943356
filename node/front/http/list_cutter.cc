#include "node/front/http/list_cutter.h"

namespace idnode {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

// Outside of elements. False: this octet may not stand here.
bool ListCutter::Begin(char c) {
  switch (place_) {
    case Place::kBefore:
      is_single_ = c == '{';
      place_ = is_single_ ? Place::kElement : Place::kFirst;
      return c == '[' || is_single_;
    case Place::kFirst:
    case Place::kNext:
      if (c == ']') {
        const bool may_end = place_ == Place::kFirst;
        place_ = Place::kBehind;
        return may_end;
      }
      place_ = Place::kElement;
      return c != ',';
    case Place::kAfter:
      place_ = c == ',' ? Place::kNext : Place::kBehind;
      return c == ',' || c == ']';
    case Place::kElement:
    case Place::kBehind:
      break;
  }
  return false;
}

ListCutter::Step ListCutter::EndOf(std::string_view& octets, size_t taken, std::string& element) {
  element.append(octets.substr(0, taken));
  octets.remove_prefix(taken);
  place_ = is_single_ ? Place::kBehind : Place::kAfter;
  depth_ = 0;
  return Step::kElement;
}

ListCutter::Step ListCutter::Take(std::string_view& octets, std::string& element) {
  while (place_ != Place::kElement) {
    while (!octets.empty() && IsBlank(octets.front())) octets.remove_prefix(1);
    if (octets.empty()) return Step::kMore;
    if (!Begin(octets.front())) return Step::kBroken;
    if (place_ != Place::kElement) octets.remove_prefix(1);
  }
  for (size_t i = 0; i < octets.size(); ++i) {
    const char c = octets[i];
    if (in_text_) {
      in_text_ = escaped_ || c != '"';
      escaped_ = !escaped_ && c == '\\';
      if (!in_text_ && depth_ == 0) return EndOf(octets, i + 1, element);
    } else if (c == '"') {
      in_text_ = true;
      escaped_ = false;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (depth_ == 0 && (c == ',' || c == ']' || c == '}')) {
      return EndOf(octets, i, element);  // Behind a number or a word.
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
      return EndOf(octets, i + 1, element);
    }
  }
  element.append(octets);
  octets = {};
  return Step::kMore;
}

}  // namespace idnode
