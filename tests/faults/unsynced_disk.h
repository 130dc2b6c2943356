#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace idnode {

// What a disk has been given, and how much of it a power cut may take away again. The octets lie
// in real files; this is the account of which of them were synced. The rules are told in
// power_cut_file_system.h.
//
// Threads: any method from any thread.
class UnsyncedDisk {
 public:
  enum class Failure : uint8_t { kIo, kNoSpace };
  struct Counts {
    uint64_t operations = 0;
    uint64_t writes = 0;
    uint64_t syncs = 0;
  };
  struct File {
    uint64_t written = 0;
    uint64_t synced = 0;  // Octets before this are safe, but for those that `lost` names.
    std::vector<std::pair<uint64_t, uint64_t>> lost;  // [from, until) that a failed sync gave up.
  };
  using Act = std::function<rocksdb::IOStatus()>;

  UnsyncedDisk() = default;
  UnsyncedDisk(const UnsyncedDisk&) = delete;
  ~UnsyncedDisk();

  void Cut(uint64_t seed);
  void CutAt(uint64_t nth, uint64_t seed);
  bool cut() const;
  void PowerOn();
  void FailWrite(uint64_t nth, Failure failure);
  void FailSync(uint64_t nth, Failure failure);
  Counts counts() const;

  // `act` does it on the real files; it is called only while there is power.
  rocksdb::IOStatus Read(const Act& act) const;
  rocksdb::IOStatus Create(const std::string& path, std::shared_ptr<File>& file, const Act& act);
  using Write = std::function<rocksdb::IOStatus(const rocksdb::Slice&)>;
  rocksdb::IOStatus Append(File& file, const rocksdb::Slice& octets, const Write& write);
  rocksdb::IOStatus Truncate(File& file, uint64_t size, const Act& act);
  rocksdb::IOStatus Sync(File& file);
  rocksdb::IOStatus SyncDirectory(const std::string& directory);
  rocksdb::IOStatus Remove(const std::string& path);
  rocksdb::IOStatus Rename(const std::string& from, const std::string& to);
  // For what is kept at once and for good: directories and hard links.
  rocksdb::IOStatus Change(const Act& act);

 private:
  // A change of a directory that was not synced, and how it is undone.
  struct Undo {
    std::string made;     // The name that appeared; empty: none.
    std::string removed;  // The name that went away; empty: none.
    std::string saved;    // Where that file, or the one replaced by `made`, is kept; empty: none.
  };
  struct Aim {
    uint64_t nth;
    Failure failure;
  };

  rocksdb::IOStatus Begin();  // Counts an operation; the cut aimed at it happens.
  static bool Hit(std::optional<Aim>& aim);
  std::string Bury(const std::string& path);
  void Move(const std::string& from, const std::string& to);
  void Take(const Undo& undo);
  static void Damage(const std::string& path, const File& file, std::mt19937_64& random);

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::map<std::string, std::vector<Undo>> changes_;  // By directory.
  std::map<std::string, bool> grave_directories_;
  uint64_t graves_ = 0;
  bool cut_ = false;
  uint64_t seed_ = 0;
  uint64_t operations_to_cut_ = 0;  // 0: no cut is aimed.
  std::optional<Aim> write_failure_;
  std::optional<Aim> sync_failure_;
  Counts counts_;
};

}  // namespace idnode
