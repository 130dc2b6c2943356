#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace idnode {

// Which language sentences of an answer are printed in.
enum class Language { kBoth, kEnglish, kChinese };

// --lang en or zh; else what LC_ALL, LC_MESSAGES or LANG say first; both where they say neither.
void AddLanguageOption(CLI::App& app, std::string& language);
Language LanguageOf(std::string_view option);

// "en", "zh" or "en zh".
std::string InLanguage(Language language, std::string_view en, std::string_view zh);

}  // namespace idnode
