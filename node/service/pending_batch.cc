#include "node/service/pending_batch.h"

#include <numeric>
#include <string>
#include <unordered_map>

#include "node/service/rehearsed_defaults.h"
#include "node/service/repeated_operation.h"
#include "proto/base/limits.h"
#include "proto/gs1/packed_key.h"
#include "proto/ident/serial_key.h"
#include "storage/log_record.h"

namespace idnode {
namespace {

// How often a batch is decided anew because what it relied upon had changed. Each time somebody
// else's change was ahead in the ledger.
constexpr uint32_t kAttemptsMax = 8;

RegisterItemResult Refusal(Errc code, std::string_view detail = {}) {
  return {RegisterOutcome::kRefused, Error{code, detail}};
}

// Whether the outcome says that what holds for the whole change did not hold.
bool SharedConditionFailed(const Outcome& outcome) {
  return outcome.kind == Outcome::Kind::kRefused && outcome.items.empty() &&
         (outcome.why == Errc::kConflict || outcome.why == Errc::kNotFound ||
          outcome.why == Errc::kExists);
}

// What an event of the log says was done; kRefused: nothing that is registered.
RegisterOutcome OutcomeOf(const LogItem& event) {
  switch (event.kind) {
    case EventKind::kIdentifierCreated:
    case EventKind::kMemberRegistered:
      return RegisterOutcome::kCreated;
    case EventKind::kIdentifierReplaced:
      return RegisterOutcome::kReplaced;
    case EventKind::kIdentifierRemoved:
    case EventKind::kMemberRemoved:
    case EventKind::kPrefixRecordRemoved:
      return RegisterOutcome::kRemoved;
    case EventKind::kPrefixRecordPut:
      return event.body == std::string_view("\1", 1) ? RegisterOutcome::kCreated
                                                     : RegisterOutcome::kReplaced;
    default:
      return RegisterOutcome::kRefused;
  }
}

bool Fits(RegisterAction action, RegisterOutcome done) {
  switch (action) {
    case RegisterAction::kCreate:
      return done == RegisterOutcome::kCreated;
    case RegisterAction::kPut:
      return done == RegisterOutcome::kCreated || done == RegisterOutcome::kReplaced;
    case RegisterAction::kReplace:
      return done == RegisterOutcome::kReplaced;
    case RegisterAction::kRemove:
      return done == RegisterOutcome::kRemoved;
    case RegisterAction::kPutLinks:
    case RegisterAction::kAddLinks:
    case RegisterAction::kRemoveLinks:
      return done != RegisterOutcome::kRefused;
  }
  return false;
}

Status CheckBatch(std::span<const RegisterItem> items, const Caller& caller,
                  std::string_view idempotency_key) {
  if (const Status may = MayRegister(caller); !may) return may;
  if (items.size() > limits::kItemsPerChangeMax) {
    return Error{Errc::kTooLarge, "a batch has at most 4096 items"};
  }
  return CheckIdempotencyKey(idempotency_key);
}

std::string_view WhyBatchFailed(Errc why) {
  return why == Errc::kTooLarge ? "a batch is at most 4 MiB of keys and 8 MiB in all"
                                : RowOf(why).en;
}

}  // namespace

PendingBatch::PendingBatch(const RegistrationPorts& ports, std::span<const RegisterItem> items,
                           const Caller& caller, std::string_view idempotency_key, Time now)
    : ports_(ports),
      items_(items),
      caller_(caller),
      operation_(OperationIdOf(caller.actor, idempotency_key)),
      now_(now) {
  result.items.resize(items.size());
  if (const Status fits = CheckBatch(items, caller, idempotency_key); !fits) {
    Fail(fits.error());
    return;
  }
  parsed_.emplace(items);
  open_.resize(items.size());
  std::iota(open_.begin(), open_.end(), 0);
}

std::shared_ptr<const Change> PendingBatch::Prepare() {
  if (!result.status || open_.empty()) return nullptr;
  ReadPresent();
  if (!present_.empty() && Recall()) return nullptr;
  auto decided = Decide();
  if (!decided) {
    Fail(decided.error());
    return nullptr;
  }
  registration_ = *std::move(decided);
  if (!registration_.change) {
    if (present_.empty()) Recall();
    return nullptr;
  }
  registration_.change->Seal();
  return registration_.change;
}

bool PendingBatch::IsPlain(const Outcome& outcome) {
  return outcome.done() && outcome.items.empty() && !outcome.repeated;
}

bool PendingBatch::Settle(const Outcome& outcome) {
  ++attempts_;
  if (outcome.done() && outcome.repeated) {
    AnswerFromLog(outcome.position);
    return false;
  }
  if (SharedConditionFailed(outcome)) return DecideAgain();
  if (!outcome.done() && outcome.items.size() != registration_.asked.size()) {
    const Errc why = outcome.error(0);
    Fail({why, WhyBatchFailed(why)});
    return false;
  }
  if (outcome.done()) result.position = outcome.position;
  open_.clear();
  for (size_t i = 0; i < registration_.asked.size(); ++i) SettleItem(i, outcome);
  return !open_.empty();
}

// What an earlier attempt has done stays done; without one, nothing of the batch was.
void PendingBatch::Fail(const Error& error) {
  if (result.position == Position{}) {
    result.status = error;
    result.items.assign(items_.size(), Refusal(error.code, error.detail));
    return;
  }
  for (const uint32_t item : open_) result.items[item] = Refusal(error.code, error.detail);
}

// The records that are there, for items that depend on them.
void PendingBatch::ReadPresent() {
  for (const uint32_t item : open_) {
    if (items_[item].action == RegisterAction::kCreate || !parsed_->status(item)) continue;
    if (present_.empty()) present_ = std::vector<PresentRecord>(items_.size());
    Read(item, present_[item]);
  }
}

// After what is there was read: of which ranges the serials are members, which they stay for as
// long as that is there. A node without ranges reads nothing.
void PendingBatch::ReadMemberships() {
  const SerialRanges* ranges = ports_.settings.ranges;
  memberships_.clear();
  if (ranges == nullptr || !ranges->any()) return;
  std::string_view product;
  Result<SerialRanges::Set> set = SerialRanges::Set{};
  SerialRanges::Scratch scratch;
  for (const uint32_t item : open_) {
    if (!parsed_->status(item) || !IsSerialKey(parsed_->key(item))) continue;
    const std::string_view key = parsed_->key(item);
    if (ProductOf(key) != product) {
      product = ProductOf(key);
      set = ranges->FindSet(product, Reach::kDisk);
    }
    if (memberships_.empty()) memberships_.resize(items_.size());
    Membership& membership = memberships_[item];
    if (!set) {
      membership.read = set.error();
      continue;
    }
    membership.set = *set;
    if (set->ranges == 0) continue;
    const auto member = ranges->FindMember(key, Reach::kDisk, scratch);
    if (member) {
      membership.range_holder = member->range.record.enterprise();
    } else if (member.error().code != Errc::kNotFound) {
      membership.read = member.error();
    }
  }
}

// After what is there was read: by which templates the records are, and were. Links are edited
// beside what a template is about.
void PendingBatch::ReadTemplates(const DirectoryView& directory) {
  templates_.clear();
  TemplateReader reader(ports_.rows, directory, ports_.settings.node_prefix);
  for (const uint32_t item : open_) {
    const RegisterItem& asked = items_[item];
    if (!parsed_->status(item) || EditsLinks(asked.action)) continue;
    const bool removes = asked.action == RegisterAction::kRemove;
    const TemplateNamed named = removes ? TemplateNamed() : TemplateNamedBy(asked.values);
    const bool is_there = !present_.empty() && present_[item].is_there;
    TemplateUse use;
    if (is_there) use.before = reader.FindOf(present_[item].found.record);
    if (named.handle.empty() && use.before == nullptr) continue;
    if (is_there && !removes && IsSameByTemplate(present_[item].found.record, asked.values)) {
      continue;
    }
    use.after = reader.Find(named);
    if (templates_.empty()) templates_.resize(items_.size());
    templates_[item] = std::move(use);
  }
}

void PendingBatch::Read(uint32_t item, PresentRecord& present) const {
  const auto found = ports_.registry.Find(parsed_->key(item), Reach::kDisk, present.row);
  present.is_there = found.ok();
  present.read = Status();
  if (found) {
    present.found = *found;
  } else if (found.error().code != Errc::kNotFound) {
    present.read = found.error();
  }
  if (present.read && EditsLinks(items_[item].action)) {
    present.read = ReadAround(parsed_->key(item), present);
  }
}

// What an edit of links depends on besides: default links above, and whether anything is below.
Status PendingBatch::ReadAround(std::string_view key, PresentRecord& present) const {
  Gs1Path path;
  present.has_default_above = present.has_below = false;
  if (!key.starts_with(kGs1KeyMark) || !UnpackGs1Key(key, path)) return {};
  const Gs1Levels levels(path);
  std::string row;
  for (size_t i = 1; i < levels.size() && !present.has_default_above; ++i) {
    const auto above = HasDefault(levels.key(i), row);
    if (!above) return above.error();
    present.has_default_above = *above;
  }
  if (levels.size() > 1) return {};
  // Everything below a key begins with it and a zero octet (packed_key.h).
  const std::string from = std::string(key) + '\0', until = std::string(key) + '\1';
  return ports_.registry.List(from, until, 1, [&](std::string_view, const Registry::Found&) {
    return present.has_below = true;
  });
}

// Whether an identifier above has a default link, or would have after what was rehearsed before.
Result<bool> PendingBatch::HasDefault(std::string_view key, std::string& row) const {
  if (rehearsed_ != nullptr) {
    if (const auto known = rehearsed_->Find(key)) return *known;
  }
  const auto found = ports_.registry.Find(key, Reach::kDisk, row);
  if (!found && found.error().code == Errc::kNotFound) return false;
  if (!found) return found.error();
  const auto values = found->record.DecodeAll();
  if (!values) return values.error();
  return HasDefaultLink(*values);
}

void PendingBatch::Judge(RehearsedDefaults* rehearsed) {
  if (!result.status) return;
  rehearsed_ = rehearsed;
  DecideOpen([this](size_t asked) {
    return RegisterItemResult{registration_.asked[asked].when_done, {}};
  });
  if (rehearsed == nullptr || !result.status) return;
  for (const Registration::Led& led : registration_.led) {
    if (result.items[led.item].outcome == RegisterOutcome::kRefused) continue;
    rehearsed->Note(parsed_->key(led.item), led.has_default);
  }
}

// Decides the open items without asking the ledger: what would be asked becomes what `told` says,
// but for a creation of what is there.
template <class Told>
void PendingBatch::DecideOpen(const Told& told) {
  if (open_.empty()) return;
  ReadPresent();
  auto decided = Decide();
  if (!decided) return Fail(decided.error());
  registration_ = *std::move(decided);
  for (size_t i = 0; i < registration_.asked.size(); ++i) {
    const uint32_t item = registration_.asked[i].item;
    result.items[item] = told(i);
    if (items_[item].action != RegisterAction::kCreate) continue;
    PresentRecord present;
    Read(item, present);
    if (present.is_there) result.items[item] = ExistsOrUnchanged(i);
  }
}

Result<Registration> PendingBatch::Decide() {
  // The view lives until everything that points into it has been copied into the change.
  ReadMemberships();
  const auto directory = ports_.directory.View();
  ReadTemplates(*directory);
  return DecideRegistration(
      {items_, *parsed_, caller_, operation_, now_, ports_.settings.node_prefix,
       ports_.settings.secrets, ports_.settings.link_roots, memberships_,
       ports_.settings.require_targets, templates_, rehearsed_},
      open_, *directory, present_, result.items);
}

// The same operation may have been done already. True: the result stands.
bool PendingBatch::Recall() {
  const auto done = FindDone(ports_.rows, operation_, now_);
  if (!done) {
    Fail(done.error());
    return true;
  }
  if (!*done) return false;
  AnswerFromLog(**done);
  return true;
}

bool PendingBatch::DecideAgain() {
  // The ledger also refuses a known operation that now has another number of items.
  if (Recall()) return false;
  if (const Status stand = CheckReliedOn(); !stand) {
    Fail(stand.error());
    return false;
  }
  if (attempts_ < kAttemptsMax) return true;
  Fail({Errc::kBusy, "what the batch relies on kept changing"});
  return false;
}

Status PendingBatch::CheckReliedOn() const {
  std::string row;
  for (const Caller::RecordVersion& record : caller_.relied_on) {
    const auto found = ports_.registry.Find(record.key, Reach::kDisk, row);
    if (found && found->version.value == record.version) continue;
    if (!found && found.error().code != Errc::kNotFound) return found.error();
    return Error{Errc::kConflict, "a record by which the caller's right was judged has changed"};
  }
  return {};
}

// Of an item that met something that is there already: whether that is a value of another.
bool PendingBatch::IsTaken(size_t asked) const {
  if (!registration_.asked[asked].claims_unique) return false;
  if (registration_.asked[asked].when_done != RegisterOutcome::kCreated) return true;
  PresentRecord present;
  Read(registration_.asked[asked].item, present);
  return present.read && !present.is_there;
}

void PendingBatch::SettleItem(size_t asked, const Outcome& outcome) {
  const uint32_t item = registration_.asked[asked].item;
  RegisterItemResult& settled = result.items[item];
  if (outcome.done(asked)) {
    settled = {registration_.asked[asked].when_done, {}};
    return;
  }
  const Errc why = outcome.error(asked);
  if (why == Errc::kNotFound && registration_.asked[asked].refers_anew) {
    settled = Refusal(why, "an identifier that is referred to is not registered");
    return;
  }
  if (why == Errc::kExists && IsTaken(asked)) {
    settled = Refusal(Errc::kNotUnique, "of a value that the template says is unique");
    return;
  }
  if (items_[item].action == RegisterAction::kCreate) {
    settled = why == Errc::kExists ? ExistsOrUnchanged(asked) : Refusal(why);
    return;
  }
  if (!IsOvertaken(why)) {
    settled = Refusal(why);
  } else if (has_operation() || items_[item].expected_version != 0 || attempts_ >= kAttemptsMax) {
    settled = Refusal(Errc::kConflict, "somebody else changed the record meanwhile");
  } else {
    open_.push_back(item);
  }
}

// A create of what is there: unchanged when it has the content that was asked for.
RegisterItemResult PendingBatch::ExistsOrUnchanged(size_t asked) const {
  PresentRecord present;
  Read(registration_.asked[asked].item, present);
  if (!present.read) return {RegisterOutcome::kRefused, present.read.error()};
  const Change& change = *registration_.change;
  const auto wanted = RecordView::Parse(change.Text(change.effects(asked)[0].body));
  Require(wanted.ok());
  if (present.is_there && present.found.record.SameContent(*wanted)) {
    return {RegisterOutcome::kUnchanged, {}};
  }
  return Refusal(Errc::kExists, "the identifier is registered with other content");
}

// The answer to a repeated operation: its record says which items were done. What it does not name
// was refused or unchanged then, and is told by the same rules from what is there now.
void PendingBatch::AnswerFromLog(Position position) {
  std::string thin;
  const auto record = ReadLogRecord(ports_.rows, position, thin);
  if (!record) return Fail(record.error());

  std::unordered_map<std::string_view, RegisterOutcome> done;
  for (const LogItem& item : record->items) done.emplace(item.key, OutcomeOf(item));
  std::vector<bool> named(items_.size());
  for (uint32_t item = 0; item < items_.size(); ++item) {
    if (!parsed_->status(item)) continue;
    const auto event = done.find(parsed_->key(item));
    if (event == done.end() || !Fits(items_[item].action, event->second)) continue;
    result.items[item] = {event->second, {}};
    named[item] = true;
    done.erase(event);
  }
  if (!done.empty()) {
    return Fail(kKeyUsedForAnother);
  }
  DecideUnnamed(named);
  if (!result.status) return;
  result.position = position;
  result.repeated = true;
}

void PendingBatch::DecideUnnamed(const std::vector<bool>& named) {
  open_.clear();
  for (uint32_t item = 0; item < items_.size(); ++item) {
    if (!named[item]) open_.push_back(item);
  }
  DecideOpen([](size_t) { return RegisterItemResult{RegisterOutcome::kRefused, kRefusedThen}; });
}

}  // namespace idnode
