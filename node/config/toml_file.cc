#include "node/config/toml_file.h"

#include <toml++/toml.h>

#include <fstream>
#include <optional>
#include <sstream>

namespace idnode {
namespace {

constexpr size_t kFileOctetsMax = 1u << 20;
constexpr int kTableDepthMax = 4;

std::string Where(const std::string& file, const toml::source_region& source) {
  return file + ':' + std::to_string(source.begin.line);
}

std::optional<std::string> TextOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::string joined;
  for (const toml::node& item : *array) {
    const auto* text = item.as_string();
    if (text == nullptr) return std::nullopt;
    if (!joined.empty()) joined.append(", ");
    joined.append(text->get());
  }
  return joined;
}

void Walk(const toml::table& table, const std::string& prefix, int depth, const std::string& file,
          TomlSettings& read) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const auto* inner = node.as_table(); inner != nullptr && depth < kTableDepthMax) {
      Walk(*inner, name + '.', depth + 1, file, read);
    } else if (auto text = TextOf(node)) {
      read.settings.push_back({name, *std::move(text), Where(file, node.source())});
    } else {
      read.problems.push_back({name, Where(file, node.source()),
                               "must be a text, a whole number or a list of texts",
                               "必须是文本、整数或文本列表"});
    }
  }
}

}  // namespace

TomlSettings ParseToml(std::string_view text, const std::string& file) {
  TomlSettings read;
  try {
    Walk(toml::parse(text), "", 0, file, read);
  } catch (const toml::parse_error& error) {
    const std::string why(error.description());
    read.problems.push_back(
        {"", Where(file, error.source()), "not TOML: " + why, "不是有效的 TOML：" + why});
  }
  return read;
}

TomlSettings ReadTomlFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kFileOctetsMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  const bool read = in.is_open() && !in.bad();
  if (!read) return {{}, {{"", file, "cannot be read", "无法读取"}}};
  if (text.size() > kFileOctetsMax) {
    return {{}, {{"", file, "is larger than 1 MiB", "超过 1 MiB"}}};
  }
  return ParseToml(text, file);
}

}  // namespace idnode
