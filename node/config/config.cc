#include "node/config/config.h"

namespace idnode {

std::string_view Config::Text(Option option) const {
  return values_[static_cast<size_t>(option)].text;
}

uint64_t Config::Number(Option option) const { return values_[static_cast<size_t>(option)].number; }

std::vector<std::string> Config::List(Option option) const {
  std::vector<std::string> list;
  std::string item;
  for (const char c : Text(option)) {
    if (c == ',') {
      list.push_back(std::move(item));
      item.clear();
    } else if (c != ' ') {
      item.push_back(c);
    }
  }
  if (!item.empty()) list.push_back(std::move(item));
  return list;
}

OptionSource Config::source(Option option) const {
  return values_[static_cast<size_t>(option)].source;
}

}  // namespace idnode
