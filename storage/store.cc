#include "storage/store.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "storage/data_directory.h"
#include "storage/disk_reserve.h"
#include "storage/durable_file.h"
#include "storage/keyspace.h"
#include "storage/watermark.h"

namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 1;
constexpr size_t kNodeIdOctets = 32;
constexpr auto kRoles = std::to_array<std::string_view>({"top-level", "secondary", "enterprise"});
constexpr size_t kRoleOctetsMax = 16;

Status CheckIdentity(const NodeIdentity& identity) {
  const auto octets = FromHex(identity.node_id);
  if (identity.node_id.size() != kNodeIdOctets || !octets || ToHex(*octets) != identity.node_id) {
    return Error{Errc::kMalformed, "identity: the node id is not 32 hexadecimal characters"};
  }
  if (std::ranges::find(kRoles, identity.role) == kRoles.end()) {
    return Error{Errc::kMalformed, "identity: role top-level, secondary or enterprise"};
  }
  if (identity.prefix.size() > limits::kPrefixOctetsMax || !IsUtf8(identity.prefix) ||
      HasControlCharacter(identity.prefix)) {
    return Error{Errc::kMalformed, "identity: the prefix is not 0-64 octets of plain text"};
  }
  return {};
}

// Rows that no change makes are written here, past the ledger, which is not running: before Start()
// and after Stop() the engine has no other writer.
Status WriteLocal(Engine& engine, std::string_view key, bool present) {
  Batch rows;
  if (present) {
    rows.Put(Table::kLocal, key, "1");
  } else {
    rows.Remove(Table::kLocal, key);
  }
  return engine.Write(rows, Engine::Durability::kSynced);
}

// The first rows of a new store. It has nothing to lose yet, so it has stopped cleanly.
Status WriteFirstRows(Engine& engine, const NodeIdentity& identity) {
  std::string format;
  Writer(format).U32(keyspace::kFormatVersion);
  Batch rows;
  rows.Put(Table::kMeta, keyspace::kFormat, format);
  rows.Put(Table::kMeta, keyspace::kIdentity, EncodeIdentity(identity));
  rows.Put(Table::kLocal, keyspace::kCleanStop, "1");
  return engine.Write(rows, Engine::Durability::kSynced);
}

Result<Time> TimeOfLastRecord(const CommitLog& log, Position head) {
  if (head.value == 0) return Time{};
  const auto records = log.Read(head, 1, limits::kLogRecordOctetsMax);
  if (!records) return records.error();
  if (records->empty()) return Error{Errc::kCorrupt, "log: the last record is missing"};
  const auto record = DecodeThin(records->front());
  if (!record) return Error{Errc::kCorrupt, record.error().detail};
  return record->time;
}

// Whether the gap after an unclean stop has been put on record. Until then the next start must find
// the stop unclean still.
class GapWitness : public Ledger::Observer {
 public:
  void OnApplied(const Change& change, std::span<const uint8_t> done, Position) override {
    for (size_t i = 0; i < done.size(); ++i) {
      if (done[i] && change.items()[i].kind == EventKind::kGap) recorded_ = true;
    }
  }
  void OnCommitted(Position) override {}
  bool recorded() const { return recorded_; }

 private:
  std::atomic<bool> recorded_ = false;
};

class OpenStore final : public Store {
 public:
  explicit OpenStore(const StoreOptions& options)
      : files_(options.directory),
        any_identity_(options.any_identity),
        reserve_(options.reserve_octets) {}

  Status Open(const StoreOptions& options) {
    if (const Status opened = OpenEngine(options); !opened) return opened;
    if (const Status ours = ReadIdentity(options); !ours) return ours;
    log_ = OpenLocalCommitLog(*engine_);
    // Who only looks must be able to look at a store that came back short.
    auto ledger = Ledger::Open(*engine_, *log_, any_identity_ ? std::string() : files_.watermark(),
                               options.ledger);
    if (!ledger) return ledger.error();
    ledger_ = *std::move(ledger);
    auto directory = Directory::Open(*engine_);
    if (!directory) return directory.error();
    directory_ = *std::move(directory);
    registry_.emplace(*engine_);
    auto ranges = SerialRanges::Open(*engine_);
    if (!ranges) return ranges.error();
    ranges_ = *std::move(ranges);
    ledger_->AddObserver(directory_.get());
    ledger_->AddObserver(ranges_.get());
    ledger_->AddObserver(&gap_);
    const auto last = TimeOfLastRecord(*log_, ledger_->head());
    if (!last) return last.error();
    last_record_time_ = *last;
    if (const Status stop = TakeStopMark(); !stop) return stop;
    CheckDisk();
    return {};
  }

  ~OpenStore() override {
    if (ledger_ != nullptr) ledger_->Stop();
  }

  Engine& engine() override { return *engine_; }
  CommitLog& log() override { return *log_; }
  Ledger& ledger() override { return *ledger_; }
  Directory& directory() override { return *directory_; }
  const Registry& registry() const override { return *registry_; }
  const SerialRanges& ranges() const override { return *ranges_; }
  const NodeIdentity& identity() const override { return identity_; }
  Audit audit() const override { return Audit(*engine_, *log_); }
  bool after_unclean_stop() const override { return after_unclean_stop_; }
  Time last_record_time() const override { return last_record_time_; }

  void CheckDisk() override {
    struct statvfs disk = {};
    if (::statvfs(files_.path().c_str(), &disk) != 0) return;  // Nothing is known: as it was.
    switch (reserve_.OnFree(uint64_t{disk.f_bavail} * disk.f_frsize)) {
      case DiskReserve::Turn::kRefuse:
        return ledger_->Refuse(Errc::kDiskFull);
      case DiskReserve::Turn::kAllow:
        return ledger_->Allow();
      case DiskReserve::Turn::kNone:
        return;
    }
  }

  void Close() override {
    if (ledger_ == nullptr) return;
    ledger_->Stop();
    const bool gap_is_known = !after_unclean_stop_ || gap_.recorded() || ledger_->head().value == 0;
    // A mark that cannot be written leaves the stop unclean: the safe side.
    if (!any_identity_ && gap_is_known) {
      (void)WriteLocal(*engine_, keyspace::kCleanStop, true).ok();
    }
    ledger_.reset();
    directory_.reset();
    registry_.reset();
    ranges_.reset();
    log_.reset();
    engine_.reset();
  }

 private:
  Status OpenEngine(const StoreOptions& options) {
    const auto state = files_.Look();
    if (!state) return state.error();
    const bool whole = *state == DataDirectory::State::kWhole;
    if (!whole && !options.create) return Error{Errc::kNotFound, "there is no data directory"};
    NodeIdentity identity = options.identity;
    if (identity.node_id.empty()) identity.node_id = options.new_node_id;
    if (!whole) {
      if (const Status fits = CheckIdentity(identity); !fits) return fits;
      if (const Status begun = files_.Begin(); !begun) return begun;
    }
    RocksDbOptions engine = options.engine;
    engine.create_if_missing = !whole;
    auto opened = OpenRocksDb(files_.rows(), engine);
    if (!opened) return opened.error();
    engine_ = *std::move(opened);
    if (whole) return any_identity_ ? Status{} : CheckWatermark();
    if (const Status written = WriteFirstRows(*engine_, identity); !written) {
      return written;
    }
    if (const Status marked = WriteWatermark(files_.watermark(), {}); !marked) return marked;
    return files_.Finish();
  }

  // Without it a short log would go unseen, so it is never made anew beside rows.
  Status CheckWatermark() const {
    const auto mark = ReadWatermark(files_.watermark());
    if (mark) return {};
    if (mark.error().code != Errc::kNotFound) return mark.error();
    return Error{Errc::kCorrupt, "the data directory has lost its watermark"};
  }

  Status ReadIdentity(const StoreOptions& options) {
    std::string row;
    const auto format = engine_->Get(Table::kMeta, keyspace::kFormat, Reach::kDisk, row);
    if (!format) return format.error();
    Reader in(row);
    const uint32_t version = in.U32();
    if (!*format || !in.AtEnd()) return Error{Errc::kCorrupt, "meta: no format version"};
    if (version != keyspace::kFormatVersion) {
      return Error{Errc::kFormatVersion, "the rows have another format version"};
    }
    const auto found = engine_->Get(Table::kMeta, keyspace::kIdentity, Reach::kDisk, row);
    if (!found) return found.error();
    const auto identity = DecodeIdentity(row);
    if (!*found || !identity) return Error{Errc::kCorrupt, "meta: no node identity"};
    identity_ = *identity;
    if (any_identity_) return {};
    const NodeIdentity& wanted = options.identity;
    if (!wanted.node_id.empty() && identity_.node_id != wanted.node_id) {
      return Error{Errc::kOtherNode, "the data directory belongs to another node"};
    }
    if (identity_.role != wanted.role || identity_.prefix != wanted.prefix) {
      return Error{Errc::kOtherNode, "the data directory is of another role or prefix"};
    }
    return {};
  }

  // The mark is taken away as long as the store is open for a node.
  Status TakeStopMark() {
    std::string mark;
    const auto found = engine_->Get(Table::kLocal, keyspace::kCleanStop, Reach::kDisk, mark);
    if (!found) return found.error();
    after_unclean_stop_ = !*found;
    if (any_identity_ || after_unclean_stop_) return {};
    return WriteLocal(*engine_, keyspace::kCleanStop, false);
  }

  // In the order in which they are built; what comes later uses what stands before.
  DataDirectory files_;
  bool any_identity_;
  DiskReserve reserve_;
  NodeIdentity identity_;
  bool after_unclean_stop_ = false;
  Time last_record_time_;
  GapWitness gap_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<CommitLog> log_;
  std::optional<Registry> registry_;
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<SerialRanges> ranges_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace

std::string EncodeIdentity(const NodeIdentity& identity) {
  std::string row;
  Writer(row).U8(kRowLayout).Text16(identity.node_id).Text16(identity.role).Text16(identity.prefix);
  return row;
}

Result<NodeIdentity> DecodeIdentity(std::string_view row) {
  Reader in(row);
  const uint8_t layout = in.U8();
  if (!in.ok()) return Error{Errc::kMalformed, "identity: empty"};
  if (layout != kRowLayout) return Error{Errc::kFormatVersion, "identity: an unknown layout"};
  NodeIdentity identity;
  identity.node_id = in.Text16(kNodeIdOctets);
  identity.role = in.Text16(kRoleOctetsMax);
  identity.prefix = in.Text16(limits::kPrefixOctetsMax);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "identity: the fields do not fill the row"};
  if (const Status fits = CheckIdentity(identity); !fits) return fits.error();
  return identity;
}

Result<std::unique_ptr<Store>> Store::Open(const StoreOptions& options) {
  auto store = std::make_unique<OpenStore>(options);
  if (const Status opened = store->Open(options); !opened) return opened.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace idnode
