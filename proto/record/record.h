#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/value.h"

namespace idnode {

// What an identifier resolves to, as it is stored: a header, a small index, and the values already
// encoded as Handle octets, so that an answer is a copy of ranges. Octet by octet:
// docs/formats/record.md. The version (position of the change that wrote it) stands before these
// octets in the store and is not part of them.
struct Record {
  uint32_t enterprise = 0;
  uint32_t template_number = 0;  // 0: none.
  uint32_t created = 0;          // Seconds since 1970-01-01.
  uint32_t modified = 0;
  std::string_view text;      // As registered; empty: the canonical text of the key.
  std::vector<Value> values;  // In the order in which they were registered.
};

// The values stand in their order, with distinct indexes, and carry `record.modified` as timestamp
// where theirs is 0.
void EncodeRecord(const Record& record, std::string& out);

// A stored record, walked without decoding what is not asked for. Views point into the octets.
class RecordView {
 public:
  // Checks the header and that index and octets agree. kCorrupt, kFormatVersion.
  static Result<RecordView> Parse(std::string_view octets);

  uint32_t enterprise() const { return enterprise_; }
  uint32_t template_number() const { return template_number_; }
  uint32_t created() const { return created_; }
  uint32_t modified() const { return modified_; }
  std::string_view text() const { return text_; }
  size_t value_count() const { return lengths_.size() / 4; }

  // The octets of each value, in the order in which they are stored.
  class Walk {
   public:
    bool Next();
    std::string_view octets() const { return octets_; }
    uint32_t index() const;
    uint8_t permissions() const;
    std::string_view type() const;

   private:
    friend class RecordView;
    std::string_view lengths_, rest_, octets_;
  };
  Walk values() const;

  // Every value decoded.
  Result<std::vector<Value>> DecodeAll() const;

  // Equal in everything a user gave: owner, template, text and values in their order, but not
  // times.
  bool SameContent(const RecordView& other) const;

 private:
  uint32_t enterprise_ = 0, template_number_ = 0, created_ = 0, modified_ = 0;
  std::string_view text_;
  std::string_view lengths_;  // u32 each.
  std::string_view values_;
};

}  // namespace idnode
