#include "proto/handle/requests.h"

#include <utility>
#include <vector>

#include "proto/base/limits.h"
#include "proto/base/writer.h"

// The request that comes a million times more often than the others: read without allocating.
namespace idnode {
namespace {

constexpr size_t kLengthOctets = sizeof(uint32_t);
constexpr Error kPastTheEnd{Errc::kMalformed, "resolution: a field runs past the end"};

// Takes a length and so many octets from the front of `left`; false: they are not there.
bool TakeText(std::string_view& left, std::string_view& text) {
  if (left.size() < kLengthOctets) return false;
  const size_t octets = LoadU32(left.data());
  if (octets > left.size() - kLengthOctets) return false;
  text = {left.data() + kLengthOctets, octets};
  left.remove_prefix(kLengthOctets + octets);
  return true;
}

bool TakeIndexes(std::string_view& left, IndexList& indexes) {
  if (left.size() < kLengthOctets) return false;
  const size_t octets = size_t{LoadU32(left.data())} * sizeof(uint32_t);
  if (octets > left.size() - kLengthOctets) return false;
  indexes = IndexList({left.data() + kLengthOctets, octets});
  left.remove_prefix(kLengthOctets + octets);
  return true;
}

bool TakeTypes(std::string_view& left, TextList& types) {
  if (left.size() < kLengthOctets) return false;
  const uint32_t count = LoadU32(left.data());
  left.remove_prefix(kLengthOctets);
  const std::string_view list = left;
  std::string_view type;
  for (uint32_t i = 0; i < count; ++i) {  // Each round takes four octets, or ends it.
    if (!TakeText(left, type)) return false;
  }
  types = TextList(list.substr(0, list.size() - left.size()), count);
  return true;
}

}  // namespace

bool IndexList::Contains(uint32_t index) const {
  for (size_t i = 0; i < size(); ++i) {
    if ((*this)[i] == index) return true;
  }
  return false;
}

bool TextList::Next(std::string_view& text) {
  if (count_ == 0 || !TakeText(octets_, text)) return false;
  --count_;
  return true;
}

bool ResolutionRequest::Selects(uint32_t index, std::string_view type) const {
  if (selects_all() || indexes.Contains(index)) return true;
  TextList left = types;
  for (std::string_view listed; left.Next(listed);) {
    if (MatchesTypeFilter(type, listed)) return true;
  }
  return false;
}

ValueFilter ResolutionRequest::filter() const {
  std::vector<uint32_t> listed_indexes;
  for (size_t i = 0; i < indexes.size(); ++i) listed_indexes.push_back(indexes[i]);
  std::vector<std::string_view> listed_types;
  TextList left = types;
  for (std::string_view type; left.Next(type);) listed_types.push_back(type);
  return {std::move(listed_indexes), listed_types};
}

Result<ResolutionRequest> DecodeResolutionRequest(std::string_view body) {
  ResolutionRequest request;
  if (!TakeText(body, request.handle) || !TakeIndexes(body, request.indexes) ||
      !TakeTypes(body, request.types)) {
    return kPastTheEnd;
  }
  if (request.handle.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "a handle has at most 2048 octets"};
  }
  TakeText(body, request.token);  // What is no token is surplus, and nobody looks at it.
  return request;
}

void EncodeResolutionRequest(const ResolutionQuestion& question, std::string& out) {
  Writer writer(out);
  writer.Text32(question.handle).U32(static_cast<uint32_t>(question.indexes.size()));
  for (const uint32_t index : question.indexes) writer.U32(index);
  writer.U32(static_cast<uint32_t>(question.types.size()));
  for (const std::string_view type : question.types) writer.Text32(type);
}

}  // namespace idnode
