#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/acts.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/children.h"
#include "storage/directives.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"

namespace idnode {

inline constexpr size_t kDirectivesListedMax = 1'000;

// What this node asks of the nodes below it. A directive is durable before anybody is told, and
// said with every docking until it is answered.
// Every method reads the disk or waits for the ledger. Threads: any.
class DirectiveDesk {
 public:
  using Random = std::function<std::string(size_t)>;
  DirectiveDesk(const Rows& rows, Ledger& ledger, Acts& acts, Random random)
      : rows_(rows), ledger_(ledger), acts_(acts), random_(std::move(random)) {}

  // Called when one was given, from any thread.
  void TellOf(std::function<void()> told) { told_ = std::move(told); }

  struct Request {
    std::string_view node;  // Id or prefix of a node below.
    std::string_view kind, subject, detail;
    std::string_view id;  // Empty: a new one.
  };
  struct Listed {
    Child child;
    GivenDirective directive;
  };
  // Act::kGiveDirective. The same id and the same words again change nothing. kNotFound: no such
  // node; kExists: another directive has the id; kRateLimited: too many are open; the errors of
  // CheckDirective.
  Result<Listed> Give(const Request& request, const Caller& caller, Time now);
  // Act::kListDirectives. The last of each node, at most kDirectivesListedMax. `node`: empty: of
  // all.
  Result<std::vector<Listed>> List(std::string_view node, const Caller& caller) const;

 private:
  Result<Child> FindNode(std::string_view node) const;
  Status CheckOpen(uint32_t child) const;

  const Rows& rows_;
  Ledger& ledger_;
  Acts& acts_;
  const Random random_;
  std::function<void()> told_;
};

// {"directives":[…]}
std::string DocumentOf(const std::vector<DirectiveDesk::Listed>& directives);

}  // namespace idnode
