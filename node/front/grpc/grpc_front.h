#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/authenticator.h"
#include "node/security/traffic_rules.h"
#include "node/service/enrolment.h"
#include "node/service/figures.h"
#include "node/service/filing_document.h"
#include "node/service/health.h"
#include "node/service/listing.h"
#include "node/service/registrar.h"
#include "node/service/resolver.h"
#include "node/service/upkeep.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/result.h"

namespace grpc {
class ServerBuilder;
class Service;
}  // namespace grpc

namespace idnode {

class ActLog;
class Acts;
class RangeBook;
class Subjects;
class Templates;
struct TraceQuestion;

struct GrpcOptions {
  std::string listen;  // Loopback, or with certificates. Port 0: any free one.
  // A socket in the file system, mode 0600: who may open it is an operator without a token, since
  // the file system has said who may read the data directory (peer string "unix:"). Empty: none.
  std::string local_socket;
  // Mutual TLS: a caller must show a certificate of this authority. All empty: plain text.
  std::string ca_file, certificate_file, key_file;
};

struct GrpcServices {
  const Resolver& resolver;
  Registrar& registrar;
  Enrolment& enrolment;
  const Listing& listing;
  Upkeep& upkeep;
  const Figures& figures;
  const Health& health;
  const Authenticator& authenticator;
  ResolutionCounts& counts;
  std::vector<grpc::Service*> more;  // The conversation with the nodes below.
  TrafficRules traffic = {};         // How resolutions are classed, as over HTTP.
  std::function<void(grpc::ServerBuilder&)> set_up = {};  // What the services in `more` need.
  // The documents of the search box and of traces, as over HTTP. Null: kUnsupported.
  std::function<Result<std::string>(std::string_view text, const Caller& caller)> explain = {};
  // `done` is called once, from any thread; `source`: who pays for what it asks of other nodes.
  std::function<void(const TraceQuestion& asked, const Caller& caller, const Address& source,
                     std::function<void(Result<std::string>)> done)>
      trace = {};
  RangeBook* ranges = nullptr;          // Null: the node keeps no ranges of serials.
  Subjects* subjects = nullptr;         // Null: it keeps no subject data.
  Acts* acts = nullptr;                 // Null: refusals by the front itself are not on record.
  const ActLog* act_log = nullptr;      // Null: nobody is told who did what.
  const FilingDesk* filings = nullptr;  // Null: nobody files with it.
  FilingsAbove filings_above = {};
  const Templates* templates = nullptr;  // Null: applications are granted nothing.
};

// Registry, resolver and administration over gRPC, with health and reflection. gRPC 1.51 predates
// the 2023 denial-of-service fixes, so it is offered on loopback or under mutual TLS only.
class GrpcFront {
 public:
  // kUnsupported: plain text on an address that is not loopback. kInUse, kMalformed, kIo.
  static Result<std::unique_ptr<GrpcFront>> Open(const GrpcOptions& options,
                                                 const GrpcServices& services);
  virtual ~GrpcFront() = default;
  virtual uint16_t port() const = 0;
  virtual void Stop(uint32_t seconds) = 0;
};

}  // namespace idnode
