#include <boost/json/object.hpp>

#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/service/directive_desk.h"
#include "proto/web/json_document.h"

// What nodes below were told to do: GET and POST /api/v1/directives (docs/api/http.md).
namespace idnode {
namespace {

constexpr Error kNoDesk{Errc::kUnsupported, "this node gives no directives"};

// A text of the document; empty where it has none. kMalformed.
Result<std::string> TextOf(const boost::json::object& document, std::string_view name) {
  const boost::json::value* value = document.if_contains(name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return Error{Errc::kMalformed, "a directive's members are texts"};
  return std::string(std::string_view(value->as_string()));
}

struct Asked {
  std::string node, kind, subject, detail, id;
};

Result<Asked> ReadAsked(std::string_view body) {
  const auto document = ParseJsonDocument(body, "directive");
  if (!document) return document.error();
  if (!document->is_object()) return Error{Errc::kMalformed, "a directive is an object"};
  Asked asked;
  for (const auto& member : document->as_object()) {
    const std::string_view name = member.key();
    std::string* place = name == "node"      ? &asked.node
                         : name == "kind"    ? &asked.kind
                         : name == "subject" ? &asked.subject
                         : name == "detail"  ? &asked.detail
                         : name == "id"      ? &asked.id
                                             : nullptr;
    if (place == nullptr) {
      return Error{Errc::kMalformed, "a directive has node, kind, subject, detail and id"};
    }
    auto text = TextOf(document->as_object(), name);
    if (!text) return text.error();
    *place = *std::move(text);
  }
  return asked;
}

}  // namespace

void GetDirectives(const Request& request, Desk& desk, Response& out) {
  if (desk.services.directives == nullptr) return Refuse(kNoDesk, 0, request, {}, out);
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const std::string* node = query->Find("node");
  const auto listed = desk.services.directives->List(node ? *node : std::string(), *caller);
  if (!listed) return Refuse(listed.error(), 0, request, {}, out);
  out.body = DocumentOf(*listed);
}

void PostDirective(const Request& request, Desk& desk, Response& out) {
  if (desk.services.directives == nullptr) return Refuse(kNoDesk, 0, request, {}, out);
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto asked = ReadAsked(request.body);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto given = desk.services.directives->Give({.node = asked->node,
                                                     .kind = asked->kind,
                                                     .subject = asked->subject,
                                                     .detail = asked->detail,
                                                     .id = asked->id},
                                                    *caller, Now());
  if (!given) return Refuse(given.error(), 0, request, {}, out);
  out.body = DocumentOf({*given});
}

}  // namespace idnode
