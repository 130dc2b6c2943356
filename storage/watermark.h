#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "proto/base/result.h"
#include "proto/crypto/digest.h"
#include "storage/position.h"

namespace idnode {

// The last position that is known to be on disk, kept outside the engine: an engine that comes back
// shorter than that has lost what was acknowledged, and would not say so (RocksDB's point-in-time
// recovery stops silently at the first damaged record; spec/reliability.md 1, row 7).
//
// The file has two slots of 512 octets that are written in turn, each with its checksum, so that a
// torn write leaves the other one (docs/formats/ledger.md). A thread of its own writes them, at
// most once every `every_ms`; whoever commits only leaves a position here and never waits: a second
// flush in every group halves the rate of single writes (31,000/s against 17,000/s, measured).
//
// Exposure: what was acknowledged within `every_ms` and one flush before a crash may not be
// covered. It is on disk as everything else that was acknowledged; but if exactly this last part of
// the engine's log were damaged as well, the node would come back without it and not know. A longer
// loss, and any after an orderly stop, is found.
struct WatermarkMark {
  Position position;  // 0: none yet.
  Digest tip{};       // Leaf hash of the record there.
  friend bool operator==(const WatermarkMark&, const WatermarkMark&) = default;
};

class Watermark {
 public:
  // Makes the file if there is none. kCorrupt: it has no slot that can be read; kIo, kDiskFull.
  static Result<std::unique_ptr<Watermark>> Open(const std::string& file, uint32_t every_ms);
  virtual ~Watermark() = default;

  // What the file said when it was opened.
  virtual const WatermarkMark& recovered() const = 0;

  // `mark` is on disk in the engine. Threads: one; never waits for the disk.
  virtual void Follow(const WatermarkMark& mark) = 0;
  // A write failed; none is tried again. Threads: any.
  virtual bool failed() const = 0;

  // Writes the last one and ends the thread. kIo: it, or one before, could not be written.
  virtual Status Stop() = 0;
};

// Replaces the file by one that says `mark`: for a store that was restored.
Status WriteWatermark(const std::string& file, const WatermarkMark& mark);
// What a file says, without changing it. kNotFound, kCorrupt.
Result<WatermarkMark> ReadWatermark(const std::string& file);

}  // namespace idnode
