#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "node/front/http/redirect.h"
#include "node/front/http/routes.h"
#include "node/service/answer_cache.h"
#include "proto/gs1/packed_key.h"

namespace idnode {

// The redirections of Digital Links in a loop's cache, for those who show no credentials. What is
// kept is found by what decides it: host, path, linkType and context as they were sent; and where
// records hold several links of a type, what is accepted. The query is none of it: it goes behind
// the address.
//
//   Write ─(false)─▶ WillRead ─▶ (look up) ─▶ Keep
//
// One for each request; it refers to both. Nothing is allocated until Keep.
class KeptRedirects {
 public:
  KeptRedirects(const Request& request, Desk& desk);

  // Writes the answer, if it is kept and still stands.
  bool Write(Response& out);

  // Before `levels` are looked up.
  void WillRead(const Gs1Levels& levels);
  // What was found then. `by_wishes`: another Accept or Accept-Language may lead elsewhere.
  void Keep(const Redirect& redirect, const ResolutionNote& note, bool by_wishes);

 private:
  static constexpr size_t kOctetsMax = 1'024;  // Of a key; what is longer is not kept.

  void Add(std::string_view part);
  void AddWishes();
  std::string_view key() const { return {octets_.data(), size_}; }

  const Request& request_;
  Desk& desk_;
  bool usable_ = false;
  bool accepts_json_ = false;  // It may be a linkset that is wished for.
  bool has_wishes_ = false;    // In the key.
  std::array<char, kOctetsMax> octets_;
  size_t size_ = 0;
  size_t plain_size_ = 0;  // Of the key without wishes.
  std::array<uint64_t, Gs1Levels::kLevelsMax> hashes_;
  size_t levels_ = 0;
  uint64_t stamp_ = 0;
};

}  // namespace idnode
