#include <optional>

#include "proto/base/text.h"
#include "proto/tlog/tree.h"

namespace idnode {
namespace {

// Takes the next line off `text`; nothing: no line end is left.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<uint64_t> ParseSize(std::string_view line) {
  const bool canonical = line == "0" || !line.starts_with('0');
  if (!canonical) return Error{Errc::kMalformed, "checkpoint: the size has leading zeros"};
  return ParseDecimal(line, kTreeSizeMax);
}

}  // namespace

bool IsCheckpointOrigin(std::string_view origin) {
  return !origin.empty() && origin.size() <= kCheckpointOriginOctetsMax && IsUtf8(origin) &&
         !HasControlCharacter(origin);
}

std::string EncodeCheckpoint(const Checkpoint& checkpoint) {
  Require(IsCheckpointOrigin(checkpoint.origin));
  std::string text = checkpoint.origin;
  text.append("\n").append(std::to_string(checkpoint.head.size));
  text.append("\n").append(ToBase64(AsText(checkpoint.head.root))).append("\n");
  return text;
}

Result<Checkpoint> DecodeCheckpoint(std::string_view text) {
  const auto origin = TakeLine(text);
  const auto size_line = TakeLine(text);
  const auto root_line = TakeLine(text);
  if (!root_line || !text.empty()) return Error{Errc::kMalformed, "checkpoint: not three lines"};
  if (!IsCheckpointOrigin(*origin)) {
    return Error{Errc::kMalformed, "checkpoint: the origin is not a line of text"};
  }
  const auto size = ParseSize(*size_line);
  if (!size) return size.error();
  const auto root = FromBase64(*root_line);
  if (!root) return root.error();
  if (root->size() != sizeof(Digest)) {
    return Error{Errc::kMalformed, "checkpoint: the root is not of 32 octets"};
  }

  Checkpoint checkpoint{std::string(*origin), {*size, {}}};
  root->copy(checkpoint.head.root.data(), sizeof(Digest));
  if (*size == 0 && checkpoint.head.root != HashOfNothing()) {
    return Error{Errc::kMalformed, "checkpoint: an empty tree with a root of its own"};
  }
  return checkpoint;
}

}  // namespace idnode
