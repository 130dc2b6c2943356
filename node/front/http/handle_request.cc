#include "node/front/http/handle_request.h"

#include "node/front/http/handle_authority.h"
#include "node/runtime/random.h"
#include "proto/base/text.h"
#include "proto/web/json_writer.h"

namespace idnode {
namespace {

// `cb(…);`, where what cannot stand in a name becomes '_' (6.4).
void WrapInCallback(std::string_view callback, Response& out) {
  std::string name;
  for (size_t i = 0; i < callback.size(); ++i) {
    const char c = callback[i];
    const char upper = UpperAscii(c);
    const bool fits = (upper >= 'A' && upper <= 'Z') || c == '_' || c == '$' ||
                      (IsDigit(c) && i > 0) || static_cast<unsigned char>(c) >= 0x80;
    name.push_back(fits ? c : '_');
  }
  out.body = name + "(" + out.body + ");";
  out.media_type = "application/javascript;charset=UTF-8";
}

}  // namespace

Result<HandleRequest> ReadHandleRequest(const Request& request, Desk& desk) {
  HandleRequest asked;
  auto identifier = PercentDecode(request.rest);
  if (!identifier) return identifier.error();
  asked.identifier = std::move(*identifier);
  auto query = Query::Parse(request.query);
  if (!query) return query.error();
  asked.query = std::move(*query);
  auto authority = AuthorityOf(request, desk);
  if (!authority) return authority.error();
  asked.authority = std::move(*authority);
  const auto key = IdempotencyKeyOf(request);
  if (!key) return key.error();
  asked.idempotency_key = *key;
  const std::string* mint = asked.query.Find("mintNewSuffix");
  if (mint != nullptr && EqualFolded(*mint, "true")) {
    asked.minted_suffix = RandomUuid();
    asked.identifier += asked.minted_suffix;
  }
  return asked;
}

Result<std::set<uint32_t>> IndexesOf(const Query& query) {
  std::set<uint32_t> indexes;
  for (const std::string_view text : query.All("index")) {
    const auto index = ParseDecimal(text, UINT32_MAX);
    if (!index || text.empty() || *index == 0) return Error{Errc::kMalformed, "index: a number"};
    indexes.insert(static_cast<uint32_t>(*index));
  }
  return indexes;
}

void Present(const Query& query, Response& out) {
  if (out.media_type != kHandleJsonMediaType) return;
  if (query.IsTrue("pretty")) {
    std::string indented;
    IndentJson(out.body, indented);
    out.body = std::move(indented);
  }
  if (const std::string* callback = query.Find("callback")) WrapInCallback(*callback, out);
}

Done Presented(const Request& request, Done done) {
  if (request.query.empty()) return done;
  return [&request, done = std::move(done)](Response response) {
    if (const auto query = Query::Parse(request.query)) Present(*query, response);
    done(std::move(response));
  };
}

std::string RandomUuid() {
  std::string octets = RandomOctets(16);
  octets[6] = static_cast<char>((octets[6] & 0x0F) | 0x40);  // Version 4,
  octets[8] = static_cast<char>((octets[8] & 0x3F) | 0x80);  // of the variant of RFC 9562.
  std::string text = ToHex(octets);
  for (const size_t at : {20, 16, 12, 8}) text.insert(at, 1, '-');
  return text;
}

}  // namespace idnode
