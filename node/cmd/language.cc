#include "node/cmd/language.h"

#include <array>
#include <cstdlib>

namespace idnode {
namespace {

Language LanguageNamed(std::string_view name) {
  if (name.starts_with("zh")) return Language::kChinese;
  return name.starts_with("en") ? Language::kEnglish : Language::kBoth;
}

}  // namespace

void AddLanguageOption(CLI::App& app, std::string& language) {
  app.add_option("--lang", language, "en or zh; else as LANG says / 输出语言")
      ->check(CLI::IsMember({"en", "zh"}));
}

Language LanguageOf(std::string_view option) {
  if (!option.empty()) return LanguageNamed(option);
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return LanguageNamed(value);
  }
  return Language::kBoth;
}

std::string InLanguage(Language language, std::string_view en, std::string_view zh) {
  if (language == Language::kEnglish) return std::string(en);
  if (language == Language::kChinese) return std::string(zh);
  return std::string(en).append(" ").append(zh);
}

}  // namespace idnode
