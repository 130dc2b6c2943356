#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "node/service/registration.h"
#include "storage/engine/engine.h"

namespace idnode {

// What everything is read from and asked of.
struct RegistrationPorts {
  const Rows& rows;
  const Registry& registry;
  const Directory& directory;
  Ledger& ledger;
  RegistrarSettings settings;
};

// One batch on its way: prepared, asked of the ledger, settled; again for what lost a race, a
// bounded number of times. Waits for nobody. What `items` point to outlives it.
// Threads: one at a time.
class PendingBatch {
 public:
  PendingBatch(const RegistrationPorts& ports, std::span<const RegisterItem> items,
               const Caller& caller, std::string_view idempotency_key, Time now);

  // The next change to ask of the ledger, sealed; null: the result stands. Reads the disk unless
  // every item is a kCreate.
  std::shared_ptr<const Change> Prepare();
  // Whether Settle will neither read the disk nor ask again.
  static bool IsPlain(const Outcome& outcome);
  // Takes what the ledger said. True: Prepare again.
  bool Settle(const Outcome& outcome);
  // Instead of both: what would become of it (Registrar::Judge). Reads the disk.
  void Judge(RehearsedDefaults* rehearsed);

  const Caller& caller() const { return caller_; }

  RegisterResult result;

 private:
  bool has_operation() const { return operation_ != OperationId{}; }
  void Fail(const Error& error);
  void ReadPresent();
  void Read(uint32_t item, PresentRecord& present) const;
  void ReadMemberships();
  void ReadTemplates(const DirectoryView& directory);
  Status ReadAround(std::string_view key, PresentRecord& present) const;
  Result<bool> HasDefault(std::string_view key, std::string& row) const;
  Result<Registration> Decide();
  bool Recall();
  bool DecideAgain();
  Status CheckReliedOn() const;
  bool IsTaken(size_t asked) const;
  void SettleItem(size_t asked, const Outcome& outcome);
  RegisterItemResult ExistsOrUnchanged(size_t asked) const;
  void AnswerFromLog(Position position);
  template <class Told>
  void DecideOpen(const Told& told);
  void DecideUnnamed(const std::vector<bool>& named);

  const RegistrationPorts& ports_;
  const std::span<const RegisterItem> items_;
  const Caller caller_;
  const OperationId operation_;
  const Time now_;
  std::optional<ParsedBatch> parsed_;
  std::vector<uint32_t> open_;           // Items that are still to be decided, ascending.
  std::vector<PresentRecord> present_;   // Empty: no item needs one.
  std::vector<Membership> memberships_;  // Likewise.
  std::vector<TemplateUse> templates_;   // Likewise.
  Registration registration_;
  RehearsedDefaults* rehearsed_ = nullptr;  // Of a dry run.
  uint32_t attempts_ = 0;
};

}  // namespace idnode
