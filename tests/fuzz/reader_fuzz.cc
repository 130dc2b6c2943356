// The cursor never leaves its input, whatever is asked of it, and stays spoiled once it is.
// rooms: proto/base

#include <algorithm>
#include <cstdint>

#include "proto/base/reader.h"
#include "proto/base/result.h"

namespace {

using idnode::Require;

void RequireInside(std::string_view view, std::string_view input) {
  if (view.empty()) return;
  Require(view.data() >= input.data());
  Require(view.data() + view.size() <= input.data() + input.size());
}

void Ask(idnode::Reader& in, uint8_t question, std::string_view input) {
  const size_t limit = question >> 3;
  switch (question & 7) {
    case 0:
      return (void)in.U8();
    case 1:
      return (void)in.U16();
    case 2:
      return (void)in.U64();
    case 3: {
      const std::string_view text = in.Text16(limit);
      Require(text.size() <= limit);
      return RequireInside(text, input);
    }
    case 4: {
      const std::string_view text = in.Text32(limit);
      Require(text.size() <= limit);
      return RequireInside(text, input);
    }
    case 5: {
      const uint32_t count = in.Count32(limit + 1);
      return Require(count <= in.left() / (limit + 1));
    }
    case 6:
      return RequireInside(in.Raw(limit), input);
    default:
      return RequireInside(in.Raw(limit * limit), input);
  }
}

}  // namespace

// Up to thirty-two questions, a zero octet, then the input that they are asked of.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view whole(reinterpret_cast<const char*>(data), size);
  const std::string_view questions = whole.substr(0, whole.substr(0, 32).find('\0'));
  const std::string_view input = whole.substr(std::min(whole.size(), questions.size() + 1));
  idnode::Reader in(input);
  for (const char question : questions) {
    const size_t left = in.left();
    const bool ok = in.ok();
    Ask(in, static_cast<uint8_t>(question), input);
    Require(in.left() <= left);
    Require(ok || !in.ok());
    Require(in.ok() || in.left() == 0);
  }
  RequireInside(in.Rest(), input);
  return 0;
}
