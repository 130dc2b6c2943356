#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "node/dossier/dossier.h"
#include "proto/base/text.h"
#include "storage/counting_rules.h"

// Words of spec/secondary-node.md 9.5, and of `idnode stats -o json` where those leave off.
namespace idnode {
namespace {

namespace json = boost::json;

json::value OrNull(const std::optional<int64_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}
json::value TextOrNull(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}
json::value TimeOrNull(Time time) {
  return time.ms == 0 ? json::value(nullptr) : json::value(FormatUtc(time.ms / 1000));
}
json::value ScoreOrNull(const std::optional<int64_t>& score) {
  return score ? json::value(HundredthsText(*score)) : json::value(nullptr);
}

json::array CriteriaRows(const Dossier& dossier) {
  json::array rows;
  for (const Dossier::Criterion& each : dossier.criteria) {
    rows.push_back({{"criterion", each.rule->name},
                    {"weight_percent", each.rule->weight_percent},
                    {"threshold", each.rule->threshold},
                    {"value", each.value},
                    {"met", each.met},
                    {"days_left", OrNull(each.days_left)},
                    {"simulated_score", ScoreOrNull(each.score)}});
  }
  return rows;
}

json::array PeriodRows(const std::vector<Dossier::Period>& periods, std::string_view name) {
  json::array rows;
  for (const Dossier::Period& each : periods) {
    rows.push_back({{name, each.name},
                    {"registered_gross", each.added.registered_gross},
                    {"registered_net", each.added.registered},
                    {"registered_at_end", each.registered_at_end},
                    {"resolutions", each.added.resolutions},
                    {"resolution_requests", each.added.resolution_requests}});
  }
  return rows;
}

json::array EnterpriseRows(const Dossier& dossier) {
  json::array rows;
  for (const Dossier::Holder& each : dossier.enterprises) {
    json::object row = {{"number", each.number},
                        {"code", each.holder.code},
                        {"name", each.holder.name},
                        {"state", NameOf(each.holder.state)},
                        {"connected", each.holder.connected}};
    for (const auto& member : EvaluationRow(each.evaluation)) {
      if (member.key() != "connected_enterprises") row[member.key()] = member.value();
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

json::value ReconciliationOf(const Dossier& dossier) {
  if (!dossier.reconciliation) return nullptr;
  json::array rows;
  for (const StatedDifference& each : *dossier.reconciliation) {
    rows.push_back({{"what", each.what}, {"by_log", each.recounted}, {"by_node", each.stated}});
  }
  return json::object{{"equal", dossier.reconciliation->empty()}, {"differences", std::move(rows)}};
}

json::object NarrativeOf(const Dossier& dossier) {
  json::object sections;
  for (size_t i = 0; i < kNarratives.size(); ++i) {
    json::array facts;
    for (const std::string& fact : FactsFor(dossier, kNarratives[i].name)) {
      facts.emplace_back(fact);
    }
    sections[kNarratives[i].name] = {{"facts", std::move(facts)},
                                     {"words", TextOrNull(dossier.words.narratives[i])}};
  }
  return sections;
}

json::object EvidenceOf(const Dossier& dossier) {
  json::array keys;
  for (const std::string& key : dossier.keys) keys.emplace_back(key);
  return {{"origin", dossier.origin},
          {"tree_size", dossier.tree.size},
          {"tree_root", ToHex(AsText(dossier.tree.root))},
          {"verified_by", std::move(keys)},
          {"first_time", TimeOrNull(dossier.first)},
          {"last_time", TimeOrNull(dossier.last)},
          {"log_items", dossier.items},
          {"gaps", dossier.gaps}};
}

}  // namespace

std::string DossierJson(const Dossier& dossier) {
  const DossierWords& words = dossier.words;
  json::object document = {
      {"rules", kCountingRules},
      {"as_of", TimeOrNull(dossier.last)},
      {"node",
       {{"name", TextOrNull(words.node_name)}, {"operator", TextOrNull(words.operator_name)}}},
      {"dock",
       {{"certificate_no", TextOrNull(words.docking_certificate)},
        {"since", TextOrNull(words.docked_since)}}},
      {"evaluation", EvaluationRow(dossier.evaluation)},
      {"thresholds_met", dossier.thresholds_met},
      {"criteria", CriteriaRows(dossier)},
      {"simulated_score", ScoreOrNull(dossier.score)}};
  json::object prefixes;
  for (const SchemeRow& row : kSchemeRows) {
    const auto found = dossier.prefixes.find(row.scheme);
    if (found != dossier.prefixes.end()) prefixes[row.option] = found->second;
  }
  document["active_prefixes"] = std::move(prefixes);
  document["enterprises"] = EnterpriseRows(dossier);
  document["months_shanghai"] = PeriodRows(dossier.months, "month");
  document["days_shanghai"] = PeriodRows(dossier.days, "day");
  document["reconciliation"] = ReconciliationOf(dossier);
  document["construction_and_application"] = NarrativeOf(dossier);
  document["evidence"] = EvidenceOf(dossier);
  return json::serialize(document) + "\n";
}

}  // namespace idnode
