#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "node/security/caller.h"
#include "node/security/token.h"
#include "node/service/acts.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/directory.h"
#include "storage/ledger.h"

namespace idnode {

// Enterprises, prefixes and tokens: enrolled, allotted, given out, by those who may
// (node/security/permissions.h); kUnauthenticated, kDenied else.
// Every method waits for the ledger: never on an event loop. Threads: any.
class Enrolment {
 public:
  using Random = std::function<std::string(size_t)>;
  // `separate_duties`: no token is made that CheckDuties would refuse.
  Enrolment(const Directory& directory, Ledger& ledger, Acts& acts, std::string node_prefix,
            Random random, bool separate_duties = false);

  struct EnterpriseRequest {
    std::string code;   // 1-64 octets: letters, digits, '.', '-', '_'; or a USCC.
    std::string name;   // Empty: unchanged, or the code for a new one.
    std::string state;  // "active", "suspended", "removed"; empty: unchanged, or active.
  };
  // Creates it, or changes what is given; the same again changes nothing. Its state is an act of
  // its own.
  Result<Enterprise> PutEnterprise(const EnterpriseRequest& request, const Caller& caller,
                                   Time now);

  struct PrefixRequest {
    Scheme scheme = Scheme::kHandle;
    std::string prefix;
    std::string enterprise_code;
    std::string state;
    OperationId operation = {};  // By which the same change is known again; none: all zero.
  };
  // A Handle prefix must lie under the node's own. A prefix that another enterprise holds is
  // kExists: prefixes are never reused.
  Result<AllottedPrefix> PutPrefix(const PrefixRequest& request, const Caller& caller, Time now);

  struct TokenRequest {
    Role role = Role::kEnterprise;
    std::string enterprise_code;
    std::string prefix;
    std::string note;
    std::string person;  // Who will hold it; may be empty.
  };
  Result<MintedToken> CreateToken(const TokenRequest& request, const Caller& caller, Time now);
  Result<Token> RevokeToken(std::string_view id, const Caller& caller, Time now);

  // What there is, as of now, to be listed: kListDirectory, or kListTokens, of which a caller is
  // shown those that he MayDoTo. The act is on record.
  Result<std::shared_ptr<const DirectoryView>> View(Act act, const Caller& caller) const;
  // The same, to tell what was just done in the words of the directory.
  std::shared_ptr<const DirectoryView> Present() const { return directory_.View(); }

 private:
  Result<MintedToken> MakeToken(const TokenRequest& request, const Caller& caller, Time now);
  void NoteRefusal(const Caller& caller, Act act, std::string_view subject, const Error& why);

  const Directory& directory_;
  Ledger& ledger_;
  Acts& acts_;
  std::string node_prefix_;
  Random random_;
  const bool separate_duties_;
  std::mutex one_at_a_time_;  // Operators of one node need not race each other for a number.
};

}  // namespace idnode
