#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "node/recount/report.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

namespace json = boost::json;

std::string TextOf(const json::value* value) {
  return value == nullptr ? "(nothing)" : json::serialize(*value);
}

class Comparison {
 public:
  void Member(const std::string& what, const json::value* recounted, const json::value* stated) {
    const bool same = recounted != nullptr && stated != nullptr && *recounted == *stated;
    if (!same) differences.push_back({what, TextOf(recounted), TextOf(stated)});
  }
  // Those members that the recounted object has.
  void Members(const std::string& what, const json::object& recounted, const json::object& stated) {
    for (const auto& member : recounted) {
      Member(what + std::string(member.key()), &member.value(), stated.if_contains(member.key()));
    }
  }
  // Rows of both sides by a name that tells them apart. `exact`: neither side has one more.
  template <class NameOfRow>
  void Rows(std::string_view kind, const json::array& recounted, const json::value* stated,
            bool exact, const NameOfRow& name_of) {
    std::map<std::string, const json::object*> ours, theirs;
    for (const json::value& row : recounted) ours[name_of(row.as_object())] = &row.as_object();
    if (stated != nullptr && stated->is_array()) {
      for (const json::value& row : stated->as_array()) {
        if (const json::object* object = row.if_object()) theirs[name_of(*object)] = object;
      }
    }
    for (const auto& [name, row] : theirs) {
      const std::string what = std::string(kind) + " " + name;
      const auto found = ours.find(name);
      if (found == ours.end()) {
        differences.push_back({what, "(nothing)", json::serialize(*row)});
      } else {
        Members(what + ": ", *found->second, *row);
      }
    }
    if (!exact) return;
    for (const auto& [name, row] : ours) {
      if (theirs.contains(name)) continue;
      differences.push_back({std::string(kind) + " " + name, json::serialize(*row), "(nothing)"});
    }
  }

  std::vector<StatedDifference> differences;
};

std::string NameOfFigure(const json::object& row) {
  std::string name;
  for (const std::string_view member : {"metric", "traffic_class", "outcome"}) {
    if (!name.empty()) name += ", ";
    name += TextOf(row.if_contains(member));
  }
  return name;
}

std::string NameIn(const json::object& row, std::string_view member) {
  return TextOf(row.if_contains(member));
}

// The hours that the node told of; one of which the log says nothing is one of zeros.
json::array HourRows(LogFigures& figures, const json::value* stated) {
  const auto by_hour = figures.ByHour();
  json::array rows;
  if (stated == nullptr || !stated->is_array()) return rows;
  for (const json::value& said : stated->as_array()) {
    const json::value* text = said.is_object() ? said.as_object().if_contains("hour") : nullptr;
    if (text == nullptr || !text->is_string()) continue;
    const auto seconds = ParseUtc(std::string_view(text->as_string()));
    if (!seconds) continue;
    const auto found = by_hour.find(static_cast<uint32_t>(*seconds / 3600));
    const Sums none;
    json::object row = {{"hour", text->as_string()}};
    const Sums& sums = found == by_hour.end() ? none : found->second;
    for (const auto& member : EvaluationRow(EvaluationOf(sums, kAllEnterprises, 0))) {
      row[member.key()] = member.value();
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// As the node would have said it at the moment.
json::object StatedOf(Recounted::Moment& moment) {
  Recounted then{.checkpoint = {"", moment.tree}, .keys = {}, .figures = moment.figures};
  return ReportOf(then);
}

}  // namespace

Result<StatedFigures> ParseStated(std::string_view text) {
  boost::system::error_code failure;
  const json::value value = json::parse(text, failure);
  const json::object* object = failure ? nullptr : value.if_object();
  const json::value* size = object == nullptr ? nullptr : object->if_contains("tree_size");
  const json::value* evaluation = object == nullptr ? nullptr : object->if_contains("evaluation");
  if (size == nullptr || evaluation == nullptr || !evaluation->is_object()) {
    return Error{Errc::kMalformed, "not the document of `idnode stats -o json`"};
  }
  boost::system::error_code none;
  const auto number = size->to_number<uint64_t>(none);
  if (none) return Error{Errc::kMalformed, "tree_size"};
  return StatedFigures{number, *object};
}

std::vector<StatedDifference> CompareStated(Recounted& recounted, const StatedFigures& stated) {
  Comparison comparison;
  if (!recounted.moment) {
    return {{"tree_size", std::to_string(recounted.checkpoint.head.size) + " records exported",
             std::to_string(stated.tree_size)}};
  }
  const json::object ours = StatedOf(*recounted.moment);
  const json::object& theirs = stated.document;
  for (const std::string_view member : {"tree_root", "rules"}) {
    comparison.Member(std::string(member), ours.if_contains(member), theirs.if_contains(member));
  }
  comparison.Members("evaluation.", ours.at("evaluation").as_object(),
                     theirs.at("evaluation").as_object());
  comparison.Rows("figure", ours.at("figures").as_array(), theirs.if_contains("figures"), true,
                  NameOfFigure);
  // Asked for or not: `stats --enterprises` tells of all of them, or of none.
  json::array enterprises = ours.at("enterprises").as_array();
  for (json::value& row : enterprises) row.as_object().erase("state");
  const json::value* said = theirs.if_contains("enterprises");
  const bool told = said != nullptr && said->is_array() && !said->as_array().empty();
  comparison.Rows("enterprise", enterprises, said, told,
                  [](const json::object& row) { return NameIn(row, "number"); });
  comparison.Rows("hour", HourRows(recounted.moment->figures, theirs.if_contains("hours")),
                  theirs.if_contains("hours"), true,
                  [](const json::object& row) { return NameIn(row, "hour"); });
  return comparison.differences;
}

}  // namespace idnode
