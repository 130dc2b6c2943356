#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// Subject data (主体数据): who stands behind the node and behind each enterprise. What it says is
// octets here, in which personal members are sealed (docs/formats/subject.md); only what rows are
// found by stands beside it. A subject is four rows, written together: itself, its files, its
// certificate and its name. docs/formats/store.md has the octets.

// The operator of the node, who is no enterprise.
inline constexpr uint32_t kOperatorSubject = 0;

struct Subject {
  uint32_t holder = kOperatorSubject;  // Number of an enterprise, or kOperatorSubject.
  uint16_t missing = 0;                // How many members it lacks; 0: it is complete.
  Time created, updated;
  std::string sealing_key;         // Name of the key under which members are sealed.
  uint8_t certificate_kind = 0;    // 0: it names none.
  std::string certificate_number;  // Plain text, up to 255 octets.
  std::string name;                // Of the organisation; empty: it gives none.
  std::string members;             // Without files.
  Position version;
};

// Nothing: there is none. kCorrupt, kFormatVersion.
Result<std::optional<Subject>> ReadSubject(const Rows& rows, uint32_t holder);
Result<std::optional<std::string>> ReadSubjectFiles(const Rows& rows, uint32_t holder);

// Adds one item: `subject` in place of `before`, which is as it was read, or of none. Refused by
// the ledger with kExists when another enterprise has its certificate; that of the operator is
// compared with none.
void AddPutSubject(Change& change, const Subject& subject, std::string_view files,
                   const Subject* before);
// Adds one item: somebody is shown its personal members, as of `version`. Nothing is written.
void AddSubjectLook(Change& change, uint32_t holder, Position version);

// Who has the certificate; nothing: nobody.
Result<std::optional<uint32_t>> HolderOfCertificate(const Rows& rows, uint8_t kind,
                                                    std::string_view number);
// Calls `each` with the holders whose name is `name` (`whole`), or begins with it, without regard
// to the case of ASCII; by name and number, until it returns false.
Status EachSubjectNamed(const Rows& rows, std::string_view name, bool whole,
                        const std::function<bool(uint32_t holder)>& each);

// The row, without its version. Decoding: kCorrupt, kFormatVersion.
std::string EncodeSubjectRow(const Subject& subject);
Result<Subject> DecodeSubjectRow(uint32_t holder, std::string_view row);

}  // namespace idnode
