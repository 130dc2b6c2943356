#include "node/service/health.h"

namespace idnode {

std::string_view NameOf(Health::State state) {
  switch (state) {
    case Health::State::kStarting:
      return "starting";
    case Health::State::kReady:
      return "ready";
    case Health::State::kReadOnly:
      return "read_only";
    case Health::State::kStopping:
      break;
  }
  return "stopping";
}

}  // namespace idnode
