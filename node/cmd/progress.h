#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace idnode {

// Progress of long work on stderr: a bar that rewrites itself on a terminal, a JSON object a line
// elsewhere. Drawn at most ten times (once) a second.
class ProgressBar {
 public:
  // `of` in the unit of Advance; 0: unknown. `rows` are what the rate is of.
  ProgressBar(std::string_view what, uint64_t of, bool quiet);
  ~ProgressBar();

  void Update(uint64_t done, uint64_t rows);
  // Draws the last state and ends the line.
  void Finish();

 private:
  void Draw(bool last);

  std::string what_;
  uint64_t of_, done_ = 0, rows_ = 0;
  uint64_t started_micros_, drawn_micros_ = 0;
  bool quiet_, terminal_, finished_ = false;
};

}  // namespace idnode
