#include "node/dossier/sheets.h"

#include <utility>

#include "proto/base/text.h"
#include "storage/counting_rules.h"

namespace idnode {
namespace {

using Cell = DossierSheet::Cell;

std::string TimeText(Time time) { return time.ms == 0 ? "–" : FormatUtc(time.ms / 1000); }
std::string Or(const std::string& text, std::string_view other) {
  return text.empty() ? std::string(other) : text;
}
Cell Number(uint64_t number) { return static_cast<int64_t>(number); }
Cell OrNone(const std::optional<int64_t>& number) {
  return number ? Cell(*number) : Cell(std::string("–"));
}
Cell ScoreCell(const std::optional<int64_t>& score) {
  return score ? HundredthsText(*score) : std::string("–");
}

DossierSheet Summary(const Dossier& dossier) {
  const DossierWords& words = dossier.words;
  DossierSheet sheet{"概要",
                     "二级节点评价材料 Evaluation dossier of a secondary node",
                     {},
                     {"项目 Item", "内容 Content"},
                     {}};
  sheet.paragraphs.push_back(
      dossier.thresholds_met
          ? "注册量、解析量与接入企业数均达到申报门槛。 The figures meet the thresholds."
          : "尚有指标未达到申报门槛。 Not every figure meets its threshold.");
  const std::string_view unsaid = "（未填写 not said）";
  sheet.rows = {
      {std::string("节点名称 Node"), Or(words.node_name, unsaid)},
      {std::string("运行单位 Operator"), Or(words.operator_name, unsaid)},
      {std::string("对接证明编号 Docking certificate"), Or(words.docking_certificate, unsaid)},
      {std::string("对接日期 Docked since"), Or(words.docked_since, unsaid)},
      {std::string("日志标识 Log"), dossier.origin},
      {std::string("数据截至 As of (UTC)"), TimeText(dossier.last)},
      {std::string("统计规则 Counting rules"), std::string(kCountingRules)},
      {std::string("当前注册量 Registered"), dossier.evaluation.registered},
      {std::string("累计注册量 Registered, gross"), dossier.evaluation.registered_gross},
      {std::string("号段成员 Members of ranges"), dossier.evaluation.allocated},
      {std::string("解析量（外部成功）Resolutions"), dossier.evaluation.resolutions},
      {std::string("解析请求量 Requests"), dossier.evaluation.resolution_requests},
      {std::string("接入企业数 Connected enterprises"), dossier.evaluation.connected_enterprises},
  };
  return sheet;
}

DossierSheet Criteria(const Dossier& dossier) {
  DossierSheet sheet{"评价指标",
                     "评价指标与门槛 Criteria and thresholds",
                     {},
                     {"指标 Criterion", "权重 Weight %", "门槛 Threshold", "本节点 This node",
                      "达标 Met", "达标尚需天数 Days left", "模拟得分 Simulated score"},
                     {}};
  for (const Dossier::Criterion& criterion : dossier.criteria) {
    sheet.rows.push_back({std::string(criterion.rule->zh) + " " + std::string(criterion.rule->en),
                          int64_t{criterion.rule->weight_percent}, criterion.rule->threshold,
                          criterion.value, std::string(criterion.met ? "是 yes" : "否 no"),
                          OrNone(criterion.days_left), ScoreCell(criterion.score)});
  }
  const auto& construction = dossier.words.construction_score;
  sheet.rows.push_back({std::string("建设及应用情况 construction and application"),
                        int64_t{kConstructionPercent}, std::string("–"), std::string("–"),
                        std::string("–"), std::string("–"),
                        construction ? Cell(int64_t{*construction}) : Cell(std::string("–"))});
  sheet.paragraphs = {
      "天数按最近 30 个完整日（北京时间）的平均增长估算；“–”表示按此速度不会达到或无从估算。 Days "
      "are "
      "estimated by the pace of the last 30 whole days.",
      "模拟得分为权重乘以本节点数值与全省最高值之比（最高值由填报人提供），仅供参考。 The "
      "simulated score "
      "is the weight times the share of the highest figure that the operator named."};
  if (dossier.score) {
    sheet.paragraphs.push_back("模拟总分 Simulated total: " + HundredthsText(*dossier.score));
  }
  return sheet;
}

DossierSheet Enterprises(const Dossier& dossier) {
  DossierSheet sheet{
      "接入企业",
      "企业 Enterprises",
      {},
      {"编号 No.", "代码 Code", "名称 Name", "状态 State", "接入 Connected",
       "当前注册量 Registered", "累计注册量 Gross", "解析量 Resolutions", "请求量 Requests"},
      {}};
  for (const Dossier::Holder& each : dossier.enterprises) {
    sheet.rows.push_back({Number(each.number), each.holder.code, each.holder.name,
                          std::string(NameOf(each.holder.state)),
                          std::string(each.holder.connected ? "是 yes" : "否 no"),
                          each.evaluation.registered, each.evaluation.registered_gross,
                          each.evaluation.resolutions, each.evaluation.resolution_requests});
  }
  return sheet;
}

DossierSheet Periods(std::string name, std::string title, std::string first,
                     const std::vector<Dossier::Period>& periods) {
  DossierSheet sheet{std::move(name),
                     std::move(title),
                     {"按北京时间划分。 By days of Asia/Shanghai."},
                     {std::move(first), "新增注册 Registered", "净增 Net", "期末注册量 At the end",
                      "解析量 Resolutions", "请求量 Requests"},
                     {}};
  for (const Dossier::Period& each : periods) {
    sheet.rows.push_back({each.name, each.added.registered_gross, each.added.registered,
                          each.registered_at_end, each.added.resolutions,
                          each.added.resolution_requests});
  }
  return sheet;
}

DossierSheet Classes(const Dossier& dossier) {
  DossierSheet sheet{
      "分类统计",
      "按类别与结果 By class and outcome",
      {"只有“外部、成功”计入解析量。 Only external and found counts as a resolution."},
      {"指标 Metric", "类别 Class", "结果 Outcome", "数量 Sum"},
      {}};
  for (const auto& [figure, sum] : dossier.classes) {
    sheet.rows.push_back({std::string(NameOf(figure.metric)),
                          std::string(NameOf(figure.traffic_class)),
                          std::string(NameOf(figure.outcome)), sum});
  }
  return sheet;
}

DossierSheet Reconciliation(const Dossier& dossier) {
  DossierSheet sheet{"对账", "节点自报与日志对账 The node's word against its log", {}, {}, {}};
  if (!dossier.reconciliation) {
    sheet.paragraphs = {"未提供节点自报数据。 No figures of the node were given."};
  } else if (dossier.reconciliation->empty()) {
    sheet.paragraphs = {
        "节点自报数据与日志重新计算的结果完全一致。 The node's figures are those of its log."};
  } else {
    sheet.paragraphs = {"节点自报数据与日志不一致： The node's figures differ from its log:"};
    sheet.columns = {"项目 What", "按日志 By the log", "节点自报 By the node"};
    for (const StatedDifference& each : *dossier.reconciliation) {
      sheet.rows.push_back({each.what, each.recounted, each.stated});
    }
  }
  return sheet;
}

DossierSheet Evidence(const Dossier& dossier) {
  DossierSheet sheet{
      "证据",
      "证据与复核方法 Evidence, and how to check it",
      {"以下命令不连接节点，仅凭导出的日志重新计算本卷全部数据： Without the node, from the "
       "exported log alone:",
       "idnode-recount EXPORT --key '" + (dossier.keys.empty() ? "" : dossier.keys.front()) + "'"},
      {"项目 Item", "内容 Content"},
      {{std::string("检查点来源 Origin"), dossier.origin},
       {std::string("记录数 Records"), Number(dossier.tree.size)},
       {std::string("默克尔树根 Tree root"), ToHex(AsText(dossier.tree.root))},
       {std::string("首条记录 First record (UTC)"), TimeText(dossier.first)},
       {std::string("末条记录 Last record (UTC)"), TimeText(dossier.last)},
       {std::string("条目数 Items"), Number(dossier.items)},
       {std::string("计数缺口 Gaps"), Number(dossier.gaps)}}};
  for (const std::string& key : dossier.keys) {
    sheet.rows.push_back({std::string("验证密钥 Verifier key"), key});
  }
  return sheet;
}

void AppendLines(std::string_view text, std::vector<std::string>& lines) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

DossierSheet Construction(const Dossier& dossier) {
  DossierSheet sheet{"建设及应用", "建设及应用情况 Construction and application", {}, {}, {}};
  for (size_t i = 0; i < kNarratives.size(); ++i) {
    const NarrativeRow& row = kNarratives[i];
    sheet.paragraphs.push_back("【" + std::string(row.zh) + " " + std::string(row.en) + "】");
    for (std::string& fact : FactsFor(dossier, row.name)) {
      sheet.paragraphs.push_back(std::move(fact));
    }
    const std::string& words = dossier.words.narratives[i];
    if (words.empty()) sheet.paragraphs.emplace_back("（请补充 To be written）");
    AppendLines(words, sheet.paragraphs);
  }
  return sheet;
}

}  // namespace

std::vector<DossierSheet> SheetsOf(const Dossier& dossier) {
  return {Summary(dossier),
          Criteria(dossier),
          Enterprises(dossier),
          Periods("月度", "各月 Months", "月 Month", dossier.months),
          Periods("每日", "各日 Days", "日 Day", dossier.days),
          Classes(dossier),
          Reconciliation(dossier),
          Evidence(dossier),
          Construction(dossier)};
}

}  // namespace idnode
