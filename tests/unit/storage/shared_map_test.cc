#include "storage/shared_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace idnode {
namespace {

// Few hashes, so that every leaf holds keys that share one.
struct Crowded {
  struct Value {
    std::string key;
    int number;
  };
  using Key = std::string_view;
  static Key KeyOf(const Value& value) { return value.key; }
  static uint64_t Hash(Key key) { return uint64_t{static_cast<uint8_t>(key.back()) % 4u} << 55; }
};

using Model = std::map<std::string, int>;

void ExpectSame(const SharedMap<Crowded>& map, const Model& model) {
  EXPECT_EQ(map.size(), model.size());
  Model walked;
  map.Each([&](const Crowded::Value& value) { walked[value.key] = value.number; });
  EXPECT_EQ(walked, model);
  for (const auto& [key, number] : model) {
    ASSERT_NE(map.Find(key), nullptr) << key;
    EXPECT_EQ(map.Find(key)->number, number) << key;
  }
}

TEST(SharedMap, IsEmptyAtFirst) {
  SharedMap<Crowded> map;
  EXPECT_EQ(map.size(), 0u);
  EXPECT_EQ(map.Find("1"), nullptr);
  map.Erase("1");
  ExpectSame(map, {});
}

TEST(SharedMap, DoesWhatAMapDoesAndLeavesPublishedCopiesAlone) {
  std::mt19937 chance(1);
  SharedMap<Crowded> map;
  Model model;
  std::vector<std::pair<SharedMap<Crowded>, Model>> published;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = std::to_string(chance() % 300);
    if (chance() % 3 == 0) {
      map.Erase(key);
      model.erase(key);
    } else {
      map.Put({key, i});
      model[key] = i;
    }
    if (i % 500 == 0) published.emplace_back(map.Publish(), model);
  }
  ExpectSame(map, model);
  for (const auto& [copy, then] : published) ExpectSame(copy, then);
}

TEST(SharedMap, SharesWhatDidNotChange) {
  SharedMap<Crowded> map;
  map.Put({"1", 1});
  map.Put({"2", 2});
  const SharedMap<Crowded> copy = map.Publish();
  map.Put({"2", 3});
  EXPECT_EQ(map.Find("1"), copy.Find("1"));
  EXPECT_NE(map.Find("2"), copy.Find("2"));
  EXPECT_EQ(copy.Find("2")->number, 2);
}

}  // namespace
}  // namespace idnode
