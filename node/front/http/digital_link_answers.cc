#include "node/front/http/digital_link_answers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/front/http/link_page.h"
#include "node/front/http/proxy_page.h"
#include "proto/web/json_writer.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, OPTIONS";

void AsPage(Response& out) {
  out.media_type = kHtmlMediaType;
  out.fields.emplace_back("Content-Security-Policy", kPagePolicy);
  out.fields.emplace_back("X-Content-Type-Options", "nosniff");
}

void NameLinkset(std::string_view uri, Response& out) {
  std::string& link = out.fields.Begin("Link");
  link.append("<").append(uri).append("?linkType=linkset>; rel=\"linkset\"; type=\"");
  link.append(kLinksetMediaType).append("\"");
}

void NameContext(Response& out) {
  std::string& link = out.fields.Begin("Link");
  link.append("<").append(kLinksetContext);
  link.append(">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"");
  link.append(kJsonLdMediaType).append("\"");
}

std::string_view MediaTypeOf(LinksetAnswer answer) {
  switch (answer) {
    case LinksetAnswer::kJson:
      return kJsonMediaType;
    case LinksetAnswer::kJsonLd:
      return kJsonLdMediaType;
    case LinksetAnswer::kLinkset:
    case LinksetAnswer::kPage:
      break;
  }
  return kLinksetMediaType;
}

LinksetForm FormOf(LinksetAnswer answer) {
  return answer == LinksetAnswer::kJsonLd ? LinksetForm::kJsonLd : LinksetForm::kJson;
}

// The links of `choice`, as a context of their own.
LinkContext ContextOf(const LinkChoice& choice) {
  LinkContext context{choice.context->anchor, choice.context->item_description, {}};
  for (const Link* link : choice.links) context.links.push_back(*link);
  return context;
}

uint16_t StatusOf(Errc code) {
  if (code == Errc::kNotHomed) return 404;
  if (code == Errc::kTooLarge || code == Errc::kUnsupported) return 400;
  return RowOf(code).http;
}

// In the words of vCard, as the schema has them; an address only of what is known.
void WriteContact(const DigitalLinkSettings::Contact& contact, JsonWriter& json) {
  if (contact.name.empty()) return;
  json.Member("contact");
  json.StartObject();
  json.Member("fn");
  json.Text(contact.name);
  const std::array<std::pair<std::string_view, std::string_view>, 4> address = {
      {{"streetAddress", contact.street},
       {"locality", contact.city},
       {"region", contact.region},
       {"postal-code", contact.postal_code}}};
  if (std::ranges::any_of(address, [](const auto& part) { return !part.second.empty(); })) {
    json.Member("hasAddress");
    json.StartObject();
    for (const auto& [name, text] : address) {
      if (text.empty()) continue;
      json.Member(name);
      json.Text(text);
    }
    json.EndObject();
  }
  json.EndObject();
}

}  // namespace

void OpenToAll(const Request& request, Response& out) {
  // Who says where he comes from is told so with every answer (HeadWriter).
  if (!request.Has("origin")) out.fields.emplace_back("Access-Control-Allow-Origin", "*");
  out.fields.emplace_back("Access-Control-Expose-Headers", "Link, Location");
  out.fields.emplace_back("Vary", "Accept, Accept-Language");
}

void AllowKeeping(bool is_public, Response& out) {
  out.fields.emplace_back("Cache-Control", is_public ? "public, max-age=60" : "private, no-cache");
}

void AnswerRedirect(const Redirect& redirect, const Request& request, Response& out) {
  out.status = 307;
  std::string& lines = out.fields.Begin("Location");
  const size_t begin = lines.size();
  AppendLocation(redirect, request.query, lines);
  WriteRedirectionPage(std::string_view(lines).substr(begin), out.body);
  NameLinkset(redirect.uri, out);
  AsPage(out);
}

void AnswerChoice(const LinkChoice& choice, const DigitalLinkWishes& wishes,
                  const DigitalLinkRequest& asked, Response& out) {
  const LinksetAnswer answer = LinksetAnswerFor(wishes);
  out.status = 300;
  NameLinkset(asked.uri(), out);
  if (answer == LinksetAnswer::kPage) {
    const LinkContext context = ContextOf(choice);
    WriteLinkPage(asked.uri(), {&context, 1}, out.body);
    return AsPage(out);
  }
  out.media_type = MediaTypeOf(answer);
  WriteLinkset(choice, FormOf(answer), out.body);
}

void AnswerLinkset(std::span<const LinkContext> levels, const DigitalLinkWishes& wishes,
                   const DigitalLinkRequest& asked, Response& out) {
  const LinksetAnswer answer = LinksetAnswerFor(wishes);
  if (answer == LinksetAnswer::kPage) {
    NameLinkset(asked.uri(), out);
    WriteLinkPage(asked.uri(), levels, out.body);
    return AsPage(out);
  }
  out.media_type = MediaTypeOf(answer);
  if (answer != LinksetAnswer::kJsonLd) NameContext(out);
  WriteLinkset(levels, FormOf(answer), out.body);
}

void AnswerPreflight(const DigitalLinkRequest* asked, Response& out) {
  out.status = 204;
  out.fields.emplace_back("Allow", kMethods);
  out.fields.emplace_back("Access-Control-Allow-Methods", kMethods);
  out.fields.emplace_back("Access-Control-Allow-Headers",
                          "Accept, Accept-Language, Authorization, Content-Type, "
                          "X-Requested-With");
  out.fields.emplace_back("Access-Control-Max-Age", "86400");
  if (asked != nullptr) NameLinkset(asked->uri(), out);
}

void AnswerRefusal(const Error& error, const Request& request, const LinkWishes& wishes,
                   Response& out) {
  Refuse(error, StatusOf(error.code), request, {}, out);
  out.fields.emplace_back("Cache-Control", "no-cache");
  if (!PrefersPage(wishes)) return;
  out.body.clear();
  WriteRefusalPage(request.path, error, out.body);
  AsPage(out);
}

std::string ResolverDescription(std::string_view root, const DigitalLinkSettings& settings) {
  std::string text;
  JsonWriter json(text);
  const auto member = [&json](std::string_view name, std::string_view value) {
    json.Member(name);
    json.Text(value);
  };
  json.StartObject();
  if (!settings.name.empty()) member("name", settings.name);
  member("resolverRoot", root);
  json.Member("supportedPrimaryKeys");
  json.StartArray();
  json.ValidText("all");
  json.EndArray();
  json.Member("supportedLinkType");
  json.StartArray();
  json.StartObject();
  member("namespace", kLinkVocabulary);
  member("prefix", kLinkVocabularyPrefix);
  json.EndObject();
  json.EndArray();
  json.Member("linkTypeDefaultCanBeLinkset");
  json.Bool(false);
  member("jsonLdContextLocation", kLinksetContext);
  if (!settings.contexts.empty()) {
    json.Member("supportedContextValuesEnumerated");
    json.StartArray();
    for (const std::string& context : settings.contexts) json.Text(context);
    json.EndArray();
  }
  WriteContact(settings.contact, json);
  json.Member("idnode");
  json.StartObject();
  member("api", "/openapi.json");
  member("statistics", "/api/v1/stats");
  json.Member("readsCompressed");
  json.Bool(settings.compression);
  json.EndObject();
  json.EndObject();
  return text;
}

}  // namespace idnode
