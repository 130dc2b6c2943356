#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// The result file of an import: each refused row with its number, field, code and reason in both
// languages, as CSV. It is made when the first row is refused; it replaces one of an earlier run.
class RefusedRows {
 public:
  explicit RefusedRows(std::string path) : path_(std::move(path)) {}

  void Add(uint64_t row, std::string_view field, std::string_view identifier, const Error& error);
  // False: it could not be written.
  bool Close();

  uint64_t count() const { return count_; }
  const std::string& path() const { return path_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
  uint64_t count_ = 0;
  bool failed_ = false;
};

}  // namespace idnode
