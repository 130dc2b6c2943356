#pragma once

#include <rapidjson/allocators.h>
#include <rapidjson/writer.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace idnode {

// RapidJSON's output stream over a string that the caller owns.
class StringSink {
 public:
  using Ch = char;
  explicit StringSink(std::string& out) : out_(out) {}
  void Put(char c) { out_.push_back(c); }
  void Append(std::string_view text) { out_.append(text); }
  void Flush() {}

 private:
  std::string& out_;
};

// The nesting stack lives here, so that a document of ordinary depth allocates nothing.
struct JsonWriterMemory {
  explicit JsonWriterMemory(std::string& out) : sink(out), pool(stack.data(), stack.size()) {}
  StringSink sink;
  alignas(std::max_align_t) std::array<char, 1024> stack;
  rapidjson::MemoryPoolAllocator<> pool;
};

// RapidJSON's writer with the strings of the stock server's JSON library (Gson, HTML escaping off):
// controls as \u000b with lower-case digits, U+2028 and U+2029 escaped, everything else as it is.
class JsonWriter : private JsonWriterMemory,
                   public rapidjson::Writer<StringSink, rapidjson::UTF8<>, rapidjson::UTF8<>,
                                            rapidjson::MemoryPoolAllocator<>> {
 public:
  explicit JsonWriter(std::string& out) : JsonWriterMemory(out), Writer(sink, &pool) {}

  // One of our own names: nothing in it needs escaping.
  void Member(std::string_view name);
  // Any octets: each that is not UTF-8 becomes U+FFFD, as in the stock server.
  void Text(std::string_view text);
  // The caller has seen that `text` is UTF-8.
  void ValidText(std::string_view text);

 private:
  void Escaped(std::string_view text);
};

// Appends compact JSON indented by two spaces, as Gson prints it; `pretty` of the REST interface
// (spec/handle-protocol.md 6.3). `json` is well formed and compact.
void IndentJson(std::string_view json, std::string& out);

}  // namespace idnode
