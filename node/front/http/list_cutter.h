#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace idnode {

// Cuts a JSON list into its elements as its octets arrive, so that one of any length can be worked
// at while it is still being sent. An object by itself is a list of one. What is inside of an
// element is not looked at but for where it ends.
class ListCutter {
 public:
  enum class Step : unsigned char {
    kMore,     // Everything was taken; `element` has the beginning of an element, perhaps.
    kElement,  // `element` is whole; the octets behind it were not taken.
    kBroken,   // This is no list.
  };
  // Takes octets from the front of `octets`.
  Step Take(std::string_view& octets, std::string& element);

  // The list has ended.
  bool complete() const { return place_ == Place::kBehind; }

 private:
  enum class Place : unsigned char { kBefore, kFirst, kNext, kElement, kAfter, kBehind };

  bool Begin(char c);
  Step EndOf(std::string_view& octets, size_t taken, std::string& element);

  Place place_ = Place::kBefore;
  size_t depth_ = 0;
  bool is_single_ = false;
  bool in_text_ = false, escaped_ = false;
};

}  // namespace idnode
