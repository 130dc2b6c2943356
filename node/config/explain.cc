#include "node/config/explain.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "node/config/option_value.h"

namespace idnode {
namespace {

// In the order of OptionType, whose last row is kDirectories.
constexpr auto kTypeNames = std::to_array<std::string_view>(
    {"text / 文本", "choice / 选项", "whole number / 整数", "octets / 字节数",
     "host:port / 主机:端口", "path / 路径", "web address / 网址", "addresses / 地址列表",
     "choices / 选项列表", "networks / 网络", "administrators / 管理员",
     "host/path list / 主机路径列表", "prefix=address list / 前缀与网址列表",
     "prefix=address list / 前缀与网址列表"});
static_assert(kTypeNames.size() == static_cast<size_t>(OptionType::kDirectories) + 1);
constexpr std::array<std::string_view, 4> kSourceNames = {"default", "file", "environment", "flag"};

std::string_view SectionOf(const OptionRow& row) { return row.name.substr(0, row.name.find('.')); }
std::string_view KeyOf(const OptionRow& row) { return row.name.substr(row.name.find('.') + 1); }

// Values hold no control character: quotes and backslashes are all there is to escape.
std::string AsToml(const OptionRow& row, std::string_view text) {
  if (row.type == OptionType::kNumber) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + '"';
}

std::string ConstraintOf(const OptionRow& row) {
  if (row.type == OptionType::kChoice || row.type == OptionType::kChoices) {
    return std::string(row.choices);
  }
  if (row.max > 0) return fmt::format("{} - {}", row.min, row.max);
  return {};
}

// Lines of at most 96 octets, broken at spaces.
std::string Comment(std::string_view text) {
  constexpr size_t kLine = 96;
  std::string out;
  while (!text.empty()) {
    size_t end = text.size();
    if (end > kLine) {
      const size_t space = text.rfind(' ', kLine);
      if (space != std::string_view::npos && space > 0) end = space;
    }
    out.append("# ").append(text.substr(0, end)).append(1, '\n');
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::string ExplainOption(std::string_view name) {
  const OptionRow* row = FindOption(name);
  if (row == nullptr) return {};
  std::string text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "{}\n  {}\n  {}\n\n", row->name, row->en, row->zh);
  fmt::format_to(out, "  type / 类型: {}\n", kTypeNames[static_cast<size_t>(row->type)]);
  fmt::format_to(out, "  default / 默认值: {}\n", AsToml(*row, row->default_value));
  if (const std::string constraint = ConstraintOf(*row); !constraint.empty()) {
    fmt::format_to(out, "  allowed / 允许: {}\n", constraint);
  }
  fmt::format_to(out, "  example / 示例: {}\n", AsToml(*row, row->example));
  fmt::format_to(out, "  environment / 环境变量: {}\n", EnvironmentNameOf(*row));
  fmt::format_to(out, "  since / 始于版本: {}\n", row->since);
  return text;
}

std::string ShowConfig(const Config& config) {
  std::string text;
  auto out = std::back_inserter(text);
  std::string_view section;
  for (const OptionRow& row : kOptionRows) {
    if (SectionOf(row) != section) {
      fmt::format_to(out, "{}[{}]\n", section.empty() ? "" : "\n", SectionOf(row));
      section = SectionOf(row);
    }
    fmt::format_to(out, "{} = {}  # {}\n", KeyOf(row), AsToml(row, config.Text(row.option)),
                   kSourceNames[static_cast<size_t>(config.source(row.option))]);
  }
  return text;
}

std::string ExampleConfig() {
  std::string text =
      "# Configuration of idnode. Each option stands here at its default; remove the '#' before "
      "one\n"
      "# to change it. The environment (IDNODE_HTTP_LISTEN for http.listen) and --set go before "
      "this\n"
      "# file. `idnode config explain <option>` says more.\n"
      "# idnode 配置文件。各选项均为默认值，去掉行首的 # 即可修改。\n";
  auto out = std::back_inserter(text);
  std::string_view section;
  for (const OptionRow& row : kOptionRows) {
    if (SectionOf(row) != section) {
      section = SectionOf(row);
      fmt::format_to(out, "\n[{}]\n", section);
    }
    fmt::format_to(out, "\n{}# {}\n", Comment(row.en), row.zh);
    if (const std::string constraint = ConstraintOf(row); !constraint.empty()) {
      fmt::format_to(out, "# Allowed / 允许: {}\n", constraint);
    }
    if (row.default_value.empty()) {
      fmt::format_to(out, "# Example / 示例: {}\n", AsToml(row, row.example));
    }
    fmt::format_to(out, "#{} = {}\n", KeyOf(row), AsToml(row, row.default_value));
  }
  return text;
}

}  // namespace idnode
