#include "node/service/registration.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "proto/base/limits.h"
#include "proto/ident/identifier.h"
#include "proto/record/record.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

// An encoded value begins with its index and its timestamp, four octets each
// (spec/handle-protocol.md 2.1).
constexpr size_t kTimestampAt = 4;
constexpr size_t kAfterTimestamp = 8;

bool HasValues(RegisterAction action) { return action != RegisterAction::kRemove; }

// Values that are equal but for their time keep the old one (spec/handle-protocol.md 4.5 (i)).
void KeepTimesOfEqualValues(const RecordView& old, std::string& encoded) {
  const auto renewed = RecordView::Parse(encoded);
  Require(renewed.ok());
  RecordView::Walk before = old.values();
  bool more = before.Next();
  for (RecordView::Walk after = renewed->values(); more && after.Next();) {
    while (more && before.index() < after.index()) more = before.Next();
    if (!more || before.index() != after.index()) continue;
    if (before.octets().substr(kAfterTimestamp) != after.octets().substr(kAfterTimestamp)) continue;
    const size_t place = static_cast<size_t>(after.octets().data() - encoded.data());
    std::memcpy(encoded.data() + place + kTimestampAt, before.octets().data() + kTimestampAt, 4);
  }
}

// One batch on its way to a change: first every item is judged, then those that remain are added,
// since the conditions that hold for all come before the first item.
class Decision {
 public:
  Decision(const RegistrationRequest& request, const DirectoryView& directory,
           std::span<const PresentRecord> present, std::span<RegisterItemResult> results)
      : request_(request), directory_(directory), present_(present), results_(results) {}

  void Judge(uint32_t item) {
    const auto owner = OwnerOf(item);
    if (!owner) return Refuse(item, owner.error());
    if (const Status fits = CheckPresent(item); !fits) return Refuse(item, fits.error());
    judged_.push_back({item, *owner});
  }

  Result<Registration> Build() {
    if (judged_.empty()) return Registration{};
    change_ = std::make_shared<Change>(request_.now, request_.caller.actor, request_.operation,
                                       Change::Mode::kEach);
    RelyOnDirectory();
    for (const Judged& judged : judged_) {
      Add(judged);
      if (change_->octets() > limits::kChangeOctetsMax) {
        return Error{Errc::kTooLarge, "a batch has at most 8 MiB of keys and values"};
      }
    }
    if (registration_.asked.empty()) return Registration{};
    registration_.change = std::move(change_);
    return std::move(registration_);
  }

 private:
  struct Judged {
    uint32_t item;
    const AllottedPrefix* owner;
  };

  // The prefix that covers the item, if the caller may register under it.
  Result<const AllottedPrefix*> OwnerOf(uint32_t item) {
    const Status& parsed = request_.parsed.status(item);
    if (!parsed) return parsed.error();
    if (const Status matter = MatterOfKey(request_.parsed.key(item), matter_); !matter) {
      return matter.error();
    }
    if (!has_last_ || matter_.scheme != last_matter_.scheme || matter_.text != last_matter_.text) {
      last_owner_ = CheckedOwner();
      std::swap(last_matter_, matter_);
      has_last_ = true;
    }
    return last_owner_;
  }

  Result<const AllottedPrefix*> CheckedOwner() const {
    const AllottedPrefix* owner = directory_.Owner(matter_);
    if (owner == nullptr) {
      return Error{Errc::kOutsidePrefix, "no prefix that was allotted covers the identifier"};
    }
    if (!request_.caller.is_operator() && owner->enterprise != request_.caller.enterprise) {
      return Error{Errc::kOutsidePrefix, "the prefix belongs to another enterprise"};
    }
    if (owner->state != PrefixState::kActive) {
      return Error{Errc::kPrefixInactive, "the prefix is suspended"};
    }
    const Enterprise* enterprise = directory_.FindEnterprise(owner->enterprise);
    if (enterprise == nullptr || enterprise->state != EnterpriseState::kActive) {
      return Error{Errc::kEnterpriseInactive, "the enterprise is not active"};
    }
    return owner;
  }

  // What is there already must allow the action.
  Status CheckPresent(uint32_t item) const {
    const RegisterItem& asked = request_.items[item];
    if (asked.action == RegisterAction::kCreate) {
      if (asked.expected_version == 0) return {};
      return Error{Errc::kConflict, "what is created has no version yet"};
    }
    const PresentRecord& present = present_[item];
    if (!present.read) return present.read;
    if (!present.is_there && asked.action != RegisterAction::kPut) {
      return Error{Errc::kNotFound, "the identifier is not registered"};
    }
    const uint64_t version = present.is_there ? present.found.version.value : 0;
    if (asked.expected_version != 0 && asked.expected_version != version) {
      return Error{Errc::kConflict, "the record has another version"};
    }
    // Where a longer prefix was allotted to somebody else later, older records stay with whom they
    // are counted for.
    if (present.is_there && !request_.caller.is_operator() &&
        present.found.record.enterprise() != request_.caller.enterprise) {
      return Error{Errc::kOutsidePrefix, "the record belongs to another enterprise"};
    }
    return {};
  }

  void RelyOnDirectory() {
    std::vector<const AllottedPrefix*> prefixes;
    std::vector<uint32_t> enterprises;
    for (const Judged& judged : judged_) {
      if (!prefixes.empty() && prefixes.back() == judged.owner) continue;
      prefixes.push_back(judged.owner);
      enterprises.push_back(judged.owner->enterprise);
    }
    std::ranges::sort(prefixes);
    prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
    std::ranges::sort(enterprises);
    enterprises.erase(std::unique(enterprises.begin(), enterprises.end()), enterprises.end());
    for (const AllottedPrefix* prefix : prefixes) ExpectPrefixUnchanged(*change_, *prefix);
    for (const uint32_t number : enterprises) {
      change_->ExpectForAll(Table::kDirectory, keyspace::Enterprise(number), Expect::kVersion,
                            directory_.FindEnterprise(number)->version.value);
    }
  }

  void Add(const Judged& judged) {
    const uint32_t item = judged.item;
    const RegisterAction action = request_.items[item].action;
    const std::string_view key = request_.parsed.key(item);
    const bool is_there = action != RegisterAction::kCreate && present_[item].is_there;
    if (!is_there) {
      Encode(item, judged.owner->enterprise, nullptr);
      AddCreate(*change_, key, judged.owner->enterprise, encoded_);
      return Ask(item, RegisterOutcome::kCreated);
    }
    const Registry::Found& found = present_[item].found;
    const uint32_t enterprise = found.record.enterprise();
    if (action == RegisterAction::kRemove) {
      AddRemove(*change_, key, enterprise, found.version);
      return Ask(item, RegisterOutcome::kRemoved);
    }
    Encode(item, enterprise, &found.record);
    if (RecordView::Parse(encoded_)->SameContent(found.record)) {
      results_[item] = {RegisterOutcome::kUnchanged, {}};
      return;
    }
    KeepTimesOfEqualValues(found.record, encoded_);
    AddReplace(*change_, key, enterprise, encoded_, found.version);
    Ask(item, RegisterOutcome::kReplaced);
  }

  // The record as it will be, in `encoded_`. Times are the server's own (4.5 (e)).
  void Encode(uint32_t item, uint32_t enterprise, const RecordView* present) {
    record_.enterprise = enterprise;
    record_.template_number = present == nullptr ? 0 : present->template_number();
    record_.created = present == nullptr ? request_.now.seconds() : present->created();
    record_.modified = request_.now.seconds();
    record_.text = request_.parsed.text(item);
    record_.values = request_.items[item].values;
    for (Value& value : record_.values) value.timestamp = 0;
    std::ranges::sort(record_.values, {}, &Value::index);
    encoded_.clear();
    EncodeRecord(record_, encoded_);
  }

  void Ask(uint32_t item, RegisterOutcome when_done) {
    registration_.asked.push_back({item, when_done});
  }
  void Refuse(uint32_t item, const Error& error) {
    results_[item] = {RegisterOutcome::kRefused, error};
  }

  const RegistrationRequest& request_;
  const DirectoryView& directory_;
  const std::span<const PresentRecord> present_;
  const std::span<RegisterItemResult> results_;
  std::vector<Judged> judged_;
  std::shared_ptr<Change> change_;
  Registration registration_;

  PrefixMatter matter_, last_matter_;  // A batch is mostly of one prefix: no look-up then.
  Result<const AllottedPrefix*> last_owner_ = nullptr;
  bool has_last_ = false;
  Record record_;
  std::string encoded_;
};

}  // namespace

ParsedBatch::ParsedBatch(std::span<const RegisterItem> items) : items_(items.size()) {
  keys_.reserve(items.size() * 32);
  bool creates_only = true;
  for (size_t i = 0; i < items.size(); ++i) {
    items_[i].status = Parse(items[i], items_[i]);
    creates_only = creates_only && items[i].action == RegisterAction::kCreate;
  }
  if (!creates_only) RefuseSecondTouches(items);
}

Status ParsedBatch::Parse(const RegisterItem& item, Item& parsed) {
  if (item.is_refused) return item.refused;
  if (const Status read = ParseIdentifier(item.identifier, scratch_); !read) return read;
  if (const Status fits = CheckForRegistration(scratch_); !fits) return fits;
  if (HasValues(item.action)) {
    if (const Status fits = CheckValues(item.values); !fits) return fits;
  }
  parsed.key_at = static_cast<uint32_t>(keys_.size());
  parsed.key_octets = static_cast<uint32_t>(scratch_.key.size());
  keys_.append(scratch_.key);
  // A Handle's canonical text is the text as it was given, its key that text folded.
  const bool is_folded = std::string_view(scratch_.key).substr(1) == scratch_.text;
  if (scratch_.scheme == Scheme::kHandle && !is_folded) parsed.text = item.identifier;
  return {};
}

void ParsedBatch::RefuseSecondTouches(std::span<const RegisterItem> items) {
  std::unordered_set<std::string_view> created, touched;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items_[i].status) continue;
    const bool creates = items[i].action == RegisterAction::kCreate;
    const bool second = touched.contains(key(i)) || (!creates && created.contains(key(i)));
    if (second) {
      items_[i].status = Error{Errc::kConflict, "an earlier item of the batch has the identifier"};
    } else {
      (creates ? created : touched).insert(key(i));
    }
  }
}

Status MayRegister(const Caller& caller) {
  if (caller.anonymous) return Error{Errc::kUnauthenticated, "registration needs a token"};
  if (caller.role == Role::kOperator || caller.role == Role::kEnterprise) return {};
  return Error{Errc::kDenied, "a token of this role registers nothing"};
}

Result<Registration> DecideRegistration(const RegistrationRequest& request,
                                        std::span<const uint32_t> open,
                                        const DirectoryView& directory,
                                        std::span<const PresentRecord> present,
                                        std::span<RegisterItemResult> results) {
  Decision decision(request, directory, present, results);
  for (const uint32_t item : open) decision.Judge(item);
  return decision.Build();
}

}  // namespace idnode
