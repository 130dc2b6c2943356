#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/business/member_fault.h"

namespace idnode {

// A member of a document: what it is called, what it means, and how many characters it has at most.
struct MemberRow {
  std::string_view name, zh, en;
  uint16_t most = 0;  // 0: it is no text.
  bool required = false;
};

// Where faults of one document are gathered, up to kMemberFaultsMax.
class MemberFaults {
 public:
  void Add(std::string path, const MemberRow& row, Errc code) {
    if (faults_.size() < kMemberFaultsMax) {
      faults_.push_back({std::move(path), row.zh, row.en, code});
    }
  }
  void AddUnknown(std::string path) { Add(std::move(path), {}, Errc::kUnknownMember); }
  // A text that must be there, is too long, or holds controls.
  void CheckText(const MemberRow& row, const std::string& path, std::string_view text);

  bool any() const { return !faults_.empty(); }
  std::vector<MemberFault> Take() { return std::move(faults_); }

 private:
  std::vector<MemberFault> faults_;
};

// Reads the members of an object by name. What is of another kind is a fault, and so is, in the
// end, whatever was not asked for. A null is not there. `path`: where the object stands,
// "items[2].".
class MemberReader {
 public:
  MemberReader(const boost::json::object& object, std::string path, MemberFaults& faults)
      : object_(object), path_(std::move(path)), faults_(faults) {}

  std::string Text(const MemberRow& row);
  uint64_t Number(const MemberRow& row, uint64_t most, uint64_t otherwise = 0);
  bool Flag(const MemberRow& row, bool otherwise = false);
  // Null: there is none.
  const boost::json::object* Object(const MemberRow& row);
  std::span<const boost::json::value> List(const MemberRow& row, size_t most);
  std::vector<std::string> Texts(const MemberRow& row, size_t most);
  // After the last member that is known.
  void RefuseOthers();

  std::string PathOf(const MemberRow& row) const { return path_ + std::string(row.name); }

 private:
  const boost::json::value* Find(const MemberRow& row);
  void Blame(const MemberRow& row, Errc code) { faults_.Add(PathOf(row), row, code); }

  const boost::json::object& object_;
  const std::string path_;
  MemberFaults& faults_;
  std::set<std::string_view> known_;
};

}  // namespace idnode
