#include "proto/business/member_reader.h"

#include <boost/json/array.hpp>

#include "proto/base/text.h"
#include "proto/business/characters.h"

namespace idnode {
namespace {

namespace json = boost::json;

// A name that is none of ours may be of any length.
constexpr size_t kNameShown = 64;

std::string_view ViewOf(const json::string& text) { return {text.data(), text.size()}; }

}  // namespace

void MemberFaults::CheckText(const MemberRow& row, const std::string& path, std::string_view text) {
  if (text.empty()) {
    if (row.required) Add(path, row, Errc::kMissingField);
  } else if (!IsUtf8(text)) {
    Add(path, row, Errc::kNotUtf8);
  } else if (HasControlCharacter(text)) {
    Add(path, row, Errc::kControlCharacter);
  } else if (CountCharacters(text) > row.most) {
    Add(path, row, Errc::kTooLong);
  }
}

const json::value* MemberReader::Find(const MemberRow& row) {
  known_.insert(row.name);
  const json::value* value = object_.if_contains(row.name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string MemberReader::Text(const MemberRow& row) {
  const json::value* value = Find(row);
  if (value == nullptr) return {};
  if (const auto* text = value->if_string()) return std::string(ViewOf(*text));
  Blame(row, Errc::kInvalidValue);
  return {};
}

uint64_t MemberReader::Number(const MemberRow& row, uint64_t most, uint64_t otherwise) {
  const json::value* value = Find(row);
  if (value == nullptr) {
    if (row.required) Blame(row, Errc::kMissingField);
    return otherwise;
  }
  if (const auto* number = value->if_int64()) {
    if (*number >= 0 && static_cast<uint64_t>(*number) <= most) {
      return static_cast<uint64_t>(*number);
    }
  } else if (const auto* large = value->if_uint64()) {
    if (*large <= most) return *large;
  }
  Blame(row, Errc::kInvalidValue);
  return otherwise;
}

bool MemberReader::Flag(const MemberRow& row, bool otherwise) {
  const json::value* value = Find(row);
  if (value == nullptr) return otherwise;
  if (const auto* flag = value->if_bool()) return *flag;
  Blame(row, Errc::kInvalidValue);
  return otherwise;
}

const json::object* MemberReader::Object(const MemberRow& row) {
  const json::value* value = Find(row);
  if (value == nullptr) return nullptr;
  if (const auto* object = value->if_object()) return object;
  Blame(row, Errc::kInvalidValue);
  return nullptr;
}

std::span<const json::value> MemberReader::List(const MemberRow& row, size_t most) {
  const json::value* value = Find(row);
  if (value == nullptr) return {};
  const auto* list = value->if_array();
  if (list == nullptr || list->size() > most) {
    Blame(row, list == nullptr ? Errc::kInvalidValue : Errc::kTooLarge);
    return {};
  }
  return {list->data(), list->size()};
}

std::vector<std::string> MemberReader::Texts(const MemberRow& row, size_t most) {
  std::vector<std::string> texts;
  for (const json::value& value : List(row, most)) {
    const auto* text = value.if_string();
    if (text == nullptr) {
      Blame(row, Errc::kInvalidValue);
      return {};
    }
    texts.emplace_back(ViewOf(*text));
  }
  return texts;
}

void MemberReader::RefuseOthers() {
  for (const auto& [name, value] : object_) {
    const std::string_view text(name.data(), name.size());
    if (!known_.contains(text)) {
      faults_.AddUnknown(path_ + std::string(text.substr(0, kNameShown)));
    }
  }
}

}  // namespace idnode
