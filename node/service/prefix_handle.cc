#include "node/service/prefix_handle.h"

#include "node/service/handle_operations.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/handle_name.h"

namespace idnode {

const AllottedPrefix* Homing::Find(std::string_view prefix) const {
  scratch.scheme = Scheme::kHandle;
  scratch.text.assign(prefix);
  return directory.Owner(scratch);
}

bool Homing::IsHomed(std::string_view prefix) const {
  if (prefix.empty() || prefix.size() > limits::kPrefixOctetsMax) return false;
  if (prefix == node_prefix) return true;
  const AllottedPrefix* allotted = Find(prefix);
  return allotted != nullptr && allotted->state != PrefixState::kUnhomed;
}

Result<Homing::Answer> Homing::AnswersFor(std::string_view key) const {
  Answer answer;
  const std::string_view named = PrefixNamedByKey(key);
  if (named.empty()) {
    if (const Status read = MatterOfKey(key, scratch); !read) return read.error();
    answer.owner = directory.Owner(scratch);
    answer.homed = answer.owner != nullptr
                       ? answer.owner->state != PrefixState::kUnhomed
                       : scratch.scheme == Scheme::kHandle && !node_prefix.empty() &&
                             scratch.text == node_prefix;
    return answer;
  }
  for (std::string_view parent = ParentPrefix(named); !answer.homed && !parent.empty();
       parent = ParentPrefix(parent)) {
    answer.homed = IsHomed(parent);
  }
  answer.owner = Find(named);
  if (node_prefix.empty()) answer.homed = answer.homed || answer.owner != nullptr;
  return answer;
}

bool Homing::IsOwnPrefixHandle(std::string_view key) const {
  return !node_prefix.empty() && PrefixNamedByKey(key) == node_prefix;
}

std::string PrefixHandleOf(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return std::string(text);
  return std::string(kPrefixHandles).append(text);
}

}  // namespace idnode
