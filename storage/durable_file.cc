#include "storage/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace idnode {
namespace {

Error Failure(std::string_view detail) {
  if (errno == ENOSPC || errno == EDQUOT) return Error{Errc::kDiskFull, detail};
  return Error{errno == ENOENT ? Errc::kNotFound : Errc::kIo, detail};
}

Status WriteAndSync(const std::string& path, std::string_view octets) {
  FileHandle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!file.open()) return Failure("file: cannot be created");
  if (!file.Write(octets)) return Failure("file: cannot be written");
  if (::fsync(file.descriptor()) != 0) return Failure("file: cannot be synced");
  if (!file.Close()) return Failure("file: cannot be closed");
  return {};
}

}  // namespace

FileHandle::FileHandle(FileHandle&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    Close();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

FileHandle::~FileHandle() { Close(); }

bool FileHandle::Write(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(descriptor_, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    octets.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool FileHandle::Close() { return !open() || ::close(std::exchange(descriptor_, -1)) == 0; }

Status WriteFileDurably(const std::string& path, std::string_view octets) {
  const std::string temporary = path + ".new";
  auto done = WriteAndSync(temporary, octets);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0) {
    done = Failure("file: cannot be renamed");
  }
  if (!done) {
    ::unlink(temporary.c_str());
    return done;
  }
  const auto parent = std::filesystem::path(path).parent_path();
  return SyncDirectory(parent.empty() ? "." : parent.string());
}

Status SyncDirectory(const std::string& directory) {
  const FileHandle handle(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.open()) return Failure("directory: cannot be opened");
  if (::fsync(handle.descriptor()) != 0) return Failure("directory: cannot be synced");
  return {};
}

Result<std::string> ReadWholeFile(const std::string& path, size_t octets_max) {
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return Failure("file: cannot be opened");
  std::string octets;
  char part[16'384];
  for (;;) {
    const ssize_t read = ::read(file.descriptor(), part, sizeof part);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Failure("file: cannot be read");
    if (read == 0) return octets;
    if (static_cast<size_t>(read) > octets_max - octets.size()) {
      return Error{Errc::kTooLarge, "file: over its limit"};
    }
    octets.append(part, static_cast<size_t>(read));
  }
}

}  // namespace idnode
