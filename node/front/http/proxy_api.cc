#include <algorithm>
#include <optional>
#include <utility>

#include "node/front/http/handle_reading.h"
#include "node/front/http/proxy_negotiation.h"
#include "node/front/http/proxy_page.h"
#include "node/front/http/proxy_target.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/runtime/random.h"
#include "node/security/networks.h"
#include "node/service/alias.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"

// GET and HEAD /<handle>: whoever follows a link with an identifier is sent to what it names
// (spec/handle-protocol.md 6.9).
namespace idnode {
namespace {

// Bad indexes are ignored here.
ShownValues SelectionOf(const Query& query) {
  ShownValues filter;
  for (const std::string_view text : query.All("index")) {
    const auto index = ParseDecimal(text, UINT32_MAX);
    if (index && !text.empty()) filter.indexes.push_back(static_cast<uint32_t>(*index));
  }
  for (const std::string_view type : query.All("type")) filter.types.emplace_back(type);
  return filter;
}

// What the record shows to who asks. Views into the desk's scratch, or into `read`.
Result<std::vector<Value>> ValuesOf(const ReadRecord& read, const ShownValues& selected) {
  if (read.granted) return read.granted->values;
  auto values = read.answer.found.record.DecodeAll();
  if (!values) return values.error();
  ShownValues filter = selected;
  filter.public_only = read.public_only;
  std::erase_if(*values, [&](const Value& value) {
    return !filter.Admits(value.index, value.type, value.permissions);
  });
  return values;
}

LocationWishes WishesOf(const Request& request, const Query& query) {
  LocationWishes wishes;
  for (const std::string_view text : query.All("locatt")) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) continue;
    wishes.attributes.emplace_back(text.substr(0, colon), text.substr(colon + 1));
  }
  std::ranges::move(WishesByAccept(request.Find("accept"), request.Find("user-agent")),
                    std::back_inserter(wishes.attributes));
  wishes.is_in = [peer = request.peer](std::string_view network) {
    const auto networks = Networks::Parse({std::string(network)});
    return networks && networks->Contains(peer->address);
  };
  constexpr int kFractionBits = 53;  // Of a double.
  wishes.draw = static_cast<double>(RandomNumber() >> (64 - kFractionBits)) /
                static_cast<double>(uint64_t{1} << kFractionBits);
  return wishes;
}

void AsPage(Response& out) {
  out.media_type = kHtmlMediaType;
  out.fields.emplace_back("Content-Security-Policy", kPagePolicy);
  out.fields.emplace_back("X-Content-Type-Options", "nosniff");
}

void RefuseWithPage(std::string_view handle, const Error& error, const Request& request,
                    Response& out) {
  out.status = StatusOfHandleCode(RowOf(error.code).handle_rc, request.peer->may_show_secrets());
  out.body.clear();
  WriteRefusalPage(handle, error, out.body);
  AsPage(out);
}

void Redirect(const ProxyTarget& target, std::span<const Value> values, const Query& query,
              Response& out) {
  out.status = query.Has("redirectionHeaders") ? 200 : target.status;
  const uint32_t now = Now().seconds();
  out.fields.emplace_back("Location", target.uri);
  out.fields.emplace_back("Expires", HttpDate(ExpiryOf(values, now)));
  WriteRedirectionPage(target.uri, out.body);
  AsPage(out);
}

// To the proxy's own address of the handle that an alias ended at.
ProxyTarget AddressOfHandle(std::string_view handle, const Request& request) {
  ProxyTarget target{"/", 301};
  for (const char c : handle) target.uri += c == '/' ? std::string(1, c) : PercentEncode({&c, 1});
  if (!request.query.empty()) target.uri.append("?").append(UriOf(request.query));
  return target;
}

void Show(std::string_view handle, std::span<const Value> values, const Query& query,
          const Request& request, bool is_alias, Response& out) {
  const std::string* action = query.Find("action");
  if (query.IsTrue("noredirect") || (action != nullptr && *action == "showvalues")) {
    WriteValuesPage(handle, values, out.body);
    return AsPage(out);
  }
  if (action != nullptr && *action == "showlocs") {
    WriteLocations(LocationsOf(values), out.body);
    AsPage(out);
    out.media_type = "application/xml;charset=UTF-8";
    return;
  }
  if (VaryByAccept(LocationsOf(values))) out.fields.emplace_back("Vary", "Accept");
  if (is_alias) return Redirect(AddressOfHandle(handle, request), values, query, out);
  const std::string* append = query.Find("urlappend");
  const auto target = FindProxyTarget(values, WishesOf(request, query),
                                      append == nullptr ? std::string_view() : *append);
  if (target) return Redirect(*target, values, query, out);
  WriteValuesPage(handle, values, out.body);
  AsPage(out);
}

// Of a handle that was read, so it has one.
std::string KeyOf(std::string_view handle) {
  auto identifier = ParseIdentifier(handle);
  return identifier ? std::move(identifier->key) : std::string();
}

}  // namespace

void GetByProxy(const Request& request, Desk& desk, Response& out) {
  const auto query = Query::Parse(request.query);
  std::string handle = HandleInPath(request.rest);
  if (!query) return RefuseWithPage(handle, query.error(), request, out);
  const ShownValues selected = SelectionOf(*query);
  const bool follows = !query->IsTrue("ignore_aliases");
  std::optional<AliasPath> path;  // Once an alias is met.
  for (;;) {
    ResolutionNote note;
    note.outcome = ResolutionOutcome::kNone;
    const auto read = Read(handle, selected, *query, request, desk, note);
    if (!read && AsksForDisk(read.error(), desk)) {
      out.needs_disk = true;
      return;
    }
    if (note.outcome != ResolutionOutcome::kNone) out.note = note;
    if (!read) return RefuseWithPage(handle, read.error(), request, out);
    const auto values = ValuesOf(*read, selected);
    if (!values) return RefuseWithPage(handle, values.error(), request, out);
    const std::string_view alias = follows ? AliasAmong(*values) : std::string_view();
    if (alias.empty()) return Show(handle, *values, *query, request, path.has_value(), out);
    if (!path) path.emplace(KeyOf(handle));
    if (const auto followed = path->Follow(alias); !followed) {
      return RefuseWithPage(handle, followed.error(), request, out);
    }
    handle = std::string(alias);
  }
}

}  // namespace idnode
