#include "node/service/digital_link.h"

#include <algorithm>
#include <utility>

namespace idnode {
namespace {

Result<std::vector<Value>> SeenValues(const RecordView& record, bool sees_all) {
  auto values = record.DecodeAll();
  if (!values) return values.error();
  if (!sees_all) std::erase_if(*values, [](const Value& value) { return !value.public_read(); });
  return values;
}

constexpr uint16_t kVariant = 22, kLot = 10;

// The levels behind a serial that belongs to a lot, though its identifier does not say so.
Result<Gs1Levels> LevelsOfLot(const Gs1Path& path, std::string_view lot) {
  Gs1Path with_lot;
  const auto add = [&](const Gs1ApplicationIdentifier& ai, std::string_view value) {
    return value.empty() ? Status() : with_lot.Add(ai, value);
  };
  for (const Status& added : {add(*path.key().ai, path.key().value),
                              add(*FindApplicationIdentifier(kVariant), path.Qualifier(kVariant)),
                              add(*FindApplicationIdentifier(kLot), lot)}) {
    if (!added) return Error{Errc::kCorrupt, "ranges: the lot of a range is none"};
  }
  return Gs1Levels(with_lot);
}

}  // namespace

bool Gs1Records::may_be_kept() const {
  if (size_ == 0 || of_lot_) return false;
  if (keys_.set(0) == Gs1Set::kSerial && levels_[0].answer.key != keys_.key(0)) return false;
  return std::ranges::all_of(levels_.begin(), levels_.begin() + size_,
                             [](const Level& level) { return level.answer.is_stored; });
}

Status Gs1Records::Find(const Resolver& resolver, const Gs1Path& path, const Caller& caller,
                        Reach reach, ResolutionNote& note) {
  size_ = 0;
  of_lot_ = false;
  keys_.Assign(path);
  absent_ = Error{Errc::kNotFound, "the identifier is not registered"};
  ResolutionNote counted = note;
  if (const Status looked = Look(resolver, keys_.key(0), caller, reach, note, counted); !looked) {
    return looked;
  }
  if (const Status found = FindLot(resolver, path, reach); !found) {
    note.outcome = ResolutionOutcome::kRefused;
    return found;
  }
  for (size_t i = 1; i < key_count(); ++i) {
    const Status looked = Look(resolver, key(i), caller, reach, note, counted);
    if (!looked) return looked;
  }
  note = counted;
  return size_ > 0 ? Status() : absent_;
}

// Only a range says of which lot a serial is when the identifier does not: that which answers, or
// that whose member has a record of its own.
Status Gs1Records::FindLot(const Resolver& resolver, const Gs1Path& path, Reach reach) {
  const bool is_serial = size_ == 1 && keys_.set(0) == Gs1Set::kSerial;
  if (!is_serial || !path.Qualifier(kLot).empty()) return {};
  const Resolver::Answer& answer = levels_[0].answer;
  Result<std::string_view> lot = answer.lot;
  if (answer.is_stored) lot = resolver.LotOf(answer.key, reach, range_scratch_);
  if (!lot) return lot.error();
  if (lot->empty()) return {};
  auto behind = LevelsOfLot(path, *lot);
  if (!behind) return behind.error();
  behind_ = *std::move(behind);
  of_lot_ = true;
  return {};
}

// Of a level without a record nothing is kept but, of the first, why. `note` is changed with an
// error only.
Status Gs1Records::Look(const Resolver& resolver, std::string_view key, const Caller& caller,
                        Reach reach, ResolutionNote& note, ResolutionNote& counted) {
  ResolutionNote level_note = note;
  const auto answer = resolver.ResolveKey(key, reach, scratch_[size_], level_note);
  if (!answer && answer.error().code != Errc::kNotFound && answer.error().code != Errc::kNotHomed) {
    note = level_note;
    return answer.error();
  }
  if (!answer) {
    if (size_ == 0) {
      absent_ = answer.error();
      counted = level_note;
    }
    return {};
  }
  Level& level = levels_[size_];
  level.answer = *answer;
  level.sees_all = Resolver::SeesAll(caller, answer->found.record);
  auto values = SeenValues(answer->found.record, level.sees_all);
  if (!values) return values.error();
  level.values = *std::move(values);
  if (size_++ == 0) counted = level_note;
  return {};
}

}  // namespace idnode
