#include "node/dossier/dossier.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

std::string Text(int64_t number) { return std::to_string(number); }

std::string DayOf(Time time) { return FormatDay(time.ms / 1000); }

std::string SchemesText(const Dossier& dossier) {
  std::string text;
  for (const SchemeRow& row : kSchemeRows) {
    const auto found = dossier.prefixes.find(row.scheme);
    if (found == dossier.prefixes.end()) continue;
    if (!text.empty()) text += "、";
    text += std::string(row.name) + "（" + Text(static_cast<int64_t>(found->second)) + " 个前缀）";
  }
  return text.empty() ? "尚无启用的前缀" : text;
}

std::vector<std::string> ContentFacts(const Dossier& dossier) {
  const Evaluation& all = dossier.evaluation;
  std::vector<std::string> facts = {"启用中的标识体系：" + SchemesText(dossier) + "。",
                                    "当前注册标识 " + Text(all.registered) + " 个，累计注册 " +
                                        Text(all.registered_gross) + " 个，接入企业 " +
                                        Text(all.connected_enterprises) + " 家。"};
  if (all.allocated > 0) {
    facts.push_back("另有号段成员 " + Text(all.allocated) + " 个，不计入标识注册量。");
  }
  return facts;
}

std::vector<std::string> IntegrationFacts(const Dossier& dossier) {
  std::vector<std::string> facts = {"外部解析成功 " + Text(dossier.evaluation.resolutions) +
                                    " 次，各类解析请求共 " +
                                    Text(dossier.evaluation.resolution_requests) + " 次。"};
  int64_t with_identifiers = 0, resolved = 0;
  for (const Dossier::Holder& each : dossier.enterprises) {
    with_identifiers += each.evaluation.registered > 0;
    resolved += each.evaluation.resolutions > 0;
  }
  facts.push_back("登记企业 " + Text(static_cast<int64_t>(dossier.enterprises.size())) +
                  " 家，其中持有标识的 " + Text(with_identifiers) + " 家，标识被外部解析过的 " +
                  Text(resolved) + " 家。");
  return facts;
}

std::vector<std::string> RiskFacts(const Dossier& dossier) {
  if (dossier.gaps == 0) return {"日志期内没有非正常停止造成的计数缺口。"};
  return {"日志期内有 " + Text(static_cast<int64_t>(dossier.gaps)) +
          " 次非正常停止，停止前最后一秒的解析可能未计入（只会少计，不会多计）。"};
}

}  // namespace

std::vector<std::string> FactsFor(const Dossier& dossier, std::string_view narrative) {
  if (narrative == "content") return ContentFacts(dossier);
  if (narrative == "core_technology") {
    return {"全部注册变更与每秒解析计数写入同一条哈希链日志（默克尔树），共 " +
            Text(static_cast<int64_t>(dossier.records)) +
            " 条记录；检查点以 Ed25519 与 SM2 "
            "签名公布，任何人可用独立程序由日志重新计算本卷全部数据。"};
  }
  if (narrative == "integration") return IntegrationFacts(dossier);
  if (narrative == "risks") return RiskFacts(dossier);
  if (narrative == "technical_route" && dossier.records > 0) {
    return {"日志自 " + DayOf(dossier.first) + " 至 " + DayOf(dossier.last) +
            "（UTC）连续，无缺号，注册与计数在同一原子写入中完成。"};
  }
  return {};
}

}  // namespace idnode
