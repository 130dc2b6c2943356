#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/service/registrar.h"
#include "proto/base/result.h"
#include "proto/ident/identifier.h"

namespace idnode {

// What a batch says by itself: the canonical key of each item, or why it has none. One item may
// touch an identifier in a batch, since items of one change are decided together: a later one is
// kConflict, but for a second kCreate, of which the ledger says that the first was there.
//
// Its views are the items' and its own. Threads: one, then any that only read.
class ParsedBatch {
 public:
  explicit ParsedBatch(std::span<const RegisterItem> items);

  // The refusal a front came with; the errors of ParseIdentifier, CheckForRegistration and (of
  // values) CheckValues; kConflict.
  const Status& status(size_t item) const { return items_[item].status; }
  // Empty where the item could not be read.
  std::string_view key(size_t item) const {
    return std::string_view(keys_).substr(items_[item].key_at, items_[item].key_octets);
  }
  // What the record keeps as text; empty: the key's own canonical text says it.
  std::string_view text(size_t item) const { return items_[item].text; }

 private:
  struct Item {
    Status status;
    uint32_t key_at = 0, key_octets = 0;
    std::string_view text;
  };
  Status Parse(const RegisterItem& item, Item& parsed);
  void RefuseSecondTouches(std::span<const RegisterItem> items);

  std::vector<Item> items_;
  std::string keys_;
  Identifier scratch_;
};

}  // namespace idnode
