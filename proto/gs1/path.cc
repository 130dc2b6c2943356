#include "proto/gs1/path.h"

#include <algorithm>
#include <cstring>

#include "proto/base/text.h"
#include "proto/gs1/value.h"

namespace idnode {
namespace {

constexpr uint16_t kGtin = 1;
constexpr uint16_t kPayTo = 415;
constexpr size_t kGtinDigits = 14;

// The place in the sequence, from 1; 0: it is not in it.
size_t PlaceIn(const std::array<uint16_t, 3>& sequence, uint16_t qualifier) {
  for (size_t i = 0; i < sequence.size() && sequence[i] != 0; ++i) {
    if (sequence[i] == qualifier) return i + 1;
  }
  return 0;
}

bool IsShortGtin(size_t digits) { return digits == 8 || digits == 12 || digits == 13; }

}  // namespace

std::string_view Gs1Path::Qualifier(uint16_t number) const {
  for (size_t i = 1; i < size_; ++i) {
    if (pieces_[i].ai->number == number) return (*this)[i].value;
  }
  return {};
}

Status Gs1Path::CheckOrder(const Gs1ApplicationIdentifier& ai) const {
  if (empty()) {
    if (ai.primary_key) return {};
    return Error{Errc::kInvalidIdentifier, "GS1: the first identifier is no primary key"};
  }
  const uint16_t last = size_ > 1 ? pieces_[size_ - 1u].ai->number : 0;
  for (const auto& sequence : pieces_[0].ai->qualifier_sequences) {
    const size_t place = PlaceIn(sequence, ai.number);
    if (place == 0) continue;
    // Alternatives share no qualifier: the last one is in this sequence, or mixes two.
    const size_t place_of_last = last == 0 ? 0 : PlaceIn(sequence, last);
    if (last == 0 || (place_of_last != 0 && place_of_last < place)) return {};
  }
  return Error{Errc::kInvalidIdentifier, "GS1: a qualifier that may not follow here"};
}

Status Gs1Path::Add(const Gs1ApplicationIdentifier& ai, std::string_view value) {
  if (const Status order = CheckOrder(ai); !order) return order;
  std::array<char, kGtinDigits> padded;
  if (ai.number == kGtin && IsShortGtin(value.size())) {
    padded.fill('0');
    std::ranges::copy_backward(value, padded.end());
    value = {padded.data(), padded.size()};
  }
  if (const Status checked = CheckGs1Value(ai, value); !checked) return checked;
  Require(size_ < kElementsMax && octets_ + value.size() <= kOctetsMax);
  std::memcpy(text_.data() + octets_, value.data(), value.size());
  pieces_[size_] = {&ai, octets_, static_cast<uint8_t>(value.size())};
  octets_ = static_cast<uint8_t>(octets_ + value.size());
  ++size_;
  return {};
}

Status Gs1Path::CheckKey() const {
  return empty() ? Status(Error{Errc::kInvalidIdentifier, "GS1: no primary key"}) : Status();
}

Status Gs1Path::CheckComplete() const {
  if (const Status key = CheckKey(); !key) return key;
  if (pieces_[0].ai->number == kPayTo && size_ == 1) {
    return Error{Errc::kInvalidIdentifier, "GS1: 415 stands with the payment reference 8020 only"};
  }
  return {};
}

void AppendCanonicalPath(const Gs1Path& path, std::string& out) {
  for (size_t i = 0; i < path.size(); ++i) {
    if (i > 0) out.push_back('/');
    out.append(path[i].ai->ai).push_back('/');
    AppendPercentEncoded(path[i].value, out);
  }
}

}  // namespace idnode
