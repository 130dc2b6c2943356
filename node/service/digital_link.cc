#include "node/service/digital_link.h"

#include <utility>

namespace idnode {
namespace {

Result<std::vector<Value>> SeenValues(const RecordView& record, bool sees_all) {
  auto values = record.DecodeAll();
  if (!values) return values.error();
  if (!sees_all) std::erase_if(*values, [](const Value& value) { return !value.public_read(); });
  return values;
}

}  // namespace

Status Gs1Records::Find(const Resolver& resolver, const Gs1Path& path, const Caller& caller,
                        Reach reach, ResolutionNote& note) {
  size_ = 0;
  keys_.Assign(path);
  Status absent = Error{Errc::kNotFound, "the identifier is not registered"};
  ResolutionNote counted = note;
  for (size_t i = 0; i < keys_.size(); ++i) {
    ResolutionNote level_note = note;
    const auto answer = resolver.ResolveKey(keys_.key(i), reach, scratch_[size_], level_note);
    if (!answer && answer.error().code != Errc::kNotFound &&
        answer.error().code != Errc::kNotHomed) {
      note = level_note;
      return answer.error();
    }
    if (!answer) {
      if (size_ == 0) {
        absent = answer.error();
        counted = level_note;
      }
      continue;
    }
    Level& level = levels_[size_];
    level.answer = *answer;
    level.sees_all = Resolver::SeesAll(caller, answer->found.record);
    auto values = SeenValues(answer->found.record, level.sees_all);
    if (!values) return values.error();
    level.values = *std::move(values);
    if (size_++ == 0) counted = level_note;
  }
  note = counted;
  return size_ > 0 ? Status() : absent;
}

}  // namespace idnode
