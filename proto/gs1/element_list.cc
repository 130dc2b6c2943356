#include "proto/gs1/element_list.h"

#include <algorithm>
#include <array>
#include <utility>

#include "proto/base/text.h"

namespace idnode {
namespace {

using Row = Gs1ApplicationIdentifier;
using Sequence = std::array<uint16_t, 3>;

// The 0 that ends a sequence is no AI 00: that is never a qualifier.
bool IsIn(const Sequence& sequence, const Row& row) {
  return row.qualifier && std::ranges::find(sequence, row.number) != sequence.end();
}

// Whether everything but the key may stand in the path behind it, by `sequence`, or in the query.
bool PlacesAll(const Sequence& sequence, const Gs1ElementList& elements, const Row& key) {
  for (size_t i = 0; i < elements.size(); ++i) {
    const Row& row = *elements[i].ai;
    if (&row != &key && !row.attribute && !IsIn(sequence, row)) return false;
  }
  return true;
}

// The alternative of the key's qualifier sequences that leaves nothing over; null: none does.
const Sequence* SequenceFor(const Gs1ElementList& elements, const Row& key) {
  for (const Sequence& sequence : key.qualifier_sequences) {
    if (PlacesAll(sequence, elements, key)) return &sequence;
  }
  return nullptr;
}

const Row* FirstKey(const Gs1ElementList& elements) {
  for (size_t i = 0; i < elements.size(); ++i) {
    if (elements[i].ai->primary_key) return elements[i].ai;
  }
  return nullptr;
}

// In ascending order of AI, with no AI twice.
Result<std::vector<Gs1Element>> Sorted(const Gs1ElementList& elements) {
  std::vector<Gs1Element> sorted;
  for (size_t i = 0; i < elements.size(); ++i) sorted.push_back(elements[i]);
  const auto ai = [](const Gs1Element& element) { return element.ai->ai; };
  std::ranges::sort(sorted, {}, ai);
  if (std::ranges::adjacent_find(sorted, {}, ai) != sorted.end()) {
    return Error{Errc::kInvalidIdentifier, "an AI occurs twice"};
  }
  return sorted;
}

// The path's part of `elements`, which this removes: the key, then its qualifiers in order.
Status TakePath(const Row& key, const Sequence& sequence, std::vector<Gs1Element>& elements,
                Gs1Path& path) {
  const auto take = [&](uint16_t number) -> Status {
    const auto at = std::ranges::find_if(
        elements, [number](const Gs1Element& element) { return element.ai->number == number; });
    if (at == elements.end()) return {};
    const Gs1Element element = *at;
    elements.erase(at);
    return path.Add(*element.ai, element.value);
  };
  if (const Status added = take(key.number); !added) return added;
  for (const uint16_t number : sequence) {
    if (number == 0) break;
    if (const Status added = take(number); !added) return added;
  }
  return path.CheckComplete();
}

}  // namespace

bool Gs1ElementList::Has(uint16_t number) const {
  return std::ranges::any_of(pieces_,
                             [number](const Piece& piece) { return piece.ai->number == number; });
}

Status AppendDigitalLink(const Gs1ElementList& elements, std::string& out) {
  const Row* key = FirstKey(elements);
  if (key == nullptr) return Error{Errc::kMissingField, "no AI that may start a Digital Link path"};
  auto sorted = Sorted(elements);
  if (!sorted) return sorted.error();
  const Sequence* sequence = SequenceFor(elements, *key);
  if (sequence == nullptr) {
    return Error{Errc::kInvalidIdentifier, "an AI that this key cannot have in a Digital Link"};
  }

  Gs1Path path;
  if (const Status taken = TakePath(*key, *sequence, *sorted, path); !taken) return taken;
  out.push_back('/');
  AppendCanonicalPath(path, out);
  char separator = '?';
  for (const Gs1Element& attribute : *sorted) {
    out.push_back(std::exchange(separator, '&'));
    out.append(attribute.ai->ai).append("=").append(PercentEncode(attribute.value));
  }
  return {};
}

}  // namespace idnode
