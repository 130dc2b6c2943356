#include "node/service/registrar.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>

#include "node/runtime/clock.h"
#include "node/runtime/work_pool.h"
#include "node/service/acts.h"
#include "node/service/pending_batch.h"
#include "node/stats/registration_times.h"
#include "proto/crypto/digest.h"
#include "proto/ident/handle_name.h"

namespace idnode {
namespace {

// Batches whose outcome has to be held against the disk; beyond that the ledger's thread does it,
// and the node takes writes no faster than it can answer them.
constexpr size_t kSettlingMax = 4'096;

// A batch that its caller may not register, or a part of it, is on record once.
void NoteRefusal(const RegistrarSettings& settings, std::span<const RegisterItem> items,
                 const Caller& caller, const RegisterResult& result) {
  if (settings.acts == nullptr) return;
  for (size_t i = 0; i < items.size(); ++i) {
    const RegisterItemResult& item = result.items[i];
    if (item.outcome != RegisterOutcome::kRefused || !IsOfOthers(item.error.code)) continue;
    const bool names_prefix = items[i].identifier.starts_with(kPrefixHandles);
    const Act act = names_prefix ? Act::kPutPrefixRecords : Act::kRegister;
    settings.acts->Refused(caller, act, items[i].identifier, item.error.code);
    return;
  }
}

}  // namespace

struct Registrar::Core {
  explicit Core(const RegistrationPorts& ports) : ports(ports), settling(1, kSettlingMax) {}

  // A batch whose caller does not wait. The items are kept, their views are the caller's.
  struct Pending {
    Pending(const RegistrationPorts& ports, const std::vector<RegisterItem>& given,
            const Caller& caller, std::string_view idempotency_key, Time now, Completion completion)
        : items(given),
          batch(ports, items, caller, idempotency_key, now),
          completion(std::move(completion)) {}
    const std::vector<RegisterItem> items;
    PendingBatch batch;
    Completion completion;
  };

  void Advance(const std::shared_ptr<Pending>& pending) {
    auto change = pending->batch.Prepare();
    if (!change) return Finish(*pending);
    const uint64_t since = MonotonicMicros();
    ports.ledger.Submit(std::move(change), [this, pending, since](const Outcome& outcome) {
      NoteTime(outcome, since);
      if (PendingBatch::IsPlain(outcome)) {
        pending->batch.Settle(outcome);
        return Finish(*pending);
      }
      auto settle = [this, pending, outcome] {
        if (pending->batch.Settle(outcome)) return Advance(pending);
        Finish(*pending);
      };
      if (!settling.Post(settle)) settle();
    });
  }

  // As who registers sees it: from asking the ledger to its answer.
  void NoteTime(const Outcome& outcome, uint64_t since) const {
    if (ports.settings.times == nullptr || !outcome.done()) return;
    ports.settings.times->Take(MonotonicMicros() - since);
  }

  void Finish(Pending& pending) {
    NoteRefusal(ports.settings, pending.items, pending.batch.caller(), pending.batch.result);
    pending.completion(std::move(pending.batch.result));
    std::scoped_lock lock(mutex);
    if (--under_way == 0) idle.notify_all();
  }

  const RegistrationPorts ports;
  std::mutex mutex;
  std::condition_variable idle;
  size_t under_way = 0;
  WorkPool settling;
};

Registrar::Registrar(const Rows& rows, const Registry& registry, const Directory& directory,
                     Ledger& ledger, RegistrarSettings settings)
    : core_(std::make_unique<Core>(
          RegistrationPorts{rows, registry, directory, ledger, std::move(settings)})) {}

Registrar::~Registrar() {
  std::unique_lock lock(core_->mutex);
  core_->idle.wait(lock, [&] { return core_->under_way == 0; });
}

void Registrar::Register(const std::vector<RegisterItem>& items, const Caller& caller,
                         std::string_view idempotency_key, Time now, Completion completion) {
  {
    std::scoped_lock lock(core_->mutex);
    ++core_->under_way;
  }
  core_->Advance(std::make_shared<Core::Pending>(core_->ports, items, caller, idempotency_key, now,
                                                 std::move(completion)));
}

RegisterResult Registrar::RegisterAndWait(const std::vector<RegisterItem>& items,
                                          const Caller& caller, std::string_view idempotency_key,
                                          Time now) {
  PendingBatch batch(core_->ports, items, caller, idempotency_key, now);
  while (auto change = batch.Prepare()) {
    const uint64_t since = MonotonicMicros();
    const Outcome outcome = core_->ports.ledger.Commit(std::move(change));
    core_->NoteTime(outcome, since);
    if (!batch.Settle(outcome)) break;
  }
  NoteRefusal(core_->ports.settings, items, caller, batch.result);
  return std::move(batch.result);
}

RegisterResult Registrar::Judge(const std::vector<RegisterItem>& items, const Caller& caller,
                                Time now, RehearsedDefaults* rehearsed) const {
  PendingBatch batch(core_->ports, items, caller, {}, now);
  batch.Judge(rehearsed);
  NoteRefusal(core_->ports.settings, items, caller, batch.result);
  return std::move(batch.result);
}

OperationId OperationIdOf(std::string_view actor, std::string_view idempotency_key) {
  OperationId operation{};
  if (idempotency_key.empty()) return operation;
  // A zero octet keeps actor and key apart: an actor has none.
  const Digest digest = Sha256(actor, std::string_view("\0", 1), idempotency_key);
  std::copy_n(digest.begin(), operation.size(), operation.begin());
  return operation;
}

std::string_view NameOf(RegisterOutcome outcome) {
  constexpr std::array<std::string_view, 5> kNames = {"created", "replaced", "removed", "unchanged",
                                                      "refused"};
  return kNames[static_cast<size_t>(outcome)];
}

}  // namespace idnode
