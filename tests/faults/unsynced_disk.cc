#include "tests/faults/unsynced_disk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace idnode {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSectorOctets = 512;

std::string Normal(const std::string& path) {
  std::string normal = fs::path(path).lexically_normal().string();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

std::string DirectoryOf(const std::string& path) { return fs::path(path).parent_path().string(); }

rocksdb::IOStatus NoPower() { return rocksdb::IOStatus::IOError("the power is cut"); }

rocksdb::IOStatus StatusOf(UnsyncedDisk::Failure failure) {
  return failure == UnsyncedDisk::Failure::kNoSpace ? rocksdb::IOStatus::NoSpace("injected ENOSPC")
                                                    : rocksdb::IOStatus::IOError("injected EIO");
}

void Zero(std::fstream& file, uint64_t from, uint64_t until) {
  file.seekp(static_cast<std::streamoff>(from));
  const std::string zeros(until - from, '\0');
  file.write(zeros.data(), static_cast<std::streamsize>(zeros.size()));
}

}  // namespace

UnsyncedDisk::~UnsyncedDisk() {
  std::error_code ignored;
  for (const auto& [directory, made] : grave_directories_) fs::remove_all(directory, ignored);
}

void UnsyncedDisk::Cut(uint64_t seed) {
  std::scoped_lock lock(mutex_);
  cut_ = true;
  seed_ = seed;
}

void UnsyncedDisk::CutAt(uint64_t nth, uint64_t seed) {
  std::scoped_lock lock(mutex_);
  operations_to_cut_ = nth;
  seed_ = seed;
}

bool UnsyncedDisk::cut() const {
  std::scoped_lock lock(mutex_);
  return cut_;
}

void UnsyncedDisk::FailWrite(uint64_t nth, Failure failure) {
  std::scoped_lock lock(mutex_);
  write_failure_ = Aim{nth, failure};
}

void UnsyncedDisk::FailSync(uint64_t nth, Failure failure) {
  std::scoped_lock lock(mutex_);
  sync_failure_ = Aim{nth, failure};
}

UnsyncedDisk::Counts UnsyncedDisk::counts() const {
  std::scoped_lock lock(mutex_);
  return counts_;
}

rocksdb::IOStatus UnsyncedDisk::Begin() {
  if (cut_) return NoPower();
  ++counts_.operations;
  if (operations_to_cut_ > 0 && --operations_to_cut_ == 0) {
    cut_ = true;
    return NoPower();
  }
  return rocksdb::IOStatus::OK();
}

bool UnsyncedDisk::Hit(std::optional<Aim>& aim) { return aim && --aim->nth == 0; }

rocksdb::IOStatus UnsyncedDisk::Read(const Act& act) const { return cut() ? NoPower() : act(); }

rocksdb::IOStatus UnsyncedDisk::Change(const Act& act) {
  std::scoped_lock lock(mutex_);
  const auto begun = Begin();
  return begun.ok() ? act() : begun;
}

rocksdb::IOStatus UnsyncedDisk::Create(const std::string& raw_path, std::shared_ptr<File>& file,
                                       const Act& act) {
  std::scoped_lock lock(mutex_);
  if (const auto begun = Begin(); !begun.ok()) return begun;
  const std::string path = Normal(raw_path);
  Undo undo{.made = path};
  if (fs::exists(path)) undo.saved = Bury(path);
  if (const auto made = act(); !made.ok()) return made;
  changes_[DirectoryOf(path)].push_back(undo);
  file = files_[path] = std::make_shared<File>();
  return rocksdb::IOStatus::OK();
}

rocksdb::IOStatus UnsyncedDisk::Append(File& file, const rocksdb::Slice& octets,
                                       const Write& write) {
  std::scoped_lock lock(mutex_);
  if (const auto begun = Begin(); !begun.ok()) return begun;
  ++counts_.writes;
  const bool fails = Hit(write_failure_);
  const rocksdb::Slice written(octets.data(), fails ? octets.size() / 2 : octets.size());
  const auto status = write(written);
  if (!status.ok()) return status;
  file.written += written.size();
  if (!fails) return status;
  const Failure failure = write_failure_->failure;
  write_failure_.reset();
  return StatusOf(failure);
}

rocksdb::IOStatus UnsyncedDisk::Truncate(File& file, uint64_t size, const Act& act) {
  std::scoped_lock lock(mutex_);
  if (const auto begun = Begin(); !begun.ok()) return begun;
  const auto status = act();
  if (!status.ok()) return status;
  file.written = size;
  file.synced = std::min(file.synced, size);
  return status;
}

// The real file is not synced: what is on the real disk does not matter here.
rocksdb::IOStatus UnsyncedDisk::Sync(File& file) {
  std::scoped_lock lock(mutex_);
  if (const auto begun = Begin(); !begun.ok()) return begun;
  ++counts_.syncs;
  const bool fails = Hit(sync_failure_);
  if (fails && file.synced < file.written) file.lost.emplace_back(file.synced, file.written);
  file.synced = file.written;
  if (!fails) return rocksdb::IOStatus::OK();
  const Failure failure = sync_failure_->failure;
  sync_failure_.reset();
  return StatusOf(failure);
}

rocksdb::IOStatus UnsyncedDisk::SyncDirectory(const std::string& directory) {
  std::scoped_lock lock(mutex_);
  if (const auto begun = Begin(); !begun.ok()) return begun;
  ++counts_.syncs;
  if (Hit(sync_failure_)) {
    const Failure failure = sync_failure_->failure;
    sync_failure_.reset();
    return StatusOf(failure);
  }
  const auto changes = changes_.find(Normal(directory));
  if (changes == changes_.end()) return rocksdb::IOStatus::OK();
  for (const Undo& undo : changes->second) {
    std::error_code ignored;
    if (!undo.saved.empty()) fs::remove(undo.saved, ignored);
    files_.erase(undo.saved);
  }
  changes_.erase(changes);
  return rocksdb::IOStatus::OK();
}

rocksdb::IOStatus UnsyncedDisk::Remove(const std::string& raw_path) {
  std::scoped_lock lock(mutex_);
  if (const auto begun = Begin(); !begun.ok()) return begun;
  const std::string path = Normal(raw_path);
  if (!fs::exists(path)) return rocksdb::IOStatus::PathNotFound("nothing to remove", path);
  changes_[DirectoryOf(path)].push_back({.removed = path, .saved = Bury(path)});
  return rocksdb::IOStatus::OK();
}

rocksdb::IOStatus UnsyncedDisk::Rename(const std::string& raw_from, const std::string& raw_to) {
  std::scoped_lock lock(mutex_);
  if (const auto begun = Begin(); !begun.ok()) return begun;
  const std::string from = Normal(raw_from);
  const std::string to = Normal(raw_to);
  if (!fs::exists(from)) return rocksdb::IOStatus::PathNotFound("nothing to rename", from);
  if (fs::is_directory(from)) {
    fs::rename(from, to);
    changes_.erase(from);
    return rocksdb::IOStatus::OK();
  }
  Undo undo{.made = to, .removed = from};
  if (fs::exists(to)) undo.saved = Bury(to);
  Move(from, to);
  changes_[DirectoryOf(to)].push_back(undo);
  return rocksdb::IOStatus::OK();
}

// Graves lie beside the directory, on the same file system, where no engine looks for files.
std::string UnsyncedDisk::Bury(const std::string& path) {
  const std::string directory = DirectoryOf(path) + ".graves";
  fs::create_directories(directory);
  grave_directories_[directory] = true;
  const std::string grave = directory + "/" + std::to_string(graves_++);
  Move(path, grave);
  return grave;
}

void UnsyncedDisk::Move(const std::string& from, const std::string& to) {
  fs::rename(from, to);
  const auto file = files_.find(from);
  if (file == files_.end()) {
    files_.erase(to);
    return;
  }
  files_[to] = file->second;
  files_.erase(from);
}

void UnsyncedDisk::Take(const Undo& undo) {
  if (!undo.made.empty() && !undo.removed.empty()) {
    Move(undo.made, undo.removed);
    if (!undo.saved.empty()) Move(undo.saved, undo.made);
  } else if (!undo.made.empty()) {
    fs::remove(undo.made);
    files_.erase(undo.made);
    if (!undo.saved.empty()) Move(undo.saved, undo.made);
  } else {
    Move(undo.saved, undo.removed);
  }
}

void UnsyncedDisk::Damage(const std::string& path, const File& file, std::mt19937_64& random) {
  std::error_code missing;
  if (!fs::exists(path, missing)) return;
  const uint64_t allocated = fs::file_size(path);
  const uint64_t tail = file.written - file.synced;
  if (tail > 0) {
    switch (random() % 4) {
      case 0:
        fs::resize_file(path, file.synced);
        break;
      case 1:
        fs::resize_file(path, file.synced + random() % tail);
        break;
      case 2: {
        std::fstream stream(path, std::ios::in | std::ios::out | std::ios::binary);
        Zero(stream, file.synced, file.written);
        break;
      }
      default: {
        std::fstream stream(path, std::ios::in | std::ios::out | std::ios::binary);
        for (uint64_t at = file.synced; at < file.written;) {
          const uint64_t end = std::min(file.written, (at / kSectorOctets + 1) * kSectorOctets);
          if (random() % 2 == 0) Zero(stream, at, end);
          at = end;
        }
      }
    }
    // A size that was set ahead of the octets may be there without them: zeros.
    if (allocated > file.written && random() % 2 == 0) fs::resize_file(path, allocated);
  }
  std::fstream stream(path, std::ios::in | std::ios::out | std::ios::binary);
  const uint64_t size = fs::file_size(path);
  for (const auto& [from, until] : file.lost) {
    if (from < size) Zero(stream, from, std::min(until, size));
  }
}

void UnsyncedDisk::PowerOn() {
  std::scoped_lock lock(mutex_);
  std::mt19937_64 random(seed_);
  if (cut_) {
    for (auto& [directory, undos] : changes_) {
      const size_t kept = random() % (undos.size() + 1);
      for (size_t i = undos.size(); i > kept; --i) Take(undos[i - 1]);
    }
    for (const auto& [path, file] : files_) Damage(path, *file, random);
  }
  std::error_code ignored;
  for (const auto& [directory, made] : grave_directories_) fs::remove_all(directory, ignored);
  files_.clear();
  changes_.clear();
  grave_directories_.clear();
  operations_to_cut_ = 0;
  cut_ = false;
}

}  // namespace idnode
