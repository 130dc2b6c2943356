// A trace that another node sent is refused, or holds what its readers rely on: bounds, texts that
// are identifiers and fit a terminal, keys made from them, each once, and edges between its nodes.
// rooms: proto/web proto/ident proto/record proto/base
// mutations: 10000

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "proto/web/trace_document.h"

namespace idnode {
namespace {

void HoldDocument(std::string_view json) {
  const auto document = ParseTraceDocument(json);
  if (!document) return;
  Require(!document->nodes.empty() && document->nodes.size() <= limits::kTraceNodesMax);
  Require(document->edges.size() <= limits::kTraceEdgesMax);
  std::set<std::string> keys;
  for (const TraceDocument::Node& node : document->nodes) {
    const auto identifier = ParseIdentifier(node.text);
    Require(identifier.ok() && identifier->key == node.key);
    Require(!HasControlCharacter(node.text) && node.depth <= limits::kTraceDepthMax);
    Require(keys.insert(node.key).second);
    Require(node.addresses.size() <= limits::kReferralAddressesMax);
    for (const std::string& address : node.addresses) {
      Require(!address.empty() && address.size() <= limits::kReferralAddressOctetsMax);
      Require(!HasControlCharacter(address));
    }
  }
  for (const TraceDocument::Edge& edge : document->edges) {
    Require(edge.from < document->nodes.size() && edge.to < document->nodes.size());
    Require(edge.from != edge.to);
  }
}

}  // namespace
}  // namespace idnode

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  idnode::HoldDocument({reinterpret_cast<const char*>(data), size});
  return 0;
}
