#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "proto/base/text.h"
#include "storage/counting_rules.h"
#include "storage/day_tables.h"

// The tables of a day as one JSON document. Members come in the order in which they are named.
namespace idnode {
namespace {

namespace json = boost::json;

constexpr uint64_t kSecondsPerHour = 3'600;

json::array SourceRows(const std::vector<SourceCount>& sources) {
  json::array rows;
  for (const SourceCount& source : sources) {
    rows.push_back(
        {{"ip", TextOf(source.address)}, {"count", source.count}, {"error", source.error}});
  }
  return rows;
}

void AddRow(const DayRow& row, json::object& object) {
  object["day_registrations"] = row.day_registrations;
  object["total_registrations"] = row.total_registrations;
  object["day_requests"] = row.day_requests;
  object["day_success"] = row.day_success;
  object["unique_identifiers"] = row.sources.unique_identifiers;
  object["unlooked_resolutions"] = row.sources.unlooked;
  object["sources"] = SourceRows(row.sources.sources);
  object["sources_rest"] = row.sources.rest;
}

json::object EnterpriseRow(const DayEnterprise& enterprise) {
  json::array prefixes;
  for (const IdentifierPrefix& prefix : enterprise.prefixes) {
    prefixes.push_back(
        {{"scheme", kSchemeRows[PlaceOf(prefix.scheme)].option}, {"prefix", prefix.text}});
  }
  json::object row = {{"number", enterprise.number},
                      {"code", enterprise.code},
                      {"prefixes", std::move(prefixes)},
                      {"active", enterprise.active}};
  AddRow(enterprise.row, row);
  return row;
}

json::array ClassRows(const Sums& classes) {
  json::array rows;
  for (const auto& [figure, sum] : classes) {
    rows.push_back({{"traffic_class", NameOf(figure.traffic_class)},
                    {"outcome", NameOf(figure.outcome)},
                    {"sum", sum}});
  }
  return rows;
}

}  // namespace

std::string DayDocument(const DayTables& tables) {
  const auto hour = [](uint32_t at) { return FormatUtc(at * kSecondsPerHour); };
  json::object document = {{"rules", kCountingRules},
                           {"day", tables.day.text},
                           {"zone", NameOf(tables.day.zone)},
                           {"from", hour(tables.day.from)},
                           {"until", hour(tables.day.until)}};
  json::object table_3;
  AddRow(tables.table_3, table_3);
  document["table_3"] = std::move(table_3);
  document["province"] = {{"day_identifiers_registered", tables.of_day.registered_gross},
                          {"day_resolutions", tables.of_day.resolutions},
                          {"identifiers_registered", tables.at_the_end.registered},
                          {"identifiers_registered_gross", tables.at_the_end.registered_gross},
                          {"serials_allocated", tables.at_the_end.allocated},
                          {"resolutions", tables.at_the_end.resolutions},
                          {"resolution_requests", tables.at_the_end.resolution_requests}};
  document["enterprises"] = {{"enrolled", tables.enterprises},
                             {"active_30_days", tables.active_enterprises},
                             {"docked_nodes", tables.docked_nodes}};
  document["classes"] = ClassRows(tables.classes);
  json::object none;
  AddRow(tables.no_enterprise, none);
  document["no_enterprise"] = std::move(none);
  json::array rows;
  for (const DayEnterprise& each : tables.table_8) rows.push_back(EnterpriseRow(each));
  document["table_8"] = std::move(rows);
  if (tables.next) document["next_after"] = *tables.next;
  return json::serialize(document);
}

}  // namespace idnode
