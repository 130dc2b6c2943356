#include "storage/outcome.h"

namespace idnode {

Errc Outcome::error(size_t i) const {
  if (i < items.size() && items[i] != 0) return static_cast<Errc>(items[i] - 1);
  switch (kind) {
    case Kind::kRefused:
    case Kind::kReadOnly:
      return why;
    case Kind::kBusy:
      return Errc::kBusy;
    case Kind::kNotLeader:
      return Errc::kNotLeader;
    case Kind::kUnknown:
      return Errc::kUnknownOutcome;
    case Kind::kDone:
      break;  // It did happen: there is no reason to ask for.
  }
  return Errc::kInternal;
}

}  // namespace idnode
