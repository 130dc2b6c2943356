// A line of a batch is read or refused for a reason of the input; a group answers each line, with
// JSON, whatever the lines were.
// rooms: node/front/http
// mutations: 5000

#include <boost/json/parse.hpp>
#include <cstdint>
#include <sstream>
#include <string>

#include "node/front/http/batch_stream.h"

namespace {

using namespace idnode;

void CheckLine(std::string_view text) {
  const auto line = ParseBatchLine(text);
  if (!line) return Require(RowOf(line.error().code).http < 500);
  Require(line->action == RegisterAction::kRemove || text.find("values") != text.npos);
}

void CheckStream(std::string_view body, size_t piece) {
  BatchStream stream(Caller{}, "k");
  for (size_t at = 0; at < body.size(); at += piece) {
    Require(stream.Take(body.substr(at, piece)) == std::min(piece, body.size() - at));
  }
  stream.End();
  std::string out;
  size_t lines = 0;
  if (const auto group = stream.NextGroup()) {
    RegisterResult result;
    result.items.resize(group->Items().size());
    lines = result.items.size();
    stream.Finish(*group, result, out);
  }
  Require(stream.WriteSummaryIfDone(out));
  std::istringstream in(out);
  for (std::string line; std::getline(in, line);) {
    boost::json::error_code failure;
    boost::json::parse(line, failure);
    Require(!failure);
    if (!line.starts_with("{\"summary\"")) --lines;
  }
  Require(lines == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckLine(input);
  if (size > 900) return 0;  // One group, so that nothing has to be finished in between.
  CheckStream(input, 1);
  CheckStream(input, 7);
  return 0;
}
