#pragma once

#include <rapidjson/allocators.h>
#include <rapidjson/writer.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace idnode {

// RapidJSON's output stream over a string that the caller owns. Octets are gathered here first:
// JSON is mostly single characters, and each append to a string is a call (an answer of four values
// takes a tenth fewer instructions this way).
class StringSink {
 public:
  using Ch = char;
  explicit StringSink(std::string& out) : out_(out) {}
  StringSink(const StringSink&) = delete;
  StringSink& operator=(const StringSink&) = delete;

  void Put(char c) {
    if (used_ == gathered_.size()) Flush();
    gathered_[used_++] = c;
  }
  void Append(std::string_view text) {
    if (text.size() > gathered_.size() - used_) Flush();
    if (text.size() > gathered_.size()) {
      out_.append(text);
      return;
    }
    text.copy(gathered_.data() + used_, text.size());
    used_ += text.size();
  }
  // RapidJSON calls it when the document is complete.
  void Flush() {
    out_.append(gathered_.data(), used_);
    used_ = 0;
  }

 private:
  std::string& out_;
  size_t used_ = 0;
  std::array<char, 1024> gathered_;
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
// What was written is in the string once the document is complete.
class JsonWriter : private JsonWriterMemory,
                   public rapidjson::Writer<StringSink, rapidjson::UTF8<>, rapidjson::UTF8<>,
                                            rapidjson::MemoryPoolAllocator<>> {
 public:
  explicit JsonWriter(std::string& out) : JsonWriterMemory(out), Writer(sink, &pool) {}

  // One of our own names: nothing in it needs escaping.
  void Member(std::string_view name);
  // A member and its text, which may be any octets.
  void TextMember(std::string_view name, std::string_view text);
  // A member that is a list of texts; an empty one is left out.
  void TextsMember(std::string_view name, std::span<const std::string> texts);
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
