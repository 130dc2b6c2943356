#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/front/http/digital_link_request.h"
#include "node/security/authenticator.h"
#include "node/security/site.h"
#include "node/security/traffic_rules.h"
#include "node/service/figures.h"
#include "node/service/health.h"
#include "node/service/listing.h"
#include "node/service/registrar.h"
#include "node/service/resolver.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/result.h"
#include "proto/base/snapshot.h"

namespace idnode {

class ActLog;
class Acts;
class AnswerCache;
class AnswerStamps;
struct CostlyWork;
class DirectiveDesk;
class Dispatcher;
class EventLoops;
class HandleAuthenticator;
class HandleOperations;
class IdentifierDirectory;
class LoopAnswers;
struct NodeKeys;
class PublishedLog;
class RangeBook;
class SourceAllowance;
class Applications;
class FilingDesk;
class Subjects;
class Forwarding;
class Templates;
class Supervision;
class Traces;
class WorkPool;

struct HttpOptions {
  std::string listen;      // "127.0.0.1:8080", "[::1]:8080"; port 0: any free one.
  std::string tls_listen;  // Empty: no HTTPS. Needs the two files.
  std::string certificate_file, key_file;
  size_t connections_max = 16'384;
  uint32_t idle_seconds = 60;
  uint32_t header_seconds = 10;                 // Time for a whole request head.
  uint32_t body_octets_per_second_min = 1'024;  // After five seconds' grace.
};

// Administration by keys in records, and what else of the Handle protocol goes over HTTP
// (spec/handle-protocol.md 6). Everything is used by reference and outlives the front.
struct HandleAccess {
  const HandleOperations& operations;
  const HandleAuthenticator& authenticator;
  Dispatcher& dispatcher;  // Answers the messages of the tunnel.
  const NodeKeys& keys;
  const Snapshot<SiteRecords>& site;
  CostlyWork& costly_work;
  // What answers messages of the tunnel from a loop's cache. Null: the dispatcher answers all.
  std::function<std::unique_ptr<LoopAnswers>(AnswerCache&)> loop_answers = {};
};

// Answers that are kept in memory (node/service/answer_cache.h).
struct HttpCacheOptions {
  const AnswerStamps* stamps = nullptr;
  size_t octets = 0;  // Of all loops together; 0: none.
};

// The directory service for anybody, who may not ask as often as he likes.
struct DirectoryAccess {
  const IdentifierDirectory& directory;
  SourceAllowance& allowance;
};

// What the HTTP front serves; everything is used by reference and outlives it.
struct HttpServices {
  const Resolver& resolver;
  Registrar& registrar;
  const Listing& listing;
  const Figures& figures;
  const Health& health;
  const Authenticator& authenticator;
  ResolutionCounts& counts;
  TrafficRules traffic = {};
  std::function<std::string()> metrics;   // The exposition without the front's own families.
  const HandleAccess* handles = nullptr;  // Null: tokens alone administer, and there is no tunnel.
  HttpCacheOptions cache = {};
  DigitalLinkSettings digital_links = {};
  RangeBook* ranges = nullptr;   // Null: the node keeps no ranges of serials.
  Traces* traces = nullptr;      // Null: traces end where another node answers.
  PublishedLog* log = nullptr;   // Null: the node publishes none.
  Subjects* subjects = nullptr;  // Null: it keeps no subject data.
  const DirectoryAccess* identifier_directory = nullptr;  // Null: there is no directory service.
  Acts* acts = nullptr;                  // Null: refusals by the front itself are not on record.
  const ActLog* act_log = nullptr;       // Null: nobody is told who did what.
  const FilingDesk* filings = nullptr;   // Null: nobody files with it.
  DirectiveDesk* directives = nullptr;   // Null: it gives none.
  Templates* templates = nullptr;        // Null: it keeps no templates.
  Applications* applications = nullptr;  // Null: it keeps no applications.
  Forwarding* forwarding = nullptr;      // Null: nodes below are asked for nobody.
  Supervision* supervision = nullptr;    // Null: it keeps neither days nor incidents.
};

// Handle JSON REST, the tunnel and the proxy of the Handle protocol, the batch interface, listing,
// figures, health; over HTTP and HTTPS alike. One acceptor with SO_REUSEPORT per event loop; a
// connection stays on its loop. What may read the disk runs on the work pool.
class HttpFront {
 public:
  // kInUse: an address is taken. kMalformed: no address. kIo: a certificate cannot be read.
  static Result<std::unique_ptr<HttpFront>> Open(EventLoops& loops, WorkPool& work,
                                                 const HttpOptions& options,
                                                 const HttpServices& services);
  virtual ~HttpFront() = default;
  virtual uint16_t port() const = 0;
  virtual uint16_t tls_port() const = 0;  // 0: no HTTPS.
  // Accepts no more, lets running requests finish within `seconds`, then closes.
  virtual void Stop(uint32_t seconds) = 0;
  struct Counts {
    uint64_t connections = 0;  // Open now.
    uint64_t requests = 0;     // Since the start.
    uint64_t cache_hits = 0, cache_misses = 0;
  };
  virtual Counts counts() const = 0;
};

}  // namespace idnode
