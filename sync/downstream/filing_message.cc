#include "sync/downstream/filing_message.h"

#include "proto/base/limits.h"
#include "proto/business/subject_data.h"
#include "storage/routing.h"
#include "sync/downstream/catalogue_message.h"
#include "sync/downstream/day_message.h"

namespace idnode {
namespace {

constexpr Error kNoRouting{Errc::kMalformed, "filing: a routing that is none"};
constexpr Error kNoSubject{Errc::kInvalidSubject, "filing: subject data with faults"};

Result<Scheme> SchemeOf(v1::Routing::Scheme scheme) {
  switch (scheme) {
    case v1::Routing::HANDLE:
      return Scheme::kHandle;
    case v1::Routing::OID:
      return Scheme::kOid;
    case v1::Routing::DID_BID:
      return Scheme::kBid;
    case v1::Routing::VAA:
      return Scheme::kVaa;
    case v1::Routing::ECODE:
      return Scheme::kEcode;
    case v1::Routing::GS1:
      return Scheme::kGs1;
    case v1::Routing::DID:
      return Scheme::kDid;
    default:
      return kNoRouting;
  }
}

std::vector<RoutingServer> ServersSaid(const v1::RoutingSite& site) {
  std::vector<RoutingServer> servers;
  for (const v1::RoutingServer& said : site.servers()) {
    RoutingServer server{said.ip_type() == v1::RoutingServer::IPV6, said.ip(), {}};
    for (const v1::RoutingInterface& interface : said.interfaces()) {
      server.interfaces.push_back({static_cast<uint8_t>(interface.protocol()), interface.port()});
    }
    servers.push_back(std::move(server));
  }
  return servers;
}

Result<std::string> RoutingBody(const v1::Routing& message, std::string_view key) {
  const auto scheme = SchemeOf(message.scheme());
  if (!scheme) return scheme.error();
  Routing routing{{*scheme, message.prefix()}, message.hosted(), {}};
  for (const v1::RoutingSite& site : message.sites()) {
    routing.sites.push_back({site.type(), site.hs_site()});
  }
  if (const Status fits = CheckRouting(routing); !fits) return fits.error();
  if (FilingKeyOf(routing.prefix) != key) return kNoRouting;
  for (size_t i = 0; i < routing.sites.size(); ++i) {
    const v1::RoutingSite& said = message.sites(static_cast<int>(i));
    if (ServersSaid(said) != ServersOf(routing.sites[i])) {
      return Error{Errc::kMalformed, "filing: servers that are not those of the site"};
    }
  }
  return EncodeRouting(routing);
}

// Members in the order of their numbers, each of its group and no file: as they are at rest.
Status ReadEntry(const v1::SubjectEntry& message, SubjectEntry& entry) {
  uint32_t last = 0;
  for (const v1::SubjectMember& member : message.members()) {
    if (member.field() <= last || member.field() > UINT8_MAX || member.text().empty()) {
      return kNoSubject;
    }
    last = member.field();
    const auto field = static_cast<SubjectField>(member.field());
    const SubjectFieldRow* row = FindSubjectField(field);
    if (row == nullptr || IsFile(row->kind)) return kNoSubject;
    entry.values.push_back({field, {member.text()}});
  }
  return {};
}

Result<std::string> SubjectBody(const v1::Subject& message, SubjectKind kind) {
  if (message.kind() != static_cast<uint32_t>(kind)) return kNoSubject;
  if (message.entries().empty() || message.entries_size() > UINT8_MAX) return kNoSubject;
  SubjectData said{kind, {}};
  for (const v1::SubjectEntry& entry : message.entries()) {
    if (entry.group() > UINT8_MAX) return kNoSubject;
    said.entries.push_back({static_cast<SubjectGroup>(entry.group()), {}});
    if (const Status read = ReadEntry(entry, said.entries.back()); !read) return read.error();
  }
  const auto as_it_is = [](std::string_view clear, std::string_view) { return std::string(clear); };
  const auto same = [](std::string_view clear, std::string_view) {
    return Result<std::string>(std::string(clear));
  };
  // What can be read back has members and groups of the table alone; then they are checked.
  std::string body = EncodeSubject(said, SubjectPart::kTexts, as_it_is);
  const auto data = DecodeSubject(body, same);
  if (!data || !CheckSubject(*data).faults.empty()) return kNoSubject;
  return body;
}

Result<std::string> BodyOf(const v1::Filing& message, const FilingName& name) {
  switch (message.table_case()) {
    case v1::Filing::kOperatorSubject:
      return SubjectBody(message.operator_subject(), SubjectKind::kOperator);
    case v1::Filing::kOwnRouting:
      return RoutingBody(message.own_routing(), message.key());
    case v1::Filing::kEnterpriseSubject:
      return SubjectBody(message.enterprise_subject(), SubjectKind::kEnterprise);
    case v1::Filing::kRouting:
      return RoutingBody(message.routing(), message.key());
    case v1::Filing::kOwnMetadata:
      return MetadataBody(message.own_metadata(), name);
    case v1::Filing::kMetadata:
      return MetadataBody(message.metadata(), name);
    case v1::Filing::kOwnApplication:
      return ApplicationBody(message.own_application(), name);
    case v1::Filing::kApplication:
      return ApplicationBody(message.application(), name);
    case v1::Filing::kOwnStatistics:
      return StatisticsBody(message.own_statistics());
    case v1::Filing::kStatistics:
      return StatisticsBody(message.statistics());
    case v1::Filing::kOwnMonitoring:
      return MonitoringBody(message.own_monitoring(), FilingTable::kOwnMonitoring, message.key());
    case v1::Filing::kMonitoring:
      return MonitoringBody(message.monitoring(), FilingTable::kMonitoring, message.key());
    case v1::Filing::kOwnIncident:
      return IncidentBody(message.own_incident(), message.key());
    case v1::Filing::kIncident:
      return IncidentBody(message.incident(), message.key());
    default:
      return Error{Errc::kUnsupported, "filing: of no table that is filed"};
  }
}

}  // namespace

Result<Filing> ReadFilingMessage(const v1::Filing& message) {
  Filing filing{{FilingTable::kOperator, message.key()}, Position{message.position()}, {}};
  const bool withdrawn = message.table_case() == v1::Filing::kWithdrawn;
  const auto table = ParseFilingTable(withdrawn ? message.withdrawn()
                                                : static_cast<uint32_t>(message.table_case()));
  if (!table) return table.error();
  filing.name.table = *table;
  if (withdrawn) return filing;
  auto body = BodyOf(message, filing.name);
  if (!body) return body.error();
  if (body->size() > limits::kFilingOctetsMax) {
    return Error{Errc::kTooLarge, "filing: a row over its limit"};
  }
  filing.body = *std::move(body);
  return filing;
}

}  // namespace idnode
