#include "proto/web/problem.h"

#include "proto/web/json_writer.h"

namespace idnode {

void WriteProblem(const Error& error, std::string_view instance, std::string& out) {
  const ErrcRow& row = RowOf(error.code);
  JsonWriter json(out);
  json.StartObject();
  json.Member("type");
  json.ValidText(std::string("urn:idnode:problem:").append(row.name));
  json.Member("title");
  json.ValidText(row.en);
  json.Member("title_zh");
  json.ValidText(row.zh);
  json.Member("status");
  json.Uint(row.http);
  json.Member("code");
  json.ValidText(row.name);
  if (!error.detail.empty()) {
    json.Member("detail");
    json.Text(error.detail);
  }
  if (!instance.empty()) {
    json.Member("instance");
    json.Text(instance);
  }
  json.EndObject();
}

}  // namespace idnode
