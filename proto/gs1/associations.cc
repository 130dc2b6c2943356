// Which Application Identifiers must and may not stand together.
#include <algorithm>
#include <vector>

#include "proto/gs1/key.h"
#include "proto/gs1/uri.h"

namespace idnode {
namespace {

using Present = std::vector<const Gs1ApplicationIdentifier*>;

// Calls `use` with each part of `text` between separators, until it says false.
template <class Use>
bool All(std::string_view text, std::string_view separator, Use&& use) {
  while (!text.empty()) {
    const size_t end = text.find(separator);
    if (!use(text.substr(0, end))) return false;
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + separator.size());
  }
  return true;
}

template <class Use>
bool Any(std::string_view text, std::string_view separator, Use&& use) {
  return !All(text, separator, [&](std::string_view part) { return !use(part); });
}

// 31nn: an n stands for any digit.
bool Fits(std::string_view ai, std::string_view pattern) {
  return std::ranges::equal(ai, pattern, [](char c, char p) { return p == 'n' || c == p; });
}

bool Has(const Present& present, std::string_view pattern,
         const Gs1ApplicationIdentifier* but = nullptr) {
  return std::ranges::any_of(present, [&](const Gs1ApplicationIdentifier* ai) {
    return ai != but && Fits(ai->ai, pattern);
  });
}

bool HasAllRequired(const Gs1ApplicationIdentifier& ai, const Present& present) {
  return All(ai.required, " & ", [&](std::string_view group) {
    return Any(group, ",", [&](std::string_view together) {
      return All(together, "+", [&](std::string_view one) { return Has(present, one, &ai); });
    });
  });
}

// A digital signature (8030) is of one thing: a document, coupon or asset has its serial then,
// which may be absent otherwise.
constexpr uint16_t kSignature = 8030;

bool LacksSerial(const Gs1Element& element) {
  const Gs1KeyRow* key = element.ai->primary_key ? FindGs1KeyOfAi(element.ai->number) : nullptr;
  return key != nullptr && key->tail == Gs1KeyTail::kSerial &&
         element.value.size() == element.ai->size_min;
}

bool HasExcluded(const Gs1ApplicationIdentifier& ai, const Present& present) {
  return Any(ai.excluded, ",", [&](std::string_view other) { return Has(present, other, &ai); });
}

}  // namespace

Status CheckGs1Associations(const Gs1DigitalLink& link) {
  const Gs1ElementList elements = ElementsOf(link);
  Present present;
  bool lacks_serial = false;
  for (size_t i = 0; i < elements.size(); ++i) {
    present.push_back(elements[i].ai);
    lacks_serial = lacks_serial || LacksSerial(elements[i]);
  }
  if (lacks_serial && elements.Has(kSignature)) {
    return Error{Errc::kInvalidIdentifier, "GS1: a signed key has a serial"};
  }
  // Rows stand in one array: two elements of one AI have one address.
  std::ranges::sort(present);
  if (std::ranges::adjacent_find(present) != present.end()) {
    return Error{Errc::kInvalidIdentifier, "GS1: an Application Identifier stands twice"};
  }
  for (const Gs1ApplicationIdentifier* ai : present) {
    if (!HasAllRequired(*ai, present)) {
      return Error{Errc::kInvalidIdentifier, "GS1: an AI lacks another that must stand with it"};
    }
    if (HasExcluded(*ai, present)) {
      return Error{Errc::kInvalidIdentifier, "GS1: two AIs that may not stand together"};
    }
  }
  return {};
}

}  // namespace idnode
