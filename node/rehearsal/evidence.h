#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

enum class Verdict : uint8_t { kPassed, kFailed, kNotChecked };
std::string_view NameOf(Verdict verdict);  // "passed", "failed", "not checked".
std::string_view ChineseOf(Verdict verdict);

// What was asked in one step of a rehearsal, what was answered, and what of it is not as it must
// be. One thread.
class Evidence {
 public:
  // `what` is in the words of both languages, or of a protocol.
  struct Line {
    std::string what, found;
    std::string expected;  // Empty: whatever there is.
    bool is_right = true;
  };

  void Note(std::string what, std::string found);
  void Note(std::string what, uint64_t found) { Note(std::move(what), std::to_string(found)); }

  // Each is a line; one that is not right fails the step. The answer is whether it is right.
  bool Equal(std::string what, std::string found, std::string expected);
  bool Equal(std::string what, uint64_t found, uint64_t expected) {
    return Equal(std::move(what), std::to_string(found), std::to_string(expected));
  }
  bool AtMost(std::string what, uint64_t found, uint64_t most, std::string_view unit);
  bool AtLeast(std::string what, uint64_t found, uint64_t least);
  bool Has(std::string what, const std::string& text, std::string_view part);
  bool Holds(std::string what, bool holds);
  // Nothing came of what was asked.
  void Refused(std::string what, const Error& error);
  void Refused(std::string what, Errc code, std::string_view detail);

  // The step cannot be done on this machine, or at this moment, and says nothing of the node.
  void LeaveOut(std::string why);

  const std::vector<Line>& lines() const { return lines_; }
  // A step that noted nothing has found out nothing: it has failed.
  Verdict verdict() const;

 private:
  bool Add(std::string what, std::string found, std::string expected, bool is_right);

  std::vector<Line> lines_;
  bool is_left_out_ = false;
};

}  // namespace idnode
