#include "storage/data_directory.h"

#include <sys/stat.h>

#include <filesystem>

#include "proto/base/text.h"
#include "storage/durable_file.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr size_t kFormatOctetsMax = 32;

Status CheckFormat(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto version = ParseDecimal(text, UINT32_MAX);
  if (!version) return Error{Errc::kFormatVersion, "FORMAT is not a version number"};
  if (*version != keyspace::kFormatVersion) {
    return Error{Errc::kFormatVersion, "the data directory has another format version"};
  }
  return {};
}

}  // namespace

Result<DataDirectory::State> DataDirectory::Look() const {
  std::error_code error;
  if (!std::filesystem::exists(path_, error)) {
    if (error) return Error{Errc::kIo, "the data directory cannot be read"};
    return State::kAbsent;
  }
  if (!std::filesystem::is_directory(path_, error)) {
    return Error{Errc::kFormatVersion, "the data directory is a file"};
  }
  const auto format = ReadWholeFile(path_ + "/FORMAT", kFormatOctetsMax);
  if (format) {
    if (const Status known = CheckFormat(*format); !known) return known.error();
    if (!std::filesystem::is_directory(rows(), error)) {
      return Error{Errc::kCorrupt, "the data directory has lost its rows"};
    }
    return State::kWhole;
  }
  if (format.error().code == Errc::kTooLarge) {
    return Error{Errc::kFormatVersion, "FORMAT is not a version number"};
  }
  if (format.error().code != Errc::kNotFound) return format.error();
  if (std::filesystem::exists(path_ + "/creating", error)) return State::kUnfinished;
  const bool empty = std::filesystem::is_empty(path_, error);
  if (error) return Error{Errc::kIo, "the data directory cannot be read"};
  if (empty) return State::kEmpty;
  return Error{Errc::kFormatVersion, "the directory holds files but no FORMAT"};
}

Status DataDirectory::Begin() const {
  if (const Status made = Make(); !made) return made;
  return WriteFileDurably(path_ + "/creating", "");
}

Status DataDirectory::BeginRestore() const {
  if (const Status made = Make(); !made) return made;
  if (::mkdir(rows().c_str(), 0700) != 0) return Error{Errc::kIo, "rows cannot be made"};
  return SyncDirectory(path_);
}

Status DataDirectory::Make() const {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::absolute(path_, error).parent_path();
  if (!error) std::filesystem::create_directories(parent, error);
  if (error) return Error{Errc::kIo, "the directory above cannot be made"};
  if (::mkdir(path_.c_str(), 0700) == 0) {
    if (const Status synced = SyncDirectory(parent.string()); !synced) return synced;
  } else if (!std::filesystem::is_directory(path_, error)) {
    return Error{Errc::kIo, "the data directory cannot be made"};
  }
  return {};
}

Status DataDirectory::Finish() const {
  const std::string format = std::to_string(keyspace::kFormatVersion) + "\n";
  if (const Status written = WriteFileDurably(path_ + "/FORMAT", format); !written) return written;
  std::error_code error;
  std::filesystem::remove(path_ + "/creating", error);
  return SyncDirectory(path_);
}

}  // namespace idnode
