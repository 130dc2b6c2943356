#include "node/front/http/withdrawn.h"

#include "proto/base/text.h"
#include "proto/ident/identifier.h"

namespace idnode {

Absence::Absence(const Error& error, std::string_view text, Desk& desk) : error_(error) {
  if (error.code != Errc::kNotFound) return;
  if (const auto identifier = ParseIdentifier(text)) Ask(identifier->key, desk);
}

Absence::Absence(const Error& error, const Gs1Levels& levels, Desk& desk) : error_(error) {
  for (size_t i = 0; i < levels.size() && error_.code == Errc::kNotFound; ++i) {
    Ask(levels.key(i), desk);
  }
}

void Absence::Ask(std::string_view key, Desk& desk) {
  const auto withdrawn = desk.services.resolver.registry().Withdrawn(key, desk.reach);
  if (!withdrawn) {
    error_ = withdrawn.error();
  } else if (*withdrawn) {
    detail_ = "withdrawn on " + FormatUtc((*withdrawn)->time.ms / 1'000);
    error_ = {Errc::kWithdrawn, detail_};
  }
}

}  // namespace idnode
