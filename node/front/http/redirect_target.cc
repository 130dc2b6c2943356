#include "node/front/http/redirect_target.h"

#include "node/front/http/proxy_target.h"
#include "proto/web/link_choice.h"
#include "proto/web/link_context.h"

namespace idnode {

std::string RedirectTargetOf(const RedirectQuestion& question) {
  if (question.levels.empty()) return {};
  if (question.path == nullptr) {
    const auto target = FindProxyTarget(question.levels.front().values, {}, {});
    return target ? target->uri : std::string();
  }
  std::vector<LinkContext> levels;
  for (const RedirectQuestion::Level& level : question.levels) {
    levels.push_back(LinkContextOf(level.values, *question.path, {}, level.sees_all));
  }
  const LinkChoice choice = ChooseLink(levels, {}, {});
  return choice.links.empty() ? std::string() : LocationOf(choice.links.front()->target.href, {});
}

}  // namespace idnode
