#include "node/front/http/routes.h"
#include "proto/web/json_writer.h"

// GET /healthz, /readyz and /.
namespace idnode {

void GetHealth(const Request&, Desk&, Response& out) { out.body = "{\"alive\":true}"; }

void GetReadiness(const Request&, Desk& desk, Response& out) {
  const Health& health = desk.services.health;
  const bool ready = health.ready();
  out.status = ready ? 200 : 503;
  JsonWriter json(out.body);
  json.StartObject();
  json.Member("ready");
  json.Bool(ready);
  json.Member("state");
  json.Text(NameOf(health.state()));
  json.EndObject();
}

void GetRoot(const Request&, Desk&, Response& out) {
  JsonWriter json(out.body);
  json.StartObject();
  json.Member("name");
  json.ValidText("idnode");
  json.Member("version");
  json.ValidText(IDNODE_VERSION);
  json.Member("links");
  json.StartObject();
  for (const Route& route : Routes()) {
    if (route.method != Method::kGet || route.operation == "root") continue;
    json.Member(route.operation);
    json.Text(route.path);
  }
  json.EndObject();
  json.EndObject();
}

}  // namespace idnode
