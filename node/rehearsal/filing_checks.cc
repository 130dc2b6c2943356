#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <map>

#include "node/rehearsal/asking.h"
#include "node/rehearsal/items.h"
#include "node/rehearsal/subject_example.h"
#include "node/runtime/clock.h"

// Item 2: what is filed with the node above arrives in time, once, and whatever happens between.
namespace idnode {
namespace {

namespace json = boost::json;

constexpr uint64_t kRealTimeMillis = 1'000;  // Tables 1 and 2 (spec/secondary-node.md 5.4).
constexpr uint64_t kHourMillis = 3'600'000;  // Tables 6 and 7.
constexpr uint32_t kArrivalSeconds = 30, kInStepSeconds = 60;
constexpr int kChanges = 3;  // Of a table, each measured.
constexpr int kRestarts = 2;
constexpr uint32_t kCuts = 3, kRegisteredInACut = 400;
constexpr uint32_t kTables = 11;

// key → position in the secondary node's log, of the rows of a table that the top-level node has.
// Nothing: it was noted why.
using Filed = std::map<std::string, uint64_t>;
std::optional<Filed> FiledRows(Stage& stage, uint32_t table, Evidence& evidence) {
  Filed filed;
  v1::ListFilingsRequest request;
  request.set_table(table);
  do {
    auto reply = stage.top().client().ListFilings(request);
    if (!Done(evidence, "filings of the top-level node 顶级节点收到的数据", reply)) {
      return std::nullopt;
    }
    const json::value document = json::parse(reply->json());
    const json::object& page = document.as_object();
    for (const json::value& row : page.at("filings").as_array()) {
      filed[std::string(std::string_view(row.at("key").as_string()))] =
          row.at("position").to_number<uint64_t>();
    }
    const json::value* const next = page.if_contains("next");
    request.set_page_token(next == nullptr ? "" : std::string(std::string_view(next->as_string())));
  } while (!request.page_token().empty());
  return filed;
}

// The position of a row; 0: it is not there.
uint64_t PositionOf(Stage& stage, uint32_t table, const std::string& key, Evidence& evidence) {
  const auto filed = FiledRows(stage, table, evidence);
  if (!filed) return 0;
  const auto found = filed->find(key);
  return found == filed->end() ? 0 : found->second;
}

std::string NameOfTable(uint32_t table) { return "table 表 " + std::to_string(table); }

// Makes a change and waits until the top-level node has a newer row, or none that it lacked before.
void Measure(Stage& stage, uint32_t table, const std::string& key, uint64_t most_millis,
             Evidence& evidence, const std::function<bool()>& change) {
  const uint64_t before = PositionOf(stage, table, key, evidence);
  if (!change()) return;
  const uint64_t changed = MonotonicMicros();
  uint64_t now = 0;
  const bool arrived = stage.WaitFor(kArrivalSeconds, [&] {
    now = PositionOf(stage, table, key, evidence);
    return now > before;
  });
  const uint64_t millis = (MonotonicMicros() - changed) / 1'000;
  const std::string what = NameOfTable(table) + " " + key;
  if (!arrived) {
    evidence.Equal(what, "not in 未在 " + std::to_string(kArrivalSeconds) + " s", "arrived 到达");
    return;
  }
  evidence.AtMost(what + ", position 位置 " + std::to_string(now), millis, most_millis, "ms");
}

bool PutSubject(Stage& stage, const std::string& enterprise, const std::string& document,
                Evidence& evidence) {
  v1::PutSubjectRequest request;
  request.set_enterprise_code(enterprise);
  request.set_document(document);
  auto reply = stage.secondary().client().PutSubject(request);
  if (!Done(evidence, "subject data 主体数据", reply)) return false;
  if (!reply->refused()) return true;
  evidence.Equal("subject data 主体数据", reply->json().substr(0, 300), "taken 接受");
  return false;
}

std::string Described(const std::string& document, int change) {
  return Changed(document,
                 R"({"org_desc":"对接演练，第 )" + std::to_string(change) + R"( 次变更。"})");
}

void Operator(Stage& stage, Evidence& evidence) {
  const std::string& own = stage.settings().subject;
  const std::string document = own.empty() ? ExampleOperator(stage.settings().name) : own;
  for (int i = 1; i <= kChanges; ++i) {
    Measure(stage, 1, "H" + stage.settings().prefix, kRealTimeMillis, evidence,
            [&] { return PutSubject(stage, "", Described(document, i), evidence); });
  }
}

// The node answers with another serial of its site: known to itself when it serves again.
void OwnRouting(Stage& stage, Evidence& evidence) {
  RehearsedNode& node = stage.secondary();
  for (int i = 1; i <= kRestarts; ++i) {
    Measure(stage, 2, "H" + stage.settings().prefix, kRealTimeMillis, evidence, [&] {
      node.Set("handle.site_serial", std::to_string(1 + i));
      return Done(evidence, "stop 停止", node.Stop()) && Done(evidence, "start 启动", node.Start());
    });
  }
}

void EnterpriseSubject(Stage& stage, Evidence& evidence) {
  v1::PutEnterpriseRequest request;
  request.set_code("FILED");
  request.set_name("FILED");
  auto put = stage.secondary().client().PutEnterprise(request);
  if (!Done(evidence, "enterprise 企业", put)) return;
  const std::string number = std::to_string(put->number());
  const std::string key = std::string(10 - number.size(), '0') + number;
  const std::string document = ExampleSubject({.organisation = "演练报送企业", .code = 30});
  for (int i = 1; i <= kChanges; ++i) {
    Measure(stage, 6, key, kHourMillis, evidence,
            [&] { return PutSubject(stage, "FILED", Described(document, i), evidence); });
  }
}

void EnterpriseRouting(Stage& stage, Evidence& evidence) {
  for (int i = 1; i <= kChanges; ++i) {
    const std::string prefix = stage.Below(static_cast<unsigned>(30 + i));
    Measure(stage, 7, "H" + prefix, kHourMillis, evidence, [&] {
      return Done(evidence, "prefix 前缀 " + prefix, PutPrefix(stage.secondary(), prefix, "FILED"));
    });
  }
}

bool RegisterMany(Stage& stage, const std::string& label, uint32_t count, Evidence& evidence) {
  v1::RegisterRequest request;
  for (uint32_t i = 0; i < count; ++i) {
    const std::string name = stage.Below(8) + "/" + label + "-" + std::to_string(i);
    v1::RegisterItem* const item = request.add_items();
    item->set_identifier(name);
    item->set_action(v1::REGISTER_ACTION_CREATE);
    v1::Value* const value = item->add_values();
    value->set_index(1);
    value->set_type("URL");
    value->set_data(Stage::LinkOf(name));
  }
  auto reply = stage.secondary().client().Register(request);
  if (!Done(evidence, "registration 注册", reply)) return false;
  return evidence.Equal("registered 注册成功", reply->created(), count);
}

// Whether the node above has acknowledged everything, the figures included.
bool IsInStep(const v1::Stats& stats) {
  const v1::UpstreamStats& above = stats.upstream();
  const v1::Evaluation &own = stats.evaluation(), &there = above.acknowledged_evaluation();
  return above.connected() && above.lag() == 0 && there.registered() == own.registered() &&
         there.registered_gross() == own.registered_gross() &&
         there.connected_enterprises() == own.connected_enterprises();
}

// Nobody asks the two nodes meanwhile, so that they come to rest.
std::optional<v1::Stats> InStep(Stage& stage, Evidence& evidence) {
  std::optional<v1::Stats> stats;
  const uint64_t begun = MonotonicMicros();
  const bool in_step = stage.WaitFor(kInStepSeconds, [&] {
    stats = StatsOf(stage.secondary(), evidence);
    return !stats || IsInStep(*stats);
  });
  if (!stats) return stats;
  evidence.Note("in step after 追平用时",
                std::to_string((MonotonicMicros() - begun) / 1'000) + " ms");
  if (evidence.Holds("everything is acknowledged 全部已确认", in_step)) return stats;
  return std::nullopt;
}

void ExpectEqualFigures(Stage& stage, const v1::Stats& own, Evidence& evidence) {
  const auto above = StatsOf(stage.top(), evidence);
  if (!above) return;
  const v1::ChildStats* child = nullptr;
  for (const v1::ChildStats& each : above->children()) {
    if (each.node_id() == own.node_id()) child = &each;
  }
  if (child == nullptr) {
    evidence.Holds("the top-level node knows the node 顶级节点有该节点", false);
    return;
  }
  const auto number = [](int64_t figure) { return static_cast<uint64_t>(figure); };
  evidence.Equal("position above 上级位置", child->head(), own.head());
  evidence.Equal("registered above 上级注册量", number(child->evaluation().registered()),
                 number(own.evaluation().registered()));
  evidence.Equal("ever registered above 上级累计注册量",
                 number(child->evaluation().registered_gross()),
                 number(own.evaluation().registered_gross()));
  v1::RecountRequest request;
  request.set_child(child->number());
  uint64_t records = 0;
  int differences = -1;
  const auto recounted =
      stage.top().client().Recount(request, [&](const v1::RecountResponse& told) {
        if (told.finished()) {
          records = told.log_records();
          differences = told.differences_size();
        }
        return true;
      });
  if (!Done(evidence, "recount above 上级重新核算", recounted)) return;
  evidence.Equal("records above, none twice 上级记录数（无重复）", records, own.head());
  evidence.Equal("differences found by recounting above 上级重新核算差异",
                 static_cast<uint64_t>(differences), 0);
}

// The node above is killed, and so is the secondary node itself the last time; registration goes
// on.
void CutOff(Stage& stage, Evidence& evidence) {
  const auto before = StatsOf(stage.secondary(), evidence);
  if (!before) return;
  for (uint32_t cut = 1; cut <= kCuts && !stage.was_interrupted(); ++cut) {
    const std::string label = "CUT-" + std::to_string(cut);
    if (!RegisterMany(stage, label + "-A", kRegisteredInACut, evidence)) return;
    stage.top().Kill();
    if (!RegisterMany(stage, label + "-B", kRegisteredInACut, evidence)) return;
    const auto answer = AskOverHandle(
        {.server = stage.secondary().handle_server(), .name = stage.hosted(), .types = {"URL"}});
    IsCode(evidence, "resolved without the node above 上级中断时解析", answer,
           ResponseCode::kSuccess);
    if (cut == kCuts) {
      stage.secondary().Kill();
      if (!Done(evidence, "secondary", stage.secondary().Start())) return;
    }
    const std::string prefix = stage.Below(40 + cut);
    if (!Done(evidence, "prefix 前缀", PutPrefix(stage.secondary(), prefix, "ENT-8"))) return;
    if (!Done(evidence, "top", stage.top().Start())) return;
  }
  const auto after = InStep(stage, evidence);
  if (!after) return;
  evidence.Equal(
      "registered more 新增注册量",
      static_cast<uint64_t>(after->evaluation().registered() - before->evaluation().registered()),
      uint64_t{2} * kCuts * kRegisteredInACut);
  ExpectEqualFigures(stage, *after, evidence);
  for (uint32_t cut = 1; cut <= kCuts; ++cut) {
    const std::string key = "H" + stage.Below(40 + cut);
    evidence.AtLeast("table 表 7 " + key + ", position 位置", PositionOf(stage, 7, key, evidence),
                     1);
  }
}

// Counts and digests of both sides, table by table; tables that are in none are named.
void Reconciled(Stage& stage, Evidence& evidence) {
  v1::ReconcileFilingsRequest request;
  request.set_begin(true);
  json::object comparison;
  const auto ask = [&] {
    auto reply = stage.secondary().client().ReconcileFilings(request);
    if (!Done(evidence, "reconciliation 对账", reply)) return false;
    json::value told = json::parse(reply->json());
    comparison = std::move(told.as_object());
    return true;
  };
  if (!ask()) return;
  const auto count = [&] { return comparison.at("count").to_number<uint64_t>(); };
  const auto are_equal = [&] {
    return std::ranges::all_of(comparison.at("tables").as_array(), [](const json::value& table) {
      return table.at("equal").as_bool();
    });
  };
  // A row that is on its way while both sides count spoils one comparison, and not the next.
  const uint64_t before = count();
  const bool ended =
      stage.WaitFor(kInStepSeconds, [&] { return !ask() || (count() > before && are_equal()); });
  if (!evidence.Holds("compared 已比较", ended || count() > before)) return;
  std::map<uint64_t, bool> is_filed;
  for (const json::value& table : comparison.at("tables").as_array()) {
    const auto number = table.at("table").to_number<uint64_t>();
    const std::string name = NameOfTable(static_cast<uint32_t>(number));
    is_filed[number] = true;
    evidence.Equal(name + ", rows above 上级行数", table.at("rows_above").to_number<uint64_t>(),
                   table.at("rows_here").to_number<uint64_t>());
    evidence.Holds(name + ", equal digests 摘要一致", table.at("equal").as_bool());
  }
  std::string lacking;
  for (uint64_t table = 1; table <= kTables; ++table) {
    if (is_filed.contains(table)) continue;
    lacking.append(lacking.empty() ? "" : ", ").append(std::to_string(table));
  }
  evidence.Note("tables that are not filed yet 尚未报送的表", lacking.empty() ? "-" : lacking);
}

}  // namespace

RehearsalSteps FilingSteps() {
  return {
      {"table 1, subject data of the operator: at most 1 s", "表 1 运行单位主体数据：1 秒内",
       Operator},
      {"table 2, where the node answers: at most 1 s", "表 2 解析配置数据：1 秒内", OwnRouting},
      {"table 6, subject data of enterprises: at most 1 h", "表 6 企业主体数据：1 小时内",
       EnterpriseSubject},
      {"table 7, routing of enterprises: at most 1 h", "表 7 企业解析路由：1 小时内",
       EnterpriseRouting},
      {"the node above is cut off: nothing lost, nothing twice", "上级中断：不丢失、不重复",
       CutOff},
      {"reconciliation of every table", "逐表对账", Reconciled},
  };
}

}  // namespace idnode
