#include <array>
#include <map>

#include "node/front/http/routes.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"

// GET /openapi.json: the route table as OpenAPI 3.1.
namespace idnode {
namespace {

void WriteParameters(const Route& route, JsonWriter& json) {
  if (route.parameters.empty()) return;
  json.Member("parameters");
  json.StartArray();
  for (const Parameter& parameter : route.parameters) {
    json.StartObject();
    json.TextMember("name", parameter.name);
    json.TextMember("in", parameter.in);
    json.TextMember("description", parameter.meaning);
    if (parameter.in == "path") {
      json.Member("required");
      json.Bool(true);
    }
    json.Member("schema");
    json.StartObject();
    json.TextMember("type", parameter.type);
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
}

void WriteContent(std::string_view media_type, std::string_view schema, JsonWriter& json) {
  json.Member("content");
  json.StartObject();
  json.Member(media_type);
  json.StartObject();
  if (!schema.empty()) {
    json.Member("schema");
    json.StartObject();
    json.TextMember("$ref", std::string("#/components/schemas/").append(schema));
    json.EndObject();
  }
  json.EndObject();
  json.EndObject();
}

void WriteAnswers(const Route& route, JsonWriter& json) {
  const bool handle_json = SpeaksHandleJson(route.path);
  json.Member("responses");
  json.StartObject();
  json.Member("200");
  json.StartObject();
  json.TextMember("description", "Done.");
  WriteContent(route.media_type, handle_json ? "HandleAnswer" : "", json);
  json.EndObject();
  json.Member("default");
  json.StartObject();
  json.TextMember("description", "Refused.");
  WriteContent(handle_json ? kHandleJsonMediaType : std::string_view("application/problem+json"),
               handle_json ? "HandleAnswer" : "Problem", json);
  json.EndObject();
  json.EndObject();
}

// Any one of them will do.
void WriteSecurity(const Route& route, JsonWriter& json) {
  json.Member("security");
  json.StartArray();
  for (const std::string_view scheme : {"token", "basic", "handle"}) {
    if (scheme != "token" && !SpeaksHandleJson(route.path)) continue;
    json.StartObject();
    json.Member(scheme);
    json.StartArray();
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
}

void WriteOperation(const Route& route, JsonWriter& json) {
  std::string method;
  for (const char c : NameOf(route.method)) method.push_back(static_cast<char>(c | 0x20));
  json.Member(method);
  json.StartObject();
  json.TextMember("operationId", route.operation);
  json.TextMember("summary", route.summary);
  WriteParameters(route, json);
  if (!route.body_media_type.empty()) {
    json.Member("requestBody");
    json.StartObject();
    WriteContent(route.body_media_type, "", json);
    json.EndObject();
  }
  if (route.writes) WriteSecurity(route, json);
  WriteAnswers(route, json);
  json.EndObject();
}

void WriteProperty(std::string_view name, std::string_view type, JsonWriter& json) {
  json.Member(name);
  json.StartObject();
  json.TextMember("type", type);
  json.EndObject();
}

void WriteComponents(JsonWriter& json) {
  json.Member("components");
  json.StartObject();
  json.Member("securitySchemes");
  json.StartObject();
  constexpr std::array<std::array<std::string_view, 2>, 3> kSchemes = {
      {{"token", "bearer"}, {"basic", "basic"}, {"handle", "handle"}}};
  for (const auto& [name, scheme] : kSchemes) {
    json.Member(name);
    json.StartObject();
    json.TextMember("type", "http");
    json.TextMember("scheme", scheme);
    json.EndObject();
  }
  json.EndObject();
  json.Member("schemas");
  json.StartObject();
  json.Member("Problem");
  json.StartObject();
  json.TextMember("description", "RFC 9457. code: docs/api/errors.md.");
  json.TextMember("type", "object");
  json.Member("properties");
  json.StartObject();
  for (const std::string_view name : {"type", "title", "title_zh", "code", "detail", "instance"}) {
    WriteProperty(name, "string", json);
  }
  WriteProperty("status", "integer", json);
  json.EndObject();
  json.EndObject();
  json.Member("HandleAnswer");
  json.StartObject();
  json.TextMember("type", "object");
  json.Member("properties");
  json.StartObject();
  WriteProperty("responseCode", "integer", json);
  WriteProperty("handle", "string", json);
  WriteProperty("message", "string", json);
  WriteProperty("values", "array", json);
  json.EndObject();
  json.EndObject();
  json.EndObject();
  json.EndObject();
}

std::string Describe() {
  std::string text;
  JsonWriter json(text);
  json.StartObject();
  json.TextMember("openapi", "3.1.0");
  json.Member("info");
  json.StartObject();
  json.TextMember("title", "idnode");
  json.TextMember("version", "1");
  json.EndObject();
  std::map<std::string_view, std::vector<const Route*>> paths;
  for (const Route& route : Routes()) paths[route.path].push_back(&route);
  json.Member("paths");
  json.StartObject();
  for (const auto& [path, routes] : paths) {
    json.Member(path);
    json.StartObject();
    for (const Route* route : routes) WriteOperation(*route, json);
    json.EndObject();
  }
  json.EndObject();
  WriteComponents(json);
  json.EndObject();
  return text;
}

}  // namespace

void GetOpenApi(const Request&, Desk&, Response& out) {
  static const std::string description = Describe();
  out.body = description;
}

}  // namespace idnode
