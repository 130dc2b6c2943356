#include <fmt/format.h>

#include <memory>
#include <string>

#include "node/cmd/command.h"

namespace idnode {
namespace {

// Everything that can follow, made from the declared options: one line a subcommand.
struct Words {
  std::string top, cases;
};

std::string OptionWords(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += " --" + name;
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    words += " " + sub->get_name();
  }
  return words;
}

Words WordsOf(const CLI::App& root) {
  Words words;
  words.top = OptionWords(root);
  for (const CLI::App* sub : root.get_subcommands([](const CLI::App*) { return true; })) {
    words.cases +=
        fmt::format("    {}) words=\"{} $global\" ;;\n", sub->get_name(), OptionWords(*sub));
  }
  return words;
}

std::string BashScript(const CLI::App& root) {
  const Words words = WordsOf(root);
  return fmt::format(
      "# bash completion for idnode; made by `idnode completion bash`.\n"
      "_idnode() {{\n"
      "  local current=\"${{COMP_WORDS[COMP_CWORD]}}\" command=\"\" word words\n"
      "  local global=\"--output --config --set --node --token-file --timeout --help\"\n"
      "  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
      "    case \"$word\" in -*) ;; *) command=\"$word\"; break ;; esac\n"
      "  done\n"
      "  case \"$command\" in\n"
      "    \"\") words=\"{}\" ;;\n"
      "{}"
      "    *) words=\"$global\" ;;\n"
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\") $(compgen -f -- \"$current\"))\n"
      "}}\n"
      "complete -o filenames -F _idnode idnode\n",
      words.top, words.cases);
}

}  // namespace

Run DeclareCompletion(CLI::App& app, const GlobalOptions&) {
  auto shell = std::make_shared<std::string>();
  app.add_option("shell", *shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
  return [shell, &app] {
    if (*shell == "zsh") fmt::print("autoload -U +X bashcompinit && bashcompinit\n");
    fmt::print("{}", BashScript(*app.get_parent()));
    return kExitOk;
  };
}

}  // namespace idnode
