#include "proto/record/value.h"

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/record/distinct_indexes.h"

namespace idnode {
namespace {

constexpr size_t kReferenceOctetsMin = 8;  // An empty handle's length, and an index.
constexpr size_t kValueOctetsMin = 26;
// What stands beside the values: in a record a header and the registered text, in an answer the
// header of the message, the name, a digest and a signature. An answer has as many octets at most
// as a record (spec/handle-protocol.md 1.1), so that what is registered can be told.
constexpr size_t kBesideValuesOctetsMax = 1'024;
static_assert(21 + limits::kIdentifierOctetsMax <= kBesideValuesOctetsMax);
constexpr uint32_t kIndexMax = INT32_MAX;  // The stock server's indexes are signed.

size_t EncodedOctets(const Value& value) {
  size_t octets = kValueOctetsMin + value.type.size() + value.data.size();
  for (const ValueReference& reference : value.references) {
    octets += kReferenceOctetsMin + reference.handle.size();
  }
  return octets;
}

Status CheckReference(const ValueReference& reference) {
  if (reference.handle.size() > limits::kIdentifierOctetsMax) {
    return Error{Errc::kTooLarge, "a reference's handle has at most 255 octets"};
  }
  if (!IsUtf8(reference.handle)) return Error{Errc::kNotUtf8, "a reference's handle is UTF-8"};
  return {};
}

Status CheckType(std::string_view type) {
  if (type.empty() || type.size() > limits::kTypeOctetsMax) {
    return Error{Errc::kInvalidValue, "a type has 1 to 128 octets"};
  }
  if (!IsUtf8(type)) return Error{Errc::kNotUtf8, "a type is UTF-8"};
  if (HasControlCharacter(type)) {
    return Error{Errc::kInvalidValue, "a type holds no control character"};
  }
  return {};
}

Status CheckValue(const Value& value) {
  if (value.index == 0 || value.index > kIndexMax) {
    return Error{Errc::kInvalidValue, "an index is from 1 to 2147483647"};
  }
  if (const Status type = CheckType(value.type); !type) return type;
  if (value.data.size() > limits::kValueDataOctetsMax) {
    return Error{Errc::kTooLarge, "a value's data has at most 262144 octets"};
  }
  if (value.references.size() > limits::kReferencesPerValueMax) {
    return Error{Errc::kTooLarge, "a value has at most 64 references"};
  }
  for (const ValueReference& reference : value.references) {
    if (const Status checked = CheckReference(reference); !checked) return checked;
  }
  return {};
}

Status CheckIndexesDistinct(const std::vector<Value>& values) {
  auto value = values.begin();
  if (AreDistinct(values.size(), [&] { return (value++)->index; })) return {};
  return Error{Errc::kDuplicateIndex, "two values have the same index"};
}

}  // namespace

void EncodeValue(const Value& value, std::string& out) {
  Writer writer(out);
  writer.U32(value.index).U32(value.timestamp).U8(value.ttl_absolute ? 1 : 0).U32(value.ttl);
  writer.U8(value.permissions).Text32(value.type).Text32(value.data);
  writer.U32(static_cast<uint32_t>(value.references.size()));
  for (const ValueReference& reference : value.references) {
    writer.Text32(reference.handle).U32(reference.index);
  }
}

Value DecodeValue(Reader& in) {
  Value value;
  value.index = in.U32();
  value.timestamp = in.U32();
  const uint8_t ttl_type = in.U8();
  value.ttl = in.U32();
  value.permissions = in.U8();
  value.type = in.Text32(in.left());
  value.data = in.Text32(in.left());
  const uint32_t count = in.Count32(kReferenceOctetsMin);
  value.references.reserve(count);  // Bounded by what can still follow.
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    const std::string_view handle = in.Text32(in.left());
    value.references.push_back({handle, in.U32()});
  }
  if (ttl_type > 1) in.Fail();
  value.ttl_absolute = ttl_type == 1;
  return value;
}

Status CheckValues(const std::vector<Value>& values) {
  if (values.size() > limits::kValuesPerRecordMax) {
    return Error{Errc::kTooLarge, "a record has at most 2048 values"};
  }
  size_t octets = kBesideValuesOctetsMax;
  for (const Value& value : values) {
    if (const Status checked = CheckValue(value); !checked) return checked;
    octets += sizeof(uint32_t) + EncodedOctets(value);
  }
  if (octets > limits::kRecordOctetsMax) {
    return Error{Errc::kTooLarge, "a record has at most 262144 octets"};
  }
  return CheckIndexesDistinct(values);
}

bool HasType(std::string_view type, std::string_view wanted) {
  if (type.size() < wanted.size()) return false;
  if (!EqualFolded(type.substr(0, wanted.size()), wanted)) return false;
  return type.size() == wanted.size() || type[wanted.size()] == '.';
}

bool MatchesTypeFilter(std::string_view type, std::string_view listed) {
  if (listed.ends_with('.')) return HasType(type, listed.substr(0, listed.size() - 1));
  return EqualFolded(type, listed);
}

}  // namespace idnode
