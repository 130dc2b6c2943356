#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <random>

#include "node/recount/export_folder.h"
#include "node/recount/recounted.h"
#include "node/recount/trust.h"
#include "node/rehearsal/asking.h"
#include "node/rehearsal/counted_traffic.h"
#include "node/rehearsal/items.h"
#include "node/runtime/clock.h"
#include "proto/base/text.h"
#include "storage/durable_file.h"

// Item 10: the figures are those of the traffic, and whoever alters the log is found out.
namespace idnode {
namespace {

namespace json = boost::json;

constexpr uint32_t kCheckpointSeconds = 30;
constexpr int kAlterations = 60;
constexpr uint32_t kAlterationSeed = 20'261'122;
constexpr size_t kRecordsOctetsMax = 64u << 20;

uint64_t Unsigned(int64_t number) { return static_cast<uint64_t>(number); }
uint64_t NumberAt(const json::object& object, std::string_view member) {
  const json::value* const number = object.if_contains(member);
  return number == nullptr ? 0 : number->to_number<uint64_t>();
}

class Counting {
 public:
  // "external/found 42, …"
  std::string Classes() const {
    std::map<std::string, int64_t> sums;
    for (const auto& [key, count] : traffic_.counts()) {
      sums[std::get<0>(key) + "/" + std::get<1>(key)] += count;
    }
    return TextOf(sums);
  }
  static std::string TextOf(const std::map<std::string, int64_t>& sums) {
    std::string text;
    for (const auto& [name, sum] : sums) {
      text.append(text.empty() ? "" : ", ").append(name).append(" ").append(std::to_string(sum));
    }
    return text;
  }

  void Traffic(Stage& stage, Evidence& evidence) {
    const std::string day = Today();
    if (!traffic_.Open(stage, evidence)) return;
    traffic_.AskEverything(stage, evidence);
    // What was counted is folded once a second, the rest when the node stops.
    if (!traffic_.Restart(evidence)) return;
    if (Today() != day) {
      is_of_two_days_ = true;
    } else {
      day_ = day;
    }
    evidence.Note("asked 已发起的解析", Classes());
    evidence.Note("from 来源", TextOf(traffic_.sources()));
    evidence.Note("registered 已注册", Unsigned(traffic_.registered()));
    is_counted_ = true;
  }

  void Figures(Stage&, Evidence& evidence) {
    if (!Ready(evidence)) return;
    const auto stats = StatsOf(traffic_.node(), evidence, /*enterprises=*/true);
    if (!stats) return;
    std::map<std::string, int64_t> sums, asked;
    for (const v1::Figure& figure : stats->figures()) {
      if (figure.metric() != "resolutions") continue;
      sums[figure.traffic_class() + "/" + figure.outcome()] = figure.sum();
    }
    for (const v1::EnterpriseStats& each : stats->enterprises()) {
      asked[each.code()] = each.evaluation().resolution_requests();
    }
    const v1::Evaluation& evaluation = stats->evaluation();
    evidence.Note("rules 计数规则", stats->rules());
    evidence.Equal("classes and outcomes 类别与结果", TextOf(sums), Classes());
    evidence.Equal("requests by enterprise 各企业请求量", TextOf(asked),
                   TextOf({{CountedTraffic::kAcme, traffic_.requests_for(CountedTraffic::kAcme)},
                           {CountedTraffic::kOther, traffic_.requests_for(CountedTraffic::kOther)},
                           {CountedTraffic::kIdle, traffic_.requests_for(CountedTraffic::kIdle)}}));
    evidence.Equal("resolutions 标识解析量", Unsigned(evaluation.resolutions()),
                   Unsigned(traffic_.successes()));
    evidence.Equal("registered 标识注册量", Unsigned(evaluation.registered()),
                   Unsigned(traffic_.registered() - 1));
    evidence.Equal("ever registered 累计注册量", Unsigned(evaluation.registered_gross()),
                   Unsigned(traffic_.registered()));
    OverHttp(evidence);
  }

  void Tables(Stage&, Evidence& evidence) {
    if (!Ready(evidence)) return;
    if (is_of_two_days_) return evidence.LeaveOut("midnight came between 恰逢零点");
    const auto text = DayOf(evidence);
    if (!text) return;
    const json::value told = json::parse(*text);
    const json::object& document = told.as_object();
    const json::object& three = document.at("table_3").as_object();
    evidence.Equal("table 表 3 day_registrations", NumberAt(three, "day_registrations"), 3);
    evidence.Equal("table 表 3 total_registrations", NumberAt(three, "total_registrations"), 3);
    evidence.Equal("table 表 3 day_requests", NumberAt(three, "day_requests"),
                   Unsigned(traffic_.requests()));
    evidence.Equal("table 表 3 day_success", NumberAt(three, "day_success"),
                   Unsigned(traffic_.successes()));
    evidence.Equal("table 表 3 unique identifiers", NumberAt(three, "unique_identifiers"),
                   traffic_.identifiers());
    std::map<std::string, int64_t> sources;
    for (const json::value& row : three.at("sources").as_array()) {
      sources[std::string(std::string_view(row.at("ip").as_string()))] =
          row.at("count").to_number<int64_t>();
    }
    evidence.Equal("table 表 3 sources", TextOf(sources), TextOf(traffic_.sources()));
    for (const json::value& value : document.at("table_8").as_array()) {
      const json::object& row = value.as_object();
      const std::string code(std::string_view(row.at("code").as_string()));
      const bool is_acme = code == CountedTraffic::kAcme;
      const uint64_t others = code == CountedTraffic::kOther ? 1 : 0;
      const uint64_t created = is_acme ? Unsigned(traffic_.registered() - 1) : others;
      evidence.Equal("table 表 8 " + code + " day_registrations",
                     NumberAt(row, "day_registrations"), created);
      evidence.Equal("table 表 8 " + code + " total_registrations",
                     NumberAt(row, "total_registrations"), is_acme ? created - 1 : created);
      evidence.Equal("table 表 8 " + code + " day_requests", NumberAt(row, "day_requests"),
                     Unsigned(traffic_.requests_for(code)));
      evidence.Equal("table 表 8 " + code + " day_success", NumberAt(row, "day_success"),
                     is_acme ? Unsigned(traffic_.successes()) : 0);
    }
  }

  void RecountedByItself(Stage&, Evidence& evidence) {
    if (!Ready(evidence)) return;
    int differences = -1;
    const auto done = traffic_.node().client().Recount({}, [&](const v1::RecountResponse& told) {
      if (!told.finished()) return true;
      differences = told.differences_size();
      evidence.Note("records 记录数", told.log_records());
      evidence.Note("root of the tree 树根", ToHex(told.tree_root()));
      return true;
    });
    if (!Done(evidence, "recount 重新核算", done)) return;
    evidence.Equal("differences 差异", Unsigned(differences), 0);
  }

  void RecountedByAStranger(Stage& stage, Evidence& evidence) {
    if (!Ready(evidence)) return;
    export_ = stage.folder() + "/export";
    if (!Export(stage, evidence)) return;
    RecountQuestion question{.folder = export_, .keys = keys_};
    const auto day = ParseDay(Today(), DayZone::kShanghai);
    if (day) question.day = *day;
    std::string where;
    auto recounted = RecountFolder(question, where);
    if (!recounted) return evidence.Refused("idnode-recount " + where, recounted.error());
    is_exported_ = true;
    evidence.Note("log 日志", recounted->checkpoint.origin);
    evidence.Note("records 记录数", recounted->checkpoint.head.size);
    const auto totals = recounted->figures.Totals();
    const Evaluation evaluation = EvaluationOf(totals, kAllEnterprises, 0);
    evidence.Equal("registered 标识注册量", Unsigned(evaluation.registered),
                   Unsigned(traffic_.registered() - 1));
    evidence.Equal("resolutions 标识解析量", Unsigned(evaluation.resolutions),
                   Unsigned(traffic_.successes()));
    evidence.Equal("requests 解析请求量", Unsigned(evaluation.resolution_requests),
                   Unsigned(traffic_.requests()));
    if (is_of_two_days_ || !day || day->text != day_) return;
    const auto tables = recounted->figures.TablesOf({*day, 0});
    if (!tables) return evidence.Refused("tables 日统计表", tables.error());
    const auto stated = DayOf(evidence);
    if (!stated) return;
    evidence.Note("octets of tables 3 and 8 表 3、表 8 字节数", stated->size());
    evidence.Holds("the same octets as the node's 与节点输出逐字节一致",
                   DayDocument(*tables) == *stated);
  }

  void Altered(Stage& stage, Evidence& evidence) {
    if (!evidence.Holds("there is an export 已导出", is_exported_)) return;
    std::string where;
    const auto files = ListRecords(export_, where);
    if (!evidence.Holds("there are records 有日志记录", files && !files->empty())) return;
    std::mt19937 chance(kAlterationSeed);
    uint64_t found = 0, made = 0, octets = 0;
    for (; made < kAlterations && !stage.was_interrupted(); ++made) {
      const RecordsFile& file = (*files)[chance() % files->size()];
      const auto whole = ReadWholeFile(file.path, kRecordsOctetsMax);
      if (!whole) return evidence.Refused(file.path, whole.error());
      octets = whole->size();
      const size_t at = chance() % whole->size();
      std::string altered = *whole;
      altered[at] = static_cast<char>(altered[at] ^ (1u << chance() % 8));
      if (!Done(evidence, file.path, WriteFileDurably(file.path, altered))) return;
      const auto recounted = RecountFolder({.folder = export_, .keys = keys_}, where);
      if (!recounted) ++found;
      if (recounted) evidence.Holds("octet 字节 " + std::to_string(at), false);
      if (!Done(evidence, file.path, WriteFileDurably(file.path, *whole))) return;
    }
    evidence.Note("octets of records 记录字节数", octets);
    evidence.Equal("alterations of one bit that were found 发现的单比特篡改", found, made);
    evidence.Holds("put back, it holds again 还原后核验通过",
                   RecountFolder({.folder = export_, .keys = keys_}, where).ok());
  }

 private:
  static std::string Today() { return FormatDay(Now().seconds() + kShanghaiHours * 3'600); }

  bool Ready(Evidence& evidence) const {
    return is_counted_ || evidence.Holds("the traffic was made 已产生解析流量", false);
  }

  std::optional<std::string> DayOf(Evidence& evidence) {
    v1::GetDayRequest request;
    request.set_day(day_);
    auto reply = traffic_.node().client().GetDay(request);
    if (!Done(evidence, "tables of the day 日统计表", reply)) return std::nullopt;
    return reply->json();
  }

  void OverHttp(Evidence& evidence) {
    const auto answer = AskOverHttp(traffic_.node(), {.target = "/api/v1/stats"});
    if (!answer) return evidence.Refused("GET /api/v1/stats", answer.error());
    evidence.Equal("GET /api/v1/stats", answer->status, 200);
    json::error_code error;
    const json::value body = json::parse(answer->body, error);
    const json::object* const object = body.if_object();
    const json::value* const part = object ? object->if_contains("evaluation") : nullptr;
    if (error || part == nullptr || !part->is_object()) {
      evidence.Has("body 正文", answer->body, "evaluation");
      return;
    }
    const json::object& evaluation = part->as_object();
    evidence.Equal("identifiers_registered", NumberAt(evaluation, "identifiers_registered"),
                   Unsigned(traffic_.registered() - 1));
    evidence.Equal("resolutions_external_found", NumberAt(evaluation, "resolutions_external_found"),
                   Unsigned(traffic_.successes()));
  }

  // As `idnode log export` does.
  bool Export(Stage& stage, Evidence& evidence) {
    const auto stats = StatsOf(traffic_.node(), evidence);
    if (!stats) return false;
    v1::SignedCheckpoint signed_one;
    Checkpoint checkpoint;
    const auto is_signed = [&] {
      auto reply = traffic_.node().log().GetCheckpoint();
      if (!reply) return false;
      signed_one = *reply;
      std::string lines;
      for (const std::string& key : signed_one.keys()) lines.append(key).append("\n");
      auto keys = ParseKeys(lines);
      if (!keys) return false;
      keys_ = *std::move(keys);
      const auto opened = OpenCheckpoint(signed_one.note(), keys_);
      if (opened) checkpoint = *opened;
      return opened && checkpoint.head.size >= stats->tree_size();
    };
    if (!evidence.Holds("a signed checkpoint of all records 全部记录的已签名检查点",
                        stage.WaitFor(kCheckpointSeconds, is_signed))) {
      return false;
    }
    std::string where;
    const auto writer = FolderWriter::Open(export_, where);
    if (!writer) {
      evidence.Refused(where, writer.error());
      return false;
    }
    v1::ReadLogRequest request;
    request.set_from(1);
    request.set_through(checkpoint.head.size);
    Status kept;
    const auto read = traffic_.node().log().Read(request, [&](const v1::ReadLogResponse& message) {
      for (const std::string& thin : message.records()) {
        if (kept) kept = (*writer)->Append(thin);
      }
      return kept.ok();
    });
    if (!Done(evidence, "record 记录", kept) || !Done(evidence, "log export 日志导出", read)) {
      return false;
    }
    return Done(evidence, "checkpoint 检查点", (*writer)->Finish(signed_one.note(), keys_));
  }

  CountedTraffic traffic_;
  bool is_counted_ = false, is_exported_ = false, is_of_two_days_ = false;
  std::string day_;  // Of Asia/Shanghai.
  std::string export_;
  std::vector<NoteVerifier> keys_;
};

}  // namespace

RehearsalSteps CountingSteps() {
  const auto counting = std::make_shared<Counting>();
  const auto step = [&](void (Counting::*run)(Stage&, Evidence&)) {
    return
        [counting, run](Stage& stage, Evidence& evidence) { ((*counting).*run)(stage, evidence); };
  };
  return {
      {"known traffic of every class and outcome", "各类别、各结果的已知流量",
       step(&Counting::Traffic)},
      {"the figures, /api/v1/stats", "统计数据与 /api/v1/stats", step(&Counting::Figures)},
      {"tables 3 and 8", "表 3、表 8", step(&Counting::Tables)},
      {"recounted by the node", "节点自行核算", step(&Counting::RecountedByItself)},
      {"recounted from the exported log alone", "仅凭导出日志核算",
       step(&Counting::RecountedByAStranger)},
      {"an altered octet of the log is found", "日志任一字节被篡改均可发现",
       step(&Counting::Altered)},
  };
}

}  // namespace idnode
