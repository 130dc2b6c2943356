#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/acts.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/business/subject_data.h"
#include "storage/directory.h"
#include "storage/ledger.h"
#include "storage/subjects.h"

namespace idnode {

class SecretBox;

// Subject data of the operator and of the enterprises: put, shown, listed, by those who may
// (node/security/permissions.h), for all or for their own enterprise.
// Every method reads the disk, and some wait for the ledger: never on an event loop. Threads: any.
class Subjects {
 public:
  // `sealing_key`: the name of the key of `secrets`, which rows tell.
  Subjects(const Engine& engine, const Directory& directory, Ledger& ledger, Acts& acts,
           const SecretBox& secrets, std::string sealing_key);

  // Whose: the code of an enterprise; nothing: the operator of this node.
  using Whose = std::optional<std::string_view>;

  struct State {
    std::string code;  // Empty: the operator.
    std::string name;  // As the subject data has it; else as it was enrolled.
    SubjectKind kind = SubjectKind::kEnterprise;
    Position version;  // 0: there is no subject data.
    Time updated;
    size_t missing = 0;

    bool complete() const { return version.value != 0 && missing == 0; }
  };

  struct PutRequest {
    Whose whose;
    std::string_view document;  // JSON, proto/business/subject_json.h.
    bool draft = false;         // It may lack members.
    // Conditions, of which one is asked at most.
    uint64_t expected_version = 0;
    bool must_be_there = false, must_be_absent = false;
  };
  struct PutOutcome {
    Status status;                      // kInvalidSubject: `faults` say why.
    std::vector<SubjectFault> faults;   // Members that are lacking, too, unless it is a draft.
    std::vector<SubjectFault> missing;  // Of a draft that was taken.
    State state;
  };
  // Replaces all of it. kCertificateTaken: another enterprise has that certificate. kConflict,
  // kExists, kNoSubject: the condition does not hold.
  PutOutcome Put(const PutRequest& request, const Caller& caller, Time now);

  struct Shown {
    State state;
    SubjectData data;
    bool personal = false;              // Personal members and files are there, in clear.
    std::vector<std::string> withheld;  // Else: the files that are not shown.
    std::vector<SubjectFault> missing;
  };
  // `personal`: with personal members in clear and with files. That look is put on record first: it
  // is refused when it cannot be. kNoSubject; kNotFound: there is no such enterprise.
  Result<Shown> Show(const Whose& whose, bool personal, const Caller& caller, Time now);

  struct Page {
    std::vector<State> subjects;
    std::string next;  // Empty: that was the last page.
  };
  // How complete the subject data is: the operator's, then those of enterprises by number. `after`:
  // empty, or Page::next. An enterprise sees its own. kInvalidCursor.
  Result<Page> List(std::string_view after, size_t count, const Caller& caller) const;

 private:
  struct Holder {
    uint32_t number = kOperatorSubject;
    std::string code, enrolled_name;
  };
  Result<Holder> HolderOf(const Whose& whose, const Caller& caller, Act act) const;
  Status Record(const Subject& subject, const Caller& caller, Time now);
  Result<State> StateOf(const Holder& holder) const;
  Errc Refusal(const Outcome& outcome, const Subject& subject, bool was_there) const;

  const Engine& engine_;
  const Directory& directory_;
  Ledger& ledger_;
  Acts& acts_;
  const SecretBox& secrets_;
  const std::string sealing_key_;
};

// The subject data behind a row, with personal members in clear: whoever asks masks it, or has put
// the look on record. kForged: it was sealed under another key. kCorrupt, kFormatVersion.
Result<SubjectData> OpenSubject(const Subject& subject, const SecretBox& secrets);

// How rows name the key of a node's secrets: half of a digest of it.
std::string NameOfSealingKey(std::string_view key);

}  // namespace idnode
