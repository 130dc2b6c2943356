#include "node/service/handle_operations.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "node/security/secret_box.h"
#include "node/service/acts.h"
#include "node/service/enrolment.h"
#include "node/service/handle_judgement.h"
#include "node/service/handle_listing.h"
#include "node/service/handle_referral.h"
#include "node/service/listing.h"
#include "node/service/prefix_handle.h"
#include "node/service/prefix_homing.h"
#include "node/service/registration.h"
#include "proto/base/writer.h"
#include "proto/handle/responses.h"
#include "proto/ident/handle_name.h"
#include "storage/outcome.h"

namespace idnode {
namespace {

// How often a write is judged anew because somebody else's was ahead in the ledger.
constexpr uint32_t kAttemptsMax = 8;

// What the registrar says, in the words of this protocol: a record that is over its limits is an
// invalid value, not a malformed message.
Error InWordsOfHandles(const Error& error) {
  return error.code == Errc::kTooLarge ? Error{Errc::kInvalidValue, error.detail} : error;
}

// The keys under a prefix, or those of the prefix handles that are derived from it.
KeyRange RangeToList(const NamedPrefix& prefix) {
  if (!prefix.derived) return RangeOf({Scheme::kHandle, prefix.text});
  KeyRange range;
  AppendHandleKey(std::string(kPrefixHandles).append(prefix.text), range.from);
  range.until = range.from + static_cast<char>('.' + 1);
  range.from += '.';
  return range;
}

bool Writes(HandleAction action) {
  return action == HandleAction::kCreate || action == HandleAction::kAdd ||
         action == HandleAction::kModify || action == HandleAction::kRemove ||
         action == HandleAction::kDelete;
}

HandleOutcome Refusal(const Error& error) {
  HandleOutcome outcome;
  outcome.status = error;
  return outcome;
}

}  // namespace

struct HandleOperations::Core {
  // One write on its way, with all that its views point into.
  struct Writing {
    std::shared_ptr<const HandleAsked> asked;
    HandleAuthority authority;
    Time now;
    Completion completion;
    uint32_t attempts = 0;
    HandleJudgement judged;
    std::string text;  // What the identifier is registered as.
  };

  HandleGround ground() const { return {registry, directory, node_prefix, administration}; }
  HandleJudgement Judge(const HandleAsked& asked, const HandleAuthority& authority) const {
    return JudgeHandle(ground(), asked, authority);
  }

  // Who is refused for what he is, is on record.
  HandleJudgement JudgeAndNote(const HandleAsked& asked, const HandleAuthority& authority) const {
    HandleJudgement judged = Judge(asked, authority);
    const bool denied = !judged.status && IsOfOthers(judged.status.error().code);
    if (denied && administration.acts != nullptr) {
      administration.acts->Refused(CallerOf(authority), ActAsked(asked, judged.key), asked.handle,
                                   judged.status.error().code);
    }
    return judged;
  }

  static Caller CallerOf(const HandleAuthority& authority) {
    if (!authority.has_identity) return authority.caller;
    return {.anonymous = false, .actor = ActorOf(authority.identity)};
  }

  Status BeginListing(const HandleAsked& asked, const HandleAuthority& authority) const {
    const HandleJudgement judged = JudgeAndNote(asked, authority);
    if (!judged.status || administration.acts == nullptr) return judged.status;
    return administration.acts->PutOnRecord(CallerOf(authority), ActAsked(asked, {}), asked.handle);
  }

  void Attempt(const std::shared_ptr<Writing>& writing) {
    ++writing->attempts;
    if (const Status stands = CheckKey(*writing); !stands) {
      return Finish(*writing, Refusal(stands.error()));
    }
    writing->judged = JudgeAndNote(*writing->asked, writing->authority);
    const HandleJudgement& judged = writing->judged;
    if (!judged.status) return Finish(*writing, Refused(*writing));
    auto text = RegisteredText(*writing->asked, judged);
    if (!text) return Finish(*writing, Refusal(text.error()));
    writing->text = *std::move(text);
    const RegisterItem item = ItemOf(*writing);
    registrar.Register({item}, judged.writer, {}, writing->now,
                       [this, writing](const RegisterResult& result) { Settle(writing, result); });
  }

  // The key stands as it was when it proved who writes.
  Status CheckKey(const Writing& writing) const {
    if (writing.attempts == 1 || writing.authority.key_record.empty()) return {};
    std::string row;
    const auto found = registry.Find(writing.authority.key_record, Reach::kDisk, row);
    if (found && found->version.value == writing.authority.key_version) return {};
    if (!found && found.error().code != Errc::kNotFound) return found.error();
    return Error{Errc::kAuthenticationFailed, "the key was changed meanwhile"};
  }

  // A changed record keeps the spelling that it was registered with.
  static Result<std::string> RegisteredText(const HandleAsked& asked,
                                            const HandleJudgement& judged) {
    if (asked.action == HandleAction::kCreate) return judged.handle;
    return TextOf(judged.key, judged.present.record);
  }

  static RegisterItem ItemOf(const Writing& writing) {
    const HandleJudgement& judged = writing.judged;
    RegisterItem item{.action = RegisterAction::kCreate, .identifier = writing.text};
    if (writing.asked->action == HandleAction::kDelete) {
      item.action = RegisterAction::kRemove;
    } else {
      item.values = judged.values;
      if (judged.is_there) item.action = RegisterAction::kReplace;
    }
    if (judged.is_there) item.expected_version = judged.present.version.value;
    return item;
  }

  void Settle(const std::shared_ptr<Writing>& writing, const RegisterResult& result) {
    const HandleJudgement& judged = writing->judged;
    const RegisterItemResult& item = result.items.at(0);
    const bool refused = !result.status || item.outcome == RegisterOutcome::kRefused;
    const Error why = !result.status ? result.status.error() : item.error;
    // Somebody else was ahead: created it, changed it, removed it, or took a right away.
    const bool lost = refused ? IsOvertaken(why.code)
                              : item.outcome == RegisterOutcome::kUnchanged && !judged.is_there;
    if (lost && writing->attempts < kAttemptsMax) return Attempt(writing);
    if (lost) return Finish(*writing, Refusal({Errc::kBusy, "the handle kept changing"}));
    HandleOutcome outcome;
    if (refused) {
      outcome.status = InWordsOfHandles(why);
      outcome.said = item.said;
      return Finish(*writing, std::move(outcome));
    }
    outcome.handle = judged.handle;
    outcome.overwrote = judged.overwrites;
    Finish(*writing, std::move(outcome));
  }

  // 4.2 step 4: what is absent may be served elsewhere.
  HandleOutcome Refused(const Writing& writing) const {
    HandleOutcome outcome = Refusal(writing.judged.status.error());
    if (outcome.status.error().code != Errc::kNotFound) return outcome;
    HandleReferral referral =
        idnode::FindReferral(registry, administration.routes, writing.judged.handle);
    if (referral.of_service) return outcome;  // Clients follow that to read, not to write.
    outcome.octets = std::move(referral.octets);
    outcome.referral = std::move(referral.values);
    return outcome;
  }

  void Finish(Writing& writing, HandleOutcome outcome) {
    writing.completion(std::move(outcome));
    std::scoped_lock lock(mutex);
    if (--under_way == 0) idle.notify_all();
  }

  HandleOutcome Read(const HandleAsked& asked, const HandleAuthority& authority) const {
    HandleJudgement judged = JudgeAndNote(asked, authority);
    if (!judged.status) return Refusal(judged.status.error());
    HandleOutcome outcome;
    outcome.handle = std::move(judged.handle);
    outcome.octets = std::move(judged.row);
    outcome.values = std::move(judged.values);
    // Who sees them by a token is told how they lie.
    if (authority.has_identity) {
      if (const Status opened = OpenSecrets(judged.key, outcome); !opened) {
        return Refusal(opened.error());
      }
    }
    return outcome;
  }

  Status OpenSecrets(const std::string& key, HandleOutcome& outcome) const {
    outcome.opened.reserve(outcome.values.size());
    for (Value& value : outcome.values) {
      if (!HasType(value.type, kSecretKeyType) || !SecretBox::IsSealed(value.data)) continue;
      auto secret = OpenSecret(administration.secrets, key, value);
      if (!secret) return Error{Errc::kValueProtected, "a secret key cannot be opened here"};
      value.data = outcome.opened.emplace_back(*std::move(secret));
    }
    return {};
  }

  void Answer(const HandleAsked& asked, const HandleAuthority& authority, Time now,
              const Completion& completion) {
    const HandleJudgement judged = JudgeAndNote(asked, authority);
    if (!judged.status) return completion(Refusal(judged.status.error()));
    if (asked.action == HandleAction::kHome || asked.action == HandleAction::kUnhome) {
      return completion(Administer(asked, judged.writer, now));
    }
    completion(ListPage(asked, {}, kHandlesPerMessageMax));
  }

  HandleOutcome Administer(const HandleAsked& asked, const Caller& writer, Time now) {
    const auto prefix = PrefixAsked(asked);
    if (!prefix) return Refusal(prefix.error());
    const Caller operating{.anonymous = false, .role = Role::kOperator, .actor = writer.actor};
    const auto act = asked.action == HandleAction::kHome ? HomePrefix : UnhomePrefix;
    const auto view = directory.View();
    HandleOutcome outcome;
    outcome.status = act(enrolment, *view, node_prefix, prefix->text, operating, now);
    return outcome;
  }

  HandleOutcome ListPage(const HandleAsked& asked, std::string_view from,
                         size_t handles_max) const {
    Result<HandlePage> page = HandlePage{};
    if (asked.action == HandleAction::kListHomed) {
      page = ListHomedPrefixes(engine, node_prefix, from, handles_max);
    } else {
      const auto prefix = PrefixAsked(asked);
      if (!prefix) return Refusal(prefix.error());
      const KeyRange range = RangeToList(*prefix);
      const bool goes_on = from > range.from && from < range.until;
      page = ListKeys(engine, goes_on ? from : range.from, range.until, handles_max);
    }
    if (!page) return Refusal(page.error());
    HandleOutcome outcome;
    outcome.handles = std::move(page->handles);
    outcome.next = std::move(page->next);
    return outcome;
  }

  const Engine& engine;
  const Registry& registry;
  const Directory& directory;
  Registrar& registrar;
  Enrolment& enrolment;
  const std::string node_prefix;
  const HandleAdministration administration;

  std::mutex mutex;
  std::condition_variable idle;
  size_t under_way = 0;
};

HandleOperations::HandleOperations(const Engine& engine, const Registry& registry,
                                   const Directory& directory, Registrar& registrar,
                                   Enrolment& enrolment, std::string node_prefix,
                                   HandleAdministration administration)
    : core_(new Core{.engine = engine,
                     .registry = registry,
                     .directory = directory,
                     .registrar = registrar,
                     .enrolment = enrolment,
                     .node_prefix = std::move(node_prefix),
                     .administration = std::move(administration),
                     .mutex = {},
                     .idle = {}}) {}

HandleOperations::~HandleOperations() {
  std::unique_lock lock(core_->mutex);
  core_->idle.wait(lock, [&] { return core_->under_way == 0; });
}

Status HandleOperations::Check(const HandleAsked& asked) const {
  return core_->Judge(asked, HandleAuthority{}).status;
}

Status HandleOperations::Authorise(const HandleAsked& asked, const HandleIdentity& identity) const {
  HandleAuthority authority;
  authority.has_identity = true;
  authority.identity = identity;
  return Authorise(asked, authority);
}

Status HandleOperations::Authorise(const HandleAsked& asked,
                                   const HandleAuthority& authority) const {
  return core_->Judge(asked, authority).status;
}

Status HandleOperations::BeginListing(const HandleAsked& asked,
                                      const HandleAuthority& authority) const {
  return core_->BeginListing(asked, authority);
}

void HandleOperations::Perform(std::shared_ptr<const HandleAsked> asked,
                               const HandleAuthority& authority, Time now,
                               Completion completion) const {
  if (asked->action == HandleAction::kReadAll) return completion(core_->Read(*asked, authority));
  if (!Writes(asked->action)) return core_->Answer(*asked, authority, now, completion);
  {
    std::scoped_lock lock(core_->mutex);
    ++core_->under_way;
  }
  core_->Attempt(std::make_shared<Core::Writing>(Core::Writing{.asked = std::move(asked),
                                                               .authority = authority,
                                                               .now = now,
                                                               .completion = std::move(completion),
                                                               .judged = {},
                                                               .text = {}}));
}

HandleOutcome HandleOperations::ListPage(const HandleAsked& asked, std::string_view from,
                                         size_t handles_max) const {
  return core_->ListPage(asked, from, handles_max);
}

Status HandleOperations::CheckHomed(std::string_view handle) const {
  const auto name = ParseIdentifier(handle);
  if (!name) return Error{Errc::kInvalidIdentifier, name.error().detail};
  const auto view = core_->directory.View();
  PrefixMatter scratch;
  const Homing homing{*view, core_->node_prefix, scratch};
  const auto answer = homing.AnswersFor(name->key);
  if (!answer) return answer.error();
  if (answer->homed) return {};
  std::string row;
  if (homing.IsOwnPrefixHandle(name->key) && core_->registry.Find(name->key, Reach::kDisk, row)) {
    return {};
  }
  return Error{Errc::kNotHomed, "this node does not answer for the prefix"};
}

HandleReferral HandleOperations::FindReferral(std::string_view handle) const {
  return idnode::FindReferral(core_->registry, core_->administration.routes, handle);
}

}  // namespace idnode
