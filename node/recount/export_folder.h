#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/recount/log_check.h"
#include "proto/base/limits.h"
#include "proto/base/result.h"
#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"

namespace idnode {

// An export of a node's log: what its holder needs to check it without the node.
//
//   <folder>/checkpoint                   the signed checkpoint, written last
//   <folder>/keys                         verifier keys, a line each
//   <folder>/records/<first>-<last>       records of those positions, twenty digits each:
//                                         a u32 length and the record, one after the other
//
// docs/formats/checkpoint.md. Functions that fail say in `where` which file and record it is about.

inline constexpr size_t kRecordsFileOctets = 32u << 20;  // A file ends with the record over this.
inline constexpr size_t kRecordsFileOctetsMax =
    kRecordsFileOctets + limits::kLogRecordOctetsMax + 4;  // With its length.

struct RecordsFile {
  std::string path;
  uint64_t first = 0, last = 0;
};
std::string NameOfRecords(uint64_t first, uint64_t last);
std::string CheckpointPath(const std::string& folder);
std::string KeysPath(const std::string& folder);
// The verifier keys of the folder itself. kNotFound, kIo, and what ParseKeys says.
Result<std::vector<NoteVerifier>> ReadKeys(const std::string& folder);

// In order. kGap: positions are missing between two files, or are there twice; kMalformed: a file
// of another name; kIo.
Result<std::vector<RecordsFile>> ListRecords(const std::string& folder, std::string& where);

// Reads and checks all records of a folder, in order. An error of `each` ends it.
// kForged, kGap, kMalformed, kIo.
using EachRecord = std::function<Status(const LogRecord& record, std::string_view thin)>;
Status WalkRecords(const std::string& folder, LogCheck& check, const EachRecord& each,
                   std::string& where);

// Makes an export, or adds to one. One thread.
class FolderWriter {
 public:
  // Makes the folder where there is none. What is there is read and checked, and held against its
  // checkpoint if it has one. kShortLog: fewer records than that; kForged, kGap, kMalformed, kIo.
  static Result<std::unique_ptr<FolderWriter>> Open(const std::string& folder, std::string& where);

  // The last position that is there.
  uint64_t head() const { return check_.head().value; }
  // The keys of an export that is there; none: a new one.
  const std::vector<NoteVerifier>& keys() const { return keys_; }

  // The record that follows. Written when its file is full, or with the checkpoint.
  Status Append(std::string_view thin);
  // All records up to the checkpoint in `note` are there, and it is signed by every one of `keys`.
  // kForged: other records than the checkpoint's, or signed by others.
  Status Finish(std::string_view note, std::span<const NoteVerifier> keys);

 private:
  explicit FolderWriter(std::string folder) : folder_(std::move(folder)) {}
  Status ReadWhatIsThere(std::string& where);
  Status Flush();

  std::string folder_;
  std::vector<NoteVerifier> keys_;
  LogCheck check_;
  std::string octets_;  // Of the file under way.
  uint64_t first_ = 0;  // Its first position.
};

}  // namespace idnode
