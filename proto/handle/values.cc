#include "proto/handle/values.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr size_t kValueOctetsMin = 26;

}  // namespace

std::vector<Value> ReadValues(Reader& in) {
  const uint32_t count = in.Count32(kValueOctetsMin);
  std::vector<Value> values;
  values.reserve(std::min<size_t>(count, limits::kValuesPerRecordMax));
  for (uint32_t i = 0; i < count && in.ok(); ++i) values.push_back(DecodeValue(in));
  return values;
}

void AppendValues(const std::vector<Value>& values, std::string& out) {
  Writer(out).U32(static_cast<uint32_t>(values.size()));
  for (const Value& value : values) EncodeValue(value, out);
}

}  // namespace idnode
