#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/traffic_rules.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/text.h"
#include "proto/handle/identity.h"

namespace idnode {

// Methods this server has a route for, or knows by name. kOther is answered 501.
enum class Method : uint8_t { kGet, kHead, kPost, kPut, kDelete, kOptions, kKnown, kOther };

constexpr std::string_view NameOf(Method method) {
  constexpr std::array<std::string_view, 8> kNames = {"GET",    "HEAD",    "POST", "PUT",
                                                      "DELETE", "OPTIONS", "",     ""};
  return kNames[static_cast<size_t>(method)];
}

// What a client showed in the TLS handshake, which proves that it holds the key: whether that is
// the key of whom the subject names has still to be asked (spec/handle-protocol.md 5.8).
struct ClientCertificate {
  HandleIdentity identity;
  std::string public_key_pem;
};

// The other end of a connection.
struct Peer {
  Address address{};
  bool loopback = false;
  bool secure = false;                                   // TLS.
  std::shared_ptr<const ClientCertificate> certificate;  // Null: none, or one that names nobody.

  // Secrets that crossed a network in plain text are not looked at.
  bool may_show_secrets() const { return secure || loopback; }
  TrafficClass traffic_class = TrafficClass::kExternal;  // By the address alone.
  const TrafficRules* traffic = nullptr;                 // Null: none but those of every node.
};

struct Request;
// Of which class its questions are, by who asks.
TrafficClass ClassOf(const Request& request);

struct Field {
  std::string_view name, value;
};
inline constexpr size_t kFieldsMax = 100;  // spec/reliability.md R46.

// A request as the handlers see it. Views point into the connection's buffers and last until the
// answer is there.
struct Request {
  Method method = Method::kOther;
  std::string_view target;  // As sent.
  std::string_view path;    // The part before '?', still percent-encoded.
  std::string_view query;   // Behind '?'.
  std::string_view rest;    // What a route's {…} stands for, still percent-encoded.
  bool http_1_0 = false;
  bool keep_alive = true;
  bool chunked = false;
  uint64_t content_length = 0;
  std::vector<Field> fields;
  std::string_view body;
  const Peer* peer = nullptr;

  bool has_body() const { return chunked || content_length > 0; }
  // The first field of that name; a null view when there is none.
  std::string_view Find(std::string_view name) const {
    for (const Field& field : fields) {
      if (field.name.size() == name.size() && EqualFolded(field.name, name)) return field.value;
    }
    return {};
  }
  bool Has(std::string_view name) const { return Find(name).data() != nullptr; }
};

}  // namespace idnode
