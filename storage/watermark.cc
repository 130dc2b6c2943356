#include "storage/watermark.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "storage/checksum.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

constexpr std::string_view kMagic = "idnodeW1";
// The unit that disks write whole.
constexpr size_t kSlotOctets = 512;
constexpr size_t kSlots = 2;
constexpr size_t kFileOctets = kSlots * kSlotOctets;

std::string EncodeSlot(const WatermarkMark& mark) {
  std::string slot;
  Writer(slot).Raw(kMagic).U64(mark.position.value).Raw(AsText(mark.tip));
  slot.resize(kSlotOctets - kChecksumOctets);
  AppendChecksum(slot, 0);
  return slot;
}

std::optional<WatermarkMark> DecodeSlot(std::string_view slot) {
  if (!EndsWithChecksum(slot)) return std::nullopt;
  Reader in(slot);
  if (in.Raw(kMagic.size()) != kMagic) return std::nullopt;
  WatermarkMark mark;
  mark.position.value = in.U64();
  in.Raw(mark.tip.size()).copy(mark.tip.data(), mark.tip.size());
  if (!in.ok()) return std::nullopt;
  return mark;
}

struct Slots {
  WatermarkMark newest;
  size_t next;  // The slot to write next: never that of the newest.
};

Result<Slots> DecodeSlots(std::string_view octets) {
  std::optional<Slots> slots;
  for (size_t i = 0; i < kSlots && octets.size() == kFileOctets; ++i) {
    const auto mark = DecodeSlot(octets.substr(i * kSlotOctets, kSlotOctets));
    if (mark && (!slots || mark->position > slots->newest.position)) {
      slots = Slots{*mark, (i + 1) % kSlots};
    }
  }
  if (!slots) return Error{Errc::kCorrupt, "watermark: no slot can be read"};
  return *slots;
}

Result<std::string> ReadSlots(const std::string& file) {
  auto octets = ReadWholeFile(file, kFileOctets);
  if (!octets && octets.error().code == Errc::kTooLarge) {
    return Error{Errc::kCorrupt, "watermark: another size"};
  }
  return octets;
}

class WatermarkFile : public Watermark {
 public:
  WatermarkFile(FileHandle file, const Slots& slots, uint32_t every_ms)
      : file_(std::move(file)),
        recovered_(slots.newest),
        next_slot_(slots.next),
        every_(every_ms),
        newest_(slots.newest),
        thread_([this] { Run(); }) {}

  ~WatermarkFile() override { (void)Stop(); }

  const WatermarkMark& recovered() const override { return recovered_; }

  void Follow(const WatermarkMark& mark) override {
    {
      std::scoped_lock lock(mutex_);
      newest_ = mark;
      if (std::exchange(pending_, true)) return;  // The thread knows already.
    }
    changed_.notify_one();
  }

  bool failed() const override { return failed_; }

  Status Stop() override {
    {
      std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
    if (failed_) return Error{Errc::kIo, "watermark: cannot be written"};
    return {};
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!stopping_ || pending_) {
      changed_.wait(lock, [&] { return pending_ || stopping_; });
      if (!pending_) continue;
      pending_ = false;
      const WatermarkMark mark = newest_;
      lock.unlock();
      if (!Write(mark)) failed_ = true;
      lock.lock();
      changed_.wait_for(lock, every_, [&] { return stopping_; });
    }
  }

  bool Write(const WatermarkMark& mark) {
    if (failed_) return false;  // After a failed flush nobody knows what later ones mean.
    const std::string slot = EncodeSlot(mark);
    const auto offset = static_cast<off_t>(next_slot_ * kSlotOctets);
    next_slot_ = (next_slot_ + 1) % kSlots;
    const ssize_t written = ::pwrite(file_.descriptor(), slot.data(), slot.size(), offset);
    return written == static_cast<ssize_t>(slot.size()) && ::fdatasync(file_.descriptor()) == 0;
  }

  const FileHandle file_;
  const WatermarkMark recovered_;
  size_t next_slot_;  // The thread's.
  std::atomic<bool> failed_ = false;
  const std::chrono::milliseconds every_;

  std::mutex mutex_;
  std::condition_variable changed_;
  WatermarkMark newest_;
  bool pending_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Watermark>> Watermark::Open(const std::string& file, uint32_t every_ms) {
  auto octets = ReadSlots(file);
  if (!octets && octets.error().code == Errc::kNotFound) {
    if (auto made = WriteWatermark(file, {}); !made) return made.error();
    octets = ReadSlots(file);
  }
  const auto slots = octets ? DecodeSlots(*octets) : Result<Slots>(octets.error());
  if (!slots) return slots.error();
  FileHandle handle(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (!handle.open()) return Error{Errc::kIo, "watermark: cannot be opened"};
  return std::unique_ptr<Watermark>(
      std::make_unique<WatermarkFile>(std::move(handle), *slots, every_ms));
}

Status WriteWatermark(const std::string& file, const WatermarkMark& mark) {
  return WriteFileDurably(file, EncodeSlot(mark) + std::string(kSlotOctets, '\0'));
}

Result<WatermarkMark> ReadWatermark(const std::string& file) {
  const auto octets = ReadSlots(file);
  if (!octets) return octets.error();
  const auto slots = DecodeSlots(*octets);
  if (!slots) return slots.error();
  return slots->newest;
}

}  // namespace idnode
