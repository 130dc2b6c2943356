#include "proto/web/json_writer.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

std::string Written(std::string_view text) {
  std::string out;
  JsonWriter json(out);
  json.Text(text);
  return out;
}

std::string Indented(std::string_view json) {
  std::string out;
  IndentJson(json, out);
  return out;
}

TEST(JsonText, IsAsGsonWritesIt) {
  EXPECT_EQ(Written("a\"b\\c/d<>&'="), R"("a\"b\\c/d<>&'=")");
  EXPECT_EQ(Written("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(Written(std::string_view("\0\x0b\x1f\x7f", 4)), "\"\\u0000\\u000b\\u001f\x7f\"");
  EXPECT_EQ(Written("产品 é 😀"), "\"产品 é 😀\"");
}

TEST(JsonText, EscapesTheLineSeparatorsAndNotTheirNeighbours) {
  EXPECT_EQ(Written("a\u2028b\u2029c"), "\"a\\u2028b\\u2029c\"");
  EXPECT_EQ(Written("\u2027\u202A€"), "\"\u2027\u202A€\"");
}

TEST(JsonText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Written("a\xFF"), "\"a\uFFFD\"");
  EXPECT_EQ(Written("\xE4\xBA"
                    "x产"),
            "\"\uFFFD\uFFFDx产\"");
  EXPECT_EQ(Written("\xF0\x9F\x98\x80\xC3"), "\"😀\uFFFD\"");
}

TEST(JsonText, MayHaveAnyLength) {
  for (const size_t size : {1000, 1022, 1023, 1024, 1025, 1026, 3000}) {
    const std::string text(size, 'x');
    std::string out;
    JsonWriter json(out);
    json.StartArray();
    json.Text(text);
    json.Text("\n" + text);
    json.EndArray();
    EXPECT_EQ(out, "[\"" + text + "\",\"\\n" + text + "\"]") << size;
  }
}

TEST(IndentedJson, IsAsGsonPrintsIt) {
  EXPECT_EQ(Indented(R"({"a":1,"b":[],"c":{},"d":[{"e":"x"},2]})"),
            "{\n  \"a\": 1,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    {\n      \"e\": \"x\"\n"
            "    },\n    2\n  ]\n}");
}

TEST(IndentedJson, LeavesTextsAsTheyAre) {
  EXPECT_EQ(Indented(R"(["a:b,{[\"\\",""])"), "[\n  \"a:b,{[\\\"\\\\\",\n  \"\"\n]");
}

}  // namespace
}  // namespace idnode
