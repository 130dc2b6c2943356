#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "node/security/caller.h"
#include "node/security/token.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/directory.h"
#include "storage/ledger.h"

namespace idnode {

// Enterprises, prefixes and tokens: enrolled, allotted, given out. Operators only; kDenied else.
// Every method waits for the ledger: never on an event loop. Threads: any.
class Enrolment {
 public:
  using Random = std::function<std::string(size_t)>;
  Enrolment(const Directory& directory, Ledger& ledger, std::string node_prefix, Random random);

  struct EnterpriseRequest {
    std::string code;   // 1-64 octets: letters, digits, '.', '-', '_'; or a USCC.
    std::string name;   // Empty: unchanged, or the code for a new one.
    std::string state;  // "active", "suspended", "removed"; empty: unchanged, or active.
  };
  // Creates it, or changes what is given; the same again changes nothing.
  Result<Enterprise> PutEnterprise(const EnterpriseRequest& request, const Caller& caller,
                                   Time now);

  struct PrefixRequest {
    Scheme scheme = Scheme::kHandle;
    std::string prefix;
    std::string enterprise_code;
    std::string state;
  };
  // A Handle prefix must lie under the node's own. A prefix that another enterprise holds is
  // kExists: prefixes are never reused.
  Result<AllottedPrefix> PutPrefix(const PrefixRequest& request, const Caller& caller, Time now);

  struct TokenRequest {
    Role role = Role::kEnterprise;
    std::string enterprise_code;
    std::string prefix;
    std::string note;
  };
  Result<MintedToken> CreateToken(const TokenRequest& request, const Caller& caller, Time now);
  Result<Token> RevokeToken(std::string_view id, const Caller& caller, Time now);

  // What there is, as of now. kUnauthenticated, kDenied for callers who may not know.
  Result<std::shared_ptr<const DirectoryView>> View(const Caller& caller) const;

 private:
  const Directory& directory_;
  Ledger& ledger_;
  std::string node_prefix_;
  Random random_;
  std::mutex one_at_a_time_;  // Operators of one node need not race each other for a number.
};

}  // namespace idnode
