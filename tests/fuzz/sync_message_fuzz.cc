// Whatever octets a child sends: as a message they are taken or refused, and what is taken follows
// what was held. The input is one FromChild; the child has sent two records before.
// rooms: sync/downstream storage proto/rpc proto/base
// mutations: 5000

#include <cstdint>
#include <string>
#include <vector>

#include "proto/rpc/sync.pb.h"
#include "storage/children.h"
#include "storage/engine/memory_engine.h"
#include "storage/log_record.h"
#include "storage/registry.h"
#include "sync/downstream/inbox.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'000'000'000};
constexpr size_t kHeld = 2;

// Records 1 to kHeld of a child's log, and an engine that holds them.
struct Held {
  std::unique_ptr<MemoryEngine> engine = OpenMemoryEngine();
  Child child{
      .number = 1, .node_id = "node", .name = "factory", .prefix = "88.118.5", .token_id = "token"};

  Held() {
    std::vector<std::string> records;
    Digest predecessor{};
    for (uint64_t i = 1; i <= kHeld; ++i) {
      Change change(kNow, "fuzz", OperationId{}, Change::Mode::kTogether);
      AddCreate(change, "H88.118.5/" + std::to_string(i), 1, "record");
      change.Seal();
      const uint8_t done = 1;
      EncodeThin(Position{i}, predecessor, change, {&done, 1}, change.root(),
                 records.emplace_back());
      predecessor = LeafHash(records.back());
    }
    Change stored(kNow, "fuzz", OperationId{}, Change::Mode::kTogether);
    auto grown = AddChildRecords(stored, child, {records.begin(), records.end()});
    Require(grown.ok());
    child = *std::move(grown);
    child.version = Position{1};
    Batch rows;
    std::string version(8, '\0');
    version.back() = 1;
    for (const Change::Effect& effect : stored.effects(0)) {
      rows.Put(effect.table, stored.Text(effect.key), version, stored.Text(effect.body));
    }
    Require(engine->Write(rows, Engine::Durability::kSynced).ok());
  }
};

void Hold(const v1::FromChild& message) {
  static const Held held;
  Inbox inbox(*held.engine, held.child);
  const v1::Events& events = message.events();
  const std::vector<std::string_view> records(events.records().begin(), events.records().end());
  const auto taken = inbox.Take(Position{events.first()}, records, kNow);
  Require(inbox.under_way() == (taken.ok() && *taken != nullptr));
  if (!inbox.under_way()) return Require(inbox.child().head == held.child.head);
  Require((*taken)->sealed() && (*taken)->items().size() == 1);
  Require(inbox.OnOutcome({.kind = Outcome::Kind::kDone, .position = Position{2}}).ok());
  Require(inbox.child().head.value == events.first() + records.size() - 1);
  Require(inbox.child().tip == LeafHash(records.back()));
  Require(inbox.child().tree.size() == inbox.child().head.value);
}

}  // namespace
}  // namespace idnode

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  idnode::v1::FromChild message;
  if (!message.ParseFromArray(data, static_cast<int>(size))) return 0;
  idnode::Hold(message);
  return 0;
}
