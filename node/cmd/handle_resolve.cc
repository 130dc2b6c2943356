#include "node/cmd/handle_resolve.h"

#include <boost/json/array.hpp>

#include "node/client/handle_walk.h"
#include "node/cmd/output.h"
#include "node/cmd/record_json.h"
#include "node/cmd/session.h"
#include "node/front/grpc/values.h"
#include "node/runtime/random.h"
#include "proto/handle/codes.h"
#include "proto/handle/responses.h"
#include "proto/rpc/values.pb.h"

namespace idnode {
namespace {

namespace json = boost::json;

json::object HopJson(const HandleHop& hop) {
  json::object object{{"server", hop.server.text()}, {"asked", hop.asked}, {"code", hop.code}};
  if (!hop.reached) {
    object["answer"] = std::string(hop.reached.error().detail);
    object["answer_zh"] = std::string(RowOf(hop.reached.error().code).zh);
  } else if (const ResponseCodeRow* row = FindResponseCode(hop.code); row != nullptr) {
    object["answer"] = row->en;
    object["answer_zh"] = row->zh;
  }
  return object;
}

json::array HopsJson(const HandleWalk& walk) {
  json::array hops;
  for (const HandleHop& hop : walk.hops()) hops.push_back(HopJson(hop));
  return hops;
}

void PrintHops(const HandleWalk& walk) {
  RowPrinter rows(OutputFormat::kTable, {{"server", "SERVER"},
                                         {"asked", "ASKED"},
                                         {"code", "CODE"},
                                         {"answer", "ANSWER"},
                                         {"answer_zh", "回答"}});
  for (const HandleHop& hop : walk.hops()) rows.Add(HopJson(hop));
  rows.Finish();
}

// What the last server answered, as a record; an error for whatever is no record.
Result<v1::Record> RecordIn(const HandleAnswer& answer) {
  if (answer.is(ResponseCode::kHandleNotFound)) {
    return Error{Errc::kNotFound, "the identifier is not registered"};
  }
  if (!answer.is(ResponseCode::kSuccess)) {
    return Error{Errc::kNotHomed, "nobody who was asked answers for the identifier"};
  }
  const auto response = DecodeResolutionResponse(answer.body);
  if (!response) return response.error();
  v1::Record record;
  record.set_identifier(std::string(response->handle));
  for (const Value& value : response->values) FillValue(value, *record.add_values());
  return record;
}

void PrintRecord(const json::object& record, std::string_view server) {
  PrintObject(OutputFormat::kTable, {{"identifier", record.at("identifier")}, {"server", server}});
  PrintValues(record);
}

// One identifier; the exit code.
int ResolveOne(const std::string& identifier, const HandleResolveOptions& options,
               const HandleServer& start, OutputFormat format, RowPrinter& printer) {
  HandleWalk walk({.random = RandomOctets});
  ResolutionQuestion question{.handle = identifier, .indexes = options.indexes};
  question.types.assign(options.types.begin(), options.types.end());
  const auto answer = walk.Resolve(question, start);
  if (options.trace && format == OutputFormat::kTable) PrintHops(walk);
  const auto record = answer ? RecordIn(*answer) : Result<v1::Record>(answer.error());
  if (!record) {
    if (options.trace && format != OutputFormat::kTable) {
      printer.Add({{"identifier", identifier}, {"hops", HopsJson(walk)}});
    }
    return Refused(identifier, record.error());
  }
  json::object object = RecordJson(*record, /*times=*/true);
  const std::string& server = walk.hops().back().server.text();
  if (format == OutputFormat::kTable) {
    PrintRecord(object, server);
    return kExitOk;
  }
  object["server"] = server;
  if (options.trace) object["hops"] = HopsJson(walk);
  printer.Add(std::move(object));
  return kExitOk;
}

}  // namespace

int ResolveOverHandle(const HandleResolveOptions& options, const GlobalOptions& global) {
  const auto start = ParseHandleServer(options.server);
  if (!start) {
    (void)Refused(options.server, start.error());
    return kExitUsage;
  }
  const OutputFormat format = FormatOfRows(global.output, options.identifiers.size());
  RowPrinter printer(format, {});
  int exit_code = kExitOk;
  for (const std::string& identifier : options.identifiers) {
    const int one = ResolveOne(identifier, options, *start, format, printer);
    if (one != kExitOk) exit_code = one;
  }
  if (format != OutputFormat::kTable) printer.Finish();
  return exit_code;
}

}  // namespace idnode
