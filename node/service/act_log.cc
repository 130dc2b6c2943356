#include "node/service/act_log.h"

#include <algorithm>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "storage/acts.h"
#include "storage/directives.h"

namespace idnode {
namespace {

constexpr std::string_view kLeftOut = "refusals_left_out";
constexpr size_t kRecordsVisitedMax = 50'000;  // For one page.
constexpr size_t kRunRecords = 1'000, kRunOctets = 4u << 20;
constexpr size_t kTradeItemKeyOctets = 9;

// Which act a change of the kind is; nothing: none of anybody's.
std::optional<Act> ActOfChange(EventKind kind) {
  switch (kind) {
    case EventKind::kIdentifierCreated:
    case EventKind::kIdentifierReplaced:
    case EventKind::kIdentifierRemoved:
    case EventKind::kMemberRegistered:
    case EventKind::kMemberRemoved:
      return Act::kRegister;
    case EventKind::kRangeAllocated:
      return Act::kAllocateRange;
    case EventKind::kRangeWithdrawn:
      return Act::kWithdrawRange;
    case EventKind::kEnterprisePut:
      return Act::kPutEnterprise;
    case EventKind::kPrefixPut:
      return Act::kPutPrefix;
    case EventKind::kTokenPut:
      return Act::kCreateToken;
    case EventKind::kPrefixRecordPut:
    case EventKind::kPrefixRecordRemoved:
      return Act::kPutPrefixRecords;
    case EventKind::kChildPut:
      return Act::kDock;
    case EventKind::kSubjectPut:
      return Act::kPutSubject;
    case EventKind::kSubjectLooked:
      return Act::kSeePersonal;
    case EventKind::kDirectivePut:
      return Act::kGiveDirective;
    case EventKind::kTemplatePut:
      return Act::kPutTemplate;
    case EventKind::kApplicationPut:
      return Act::kPutApplication;
    case EventKind::kIncidentPut:
      return Act::kPutIncident;
    case EventKind::kActDone:
    case EventKind::kActRefused:
    case EventKind::kChildEvents:
    case EventKind::kTally:
    case EventKind::kGap:
    case EventKind::kSources:
    case EventKind::kPrefixCounted:
    case EventKind::kPrefixUncounted:
    case EventKind::kOwnRoutingPut:
    case EventKind::kFiled:
    case EventKind::kCosigned:
    case EventKind::kDayPut:
    case EventKind::kCorrection:
      break;
  }
  return std::nullopt;
}

std::string TextOrHex(std::string_view key) {
  const auto text = TextOfKey(key);
  return SubjectText(text ? std::string_view(*text) : key);
}

std::string HolderText(std::string_view key, const DirectoryView& directory) {
  Reader in(key);
  in.U8();
  const uint32_t holder = in.U32();
  if (holder == 0) return "the operator";
  const Enterprise* enterprise = directory.FindEnterprise(holder);
  return enterprise == nullptr ? std::to_string(holder) : enterprise->code;
}

std::string SubjectOfChange(const LogItem& item, const DirectoryView& directory) {
  switch (item.kind) {
    case EventKind::kEnterprisePut: {
      const auto enterprise = DecodeEnterprise(item.body);
      if (!enterprise) return SubjectText(item.key);
      return enterprise->code + " " + std::string(NameOf(enterprise->state));
    }
    case EventKind::kPrefixPut: {
      const auto prefix = DecodePrefix(item.body);
      if (!prefix) return SubjectText(item.key);
      return prefix->prefix.text + " " + std::string(NameOf(prefix->state));
    }
    case EventKind::kTokenPut:
      return SubjectText(item.key.substr(std::min<size_t>(1, item.key.size())));
    case EventKind::kRangeAllocated:
    case EventKind::kRangeWithdrawn:
      return TextOrHex(item.key.substr(0, kTradeItemKeyOctets));
    case EventKind::kSubjectPut:
    case EventKind::kSubjectLooked:
      return HolderText(item.key, directory);
    case EventKind::kDirectivePut:  // 'D', the number of the child, and the id.
      return SubjectText(item.key.substr(std::min<size_t>(5, item.key.size())));
    case EventKind::kTemplatePut:
    case EventKind::kApplicationPut:  // 'M' or 'A', and a canonical key.
      return SubjectText(item.key.substr(std::min<size_t>(2, item.key.size())));
    case EventKind::kIncidentPut:  // Behind child and table: its day, prefix and number.
      return SubjectText(item.key.substr(std::min<size_t>(5, item.key.size())));
    default:
      return TextOrHex(item.key);
  }
}

// A token is put twice at most: when it is created, and when it is revoked.
Act ActOfToken(const LogRecord& record, const LogItem& item, const DirectoryView& directory) {
  const Token* token = directory.FindToken(item.key.substr(std::min<size_t>(1, item.key.size())));
  const bool is_new = token == nullptr || token->created.ms == record.time.ms;
  return is_new ? Act::kCreateToken : Act::kRevokeToken;
}

// That a directive was answered, or carried out, is nobody's act here.
bool IsGiving(const LogItem& item) {
  return Reader(item.body).U8() == static_cast<uint8_t>(DirectiveState::kOpen);
}

RecordedAct ActOf(const LogRecord& record, const LogItem& item, const DirectoryView& directory) {
  RecordedAct recorded{
      .position = record.position, .time = record.time, .actor = std::string(record.actor)};
  if (item.enterprise != kNoEnterprise) recorded.enterprise = item.enterprise;
  if (item.kind == EventKind::kActDone || item.kind == EventKind::kActRefused) {
    recorded.is_refused = item.kind == EventKind::kActRefused;
    const auto event = DecodeAct(item);
    recorded.act = SubjectText(event ? event->act : item.key);
    if (!event) return recorded;
    recorded.subject = SubjectText(event->subject);
    recorded.why = SubjectText(event->why);
    recorded.left_out = event->left_out;
    return recorded;
  }
  const auto act = ActOfChange(item.kind);
  if (!act) return recorded;
  if (item.kind == EventKind::kDirectivePut && !IsGiving(item)) return recorded;
  const bool is_token = item.kind == EventKind::kTokenPut;
  recorded.act = RowOf(is_token ? ActOfToken(record, item, directory) : *act).name;
  recorded.subject = SubjectOfChange(item, directory);
  return recorded;
}

bool IsNameOfAct(std::string_view name) {
  return name == kLeftOut || std::ranges::find(kActRows, name, &ActRow::name) != kActRows.end();
}

// Where a listing goes on, and where it ends.
struct Stretch {
  uint64_t next = 1, through = 0;
};
Result<Stretch> ParseCursor(std::string_view cursor, uint64_t head) {
  if (cursor.empty()) return Stretch{1, head};
  const Error invalid{Errc::kInvalidCursor, "the cursor is of another listing"};
  const size_t dash = cursor.find('-');
  if (dash == 0 || dash == std::string_view::npos || dash + 1 == cursor.size()) return invalid;
  const auto next = ParseDecimal(cursor.substr(0, dash));
  const auto through = ParseDecimal(cursor.substr(dash + 1));
  if (!next || !through || *next == 0 || *through > head) return invalid;
  return Stretch{*next, *through};
}

}  // namespace

std::vector<RecordedAct> ActsOf(const LogRecord& record, const DirectoryView& directory) {
  std::vector<RecordedAct> acts;
  std::optional<EventKind> last_kind;
  for (const LogItem& item : record.items) {
    // A batch is thousands of items of one kind, of which the first is told.
    if (item.kind == last_kind && ActOfChange(item.kind)) {
      ++acts.back().count;
      continue;
    }
    RecordedAct act = ActOf(record, item, directory);
    if (act.act.empty()) continue;
    const auto same = std::ranges::find_if(acts, [&](const RecordedAct& other) {
      return other.act == act.act && !other.is_refused && !act.is_refused;
    });
    if (same != acts.end()) {
      ++same->count;
      continue;
    }
    last_kind = item.kind;
    acts.push_back(std::move(act));
  }
  return acts;
}

Result<ActLog::Page> ActLog::List(const Question& question, const Caller& caller) const {
  if (const Status may = acts_.Permit(caller, Act::kListActs, question.actor); !may) {
    return may.error();
  }
  if (question.count > limits::kListPageMax) {
    return Error{Errc::kTooLarge, "a page has at most 1000 acts"};
  }
  if (!question.act.empty() && !IsNameOfAct(question.act)) {
    return Error{Errc::kMalformed, "no act has this name"};
  }
  auto stretch = ParseCursor(question.cursor, ledger_.head().value);
  if (!stretch) return stretch.error();
  if (const Status begun = acts_.Begin(caller, Act::kListActs, question.actor); !begun) {
    return begun.error();
  }
  const size_t count = question.count == 0 ? limits::kListPageMax : question.count;
  const auto directory = directory_.View();
  Page page;
  size_t visited = 0;
  while (stretch->next <= stretch->through && page.acts.size() < count &&
         visited < kRecordsVisitedMax) {
    const uint64_t left = stretch->through - stretch->next + 1;
    const auto records =
        log_.Read(Position{stretch->next}, std::min<uint64_t>(left, kRunRecords), kRunOctets);
    if (!records) return records.error();
    if (records->empty()) return Error{Errc::kCorrupt, "log: a record is missing"};
    for (const std::string& thin : *records) {
      if (page.acts.size() >= count) break;
      const auto record = DecodeThin(thin);
      if (!record) return record.error();
      ++stretch->next;
      ++visited;
      if (record->time < question.since) continue;
      if (!question.actor.empty() && record->actor != question.actor) continue;
      for (RecordedAct& act : ActsOf(*record, *directory)) {
        if (question.act.empty() || act.act == question.act) page.acts.push_back(std::move(act));
      }
    }
  }
  if (stretch->next <= stretch->through) {
    page.next_cursor = std::to_string(stretch->next) + "-" + std::to_string(stretch->through);
  }
  return page;
}

}  // namespace idnode
