#include "node/service/subjects.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "node/security/secret_box.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/business/subject_json.h"
#include "proto/crypto/digest.h"

namespace idnode {
namespace {

constexpr size_t kKeyNameOctets = 8;
constexpr std::string_view kAfterOperator = "*";  // No code of an enterprise.

// Where an item is sealed: it opens nowhere else.
std::string PlaceOf(uint32_t holder, SubjectPart part, std::string_view place) {
  std::string whole = "business";
  Writer(whole).U8(static_cast<uint8_t>(part)).U32(holder).Raw(place);
  return whole;
}

SealItem SealFor(const SecretBox& secrets, uint32_t holder, SubjectPart part) {
  return [&secrets, holder, part](std::string_view plain, std::string_view place) {
    return secrets.Seal(plain, PlaceOf(holder, part, place));
  };
}

OpenItem OpenFor(const SecretBox& secrets, uint32_t holder, SubjectPart part) {
  return [&secrets, holder, part](std::string_view sealed,
                                  std::string_view place) -> Result<std::string> {
    auto opened = secrets.Open(sealed, PlaceOf(holder, part, place));
    if (!opened) return Error{Errc::kForged, "subject data was sealed elsewhere, or is damaged"};
    return opened;
  };
}

// What of the data rows are found by.
void FillRow(const SubjectData& data, Subject& row) {
  const SubjectEntry& self = data.self();
  const std::string_view kind = self.Text(SubjectField::kOrgCertificateKind);
  const std::string_view number = self.Text(SubjectField::kOrgCertificate);
  if (!kind.empty() && !number.empty()) {
    row.certificate_kind = static_cast<uint8_t>(*ParseDecimal(kind, UINT8_MAX));
    row.certificate_number = number;
  }
  row.name = self.Text(SubjectField::kOrgName);
}

Status HoldCondition(const Subjects::PutRequest& request, const Subject* before) {
  if (before != nullptr && request.must_be_absent) {
    return Error{Errc::kExists, "there is subject data already"};
  }
  if (before == nullptr && (request.must_be_there || request.expected_version != 0)) {
    return Error{Errc::kNoSubject, "there is no subject data to replace"};
  }
  if (before != nullptr && request.expected_version != 0 &&
      request.expected_version != before->version.value) {
    return Error{Errc::kConflict, "the subject data has another version"};
  }
  return {};
}

}  // namespace

std::string NameOfSealingKey(std::string_view key) {
  return ToHex(AsText(Sha256("idnode subject data", key)).substr(0, kKeyNameOctets));
}

Result<SubjectData> OpenSubject(const Subject& subject, const SecretBox& secrets) {
  return DecodeSubject(subject.members, OpenFor(secrets, subject.holder, SubjectPart::kTexts));
}

Subjects::Subjects(const Engine& engine, const Directory& directory, Ledger& ledger, Acts& acts,
                   const SecretBox& secrets, std::string sealing_key)
    : engine_(engine),
      directory_(directory),
      ledger_(ledger),
      acts_(acts),
      secrets_(secrets),
      sealing_key_(std::move(sealing_key)) {}

Result<Subjects::Holder> Subjects::HolderOf(const Whose& whose, const Caller& caller,
                                            Act act) const {
  const std::string_view subject = whose ? *whose : std::string_view("the operator");
  if (const Status may = acts_.Permit(caller, act, subject); !may) return may.error();
  const auto view = directory_.View();
  const Enterprise* enterprise = whose ? view->FindEnterpriseByCode(*whose) : nullptr;
  if (!MayDoTo(caller, act, enterprise == nullptr ? kOperatorSubject : enterprise->number)) {
    acts_.Refused(caller, act, subject, Errc::kDenied);
    return Error{Errc::kDenied, "this subject data is not the caller's"};
  }
  if (!whose) return Holder{};
  if (enterprise == nullptr) {
    return Error{Errc::kNotFound, "there is no enterprise of this code"};
  }
  if (act == Act::kPutSubject && enterprise->state == EnterpriseState::kRemoved) {
    return Error{Errc::kEnterpriseInactive, "the enterprise is removed"};
  }
  return Holder{enterprise->number, enterprise->code, enterprise->name};
}

Subjects::PutOutcome Subjects::Put(const PutRequest& request, const Caller& caller, Time now) {
  const auto refuse = [](const Error& error) { return PutOutcome{error, {}, {}, {}}; };
  const auto holder = HolderOf(request.whose, caller, Act::kPutSubject);
  if (!holder) return refuse(holder.error());
  const SubjectKind kind = request.whose ? SubjectKind::kEnterprise : SubjectKind::kOperator;
  auto read = ReadSubjectJson(request.document, kind);
  if (!read) return refuse(read.error());

  SubjectVerdict verdict = CheckSubject(read->data);
  PutOutcome outcome{{}, std::move(read->faults), {}, {}};
  std::ranges::move(verdict.faults, std::back_inserter(outcome.faults));
  std::ranges::move(verdict.missing,
                    std::back_inserter(request.draft ? outcome.missing : outcome.faults));
  if (!outcome.faults.empty()) {
    outcome.status = Error{Errc::kInvalidSubject, "the faults are listed"};
    return outcome;
  }

  const auto before = ReadSubject(engine_, holder->number);
  if (!before) return refuse(before.error());
  const Subject* old = *before ? &**before : nullptr;
  if (const Status held = HoldCondition(request, old); !held) return refuse(held.error());
  Subject subject{.holder = holder->number,
                  .missing = static_cast<uint16_t>(outcome.missing.size()),
                  .created = old == nullptr ? now : old->created,
                  .updated = now,
                  .sealing_key = sealing_key_};
  FillRow(read->data, subject);
  subject.members = EncodeSubject(read->data, SubjectPart::kTexts,
                                  SealFor(secrets_, holder->number, SubjectPart::kTexts));
  const std::string files = EncodeSubject(read->data, SubjectPart::kFiles,
                                          SealFor(secrets_, holder->number, SubjectPart::kFiles));
  if (subject.members.size() + files.size() > limits::kSubjectOctetsMax) {
    return refuse({Errc::kTooLarge, "subject data has at most 6 MiB, files included"});
  }

  const auto change =
      std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
  AddPutSubject(*change, subject, files, old);
  change->Seal();
  const Outcome done = ledger_.Commit(change);
  if (!done.done()) {
    const Errc why = Refusal(done, subject, old != nullptr);
    return refuse({why, RowOf(why).en});
  }
  outcome.state = {holder->code,  subject.name,    kind,
                   done.position, subject.updated, outcome.missing.size()};
  return outcome;
}

// A row that is there where none was expected: the subject, or the certificate of another.
Errc Subjects::Refusal(const Outcome& outcome, const Subject& subject, bool was_there) const {
  const Errc why = outcome.error(0);
  if (outcome.kind != Outcome::Kind::kRefused) return why;
  if (why != Errc::kExists) return why == Errc::kNotFound ? Errc::kConflict : why;
  const auto holder =
      HolderOfCertificate(engine_, subject.certificate_kind, subject.certificate_number);
  if (holder && *holder && **holder != subject.holder) return Errc::kCertificateTaken;
  return was_there ? Errc::kConflict : Errc::kExists;
}

Status Subjects::Record(const Subject& subject, const Caller& caller, Time now) {
  const auto change =
      std::make_shared<Change>(now, caller.actor, OperationId{}, Change::Mode::kTogether);
  AddSubjectLook(*change, subject.holder, subject.version);
  change->Seal();
  return acts_.PutOnRecord(change);
}

Result<Subjects::Shown> Subjects::Show(const Whose& whose, bool personal, const Caller& caller,
                                       Time now) {
  const auto holder = HolderOf(whose, caller, personal ? Act::kSeePersonal : Act::kSeeSubject);
  if (!holder) return holder.error();
  const auto subject = ReadSubject(engine_, holder->number);
  if (!subject) return subject.error();
  if (!*subject) return Error{Errc::kNoSubject, "nobody has put it yet"};
  auto data = OpenSubject(**subject, secrets_);
  if (!data) return data.error();

  Shown shown{.state = {holder->code, (*subject)->name, data->kind, (*subject)->version,
                        (*subject)->updated, (*subject)->missing},
              .data = *std::move(data),
              .personal = personal};
  const auto files = ReadSubjectFiles(engine_, holder->number);
  if (!files) return files.error();
  if (*files) {
    const Status opened = DecodeSubjectFiles(
        **files, OpenFor(secrets_, holder->number, SubjectPart::kFiles), shown.data);
    if (!opened) return opened.error();
  }
  shown.missing = CheckSubject(shown.data).missing;
  if (!personal) {
    shown.withheld = MaskPersonal(shown.data);
    return shown;
  }
  if (const Status recorded = Record(**subject, caller, now); !recorded) return recorded.error();
  return shown;
}

Result<Subjects::State> Subjects::StateOf(const Holder& holder) const {
  const auto subject = ReadSubject(engine_, holder.number);
  if (!subject) return subject.error();
  State state{.code = holder.code, .name = holder.enrolled_name};
  state.kind =
      holder.number == kOperatorSubject ? SubjectKind::kOperator : SubjectKind::kEnterprise;
  if (!*subject) {
    state.missing = CheckSubject(EmptySubject(state.kind)).missing.size();
    return state;
  }
  if (!(*subject)->name.empty()) state.name = (*subject)->name;
  state.version = (*subject)->version;
  state.updated = (*subject)->updated;
  state.missing = (*subject)->missing;
  return state;
}

Result<Subjects::Page> Subjects::List(std::string_view after, size_t count,
                                      const Caller& caller) const {
  if (const Status may = acts_.Permit(caller, Act::kSeeSubject, {}); !may) return may.error();
  const auto view = directory_.View();
  std::vector<Holder> holders;
  const auto add = [&](const Enterprise& enterprise) {
    holders.push_back({enterprise.number, enterprise.code, enterprise.name});
  };
  if (ExtentFor(caller, Act::kSeeSubject) == Extent::kOwn) {
    if (const Enterprise* own = view->FindEnterprise(caller.enterprise)) add(*own);
  } else {
    uint32_t number = 1;
    if (after.empty()) {
      holders.emplace_back();
    } else if (after != kAfterOperator) {
      const Enterprise* last = view->FindEnterpriseByCode(after);
      if (last == nullptr) return Error{Errc::kInvalidCursor, "no enterprise has this code"};
      number = last->number + 1;
    }
    // Numbers are dense: each is an enterprise's.
    for (; number < view->next_enterprise_number() && holders.size() <= count; ++number) {
      if (const Enterprise* enterprise = view->FindEnterprise(number)) add(*enterprise);
    }
  }
  Page page;
  for (const Holder& holder : holders) {
    if (page.subjects.size() == count) {
      const std::string& last = page.subjects.back().code;
      page.next = last.empty() ? std::string(kAfterOperator) : last;
      break;
    }
    auto state = StateOf(holder);
    if (!state) return state.error();
    page.subjects.push_back(*std::move(state));
  }
  return page;
}

}  // namespace idnode
