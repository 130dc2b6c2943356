#include "storage/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "proto/base/text.h"
#include "storage/chain.h"
#include "storage/data_directory.h"
#include "storage/durable_file.h"
#include "storage/keyspace.h"
#include "storage/watermark.h"

namespace idnode {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPieceOctets = 1u << 20;

Error Failure(std::string_view detail) {
  if (errno == ENOSPC || errno == EDQUOT) return Error{Errc::kDiskFull, detail};
  return Error{errno == ENOENT ? Errc::kNotFound : Errc::kIo, detail};
}

// Reads files piece by piece, and tells how far it is.
class FileReader {
 public:
  FileReader(const Progress& progress, uint64_t of) : progress_(progress), of_(of) {}

  // Calls `each` with every piece until it fails. kNotFound, kIo, kTimeout.
  template <class F>
  Status Read(const std::string& path, F&& each) {
    FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) return Failure("backup: a file cannot be opened");
    for (;;) {
      const ssize_t got = ::read(file.descriptor(), piece_.data(), piece_.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Failure("backup: a file cannot be read");
      if (got == 0) return {};
      done_ += static_cast<uint64_t>(got);
      const std::string_view octets(piece_.data(), static_cast<size_t>(got));
      if (const Status status = each(octets); !status) return status;
      if (progress_ && !progress_(done_, std::max(done_, of_))) {
        return Error{Errc::kTimeout, "backup: stopped on request"};
      }
    }
  }

 private:
  const Progress& progress_;
  uint64_t done_ = 0;
  uint64_t of_;
  std::string piece_ = std::string(kPieceOctets, '\0');
};

// Reads a file to its end, tells `each` of every piece, and gives its size and digest.
template <class F>
Result<BackupFile> ReadAndHash(FileReader& reader, const std::string& path, const std::string& name,
                               F&& each) {
  auto hasher = Hasher::Create("sha256");
  if (!hasher) return hasher.error();
  BackupFile file{.name = name};
  const Status read = reader.Read(path, [&](std::string_view octets) {
    hasher->Update(octets);
    file.octets += octets.size();
    return each(octets);
  });
  if (!read) return read.error();
  file.sha256 = ToHex(hasher->Finish());
  return file;
}

Status CheckSame(const BackupFile& named, const BackupFile& found) {
  if (found.octets != named.octets) {
    return Error{Errc::kCorrupt, "backup: a file has another size than the manifest says"};
  }
  if (found.sha256 != named.sha256) {
    return Error{Errc::kForged, "backup: a file has another digest than the manifest says"};
  }
  return {};
}

uint64_t OctetsOf(const std::vector<BackupFile>& files) {
  uint64_t octets = 0;
  for (const BackupFile& file : files) octets += file.octets;
  return octets;
}

// Names and sizes below rows/, ascending.
Result<std::vector<BackupFile>> ListRows(const std::string& backup) {
  std::vector<BackupFile> files;
  std::error_code error;
  for (fs::directory_iterator at(backup + "/rows", error), end; !error && at != end;
       at.increment(error)) {
    files.push_back({"rows/" + at->path().filename().string(), at->file_size(error), {}});
    if (error) break;
  }
  if (error) return Error{Errc::kIo, "backup: the checkpoint cannot be listed"};
  std::ranges::sort(files, {}, &BackupFile::name);
  return files;
}

// Where the checkpoint is: asked of itself, since the log moves on while it is taken.
Status ReadCheckpoint(const std::string& rows, BackupManifest& manifest) {
  RocksDbOptions options;
  options.create_if_missing = false;
  options.block_cache_octets = 8u << 20;
  const auto engine = OpenRocksDb(rows, options);
  if (!engine) return engine.error();
  const auto applied = ReadApplied(**engine);
  if (!applied) return applied.error();
  manifest.position = applied->position;
  manifest.tip = applied->tip;
  manifest.tree = {applied->tree.size(), applied->tree.Root()};
  return {};
}

Result<BackupManifest> Fill(Store& store, const std::string& directory, Time now,
                            const Progress& progress) {
  const std::string rows = directory + "/rows";
  if (const Status copied = store.engine().Checkpoint(rows); !copied) return copied.error();
  BackupManifest manifest{.format = keyspace::kFormatVersion,
                          .identity = store.identity(),
                          .taken = {uint64_t{now.seconds()} * 1000}};
  if (const Status read = ReadCheckpoint(rows, manifest); !read) return read.error();
  auto files = ListRows(directory);
  if (!files) return files.error();
  FileReader reader(progress, OctetsOf(*files));
  for (BackupFile& file : *files) {
    auto hashed = ReadAndHash(reader, directory + "/" + file.name, file.name,
                              [](std::string_view) { return Status{}; });
    if (!hashed) return hashed.error();
    file = *std::move(hashed);
  }
  manifest.files = *std::move(files);
  if (const Status synced = SyncDirectory(rows); !synced) return synced.error();
  const Status written = WriteFileDurably(directory + "/manifest.json", EncodeManifest(manifest));
  if (!written) return written.error();
  return manifest;
}

Status Verify(const std::string& backup, const BackupManifest& manifest, FileReader& reader) {
  for (const BackupFile& file : manifest.files) {
    const auto found = ReadAndHash(reader, backup + "/" + file.name, file.name,
                                   [](std::string_view) { return Status{}; });
    if (!found) return found.error();
    if (const Status same = CheckSame(file, *found); !same) return same;
  }
  return {};
}

// Copies, and holds what was copied against the manifest once more.
Status CopyFile(const BackupFile& file, const std::string& from, const std::string& to,
                FileReader& reader) {
  FileHandle target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
  if (!target.open()) return Failure("restore: a file cannot be made");
  const auto copied = ReadAndHash(reader, from, file.name, [&](std::string_view octets) -> Status {
    return target.Write(octets) ? Status() : Failure("restore: a file cannot be written");
  });
  if (!copied) return copied.error();
  if (const Status same = CheckSame(file, *copied); !same) return same;
  if (::fsync(target.descriptor()) != 0) return Failure("restore: a file cannot be synced");
  if (!target.Close()) return Failure("restore: a file cannot be closed");
  return {};
}

}  // namespace

Result<BackupManifest> TakeBackup(Store& store, const std::string& directory, Time now,
                                  const Progress& progress) {
  if (::mkdir(directory.c_str(), 0700) != 0) {
    if (errno == EEXIST) return Error{Errc::kExists, "backup: the directory is there already"};
    return Failure("backup: the directory cannot be made");
  }
  auto manifest = Fill(store, directory, now, progress);
  if (!manifest) {
    std::error_code error;  // What was made here is no backup: nobody shall take it for one.
    fs::remove_all(directory, error);
  }
  return manifest;
}

Status VerifyBackup(const std::string& backup, const Progress& progress) {
  const auto manifest = ReadManifest(backup);
  if (!manifest) return manifest.error();
  FileReader reader(progress, OctetsOf(manifest->files));
  return Verify(backup, *manifest, reader);
}

Result<BackupManifest> RestoreBackup(const std::string& backup, const std::string& directory,
                                     const Progress& progress) {
  auto manifest = ReadManifest(backup);
  if (!manifest) return manifest;
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
    return Error{Errc::kExists, "restore: the directory holds something"};
  }
  if (error) return Error{Errc::kIo, "restore: the directory cannot be read"};
  FileReader reader(progress, 2 * OctetsOf(manifest->files));
  if (const Status verified = Verify(backup, *manifest, reader); !verified) {
    return verified.error();
  }

  const DataDirectory files(directory);
  if (const Status begun = files.BeginRestore(); !begun) return begun.error();
  for (const BackupFile& file : manifest->files) {
    const Status copied =
        CopyFile(file, backup + "/" + file.name, directory + "/" + file.name, reader);
    if (!copied) return copied.error();
  }
  if (const Status synced = SyncDirectory(files.rows()); !synced) return synced.error();
  const Status marked = WriteWatermark(files.watermark(), {manifest->position, manifest->tip});
  if (!marked) return marked.error();
  if (const Status whole = files.Finish(); !whole) return whole.error();
  return manifest;
}

}  // namespace idnode
