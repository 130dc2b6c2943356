#include "node/recount/report.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "proto/base/text.h"
#include "storage/counting_rules.h"

namespace idnode {
namespace {

namespace json = boost::json;

void Merge(json::object& into, const json::object& members) {
  for (const auto& member : members) into[member.key()] = member.value();
}

std::string TimeText(Time time) { return FormatUtc(time.ms / 1000); }

json::array FigureRows(const Sums& totals) {
  json::array rows;
  for (const auto& [figure, sum] : totals) {
    if (figure.enterprise != kAllEnterprises) continue;
    rows.push_back({{"metric", NameOf(figure.metric)},
                    {"traffic_class", NameOf(figure.traffic_class)},
                    {"outcome", NameOf(figure.outcome)},
                    {"sum", sum}});
  }
  return rows;
}

json::array EnterpriseRows(const LogFigures& figures, const Sums& totals) {
  json::array rows;
  for (const auto& [number, holder] : figures.Enterprises()) {
    json::object row = {{"number", number},
                        {"code", holder.code},
                        {"name", holder.name},
                        {"state", NameOf(holder.state)}};
    Merge(row, EvaluationRow(EvaluationOf(totals, number, holder.connected ? 1 : 0)));
    rows.push_back(std::move(row));
  }
  return rows;
}

json::array DayRows(LogFigures& figures, uint32_t offset_hours) {
  json::array rows;
  for (const auto& [day, sums] : figures.ByDay(offset_hours)) {
    json::object row = {{"day", FormatDay(day * kSecondsPerDay)}};
    json::object evaluation = EvaluationRow(EvaluationOf(sums, kAllEnterprises, 0));
    evaluation.erase("connected_enterprises");  // A state, which past days do not have.
    Merge(row, evaluation);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

json::object EvaluationRow(const Evaluation& evaluation) {
  return {{"registered", evaluation.registered},
          {"registered_gross", evaluation.registered_gross},
          {"resolutions", evaluation.resolutions},
          {"resolution_requests", evaluation.resolution_requests},
          {"connected_enterprises", evaluation.connected_enterprises},
          {"allocated", evaluation.allocated}};
}

json::object ReportOf(Recounted& recounted) {
  LogFigures& figures = recounted.figures;
  const Sums totals = figures.Totals();
  json::array signed_by;
  for (const NoteVerifier& key : recounted.keys) signed_by.emplace_back(key.Text());
  json::object report = {{"origin", recounted.checkpoint.origin},
                         {"tree_size", recounted.checkpoint.head.size},
                         {"tree_root", ToHex(AsText(recounted.checkpoint.head.root))},
                         {"signed_by", std::move(signed_by)},
                         {"rules", kCountingRules},
                         {"log_records", figures.records()},
                         {"log_items", figures.items()},
                         {"gaps", figures.gaps()}};
  if (figures.records() > 0) {
    report["first_time"] = TimeText(figures.first_time());
    report["last_time"] = TimeText(figures.last_time());
  }
  report["evaluation"] =
      EvaluationRow(EvaluationOf(totals, kAllEnterprises, figures.connected_enterprises()));
  report["figures"] = FigureRows(totals);
  report["enterprises"] = EnterpriseRows(figures, totals);
  report["days_utc"] = DayRows(figures, 0);
  report["days_shanghai"] = DayRows(figures, kShanghaiHours);
  return report;
}

}  // namespace idnode
