#include "node/front/http/list_cutter.h"

#include <gtest/gtest.h>

#include <vector>

namespace idnode {
namespace {

struct Cut {
  std::vector<std::string> elements;
  bool complete = false, broken = false;
};

// The octets arrive in pieces of `piece`.
Cut CutInPieces(std::string_view text, size_t piece) {
  Cut cut;
  ListCutter cutter;
  std::string element;
  while (!text.empty() && !cut.broken) {
    std::string_view octets = text.substr(0, piece);
    text.remove_prefix(octets.size());
    while (!octets.empty() && !cut.broken) {
      const ListCutter::Step step = cutter.Take(octets, element);
      cut.broken = step == ListCutter::Step::kBroken;
      if (step == ListCutter::Step::kElement) cut.elements.push_back(std::exchange(element, {}));
    }
  }
  cut.complete = cutter.complete() && !cut.broken;
  return cut;
}

using Elements = std::vector<std::string>;

TEST(ListCutter, CutsAListWhereverItsOctetsAreParted) {
  const std::string_view text =
      " [ {\"a\":[1,{\"b\":\"]},\\\"\"}]} ,7,\"x,]\" , [ ] ,{},true\n]\r\n";
  const Elements elements = {R"({"a":[1,{"b":"]},\""}]})", "7", R"("x,]")", "[ ]", "{}", "true\n"};
  for (const size_t piece : {1u, 2u, 3u, 5u, 100u}) {
    const Cut cut = CutInPieces(text, piece);
    EXPECT_EQ(cut.elements, elements) << piece;
    EXPECT_TRUE(cut.complete) << piece;
  }
}

TEST(ListCutter, TakesAnObjectForAListOfOne) {
  const Cut cut = CutInPieces("{\"a\":\"}\"}\n", 1);
  EXPECT_EQ(cut.elements, Elements{R"({"a":"}"})"});
  EXPECT_TRUE(cut.complete);
}

TEST(ListCutter, MayBeEmpty) {
  EXPECT_TRUE(CutInPieces("[ ]", 1).complete);
  EXPECT_TRUE(CutInPieces("[]", 9).elements.empty());
}

TEST(ListCutter, SeesWhatIsNoList) {
  for (const std::string_view text :
       {"7", "\"x\"", "x", "[,]", "[1,]", "[1 2]x", "[1],", "{}{}", "[]]"}) {
    EXPECT_TRUE(CutInPieces(text, 1).broken) << text;
  }
}

TEST(ListCutter, SeesThatAListIsNotWhole) {
  for (const std::string_view text : {"", " ", "[", "[1", "[1,", "[{}", "{", "{\"a\"", "[\"]"}) {
    const Cut cut = CutInPieces(text, 1);
    EXPECT_FALSE(cut.complete || cut.broken) << text;
  }
}

}  // namespace
}  // namespace idnode
