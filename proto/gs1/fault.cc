#include "proto/gs1/fault.h"

#include <algorithm>

#include "proto/gs1/checks.h"
#include "proto/gs1/key.h"
#include "proto/gs1/value.h"

namespace idnode {
namespace {

constexpr uint16_t kGtin = 1;
constexpr size_t kGtinDigits = 14;
constexpr size_t kCheckPairOctets = 2;

bool IsShortGtin(const Gs1ApplicationIdentifier& ai, std::string_view value) {
  return ai.number == kGtin && (value.size() == 8 || value.size() == 12 || value.size() == 13);
}

// Where the character is, or the end, that keeps a component from being one.
size_t FirstOutside(const Gs1Component& component, std::string_view value) {
  const auto* wrong =
      std::ranges::find_if_not(value, [&](char c) { return IsIn(component.characters, c); });
  return static_cast<size_t>(wrong - value.begin());
}

Gs1Fault FaultOfCheck(Gs1Check check, std::string_view component, const Error& error) {
  if (check == Gs1Check::kCheckDigit && !component.empty()) {
    const std::string_view others = component.substr(0, component.size() - 1);
    return {others.size(), error, std::string(1, CheckDigitOf(others))};
  }
  if (check == Gs1Check::kCheckPair && component.size() > kCheckPairOctets) {
    const std::string_view data = component.substr(0, component.size() - kCheckPairOctets);
    const auto pair = CheckPairOf(data);
    return {data.size(), error, std::string(pair.begin(), pair.end())};
  }
  return {0, error, {}};
}

std::optional<Gs1Fault> FaultOfComponent(const Gs1Component& component, std::string_view value,
                                         const Error& error) {
  if (const size_t wrong = FirstOutside(component, value); wrong < value.size()) {
    return Gs1Fault{wrong, error, {}};
  }
  if (value.size() < component.size_min) return Gs1Fault{value.size(), error, {}};
  for (const Gs1Check check : component.checks) {
    if (check != Gs1Check::kNone && !CarryOut(check, value)) {
      return FaultOfCheck(check, value, error);
    }
  }
  return std::nullopt;
}

std::optional<Gs1Fault> FindFault(const Gs1ApplicationIdentifier& ai, std::string_view value) {
  const Status checked = CheckGs1Value(ai, value);
  if (checked) return std::nullopt;
  const Error& error = checked.error();
  size_t at = 0;
  for (const Gs1Component& component : ai.parts()) {
    const std::string_view rest = value.substr(at);
    if (rest.empty() && component.optional) break;
    const std::string_view part = rest.substr(0, component.size_max);
    if (auto fault = FaultOfComponent(component, part, error)) {
      fault->at += at;
      return fault;
    }
    at += part.size();
  }
  return Gs1Fault{at, error, {}};
}

}  // namespace

std::optional<Gs1Fault> FindGs1Fault(const Gs1ApplicationIdentifier& ai, std::string_view value) {
  if (!IsShortGtin(ai, value)) return FindFault(ai, value);
  const size_t padding = kGtinDigits - value.size();
  auto fault = FindFault(ai, std::string(padding, '0').append(value));
  if (fault) fault->at -= std::min(fault->at, padding);
  return fault;
}

}  // namespace idnode
