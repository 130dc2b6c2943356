#include "node/service/directive_office.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "proto/base/limits.h"
#include "proto/crypto/digest.h"
#include "proto/ident/identifier.h"
#include "proto/web/json_writer.h"
#include "storage/audit.h"
#include "storage/counters.h"
#include "storage/counting_rules.h"
#include "storage/log_record.h"
#include "storage/references.h"
#include "storage/registry.h"

namespace idnode {
namespace {

Caller Upstream() {
  return {.anonymous = false, .role = Role::kOperator, .actor = std::string(kUpstreamActor)};
}

// By which the ledger knows the change again: the directive's own.
OperationId OperationOf(std::string_view id) {
  const Digest digest = Sha256("directive\n", id);
  OperationId operation;
  std::copy_n(AsText(digest).begin(), operation.size(), operation.begin());
  return operation;
}

DirectiveAnswer Refusal(const Error& why) { return {.refused = true, .refusal = why}; }

// What was said when the directive was carried out first.
DirectiveAnswer AnswerOf(const GivenDirective& kept) {
  if (kept.state == DirectiveState::kRefused) {
    const auto code = ErrcOf(kept.code);
    const Errc why = code ? *code : Errc::kInternal;
    return Refusal({why, RowOf(why).en});
  }
  return {.document = kept.answer};
}

bool ChangesNothing(DirectiveKind kind) {
  return kind == DirectiveKind::kQuery || kind == DirectiveKind::kAuditChallenge;
}

void WriteNumber(std::string_view name, int64_t value, JsonWriter& json) {
  json.Member(name);
  json.Int64(value);
}

template <class F>
std::string ObjectOf(const F& write) {
  std::string text;
  {
    JsonWriter json(text);
    json.StartObject();
    write(json);
    json.EndObject();
  }
  return text;
}

// The item's octets, where what is there now is what the record wrote and nothing else was in it.
std::string ItemOf(const LogRecord& record, const LogItem& item, const RecordView& view,
                   std::string_view row) {
  if (record.items.size() != 1 || item.kind != EventKind::kIdentifierCreated) return {};
  const auto values = view.DecodeAll();
  const auto split = SplitVersion(row);
  if (!values || !split) return {};
  Change change(record.time, record.actor, record.operation, Change::Mode::kTogether);
  AddCreate(change, item.key, item.enterprise, split->body, 0, ReferencesAmong(*values));
  change.Seal();
  std::string written;
  if (change.root() == record.root) change.EncodeItem(0, written);
  return written;
}

}  // namespace

DirectiveAnswer DirectiveOffice::CarryOut(const GivenDirective& directive, Position acknowledged,
                                          Time now) {
  auto kept = ReadDirective(store_.engine(), kOwn, directive.id);
  if (!kept) return Refusal(kept.error());
  if (*kept) {
    // What is only read is read again: the log has gone on.
    return ChangesNothing((*kept)->kind) ? Perform(**kept, acknowledged, now) : AnswerOf(**kept);
  }
  DirectiveAnswer answer = Perform(directive, acknowledged, now);
  GivenDirective done = directive;
  done.child = kOwn;
  done.by = kUpstreamActor;
  done.given = done.answered = now;
  done.state = answer.refused ? DirectiveState::kRefused : DirectiveState::kDone;
  if (answer.refused) {
    done.code = RowOf(answer.refusal.code).name;
    done.why = answer.refusal.detail;
  }
  auto change =
      std::make_shared<Change>(now, kUpstreamActor, OperationId{}, Change::Mode::kTogether);
  AddPutDirective(*change, done, std::nullopt);
  change->Seal();
  const Outcome outcome = store_.ledger().Commit(std::move(change));
  if (outcome.done()) return answer;
  const Errc why = outcome.error(0);
  return Refusal({why, "directive: that it was carried out cannot be kept"});
}

DirectiveAnswer DirectiveOffice::Perform(const GivenDirective& directive, Position acknowledged,
                                         Time now) {
  switch (directive.kind) {
    case DirectiveKind::kSuspendPrefix:
    case DirectiveKind::kResumePrefix: {
      const Status done = SetPrefixState(directive, now);
      return done ? DirectiveAnswer() : Refusal(done.error());
    }
    case DirectiveKind::kAllotPrefix: {
      const Status done = AllotPrefix(directive, now);
      return done ? DirectiveAnswer() : Refusal(done.error());
    }
    case DirectiveKind::kQuery: {
      auto document = AnswerQuery(directive.subject);
      return document ? DirectiveAnswer{.document = *std::move(document)}
                      : Refusal(document.error());
    }
    case DirectiveKind::kAuditChallenge: {
      auto proof = Prove(directive.subject, acknowledged);
      return proof ? DirectiveAnswer{.proof = *std::move(proof)} : Refusal(proof.error());
    }
  }
  return Refusal({Errc::kUnsupported, "directive: of a kind that is not known here"});
}

Status DirectiveOffice::SetPrefixState(const GivenDirective& directive, Time now) {
  const auto prefix = ParsePrefix(Scheme::kHandle, directive.subject);
  if (!prefix) return prefix.error();
  // One that is not allotted is not to be allotted by this.
  if (store_.directory().View()->FindPrefix(*prefix) == nullptr) {
    return Error{Errc::kNotFound, "directive: the prefix is not allotted here"};
  }
  const bool suspend = directive.kind == DirectiveKind::kSuspendPrefix;
  const auto put = enrolment_.PutPrefix({.scheme = Scheme::kHandle,
                                         .prefix = directive.subject,
                                         .enterprise_code = {},
                                         .state = suspend ? "suspended" : "active",
                                         .operation = OperationOf(directive.id)},
                                        Upstream(), now);
  return put ? Status() : put.error();
}

Status DirectiveOffice::AllotPrefix(const GivenDirective& directive, Time now) {
  const auto put = enrolment_.PutPrefix({.scheme = Scheme::kHandle,
                                         .prefix = directive.subject,
                                         .enterprise_code = directive.detail,
                                         .state = {},
                                         .operation = OperationOf(directive.id)},
                                        Upstream(), now);
  return put ? Status() : put.error();
}

Result<std::string> DirectiveOffice::AnswerQuery(std::string_view about) const {
  if (about == "version") return TellVersion();
  if (about == "evaluation") return TellEvaluation();
  if (about == "filings") return TellFilings();
  return Error{Errc::kUnsupported, "a query is about version, evaluation or filings"};
}

std::string DirectiveOffice::TellVersion() const {
  const NodeIdentity& identity = store_.identity();
  return ObjectOf([&](JsonWriter& json) {
    json.TextMember("version", version_);
    json.TextMember("node", identity.node_id);
    json.TextMember("role", identity.role);
    json.TextMember("prefix", identity.prefix);
    WriteNumber("head", static_cast<int64_t>(store_.ledger().head().value), json);
  });
}

Result<std::string> DirectiveOffice::TellEvaluation() const {
  const auto totals = ReadTotals(store_.engine(), kOwn);
  if (!totals) return totals.error();
  const auto connected = static_cast<int64_t>(store_.directory().View()->connected_enterprises());
  const Evaluation evaluation = EvaluationOf(*totals, kAllEnterprises, connected);
  return ObjectOf([&](JsonWriter& json) {
    json.TextMember("rules", kCountingRules);
    WriteNumber("registered", evaluation.registered, json);
    WriteNumber("registered_gross", evaluation.registered_gross, json);
    WriteNumber("allocated", evaluation.allocated, json);
    WriteNumber("resolutions", evaluation.resolutions, json);
    WriteNumber("resolution_requests", evaluation.resolution_requests, json);
    WriteNumber("connected_enterprises", evaluation.connected_enterprises, json);
  });
}

Result<std::string> DirectiveOffice::TellFilings() const {
  std::vector<std::pair<FilingTable, size_t>> rows;
  for (const FilingTable table : kFilingTables) {
    const auto keys = filings_.Keys(table);
    if (!keys) return keys.error();
    rows.emplace_back(table, keys->size());
  }
  return ObjectOf([&](JsonWriter& json) {
    json.Member("tables");
    json.StartArray();
    for (const auto& [table, count] : rows) {
      json.StartObject();
      WriteNumber("table", static_cast<int64_t>(table), json);
      json.TextMember("name", NameOf(table));
      WriteNumber("rows", static_cast<int64_t>(count), json);
      json.EndObject();
    }
    json.EndArray();
  });
}

Result<DirectiveAnswer::Proof> DirectiveOffice::Prove(std::string_view identifier,
                                                      Position acknowledged) const {
  const auto parsed = ParseIdentifier(identifier);
  if (!parsed) return parsed.error();
  std::string scratch;
  const auto found = store_.registry().Find(parsed->key, Reach::kDisk, scratch);
  if (!found) return found.error();
  const Position position = found->version;
  // A tree that both ends know, if it has the record.
  const auto cosigned = cosigned_.Last();
  const uint64_t signed_size = cosigned ? cosigned->size : 0;
  const uint64_t tree_size = signed_size >= position.value && signed_size <= acknowledged.value
                                 ? signed_size
                                 : std::max(acknowledged, position).value;
  const Audit audit(store_.engine(), store_.log());
  auto inclusion = audit.Prove(position, tree_size);
  if (!inclusion) return inclusion.error();
  const auto record = DecodeThin(inclusion->record);
  if (!record) return record.error();
  const auto item = std::ranges::find_if(
      record->items, [&](const LogItem& each) { return each.key == parsed->key; });
  if (item == record->items.end()) {
    return Error{Errc::kCorrupt, "the record that wrote the identifier does not name it"};
  }
  return DirectiveAnswer::Proof{.position = position,
                                .record = inclusion->record,
                                .item = ItemOf(*record, *item, found->record, scratch),
                                .index = static_cast<uint32_t>(item - record->items.begin()),
                                .item_proof = {},
                                .inclusion = std::move(inclusion->proof),
                                .tree_size = tree_size};
}

}  // namespace idnode
