#include <array>
#include <cstdint>

#include "node/front/http/request_parser.h"

namespace idnode {
namespace {

enum Character : uint8_t { kTarget = 1, kToken = 2, kText = 4 };

// What may stand in a target, in a field's name (RFC 9110 section 5.6.2), in a field's value.
constexpr auto kCharacters = [] {
  std::array<uint8_t, 256> table{};
  for (size_t c = 0; c < table.size(); ++c) {
    if (c > ' ' && c != 0x7F) table[c] |= kTarget;
    if ((c >= ' ' && c != 0x7F) || c == '\t') table[c] |= kText;
  }
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] |= kToken;
  }
  return table;
}();

// The end of the longest piece from `at` on that is of that kind.
size_t EndOf(Character kind, std::string_view text, size_t at) {
  while (at < text.size() && (kCharacters[static_cast<unsigned char>(text[at])] & kind) != 0) ++at;
  return at;
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Fields that this reader leaves to the parser: they change what follows, and how long the
// connection lives.
bool ChangesConnection(std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 7:
      return EqualFolded(name, "upgrade");
    case 10:
      return EqualFolded(name, "connection") && !EqualFolded(value, "keep-alive");
    case 16:
      return EqualFolded(name, "proxy-connection");
    case 17:
      return EqualFolded(name, "transfer-encoding");
    default:
      return false;
  }
}

// Not a second one, and none that could be read in two ways.
bool IsUsualLength(std::string_view value, bool& seen) {
  constexpr size_t kDigitsMax = 18;
  if (seen || value.empty() || value.size() > kDigitsMax) return false;
  seen = true;
  return value.find_first_not_of("0123456789") == std::string_view::npos;
}

bool ReadRequestLine(std::string_view head, size_t& at, Request& request) {
  constexpr std::string_view kVersion = " HTTP/1.1\r\n";
  if (head.starts_with("GET ")) {
    request.method = Method::kGet;
  } else if (head.starts_with("POST ")) {
    request.method = Method::kPost;
  } else if (head.starts_with("HEAD ")) {
    request.method = Method::kHead;
  } else {
    return false;
  }
  const size_t begin = NameOf(request.method).size() + 1;
  const size_t end = EndOf(kTarget, head, begin);
  if (end == begin || !head.substr(end).starts_with(kVersion)) return false;
  request.target = head.substr(begin, end - begin);
  at = end + kVersion.size();
  return true;
}

}  // namespace

bool ReadUsualHead(std::string_view head, Request& request) {
  request.fields.clear();
  request = {.fields = std::move(request.fields), .peer = request.peer};
  size_t at = 0;
  if (!ReadRequestLine(head, at, request)) return false;
  bool has_length = false;
  while (!head.substr(at).starts_with("\r\n")) {
    const size_t colon = EndOf(kToken, head, at);
    if (colon == at || colon >= head.size() || head[colon] != ':') return false;
    size_t begin = colon + 1;
    while (begin < head.size() && IsBlank(head[begin])) ++begin;
    const size_t end = EndOf(kText, head, begin);
    if (!head.substr(end).starts_with("\r\n")) return false;
    size_t last = end;
    while (last > begin && IsBlank(head[last - 1])) --last;
    const Field field{head.substr(at, colon - at), head.substr(begin, last - begin)};
    if (ChangesConnection(field.name, field.value)) return false;
    if (field.name.size() == 14 && EqualFolded(field.name, "content-length") &&
        !IsUsualLength(field.value, has_length)) {
      return false;
    }
    request.fields.push_back(field);
    at = end + 2;
  }
  return at + 2 == head.size();
}

}  // namespace idnode
