#pragma once

#include <string>

#include "proto/base/result.h"

namespace idnode {

// The files of a data directory beside the engine's, and the order in which they come to be:
//
//   <directory>/creating    while the directory is being made: nothing was acknowledged yet
//   <directory>/rows/       the engine
//   <directory>/watermark   storage/watermark.h
//   <directory>/FORMAT      the format version, as text; the last to be made
//
// So a directory with FORMAT is whole, one with `creating` may be made again, and any other that
// holds anything is not ours: an empty catalogue is never put over what somebody left there.
class DataDirectory {
 public:
  explicit DataDirectory(std::string path) : path_(std::move(path)) {}

  enum class State { kAbsent, kEmpty, kUnfinished, kWhole };
  // kFormatVersion: another version, or files without FORMAT. kCorrupt: FORMAT without rows. kIo.
  Result<State> Look() const;

  // Makes the directory, readable by its owner only, and marks it as unfinished.
  Status Begin() const;
  // Makes the directory and an empty rows/. Until Finish() it is nothing that opens.
  Status BeginRestore() const;
  // Everything in it is on disk: makes it whole.
  Status Finish() const;

  const std::string& path() const { return path_; }
  std::string rows() const { return path_ + "/rows"; }
  std::string watermark() const { return path_ + "/watermark"; }

 private:
  Status Make() const;

  std::string path_;
};

}  // namespace idnode
