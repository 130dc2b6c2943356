#include "node/cmd/refused_rows.h"

#include <fmt/format.h>

namespace idnode {
namespace {

std::string Quoted(std::string_view cell) {
  std::string quoted = "\"";
  for (char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

void RefusedRows::Add(uint64_t row, std::string_view field, std::string_view identifier,
                      const Error& error) {
  ++count_;
  if (file_ == nullptr && !failed_) {
    file_.reset(std::fopen(path_.c_str(), "wb"));
    failed_ = file_ == nullptr;
    if (file_ != nullptr) fmt::print(file_.get(), "row,field,code,reason,reason_zh,identifier\n");
  }
  if (file_ == nullptr) return;
  const ErrcRow& words = RowOf(error.code);
  const std::string reason =
      error.detail.empty() ? std::string(words.en) : fmt::format("{} ({})", words.en, error.detail);
  fmt::print(file_.get(), "{},{},{},{},{},{}\n", row, Quoted(field), words.name, Quoted(reason),
             Quoted(words.zh), Quoted(identifier));
}

bool RefusedRows::Close() {
  if (file_ != nullptr && std::fflush(file_.get()) != 0) failed_ = true;
  file_.reset();
  return !failed_;
}

}  // namespace idnode
