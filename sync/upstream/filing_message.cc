#include "sync/upstream/filing_message.h"

#include "proto/business/subject_data.h"
#include "storage/routing.h"
#include "sync/upstream/catalogue_message.h"
#include "sync/upstream/day_message.h"

namespace idnode {
namespace {

v1::Routing::Scheme WireScheme(Scheme scheme) {
  switch (scheme) {
    case Scheme::kHandle:
      return v1::Routing::HANDLE;
    case Scheme::kGs1:
      return v1::Routing::GS1;
    case Scheme::kOid:
      return v1::Routing::OID;
    case Scheme::kEcode:
      return v1::Routing::ECODE;
    case Scheme::kVaa:
      return v1::Routing::VAA;
    case Scheme::kBid:
      return v1::Routing::DID_BID;
    case Scheme::kDid:
      return v1::Routing::DID;
  }
  return v1::Routing::SCHEME_UNSPECIFIED;
}

Status FillRouting(std::string_view body, v1::Routing& message) {
  const auto routing = DecodeRouting(body);
  if (!routing) return Error{Errc::kCorrupt, "filings: our own routing cannot be read"};
  message.set_scheme(WireScheme(routing->prefix.scheme));
  message.set_prefix(routing->prefix.text);
  message.set_hosted(routing->hosted);
  for (const RoutingSite& site : routing->sites) {
    v1::RoutingSite& filled = *message.add_sites();
    filled.set_type(std::string(site.type));
    filled.set_hs_site(std::string(site.data));
    for (const RoutingServer& server : ServersOf(site)) {
      v1::RoutingServer& told = *filled.add_servers();
      told.set_ip_type(server.ipv6 ? v1::RoutingServer::IPV6 : v1::RoutingServer::IPV4);
      told.set_ip(server.ip);
      for (const RoutingServer::Interface& interface : server.interfaces) {
        v1::RoutingInterface& offered = *told.add_interfaces();
        offered.set_protocol(static_cast<v1::RoutingInterface::Protocol>(interface.protocol));
        offered.set_port(interface.port);
      }
    }
  }
  return {};
}

Status FillSubject(std::string_view body, v1::Subject& message) {
  const auto as_it_is = [](std::string_view clear, std::string_view) {
    return Result<std::string>(std::string(clear));
  };
  const auto data = DecodeSubject(body, as_it_is);
  if (!data) return Error{Errc::kCorrupt, "filings: our own subject data cannot be read"};
  message.set_kind(static_cast<uint32_t>(data->kind));
  for (const SubjectEntry& entry : data->entries) {
    v1::SubjectEntry& filled = *message.add_entries();
    filled.set_group(static_cast<uint32_t>(entry.group));
    for (const SubjectValue& value : entry.values) {
      v1::SubjectMember& member = *filled.add_members();
      member.set_field(static_cast<uint32_t>(value.field));
      member.set_text(value.items.front());
    }
  }
  return {};
}

}  // namespace

Status FillFiling(const Filing& filing, v1::Filing& message) {
  message.set_position(filing.position.value);
  message.set_key(filing.name.key);
  if (!filing.body) {
    message.set_withdrawn(static_cast<uint32_t>(filing.name.table));
    return {};
  }
  switch (filing.name.table) {
    case FilingTable::kOperator:
      return FillSubject(*filing.body, *message.mutable_operator_subject());
    case FilingTable::kOwnRouting:
      return FillRouting(*filing.body, *message.mutable_own_routing());
    case FilingTable::kEnterprise:
      return FillSubject(*filing.body, *message.mutable_enterprise_subject());
    case FilingTable::kRouting:
      return FillRouting(*filing.body, *message.mutable_routing());
    case FilingTable::kOwnMetadata:
      return FillMetadata(*filing.body, *message.mutable_own_metadata());
    case FilingTable::kOwnApplication:
      return FillApplication(*filing.body, *message.mutable_own_application());
    case FilingTable::kApplication:
      return FillApplication(*filing.body, *message.mutable_application());
    case FilingTable::kMetadata:
      return FillMetadata(*filing.body, *message.mutable_metadata());
    case FilingTable::kOwnStatistics:
      return FillStatistics(*filing.body, *message.mutable_own_statistics());
    case FilingTable::kStatistics:
      return FillStatistics(*filing.body, *message.mutable_statistics());
    case FilingTable::kOwnMonitoring:
      return FillMonitoring(*filing.body, *message.mutable_own_monitoring());
    case FilingTable::kMonitoring:
      return FillMonitoring(*filing.body, *message.mutable_monitoring());
    case FilingTable::kOwnIncident:
      return FillIncident(*filing.body, *message.mutable_own_incident());
    case FilingTable::kIncident:
      return FillIncident(*filing.body, *message.mutable_incident());
  }
  return Error{Errc::kInternal, "filings: no such table"};
}

void FillState(FilingTable table, const FilingState& state, std::string_view from,
               v1::FilingState& message) {
  message.set_table(static_cast<uint32_t>(table));
  message.set_from(std::string(from));
  message.set_rows(state.rows);
  message.set_digest(std::string(AsText(state.digest)));
}

Result<std::map<FilingTable, FilingState>> ReadStates(const v1::FilingStates& message) {
  std::map<FilingTable, FilingState> states;
  for (const v1::FilingState& told : message.tables()) {
    const auto table = ParseFilingTable(told.table());
    if (!table) continue;  // Of a node that takes more than we file.
    FilingState& state = states[*table];
    state.rows = told.rows();
    if (told.digest().size() != state.digest.size()) {
      return Error{Errc::kMalformed, "filings: no digest"};
    }
    told.digest().copy(state.digest.data(), state.digest.size());
  }
  return states;
}

Result<std::vector<std::pair<std::string, Digest>>> ReadRows(const v1::FilingPage& message) {
  std::vector<std::pair<std::string, Digest>> rows;
  for (const v1::FilingRow& told : message.rows()) {
    auto& [key, digest] = rows.emplace_back(told.key(), Digest());
    if (told.digest().size() != digest.size()) {
      return Error{Errc::kMalformed, "filings: no digest"};
    }
    told.digest().copy(digest.data(), digest.size());
  }
  return rows;
}

}  // namespace idnode
