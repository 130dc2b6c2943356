#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace idnode {

// Makes inputs that are nearly right out of inputs that are right: what a decoder's length checks
// are for. The same seed gives the same inputs on every machine.
class Mutator {
 public:
  static constexpr size_t kInputOctetsMax = 65'536;

  // `corpus` is not empty and outlives the mutator.
  Mutator(const std::vector<std::string>& corpus, uint64_t seed) : corpus_(corpus), random_(seed) {}

  // One input of the corpus after one to four changes.
  std::string Next();

 private:
  size_t Below(size_t limit) { return static_cast<size_t>(random_() % limit); }  // limit > 0.
  const std::string& Any() { return corpus_[Below(corpus_.size())]; }
  void Change(std::string& input);
  void FlipBit(std::string& input);
  void SetOctet(std::string& input);
  void SetInteger(std::string& input);
  void Insert(std::string& input);
  void Erase(std::string& input);
  void Truncate(std::string& input);
  void Splice(std::string& input);

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_;
};

}  // namespace idnode
