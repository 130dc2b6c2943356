#include "node/service/registration.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <unordered_set>

#include "node/security/secret_box.h"
#include "node/service/reference_checks.h"
#include "node/service/rehearsed_defaults.h"
#include "node/service/reliance.h"
#include "proto/base/limits.h"
#include "proto/gs1/packed_key.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/identifier.h"
#include "proto/ident/serial_key.h"
#include "proto/record/record.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

// An encoded value begins with its index and its timestamp, four octets each
// (spec/handle-protocol.md 2.1).
constexpr size_t kTimestampAt = 4;
constexpr size_t kAfterTimestamp = 8;

bool MayMake(RegisterAction action) {
  return action == RegisterAction::kCreate || action == RegisterAction::kPut ||
         action == RegisterAction::kPutLinks || action == RegisterAction::kAddLinks;
}

LinkEdit EditOf(RegisterAction action) {
  switch (action) {
    case RegisterAction::kPutLinks:
      return LinkEdit::kPut;
    case RegisterAction::kAddLinks:
      return LinkEdit::kAdd;
    default:
      return LinkEdit::kRemove;
  }
}

// Values that are equal but for their time keep the old one (spec/handle-protocol.md 4.5 (i)).
void KeepTimesOfEqualValues(const RecordView& old, std::string& encoded) {
  std::vector<std::pair<uint32_t, std::string_view>> before;
  before.reserve(old.value_count());
  for (RecordView::Walk walk = old.values(); walk.Next();) {
    before.emplace_back(walk.index(), walk.octets());
  }
  std::ranges::sort(before);
  const auto renewed = RecordView::Parse(encoded);
  Require(renewed.ok());
  for (RecordView::Walk after = renewed->values(); after.Next();) {
    const auto same =
        std::ranges::lower_bound(before, after.index(), {}, &decltype(before)::value_type::first);
    if (same == before.end() || same->first != after.index()) continue;
    if (same->second.substr(kAfterTimestamp) != after.octets().substr(kAfterTimestamp)) continue;
    const size_t place = static_cast<size_t>(after.octets().data() - encoded.data());
    std::memcpy(encoded.data() + place + kTimestampAt, same->second.data() + kTimestampAt, 4);
  }
}

// Puts sealed octets in the place of secret keys; they are kept in `sealed`. What is sealed for its
// place already, as an export tells it, stays as it is.
Status SealSecrets(const SecretBox* box, std::string_view key, std::vector<Value>& values,
                   std::deque<std::string>& sealed) {
  for (Value& value : values) {
    if (!HasType(value.type, kSecretKeyType)) continue;
    if (box == nullptr) return Error{Errc::kInvalidValue, "secret keys are switched off"};
    if (value.public_read()) {
      return Error{Errc::kInvalidValue, "a secret key is never publicly readable"};
    }
    const std::string place = PlaceOfSecret(key, value.index);
    if (SecretBox::IsSealed(value.data)) {
      if (box->Open(value.data, place)) continue;
      return Error{Errc::kInvalidValue, "the secret key was sealed elsewhere"};
    }
    value.data = sealed.emplace_back(box->Seal(value.data, place));
  }
  return sealed.empty() ? Status() : CheckValues(values);
}

Status CheckActive(const AllottedPrefix& prefix, const DirectoryView& directory) {
  if (prefix.state == PrefixState::kSuspended) {
    return Error{Errc::kPrefixInactive, "the prefix is suspended"};
  }
  const Enterprise* enterprise = directory.FindEnterprise(prefix.enterprise);
  if (enterprise == nullptr || enterprise->state != EnterpriseState::kActive) {
    return Error{Errc::kEnterpriseInactive, "the enterprise is not active"};
  }
  return {};
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
    if (const Status& read = MembershipOf(item).read; !read) return Refuse(item, read.error());
    Judged judged{item, *owner, nullptr};
    if (EditsLinks(request_.items[item].action)) {
      if (const Status edited = Edit(judged); !edited) return Refuse(item, edited.error());
    }
    if (const Status fits = CheckSecrets(judged); !fits) return Refuse(item, fits.error());
    if (const Status fits = CheckLinksOf(judged); !fits) return Refuse(item, fits.error());
    if (const Status fits = CheckReferencesOf(judged); !fits) return Refuse(item, fits.error());
    if (TemplateOf(item).after != nullptr && !CheckByTemplate(item)) return;
    if (request_.rehearsed != nullptr) NoteDefault(judged);
    judged_.push_back(std::move(judged));
  }

  Result<Registration> Build() {
    if (judged_.empty()) return std::move(registration_);
    change_ = std::make_shared<Change>(request_.now, request_.caller.actor, request_.operation,
                                       Change::Mode::kEach);
    RelyOnDirectory();
    RelyOnRanges();
    RelyOnTemplates();
    for (const Judged& judged : judged_) {
      Add(judged);
      if (change_->octets() > limits::kChangeOctetsMax) {
        return Error{Errc::kTooLarge, "a batch has at most 8 MiB of keys and values"};
      }
    }
    if (registration_.asked.empty()) return std::move(registration_);
    registration_.change = std::move(change_);
    return std::move(registration_);
  }

 private:
  struct Judged {
    uint32_t item;
    const AllottedPrefix* owner;          // Null: a prefix handle whose prefix nobody holds.
    std::unique_ptr<EditedLinks> edited;  // Null: the values are those that were given.
    uint32_t enterprise() const { return owner == nullptr ? kNoEnterprise : owner->enterprise; }
  };

  // The prefix that covers the item, if the caller may register under it.
  Result<const AllottedPrefix*> OwnerOf(uint32_t item) {
    const Status& parsed = request_.parsed.status(item);
    if (!parsed) return parsed.error();
    if (const auto named = PrefixNamedByKey(request_.parsed.key(item)); !named.empty()) {
      return HolderOf(named);
    }
    auto owner = CoveringPrefix(item);
    // A handle of a prefix that is not homed any more can still be deleted (4.5).
    if (owner && (*owner)->state == PrefixState::kUnhomed &&
        request_.items[item].action != RegisterAction::kRemove) {
      return Error{Errc::kNotHomed, "this node does not answer for the prefix any more"};
    }
    return owner;
  }

  // The holder of the prefix that a prefix handle names, if the caller may register that.
  Result<const AllottedPrefix*> HolderOf(std::string_view prefix) const {
    if (const Status fits = CheckAllottablePrefix(prefix); !fits) {
      return Error{Errc::kInvalidIdentifier, fits.error().detail};
    }
    if (!request_.node_prefix.empty() && !IsUnder(prefix, request_.node_prefix)) {
      return Error{Errc::kOutsidePrefix, "the prefix does not lie under the node's own"};
    }
    if (const Status may = MayDo(request_.caller, Act::kPutPrefixRecords); !may) {
      return may.error();
    }
    const AllottedPrefix* holder = directory_.FindPrefix({Scheme::kHandle, std::string(prefix)});
    if (holder != nullptr) {
      if (const Status active = CheckActive(*holder, directory_); !active) return active.error();
    }
    return holder;
  }

  Result<const AllottedPrefix*> CoveringPrefix(uint32_t item) {
    if (const Status matter = MatterOfKey(request_.parsed.key(item), matter_); !matter) {
      return matter.error();
    }
    if (!has_last_ || matter_.scheme != last_matter_.scheme || matter_.text != last_matter_.text) {
      last_owner_ = OwnerFor(matter_, request_.caller, Act::kRegister, directory_);
      std::swap(last_matter_, matter_);
      has_last_ = true;
    }
    return last_owner_;
  }

  const std::vector<Value>& ValuesOf(const Judged& judged) const {
    return judged.edited == nullptr ? request_.items[judged.item].values : judged.edited->values;
  }
  // A record of which an edit leaves nothing is removed.
  bool Removes(const Judged& judged) const {
    if (request_.items[judged.item].action == RegisterAction::kRemove) return true;
    return judged.edited != nullptr && judged.edited->values.empty();
  }

  Status Edit(Judged& judged) {
    static const LinkSelection kAll;
    const RegisterItem& asked = request_.items[judged.item];
    const PresentRecord& present = present_[judged.item];
    const std::string_view key = request_.parsed.key(judged.item);
    std::vector<Value> values;
    if (present.is_there) {
      auto decoded = present.found.record.DecodeAll();
      if (!decoded) return decoded.error();
      values = *std::move(decoded);
    }
    auto edited = EditLinks(key, values, EditOf(asked.action), asked.values,
                            asked.selection == nullptr ? kAll : *asked.selection);
    if (!edited) return edited.error();
    if (const Status fits = CheckValues(edited->values); !fits) return fits;
    if (const Status fits = CheckDefault(key, edited->values, present); !fits) return fits;
    judged.edited = std::make_unique<EditedLinks>(*std::move(edited));
    return {};
  }

  // spec/gs1-digital-link.md 5.3: whatever is registered leads somewhere, by itself or above. A
  // batch is in the order of the keys, so that what is above is judged before.
  Status CheckDefault(std::string_view key, std::span<const Value> values,
                      const PresentRecord& present) {
    if (HasDefaultLink(values)) {
      defaults_.emplace(key);
      return {};
    }
    if (present.has_default_above || IsBelowDefault(key)) return {};
    const bool has_links = std::ranges::any_of(values, IsLink);
    if (!has_links && !present.has_below) return {};
    if (!has_links) {
      return Error{Errc::kNoDefaultLink, "what is registered below the key would lead nowhere"};
    }
    const bool is_sure = request_.rehearsed == nullptr || !request_.rehearsed->full();
    return Error{Errc::kNoDefaultLink,
                 is_sure ? "" : "an earlier entry of the same dry run may have one"};
  }

  // What others may lie below: of trade items all but serials.
  void NoteDefault(const Judged& judged) {
    const std::string_view key = request_.parsed.key(judged.item);
    if (!key.starts_with(kGs1KeyMark) || IsSerialKey(key)) return;
    const bool has_default = !Removes(judged) && HasDefaultLink(ValuesOf(judged));
    registration_.led.push_back({judged.item, has_default});
  }

  bool IsBelowDefault(std::string_view key) const {
    Gs1Path path;
    if (defaults_.empty() || !UnpackGs1Key(key, path)) return false;
    const Gs1Levels levels(path);
    for (size_t i = 1; i < levels.size(); ++i) {
      if (defaults_.contains(std::string(levels.key(i)))) return true;
    }
    return false;
  }

  Status CheckLinksOf(const Judged& judged) const {
    if (Removes(judged)) return {};
    return CheckLinks(request_.parsed.key(judged.item), ValuesOf(judged), request_.link_roots);
  }

  Status CheckReferencesOf(const Judged& judged) const {
    if (Removes(judged)) return {};
    return CheckReferences(request_.parsed.key(judged.item), ValuesOf(judged));
  }

  const TemplateUse& TemplateOf(uint32_t item) const {
    static const TemplateUse kNone;
    return request_.templates.empty() ? kNone : request_.templates[item];
  }

  // False: it was refused.
  bool CheckByTemplate(uint32_t item) {
    const FoundTemplate& found = *TemplateOf(item).after;
    if (!found.read || found.row.state != TemplateState::kPublished) {
      Refuse(item, found.read ? Error{Errc::kTemplateUnpublished, NameOf(found.row.state)}
                              : found.read.error());
      return false;
    }
    const auto faults = FaultsByTemplate(found.data, request_.items[item].values);
    if (faults.empty()) return true;
    auto said = std::make_shared<const std::string>(LineOf(faults));
    results_[item] = {RegisterOutcome::kRefused, {Errc::kUnfitRecord, *said}, said};
    return false;
  }

  // A withdrawal that reached the ledger first wins.
  void RelyOnTemplates() {
    if (request_.templates.empty()) return;
    std::vector<const FoundTemplate*> relied;
    for (const Judged& judged : judged_) {
      if (const auto& after = TemplateOf(judged.item).after) relied.push_back(after.get());
    }
    std::ranges::sort(relied);
    relied.erase(std::unique(relied.begin(), relied.end()), relied.end());
    for (const FoundTemplate* found : relied) ExpectTemplateUnchanged(*change_, found->row);
  }

  Status CheckSecrets(const Judged& judged) const {
    const std::vector<Value>& values = ValuesOf(judged);
    const auto is_secret = [](const Value& value) { return HasType(value.type, kSecretKeyType); };
    if (std::ranges::none_of(values, is_secret)) return {};
    std::vector<Value> as_kept = values;
    std::deque<std::string> sealed;
    return SealSecrets(request_.secrets, request_.parsed.key(judged.item), as_kept, sealed);
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
    if (present.is_there && asked.must_be_absent) {
      return Error{Errc::kExists, "the identifier is registered"};
    }
    if (!present.is_there && (asked.must_be_there || !MayMake(asked.action))) {
      return Error{Errc::kNotFound, "the identifier is not registered"};
    }
    if (present.is_there && present.found.record.template_number() == kTemplateItself) {
      return Error{Errc::kDenied, "a template's own record is changed by the template"};
    }
    const uint64_t version = present.is_there ? present.found.version.value : 0;
    if (asked.expected_version != 0 && asked.expected_version != version) {
      return Error{Errc::kConflict, "the record has another version"};
    }
    // Where a longer prefix was allotted to somebody else later, older records stay with whom they
    // are counted for.
    if (present.is_there && PrefixNamedByKey(request_.parsed.key(item)).empty() &&
        !MayDoTo(request_.caller, Act::kRegister, present.found.record.enterprise())) {
      return Error{Errc::kOutsidePrefix, "the record belongs to another enterprise"};
    }
    return {};
  }

  void RelyOnDirectory() {
    std::vector<const AllottedPrefix*> owners;
    for (const Judged& judged : judged_) {
      if (judged.owner == nullptr) {
        const std::string_view prefix = PrefixNamedByKey(request_.parsed.key(judged.item));
        change_->ExpectForAll(Table::kDirectory,
                              keyspace::Prefix(static_cast<char>(Scheme::kHandle), prefix),
                              Expect::kAbsent);
        continue;
      }
      if (owners.empty() || owners.back() != judged.owner) owners.push_back(judged.owner);
    }
    RelyOnOwners(*change_, std::move(owners), directory_);
    RelyOnCaller(*change_, request_.caller);
  }

  const Membership& MembershipOf(uint32_t item) const {
    static const Membership kOfNone;
    return request_.memberships.empty() ? kOfNone : request_.memberships[item];
  }

  bool IsThere(uint32_t item) const {
    return request_.items[item].action != RegisterAction::kCreate && present_[item].is_there;
  }

  // A new serial is counted as it is while the ranges of its product are these. What is registered
  // stays what it is until it is removed: a range is neither laid over it nor taken from it.
  void RelyOnRanges() {
    using Relied = std::pair<std::string_view, SerialRanges::Set>;
    const auto order = [](const Relied& set) {
      return std::pair(set.first, set.second.version.value);
    };
    std::vector<Relied> sets;
    for (const Judged& judged : judged_) {
      const std::string_view key = request_.parsed.key(judged.item);
      if (!IsSerialKey(key) || IsThere(judged.item)) continue;
      const Relied relied(ProductOf(key), MembershipOf(judged.item).set);
      if (sets.empty() || order(sets.back()) != order(relied)) sets.push_back(relied);
    }
    std::ranges::sort(sets, {}, order);
    const auto equal = [&](const Relied& a, const Relied& b) { return order(a) == order(b); };
    sets.erase(std::unique(sets.begin(), sets.end(), equal), sets.end());
    for (const auto& [product, set] : sets) ExpectRangeSet(*change_, product, set);
  }

  void Add(const Judged& judged) {
    const uint32_t item = judged.item;
    const std::string_view key = request_.parsed.key(item);
    const bool counts = PrefixNamedByKey(key).empty();
    if (!IsThere(item)) {
      if (Removes(judged)) return Leave(item);  // No links of a record that is not there.
      Encode(judged, judged.enterprise(), nullptr);
      if (counts) {
        const auto refers = ReferencesAmong(record_.values);
        AddCreate(*change_, key, judged.enterprise(), encoded_, MembershipOf(item).range_holder,
                  refers);
        Ask(item, RegisterOutcome::kCreated, RelyOnTargets({}, refers));
        return FollowTemplate(item, nullptr);
      }
      AddPutPrefixRecord(*change_, key, judged.enterprise(), encoded_, std::nullopt);
      return Ask(item, RegisterOutcome::kCreated);
    }
    const Registry::Found& found = present_[item].found;
    const uint32_t enterprise = counts ? found.record.enterprise() : judged.enterprise();
    if (Removes(judged)) {
      if (counts) {
        AddRemove(*change_, key, enterprise, found.version, MembershipOf(item).range_holder,
                  ReferencesIn(found.record));
      } else {
        AddRemovePrefixRecord(*change_, key, enterprise, found.version);
      }
      Ask(item, RegisterOutcome::kRemoved);
      return FollowTemplate(item, &found.record);
    }
    Encode(judged, enterprise, &found.record);
    if (RecordView::Parse(encoded_)->SameContent(found.record)) return Leave(item);
    KeepTimesOfEqualValues(found.record, encoded_);
    if (!counts) {
      AddPutPrefixRecord(*change_, key, enterprise, encoded_, found.version);
      return Ask(item, RegisterOutcome::kReplaced);
    }
    const auto referred = ReferencesIn(found.record);
    const auto refers = ReferencesAmong(record_.values);
    AddReplace(*change_, key, enterprise, encoded_, found.version, {referred, refers});
    Ask(item, RegisterOutcome::kReplaced, RelyOnTargets(referred, refers));
    FollowTemplate(item, &found.record);
  }

  // What the templates of the record that was, and of the one that will be, ask of the item that
  // was asked last.
  void FollowTemplate(uint32_t item, const RecordView* present) {
    const TemplateUse& use = TemplateOf(item);
    if (use.after == nullptr && use.before == nullptr) return;
    Registration::Asked& asked = registration_.asked.back();
    std::vector<UniqueValue> before, after;
    if (use.before != nullptr && use.before->read && present != nullptr) {
      if (const auto values = present->DecodeAll()) before = UniqueValuesOf(*use.before, *values);
    }
    if (use.after != nullptr) {
      after = UniqueValuesOf(*use.after, record_.values);
      for (const std::string& target : TargetsByTemplate(use.after->data, record_.values)) {
        change_->ExpectThat(Table::kRecords, target, Expect::kPresent);
        asked.refers_anew = true;
      }
    }
    asked.claims_unique = AddUniqueValues(*change_, request_.parsed.key(item), before, after);
  }

  // A record that cannot be read any more refers to nothing.
  static std::vector<RecordReference> ReferencesIn(const RecordView& record) {
    auto references = ReferencesOf(record);
    return references ? *std::move(references) : std::vector<RecordReference>();
  }

  // Whether the item holds on condition that what it refers to anew is registered. An earlier item
  // of the batch may register it.
  bool RelyOnTargets(std::span<const RecordReference> before,
                     std::span<const RecordReference> after) {
    bool relies = false;
    for (const RecordReference& reference : after) {
      const bool stands =
          std::ranges::find(before, reference.target, &RecordReference::target) != before.end();
      if (!request_.require_targets || stands) continue;
      change_->ExpectThat(Table::kRecords, reference.target, Expect::kPresent);
      relies = true;
    }
    return relies;
  }

  // The record as it will be, in `encoded_`. Times are the server's own (4.5 (e)).
  void Encode(const Judged& judged, uint32_t enterprise, const RecordView* present) {
    const uint32_t item = judged.item;
    record_.enterprise = enterprise;
    record_.template_number = present == nullptr ? 0 : present->template_number();
    record_.created = present == nullptr ? request_.now.seconds() : present->created();
    record_.modified = request_.now.seconds();
    record_.text = request_.parsed.text(item);
    record_.values = ValuesOf(judged);
    for (Value& value : record_.values) value.timestamp = 0;
    if (const auto& after = TemplateOf(item).after) HideGranted(after->data, record_.values);
    sealed_.clear();
    const Status kept =
        SealSecrets(request_.secrets, request_.parsed.key(item), record_.values, sealed_);
    Require(kept.ok());  // It was asked before.
    encoded_.clear();
    EncodeRecord(record_, encoded_);
  }

  void Ask(uint32_t item, RegisterOutcome when_done, bool refers_anew = false) {
    registration_.asked.push_back({item, when_done, refers_anew});
  }
  void Leave(uint32_t item) { results_[item] = {RegisterOutcome::kUnchanged, {}}; }
  void Refuse(uint32_t item, const Error& error) {
    results_[item] = {RegisterOutcome::kRefused, error};
  }

  const RegistrationRequest& request_;
  const DirectoryView& directory_;
  const std::span<const PresentRecord> present_;
  const std::span<RegisterItemResult> results_;
  std::vector<Judged> judged_;
  std::unordered_set<std::string> defaults_;  // Keys that have a default link after an edit.
  std::shared_ptr<Change> change_;
  Registration registration_;

  PrefixMatter matter_, last_matter_;  // A batch is mostly of one prefix: no look-up then.
  Result<const AllottedPrefix*> last_owner_ = nullptr;
  bool has_last_ = false;
  Record record_;
  std::deque<std::string> sealed_;  // One for all records: even an empty one allocates.
  std::string encoded_;
};

}  // namespace

Result<const AllottedPrefix*> OwnerFor(const PrefixMatter& matter, const Caller& caller, Act act,
                                       const DirectoryView& directory) {
  if (const Status may = MayDo(caller, act); !may) return may.error();
  const AllottedPrefix* owner = directory.Owner(matter);
  if (owner == nullptr) {
    return Error{Errc::kOutsidePrefix, "no prefix that was allotted covers the identifier"};
  }
  if (!MayDoTo(caller, act, owner->enterprise)) {
    return Error{Errc::kOutsidePrefix, "the prefix belongs to another enterprise"};
  }
  if (const Status active = CheckActive(*owner, directory); !active) return active.error();
  return owner;
}

Status MayRegister(const Caller& caller) {
  const Status may = MayDo(caller, Act::kRegister);
  return may || !MayDo(caller, Act::kPutPrefixRecords) ? may : Status();
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
