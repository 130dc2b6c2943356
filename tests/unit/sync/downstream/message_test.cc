#include "sync/downstream/message.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/base/limits.h"

namespace idnode {
namespace {

using namespace std::string_literals;

Errc Parse(const std::string& octets, v1::FromChild& message, size_t slice_octets = SIZE_MAX) {
  std::vector<grpc::Slice> slices;
  for (size_t at = 0; at < octets.size(); at += slices.back().size()) {
    slices.emplace_back(octets.substr(at, slice_octets));
  }
  grpc::ByteBuffer buffer(slices.data(), slices.size());
  const Status parsed = ParseMessage(buffer, message);
  return parsed ? Errc::kInternal : parsed.error().code;
}
Errc Parse(const std::string& octets) {
  v1::FromChild message;
  return Parse(octets, message);
}

std::string Varint(size_t value) {
  std::string octets;
  for (; value >= 0x80; value >>= 7) octets += static_cast<char>(value | 0x80);
  return octets + static_cast<char>(value);
}
// An events message of these octets.
std::string Events(const std::string& octets) { return "\x12" + Varint(octets.size()) + octets; }
std::string Times(size_t count, const std::string& octets) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += octets;
  return all;
}

const std::string kEmptyRecord = "\x12\x00"s;

TEST(ChildMessage, IsParsedHoweverItIsSliced) {
  v1::FromChild events;
  events.mutable_events()->set_first(7);
  events.mutable_events()->set_head(1'000'000);
  for (int record = 0; record < 100; ++record) {
    events.mutable_events()->add_records(std::string(static_cast<size_t>(record), 'r'));
  }
  for (const size_t slice : {1, 2, 3, 7, 100, 100'000}) {
    v1::FromChild back;
    ASSERT_EQ(Parse(events.SerializeAsString(), back, slice), Errc::kInternal) << slice;
    EXPECT_EQ(back.SerializeAsString(), events.SerializeAsString());
  }
  v1::FromChild hello;
  hello.mutable_hello()->set_node_id("factory");
  EXPECT_EQ(Parse(hello.SerializeAsString()), Errc::kInternal);
}

TEST(ChildMessage, MayHaveAsManyRecordsAsABatchAndNotManyMoreFields) {
  v1::FromChild message;
  ASSERT_EQ(Parse(Events("\x08\x01\x18\x01" + Times(limits::kSyncEventsPerBatchMax, kEmptyRecord)),
                  message),
            Errc::kInternal);
  EXPECT_EQ(message.events().records_size(), static_cast<int>(limits::kSyncEventsPerBatchMax));
  // One field is the message in the message.
  const size_t inner = limits::kSyncFieldsPerMessageMax - 1;
  EXPECT_EQ(Parse(Events(Times(inner, kEmptyRecord))), Errc::kInternal);
  EXPECT_EQ(Parse(Events(Times(inner + 1, kEmptyRecord))), Errc::kTooLarge);
}

TEST(ChildMessage, CountsFieldsOfEveryKindWhereverTheyAre) {
  const size_t many = limits::kSyncFieldsPerMessageMax + 1;
  for (const std::string& field : {"\x78\x01"s, "\x7a\x00"s, "\x7d\x01\x02\x03\x04"s,
                                   "\x79\x01\x02\x03\x04\x05\x06\x07\x08"s}) {
    EXPECT_EQ(Parse(Times(many, field)), Errc::kTooLarge);
    EXPECT_EQ(Parse(Events(Times(many, field))), Errc::kTooLarge);
    EXPECT_EQ(Parse(Times(10, field)), Errc::kInternal);
  }
  // Messages in the message, each with one field less than too many for itself.
  EXPECT_EQ(Parse(Times(many / 2, Events(kEmptyRecord) + Events(kEmptyRecord))), Errc::kTooLarge);
}

TEST(ChildMessage, IsRefusedWhereverItIsCutShort) {
  v1::FromChild heartbeat;
  heartbeat.mutable_heartbeat()->set_tree_size(300);
  heartbeat.mutable_heartbeat()->set_tree_root(std::string(32, 'r'));
  const std::string whole = heartbeat.SerializeAsString();
  for (size_t size = 1; size < whole.size(); ++size) {
    EXPECT_EQ(Parse(whole.substr(0, size)), Errc::kMalformed) << size;
  }
}

TEST(ChildMessage, IsRefusedWithWhatNoMessageHas) {
  EXPECT_EQ(Parse("\x0b\x0c"s), Errc::kMalformed) << "a group";
  EXPECT_EQ(Parse(Events("\x0b\x0c"s)), Errc::kMalformed) << "a group in it";
  EXPECT_EQ(Parse("\x00"s), Errc::kMalformed) << "field 0";
  EXPECT_EQ(Parse("\x12\xff\xff\xff\xff\x7f"s), Errc::kMalformed) << "a size beyond all";
  EXPECT_EQ(Parse("\x12\x04\x12\x05xx"s), Errc::kMalformed) << "a record past its message";
  EXPECT_EQ(Parse("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s), Errc::kMalformed);
}

}  // namespace
}  // namespace idnode
