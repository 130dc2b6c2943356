#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "node/service/cosigned_log.h"
#include "node/service/enrolment.h"
#include "node/service/filing_desk.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/directives.h"
#include "storage/store.h"

namespace idnode {

inline constexpr std::string_view kUpstreamActor = "upstream";

// What the node above asks of this one, carried out as its own people would do it, by the actor
// "upstream", once each: what came of a directive is kept, and said again when it is asked again.
// Waits for the ledger. Threads: one at a time.
class DirectiveOffice {
 public:
  DirectiveOffice(Store& store, Enrolment& enrolment, const FilingDesk& filings,
                  const CosignedLog& cosigned, std::string version)
      : store_(store),
        enrolment_(enrolment),
        filings_(filings),
        cosigned_(cosigned),
        version_(std::move(version)) {}

  // `acknowledged`: what the node above holds of the log.
  DirectiveAnswer CarryOut(const GivenDirective& directive, Position acknowledged, Time now);

 private:
  DirectiveAnswer Perform(const GivenDirective& directive, Position acknowledged, Time now);
  Status SetPrefixState(const GivenDirective& directive, Time now);
  Status AllotPrefix(const GivenDirective& directive, Time now);
  Result<std::string> AnswerQuery(std::string_view about) const;
  std::string TellVersion() const;
  Result<std::string> TellEvaluation() const;
  Result<std::string> TellFilings() const;
  Result<DirectiveAnswer::Proof> Prove(std::string_view identifier, Position acknowledged) const;

  Store& store_;
  Enrolment& enrolment_;
  const FilingDesk& filings_;
  const CosignedLog& cosigned_;
  const std::string version_;  // Of the program.
};

}  // namespace idnode
