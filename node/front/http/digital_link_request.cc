#include "node/front/http/digital_link_request.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/gs1/compression.h"
#include "proto/gs1/epc_binary.h"
#include "proto/gs1/segment.h"
#include "proto/gs1/uri.h"

namespace idnode {
namespace {

bool IsLetter(char c) { return UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z'; }
bool IsBase64Url(char c) { return IsLetter(c) || IsDigit(c) || c == '-' || c == '_'; }

// A host with or without a port, as it may stand in a header field and in JSON.
bool IsPlainHost(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return IsLetter(c) || IsDigit(c) ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
}

std::string_view WithoutPort(std::string_view host) {
  const size_t colon = host.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  return has_port ? host.substr(0, colon) : host;
}

// With its first slash; empty: the host has none.
std::string_view StemOf(std::string_view host, const DigitalLinkSettings& settings) {
  for (const std::string_view stem : settings.stems) {
    const size_t slash = std::min(stem.find('/'), stem.size());
    if (EqualFolded(stem.substr(0, slash), WithoutPort(host))) return stem.substr(slash);
  }
  return {};
}

// Behind the stem, without the first slash. A null view: it does not begin with the stem.
std::string_view BehindStem(const Request& request, const DigitalLinkSettings& settings) {
  std::string_view path = request.path;
  if (!settings.stems.empty()) {
    const std::string_view stem = StemOf(request.Find("host"), settings);
    if (!path.starts_with(stem)) return {};
    path.remove_prefix(stem.size());
  }
  return path.starts_with('/') ? path.substr(1) : std::string_view();
}

bool IsKeyName(std::string_view segment, bool alphabetic_names) {
  const Gs1ApplicationIdentifier* ai = FindNamedAi(segment, alphabetic_names);
  return ai != nullptr && ai->primary_key;
}

// One segment of base64url, or a key, its value and such a segment.
bool MayBeCompressed(std::string_view behind) {
  const size_t segments = 1 + static_cast<size_t>(std::ranges::count(behind, '/'));
  const std::string_view last = behind.substr(behind.rfind('/') + 1);
  return (segments == 1 || segments == 3) && !last.empty() &&
         std::ranges::all_of(last, IsBase64Url);
}

// One slash at the end is ignored (spec/gs1-digital-link.md 5.8).
std::string_view WithoutLastSlash(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool IsEpcBinary(std::string_view behind) {
  return MayBeEpcBinary(behind) && behind.find_first_of("/.") == std::string_view::npos;
}

Status ReadPath(std::string_view path_and_query, DigitalLinkRequest& read) {
  const size_t question = std::min(path_and_query.find('?'), path_and_query.size());
  read.attributes = path_and_query.substr(std::min(question + 1, path_and_query.size()));
  return ParseGs1Path(path_and_query.substr(0, question), read.path);
}

Status Read(std::string_view behind, const DigitalLinkSettings& settings,
            DigitalLinkRequest& read) {
  std::string decoded;
  const std::string_view segments = WithoutLastSlash(behind);
  if (IsEpcBinary(segments)) {
    if (const Status epc = DecodeEpcBinary(segments, decoded); !epc) return epc;
    return ReadPath(decoded, read);
  }
  const Status parsed =
      ParseGs1Path(behind, read.path, {.alphabetic_names = settings.alphabetic_names});
  if (parsed || !settings.compression || !MayBeCompressed(segments)) return parsed;
  if (const Status compressed = DecodeCompressed(segments, decoded); !compressed) return compressed;
  return ReadPath(decoded, read);
}

}  // namespace

std::string DigitalLinkRequest::uri() const {
  std::string canonical;
  AppendCanonicalPath(path, canonical);
  return UriOf(canonical);
}

bool IsDigitalLink(const Request& request, const DigitalLinkSettings& settings) {
  const std::string_view segments = WithoutLastSlash(BehindStem(request, settings));
  if (segments.empty()) return false;
  const std::string_view first = segments.substr(0, segments.find('/'));
  if (IsKeyName(first, settings.alphabetic_names) || IsEpcBinary(segments)) return true;
  return settings.compression && segments == first && MayBeCompressed(segments);
}

Result<std::string> RootOf(const Request& request, const DigitalLinkSettings& settings) {
  if (!settings.public_root.empty()) return settings.public_root;
  const std::string_view host = request.Find("host");
  if (!IsPlainHost(host)) return Error{Errc::kMalformed, "Host"};
  std::string root(request.peer != nullptr && request.peer->secure ? "https://" : "http://");
  return root.append(host).append(StemOf(host, settings));
}

Result<DigitalLinkRequest> ReadDigitalLink(const Request& request,
                                           const DigitalLinkSettings& settings) {
  DigitalLinkRequest read;
  auto root = RootOf(request, settings);
  if (!root) return root.error();
  read.root = *std::move(root);
  if (const Status path = Read(BehindStem(request, settings), settings, read); !path) {
    return path.error();
  }
  return read;
}

}  // namespace idnode
