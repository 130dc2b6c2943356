#include "node/rehearsal/evidence.h"

#include <algorithm>
#include <utility>

namespace idnode {

std::string_view NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "passed";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kNotChecked:
      return "not checked";
  }
  return {};
}

std::string_view ChineseOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "通过";
    case Verdict::kFailed:
      return "未通过";
    case Verdict::kNotChecked:
      return "未检查";
  }
  return {};
}

bool Evidence::Add(std::string what, std::string found, std::string expected, bool is_right) {
  lines_.push_back({std::move(what), std::move(found), std::move(expected), is_right});
  return is_right;
}

void Evidence::Note(std::string what, std::string found) {
  Add(std::move(what), std::move(found), {}, true);
}

bool Evidence::Equal(std::string what, std::string found, std::string expected) {
  const bool equal = found == expected;
  return Add(std::move(what), std::move(found), std::move(expected), equal);
}

bool Evidence::AtMost(std::string what, uint64_t found, uint64_t most, std::string_view unit) {
  const std::string suffix = unit.empty() ? std::string() : " " + std::string(unit);
  return Add(std::move(what), std::to_string(found) + suffix, "≤ " + std::to_string(most) + suffix,
             found <= most);
}

bool Evidence::AtLeast(std::string what, uint64_t found, uint64_t least) {
  return Add(std::move(what), std::to_string(found), "≥ " + std::to_string(least), found >= least);
}

bool Evidence::Has(std::string what, const std::string& text, std::string_view part) {
  constexpr size_t kShown = 300;
  return Add(std::move(what), text.substr(0, kShown), "… " + std::string(part) + " …",
             text.find(part) != std::string::npos);
}

bool Evidence::Holds(std::string what, bool holds) {
  return Add(std::move(what), holds ? "yes 是" : "no 否", "yes 是", holds);
}

void Evidence::Refused(std::string what, const Error& error) {
  Refused(std::move(what), error.code, error.detail);
}

void Evidence::Refused(std::string what, Errc code, std::string_view detail) {
  const ErrcRow& row = RowOf(code);
  std::string told = std::string(row.en).append(" ").append(row.zh);
  if (!detail.empty()) told.append(" (").append(detail).append(")");
  Add(std::move(what), std::move(told), "an answer 应答", false);
}

void Evidence::LeaveOut(std::string why) {
  is_left_out_ = true;
  Note("not checked 未检查", std::move(why));
}

Verdict Evidence::verdict() const {
  const bool right = std::ranges::all_of(lines_, [](const Line& line) { return line.is_right; });
  if (!right || lines_.empty()) return Verdict::kFailed;
  return is_left_out_ ? Verdict::kNotChecked : Verdict::kPassed;
}

}  // namespace idnode
