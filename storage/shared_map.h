#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace idnode {

// A hash map whose versions share what did not change: copying it costs a pointer, changing one
// value copies the path to it (two branches of 256 pointers and a leaf; 61 values in a leaf at four
// million). What was copied since the last Publish() is changed in place.
//
// Traits: Value, Key (cheap to copy), static Key KeyOf(const Value&), static uint64_t Hash(Key).
//
// Threads: a published copy from any; the map itself from one.
template <class Traits>
class SharedMap {
 public:
  using Value = typename Traits::Value;
  using Key = typename Traits::Key;

  // Lasts as long as a copy of the map that holds it; null: there is none.
  const Value* Find(Key key) const {
    const uint64_t hash = Traits::Hash(key);
    if (root_ == nullptr) return nullptr;
    const Branch* branch = root_->below[Upper(hash)].get();
    const Leaf* leaf = branch == nullptr ? nullptr : branch->below[Lower(hash)].get();
    if (leaf == nullptr) return nullptr;
    const auto at = PlaceOf(*leaf, hash, key);
    return IsAt(*leaf, at, hash, key) ? at->value.get() : nullptr;
  }

  void Put(Value value) {
    auto kept = std::make_shared<const Value>(std::move(value));
    const Key key = Traits::KeyOf(*kept);
    const uint64_t hash = Traits::Hash(key);
    Leaf& leaf = OwnLeaf(hash);
    const auto at = PlaceOf(leaf, hash, key);
    if (IsAt(leaf, at, hash, key)) {
      leaf.entries[static_cast<size_t>(at - leaf.entries.begin())].value = std::move(kept);
      return;
    }
    leaf.entries.insert(at, Entry{hash, std::move(kept)});
    ++size_;
  }

  void Erase(Key key) {
    if (Find(key) == nullptr) return;
    const uint64_t hash = Traits::Hash(key);
    Leaf& leaf = OwnLeaf(hash);
    leaf.entries.erase(PlaceOf(leaf, hash, key));
    --size_;
  }

  template <class F>
  void Each(F&& each) const {
    if (root_ == nullptr) return;
    for (const auto& branch : root_->below) {
      if (branch == nullptr) continue;
      for (const auto& leaf : branch->below) {
        if (leaf == nullptr) continue;
        for (const Entry& entry : leaf->entries) each(*entry.value);
      }
    }
  }

  size_t size() const { return size_; }

  // An immutable copy of this moment. Later changes of this map copy what they touch.
  SharedMap Publish() {
    SharedMap copy = *this;
    ++edit_;
    return copy;
  }

 private:
  static constexpr size_t kFanOut = 256;
  struct Entry {
    uint64_t hash;
    std::shared_ptr<const Value> value;
  };
  struct Leaf {
    uint64_t edit = 0;
    std::vector<Entry> entries;  // Ascending by hash.
  };
  template <class Child>
  struct Node {
    uint64_t edit = 0;  // Made in this edit, and so not yet seen by anybody else.
    std::array<std::shared_ptr<Child>, kFanOut> below;
  };
  using Branch = Node<Leaf>;
  using Root = Node<Branch>;
  using Place = typename std::vector<Entry>::const_iterator;

  static size_t Upper(uint64_t hash) { return hash >> 56; }
  static size_t Lower(uint64_t hash) { return hash >> 48 & 0xFF; }

  // Where `key` is, or where it belongs.
  static Place PlaceOf(const Leaf& leaf, uint64_t hash, Key key) {
    auto at = std::lower_bound(leaf.entries.begin(), leaf.entries.end(), hash,
                               [](const Entry& entry, uint64_t h) { return entry.hash < h; });
    while (at != leaf.entries.end() && at->hash == hash && Traits::KeyOf(*at->value) != key) ++at;
    return at;
  }
  static bool IsAt(const Leaf& leaf, Place at, uint64_t hash, Key key) {
    return at != leaf.entries.end() && at->hash == hash && Traits::KeyOf(*at->value) == key;
  }

  template <class T>
  T& Own(std::shared_ptr<T>& node) {
    if (node == nullptr) {
      node = std::make_shared<T>();
    } else if (node->edit != edit_) {
      node = std::make_shared<T>(*node);
    }
    node->edit = edit_;
    return *node;
  }
  Leaf& OwnLeaf(uint64_t hash) {
    return Own(Own(Own(root_).below[Upper(hash)]).below[Lower(hash)]);
  }

  std::shared_ptr<Root> root_;
  uint64_t edit_ = 1;
  size_t size_ = 0;
};

}  // namespace idnode
