#include "proto/web/linkset.h"

#include <vector>

#include "proto/web/json_writer.h"

namespace idnode {
namespace {

void StartLinkset(LinksetForm form, JsonWriter& json) {
  json.StartObject();
  if (form == LinksetForm::kJsonLd) {
    json.Member("@context");
    json.ValidText(kLinksetContext);
  }
  json.Member("linkset");
  json.StartArray();
}

void EndLinkset(JsonWriter& json) {
  json.EndArray();
  json.EndObject();
}

// `links` of one relation stand together.
void WriteContext(const LinkContext& context, std::span<const Link* const> links,
                  JsonWriter& json) {
  json.StartObject();
  json.Member("anchor");
  json.Text(context.anchor);
  json.Member("itemDescription");
  json.Text(context.item_description);
  const Link* last = nullptr;
  for (const Link* link : links) {
    if (last == nullptr || last->relation != link->relation) {
      if (last != nullptr) json.EndArray();
      json.Text(link->relation);
      json.StartArray();
    }
    json.RawValue(link->json.data(), link->json.size(), rapidjson::kObjectType);
    last = link;
  }
  if (last != nullptr) json.EndArray();
  json.EndObject();
}

}  // namespace

void WriteLinkset(std::span<const LinkContext> contexts, LinksetForm form, std::string& out) {
  JsonWriter json(out);
  StartLinkset(form, json);
  for (const LinkContext& context : contexts) {
    std::vector<const Link*> links;
    for (const Link& link : context.links) links.push_back(&link);
    WriteContext(context, links, json);
  }
  EndLinkset(json);
}

void WriteLinkset(const LinkChoice& choice, LinksetForm form, std::string& out) {
  JsonWriter json(out);
  StartLinkset(form, json);
  if (choice.context != nullptr) WriteContext(*choice.context, choice.links, json);
  EndLinkset(json);
}

}  // namespace idnode
