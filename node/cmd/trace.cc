#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <memory>
#include <set>

#include "node/cmd/command.h"
#include "node/cmd/language.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"

namespace idnode {
namespace {

namespace json = boost::json;

struct Options {
  std::string identifier, direction = "both", language;
  uint32_t depth = 8;
  bool local = false;
};

std::string Text(const json::object& object, std::string_view member) {
  return std::string(std::string_view(object.at(member).as_string()));
}

// Empty where there is none.
std::string TextIfAny(const json::object& object, std::string_view member) {
  return object.contains(member) ? Text(object, member) : std::string();
}

// The nodes of a trace as two trees below the one that was asked for. What was met before is named
// again, but not what lies behind it.
class TreePrinter {
 public:
  TreePrinter(const json::object& trace, Language language) : language_(language) {
    for (const json::value& value : trace.at("nodes").as_array()) {
      const json::object& node = value.as_object();
      marks_[Text(node, "identifier")] = MarkOf(node);
    }
    for (const json::value& value : trace.at("edges").as_array()) {
      const json::object& edge = value.as_object();
      Add(edge);
    }
  }

  void Print(const std::string& root) {
    fmt::print("{}{}\n", root, Mark(root));
    PrintBelow(root, up_, "<- ");
    seen_.clear();
    PrintBelow(root, down_, "-> ");
  }

 private:
  struct Branch {
    std::string to, relation;
  };
  using Branches = std::map<std::string, std::vector<Branch>>;

  void Add(const json::object& edge) {
    const std::string from = Text(edge, "from"), to = Text(edge, "to");
    const std::string forth =
        InLanguage(language_, Text(edge, "relation"), Text(edge, "relation_zh"));
    const std::string back = InLanguage(language_, Text(edge, "inverse"), Text(edge, "inverse_zh"));
    const bool down = Text(edge, "relation") != "made_from";
    (down ? down_ : up_)[from].push_back({to, forth});
    (down ? up_ : down_)[to].push_back({from, back});
  }

  // What stands behind an identifier: its state, why the trace ends there, and whose word it is.
  std::string MarkOf(const json::object& node) const {
    const std::string state = Text(node, "state");
    const std::string reason =
        node.contains("reason_en")
            ? InLanguage(language_, Text(node, "reason_en"), TextIfAny(node, "reason_zh"))
            : std::string();
    const std::string answered_by = TextIfAny(node, "answered_by");
    std::string mark;
    if (state != "found") mark.append(" (").append(state);
    if (!reason.empty()) mark.append(": ").append(reason);
    if (state != "found") mark.append(")");
    if (!answered_by.empty()) mark.append(" @ ").append(answered_by);
    return mark;
  }
  const std::string& Mark(const std::string& node) const { return marks_.at(node); }

  // Iterative: the depth of what was answered is not ours.
  void PrintBelow(const std::string& root, const Branches& branches, std::string_view arrow) {
    struct Level {
      const std::vector<Branch>* of;
      size_t next = 0;
    };
    static const std::vector<Branch> kNone;
    const auto of = [&](const std::string& node) {
      const auto found = branches.find(node);
      return found == branches.end() ? &kNone : &found->second;
    };
    seen_.insert(root);
    std::vector<Level> levels = {{of(root)}};
    while (!levels.empty()) {
      Level& level = levels.back();
      if (level.next == level.of->size()) {
        levels.pop_back();
        continue;
      }
      const Branch& branch = (*level.of)[level.next++];
      const bool is_new = seen_.insert(branch.to).second;
      fmt::print("{}{}{}: {}{}{}\n", std::string(2 * levels.size(), ' '), arrow, branch.relation,
                 branch.to, Mark(branch.to), is_new ? "" : " ...");
      if (is_new) levels.push_back({of(branch.to)});
    }
  }

  const Language language_;
  std::map<std::string, std::string> marks_;
  Branches up_, down_;
  std::set<std::string> seen_;
};

int RunTrace(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::TraceRequest request;
  request.set_identifier(options.identifier);
  request.set_depth(options.depth);
  request.set_direction(options.direction);
  request.set_local(options.local);
  auto reply = node->Trace(request);
  if (!reply) return Refused(options.identifier, reply.problem());
  const json::object trace = json::parse(reply->json()).as_object();
  if (global.output != OutputFormat::kTable) {
    fmt::print("{}\n", json::serialize(trace));
  } else {
    TreePrinter(trace, LanguageOf(options.language)).Print(Text(trace, "identifier"));
    if (trace.at("truncated").as_bool()) {
      PrintMessage("truncated by / 已截断: " + Text(trace, "truncated_by"));
    }
  }
  return Text(trace.at("nodes").as_array().at(0).as_object(), "state") == "found" ? kExitOk
                                                                                  : kExitNegative;
}

}  // namespace

Run DeclareTrace(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("identifier", options->identifier, "Any identifier / 标识")->required();
  app.add_option("--depth", options->depth, "At most 16 steps / 追溯层数")
      ->check(CLI::Range(0, 16));
  app.add_option("--direction", options->direction, "up, down or both / 方向")
      ->check(CLI::IsMember({"up", "down", "both"}));
  app.add_flag(
      "--local", options->local,
      "Ask no other node (else \"@\" shows who answered) / 不询问其他节点（“@”后为答复节点）");
  AddLanguageOption(app, options->language);
  return [options, &global] { return RunTrace(*options, global); };
}

}  // namespace idnode
