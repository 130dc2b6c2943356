#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/front/http/request.h"
#include "proto/base/result.h"
#include "proto/gs1/path.h"

namespace idnode {

// How GS1 Digital Link URIs of this node look (spec/gs1-digital-link.md 1.5, 1.6).
struct DigitalLinkSettings {
  // https://id.example.cn, perhaps with a path: what clients write before the key, for any host
  // name. Empty: the scheme and the Host of the request, and the stem of that host name.
  std::string public_root;
  // host/path: what stands before the key on that host name. Others have none.
  std::vector<std::string> stems;
  bool alphabetic_names = false;  // /gtin/… is read.
  bool compression = false;       // The compression of 1.1 and 1.2 is read.
  std::string name;               // Of the resolver, for people.
  // digits=https://id.example.cn: who answers for keys under a company prefix that are not
  // registered here (5.7).
  std::vector<std::string> handled_by = {};
  // Of the description file (6).
  std::vector<std::string> contexts = {};
  struct Contact {
    std::string name, street, city, region, postal_code;
  };
  Contact contact = {};
  // Plain HTTP is answered by 308 to HTTPS (5.8), at this port where no root says another.
  bool https_redirect = false;
  uint16_t https_port = 0;
};

// Whether a request's path is to be read as a Digital Link, right or wrong: behind the stem of its
// host it begins with a primary key, or it is one segment that begins with eh or ex and has no full
// stop; with compression, also one segment of base64url.
bool IsDigitalLink(const Request& request, const DigitalLinkSettings& settings);

// What was asked for. The content of a tag and what is compressed have been read.
struct DigitalLinkRequest {
  Gs1Path path;
  std::string root;  // https://id.example.cn/stem, without a slash at the end.
  // What a tag or a compressed path says beside the identifier, as a query: 15=261231. It goes
  // before that of the request.
  std::string attributes;

  // root and the canonical path of a record.
  std::string UriOf(std::string_view canonical_path) const {
    return root + "/" + std::string(canonical_path);
  }
  std::string uri() const;
};
// kMalformed: there is no public root, and Host cannot stand in one. The errors of ParseGs1Path,
// DecodeEpcBinary and DecodeCompressed.
Result<DigitalLinkRequest> ReadDigitalLink(const Request& request,
                                           const DigitalLinkSettings& settings);

// The root of a request that is no Digital Link.
Result<std::string> RootOf(const Request& request, const DigitalLinkSettings& settings);

}  // namespace idnode
