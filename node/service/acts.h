#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "node/security/caller.h"
#include "node/security/permissions.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/ledger.h"

namespace idnode {

// Of the refusals to one actor so many are records of the log in each minute; the next record says
// how many were not.
inline constexpr uint32_t kRefusalsPerMinute = 10;
// Actors that are told apart in that; the refusals to all others count as one actor's.
inline constexpr size_t kRefusedActorsMax = 4'096;

// Whether a caller may do something, and the record of it. An act that writes nothing itself is put
// on record before it begins, and does not begin when it cannot be. Who is refused is put on
// record, too, without waiting for it; callers who are nobody are not, for they can be named by
// nothing.
//
// Threads: any. Begin() waits for the ledger: never on an event loop.
class Acts {
 public:
  using Clock = std::function<Time()>;
  // `patience`: how long an act waits to be on record.
  Acts(Ledger& ledger, Clock now, std::chrono::milliseconds patience = std::chrono::seconds(10));

  // kUnauthenticated, kDenied. `subject`: what it is about, for the record; any octets.
  Status Permit(const Caller& caller, Act act, std::string_view subject);
  // Permits it and, if its row says so, puts it on record. Also kReadOnly, kDiskFull, kBusy …;
  // kTimeout: nobody knows whether it will be on record.
  Status Begin(const Caller& caller, Act act, std::string_view subject);
  // The record alone, for who may do it by what records grant him.
  Status PutOnRecord(const Caller& caller, Act act, std::string_view subject);
  // The same with a record of the caller's own making, sealed.
  Status PutOnRecord(std::shared_ptr<const Change> change);
  // Puts on record what was refused elsewhere.
  void Refused(const Caller& caller, Act act, std::string_view subject, Errc why);

  // Once a second or so: puts on record how many refusals were left out in minutes that are over.
  void TellLeftOut();

 private:
  struct Refusals;

  Ledger& ledger_;
  const Clock now_;
  const std::chrono::milliseconds patience_;
  const std::shared_ptr<Refusals> refusals_;  // Shared with what the ledger has not answered.
};

// Acts::Begin; where nobody keeps records (`acts` is null) whether he may, alone.
Status BeginWith(Acts* acts, const Caller& caller, Act act, std::string_view subject);

// What stands in the log as the subject of an act: UTF-8 without controls, cut to its limit; octets
// that are none in hexadecimal.
std::string SubjectText(std::string_view subject);

}  // namespace idnode
