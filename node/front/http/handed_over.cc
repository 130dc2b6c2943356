#include "node/front/http/handed_over.h"

#include <algorithm>
#include <ranges>

#include "node/front/http/digital_link_answers.h"
#include "proto/gs1/packed_key.h"
#include "proto/ident/identifier.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

std::string_view WithoutSlashAtTheEnd(std::string_view root) {
  while (root.ends_with('/')) root.remove_suffix(1);
  return root;
}

// Scheme and authority of where clients ask by HTTPS; empty: it cannot be told.
std::string SecureOrigin(const Request& request, const DigitalLinkSettings& settings) {
  constexpr std::string_view kScheme = "https://";
  constexpr uint16_t kUsualPort = 443;
  const std::string_view root = settings.public_root;
  if (root.starts_with(kScheme)) {
    return std::string(root.substr(0, root.find('/', kScheme.size())));
  }
  const auto asked = RootOf(request, settings);  // That Host can stand in a field.
  if (!asked) return {};
  std::string_view host = request.Find("host");
  const size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    host = host.substr(0, colon);
  }
  std::string origin = std::string(kScheme).append(host);
  const uint16_t port = settings.https_port;
  if (port != 0 && port != kUsualPort) origin.append(":").append(std::to_string(port));
  return origin;
}

}  // namespace

std::string TakeHandler(std::vector<LinkContext>& levels) {
  for (size_t i = 0; i < levels.size(); ++i) {
    const auto link = std::ranges::find(levels[i].links, kHandledBy, &Link::relation);
    if (link == levels[i].links.end()) continue;
    std::string resolver = link->target.href;
    levels.resize(i);
    return resolver;
  }
  return {};
}

std::string_view HandlerOf(const Gs1Path& path, const DigitalLinkSettings& settings) {
  if (settings.handled_by.empty()) return {};
  std::string key;
  AppendGs1Key(path, key);
  PrefixMatter matter;
  if (!MatterOfKey(key, matter)) return {};
  std::string_view longest, resolver;
  for (const std::string_view row : settings.handled_by) {
    const size_t equals = std::min(row.find('='), row.size());
    const std::string_view digits = row.substr(0, equals);
    if (!matter.text.starts_with(digits) || digits.size() <= longest.size()) continue;
    longest = digits;
    resolver = row.substr(std::min(equals + 1, row.size()));
  }
  return resolver;
}

void AnswerHandedOver(std::string_view resolver, const DigitalLinkRequest& asked,
                      std::string_view query, Response& out) {
  std::string place(WithoutSlashAtTheEnd(resolver));
  out.status = 307;
  // In the place of the linkset, which is there now.
  out.fields.emplace_back(
      "Link", "<" + LocationOf(resolver, {}) + ">; rel=\"" + std::string(kHandledBy) + "\"");
  place.push_back('/');
  AppendCanonicalPath(asked.path, place);
  std::string whole = asked.attributes;
  if (!whole.empty() && !query.empty()) whole.push_back('&');
  out.fields.emplace_back("Location", LocationOf(place, whole.append(query)));
  AllowKeeping(true, out);
}

bool RedirectToHttps(const Request& request, const DigitalLinkSettings& settings, Response& out) {
  if (!settings.https_redirect || request.peer->secure) return false;
  std::string place = SecureOrigin(request, settings);
  if (place.empty()) return false;
  OpenToAll(request, out);
  out.status = 308;
  out.fields.emplace_back("Location", place.append(request.target));
  return true;
}

}  // namespace idnode
