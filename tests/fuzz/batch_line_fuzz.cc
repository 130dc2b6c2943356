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
  const auto line = ReadIdentifierEntry(text);
  if (!line) return Require(RowOf(line.error().code).http < 500);
  const RegisterItem& item = (*line)->item;
  Require(item.action == RegisterAction::kRemove || text.find("values") != text.npos);
}

void CheckLinks(std::string_view text) {
  const auto entry = ReadLinksEntry(text);
  if (!entry) return Require(RowOf(entry.error().code).http < 500);
  Require(EditsLinks((*entry)->item.action) && !(*entry)->identifier.empty());
}

void CheckStream(std::string_view body, size_t piece, const BatchStream::Options& options) {
  BatchStream stream(Caller{}, "k", options);
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
  CheckLinks(input);
  if (size > 900) return 0;  // One group, so that nothing has to be finished in between.
  for (const bool is_list : {false, true}) {
    CheckStream(input, 1, {.is_list = is_list});
    CheckStream(input, 7, {.read = ReadLinksEntry, .is_list = is_list});
  }
  return 0;
}
