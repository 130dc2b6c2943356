#include "storage/source_part.h"

#include <gtest/gtest.h>

#include "storage/audit.h"
#include "storage/children.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

constexpr uint32_t kChild = 3;
const uint32_t kHour = kMorning.hour();

SourceAddress Ipv4(uint8_t last) {
  return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, last};
}
SourceAddress Ipv6(uint8_t last) {
  return {0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};
}

SourcePart SomePart() {
  SourcePart part{.requests = 100,
                  .floor = 3,
                  .sources = {{Ipv4(1), 50, 0}, {Ipv4(2), 20, 5}, {Ipv6(1), 20, 0}},
                  .unlooked = 2};
  part.identifiers.Add(7);
  part.identifiers.Add(9);
  return part;
}

LogItem ItemOf(std::string_view key, std::string_view body, uint32_t enterprise = 1) {
  return {.kind = EventKind::kSources, .enterprise = enterprise, .key = key, .body = body};
}
std::string KeyOf(uint32_t enterprise, uint32_t hour, uint64_t nonce) {
  std::string key;
  Writer(key).U32(enterprise).U32(hour).U64(nonce);
  return key;
}

std::vector<std::pair<uint32_t, SourcePart>> PartsOf(const Rows& rows, uint32_t origin,
                                                     uint32_t from, uint32_t until) {
  std::vector<std::pair<uint32_t, SourcePart>> parts;
  const Status read =
      EachSourcePart(rows, origin, from, until, [&](const SourcePartName& name, auto body) {
        auto part = DecodeSourcePart(body);
        EXPECT_TRUE(part.ok());
        parts.emplace_back(name.enterprise, *std::move(part));
        return Status();
      });
  EXPECT_TRUE(read.ok());
  return parts;
}

TEST(SourcePart, ComesBackAsItWas) {
  const SourcePart part = SomePart();
  const std::string body = EncodeSourcePart(part);
  const auto back = DecodeSourcePart(body);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, part);
  EXPECT_EQ(back->Counted(), 90u);
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(DecodeSourcePart(std::string_view(body).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeSourcePart(body + "x").ok());
  EXPECT_EQ(TextOf(Ipv4(1)), "192.0.2.1");
  EXPECT_EQ(TextOf(Ipv6(1)), "2001:db8::1");
}

TEST(SourcePart, HasALimitThatItMeets) {
  SourcePart part{.requests = 1'000'000};
  for (size_t i = 0; i < limits::kSourcesPerPartMax; ++i) {
    SourceAddress address = Ipv6(0);
    address[8] = static_cast<uint8_t>(i >> 8);
    address[9] = static_cast<uint8_t>(i);
    part.sources.push_back({address, 1, 0});
  }
  for (uint64_t i = 0; i < 1'000; ++i) part.identifiers.Add(i * 0x9E37'79B1'85EB'CA87u);
  const std::string body = EncodeSourcePart(part);
  EXPECT_LT(body.size(), 12u << 10);
  EXPECT_EQ(*DecodeSourcePart(body), part);
}

TEST(SourcePart, IsRefusedWhereItContradictsItself) {
  const auto refused = [](auto change) {
    // Encoding would stop the process: the octets of a good one are changed instead.
    std::string body = EncodeSourcePart(SomePart());
    change(body);
    const auto part = DecodeSourcePart(body);
    return !part.ok() && part.error().code == Errc::kMalformed;
  };
  constexpr size_t kRequests = 8, kFloor = 16, kCount = 28, kFirst = 29;
  EXPECT_TRUE(refused([](auto& b) { b[kRequests] = 89; }));  // Fewer than were counted.
  EXPECT_TRUE(refused([](auto& b) { b[kFloor] = 11; }));     // More than the rest.
  EXPECT_TRUE(refused([](auto& b) { b[kCount] = 4; }));      // More sources than follow.
  EXPECT_TRUE(refused([](auto& b) { b[kFirst] = 5; }));      // No family.
  EXPECT_TRUE(refused([](auto& b) {
    b[kFirst + 4] = 9;
    b[kFirst + 12] = 10;
  }));                                                         // Order.
  EXPECT_TRUE(refused([](auto& b) { b[kFirst + 12] = 0; }));   // Counted never.
  EXPECT_TRUE(refused([](auto& b) { b[kFirst + 20] = 11; }));  // An error over the rest.
  std::string newer = EncodeSourcePart(SomePart());
  newer[0] = 2;
  EXPECT_EQ(DecodeSourcePart(newer).error().code, Errc::kFormatVersion);
}

TEST(SourcePart, IsFoundByItsHour) {
  MemoryNode node;
  SourcePart other = SomePart();
  other.requests = 500;
  const std::vector<PartOf> parts = {{kAllEnterprises, other}, {1, SomePart()}};
  const auto keep = [&](uint32_t hour, uint64_t nonce) {
    return node.Commit([&](Change& change) { AddSourceParts(change, hour, nonce, parts); });
  };
  EXPECT_TRUE(keep(kHour, 1).done());
  EXPECT_TRUE(keep(kHour, 2).done());  // An hour may have several.
  EXPECT_TRUE(keep(kHour + 1, 1).done());
  EXPECT_FALSE(keep(kHour, 1).done());  // But none twice.
  EXPECT_EQ(PartsOf(node.engine(), kOwn, kHour, kHour + 1).size(), 4u);
  EXPECT_EQ(PartsOf(node.engine(), kOwn, kHour, kHour + 2).size(), 6u);
  EXPECT_TRUE(PartsOf(node.engine(), kOwn, kHour + 2, kHour + 99).empty());
  const auto found = PartsOf(node.engine(), kOwn, kHour + 1, kHour + 2);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], (std::pair(kAllEnterprises, other)));
  EXPECT_EQ(found[1], (std::pair(1u, SomePart())));
}

TEST(SourcePart, OfAChildIsKeptAndRecounted) {
  MemoryNode below, node;
  const std::vector<PartOf> parts = {{kAllEnterprises, SomePart()}, {7, SomePart()}};
  for (uint64_t nonce = 1; nonce <= 3; ++nonce) {
    EXPECT_TRUE(below
                    .Commit([&](Change& change) {
                      AddSourceParts(change, kHour + static_cast<uint32_t>(nonce), nonce, parts);
                    })
                    .done());
  }
  const Child child{.number = kChild, .node_id = "below", .name = "below", .docked = kMorning};
  EXPECT_TRUE(node.Commit([&](Change& change) { AddDockChild(change, child); }).done());
  const std::vector<std::string> records = below.Records();
  const auto taken = node.Commit([&](Change& change) {
    const auto held = ReadChild(node.engine(), kChild);
    const std::vector<std::string_view> views(records.begin(), records.end());
    EXPECT_TRUE(AddChildRecords(change, *held, views).ok());
  });
  EXPECT_TRUE(taken.done());
  EXPECT_TRUE(PartsOf(node.engine(), kOwn, 0, UINT32_MAX).empty());
  const auto found = PartsOf(node.engine(), kChild, kHour + 2, kHour + 3);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1], (std::pair(7u, SomePart())));

  EXPECT_TRUE(RecountChild(node.engine(), kChild, {})->differences.empty());
  TableRows rows = AllRows(node.engine());
  const auto row = rows.lower_bound({Table::kSources, ""});
  ASSERT_EQ(row->first.first, Table::kSources);
  rows.erase(row);
  EXPECT_EQ(RecountChild(*EngineOf(rows), kChild, {})->differences.size(), 1u);
}

TEST(SourcePart, ThatIsNoneIsRefusedOfAChild) {
  const std::string body = EncodeSourcePart(SomePart());
  const std::string key = KeyOf(1, kHour, 5);
  const auto keys = [](const LogItem& item) {
    LogRecord record;
    record.position = Position{8};
    record.items = {item};
    return SourceRowKeys(kChild, record);
  };
  EXPECT_EQ(keys(ItemOf(key, body))->size(), 1u);
  EXPECT_FALSE(keys(ItemOf(key, body, 2)).ok());  // Another enterprise's.
  EXPECT_FALSE(keys(ItemOf(key + "x", body)).ok());
  EXPECT_FALSE(keys(ItemOf(key, body.substr(1))).ok());
}

}  // namespace
}  // namespace idnode
