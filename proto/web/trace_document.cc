#include "proto/web/trace_document.h"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "proto/web/json_document.h"
#include "proto/web/json_fields.h"

namespace idnode {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kDirections = {"up", "down", "both"};
constexpr std::array<std::string_view, 4> kStates = {"found", "withdrawn", "not_found",
                                                     "elsewhere"};
constexpr size_t kPassedOver = SIZE_MAX;

// Texts end up on terminals and in addresses.
bool IsShort(std::string_view text) {
  return !text.empty() && text.size() <= limits::kReferralAddressOctetsMax &&
         !HasControlCharacter(text);
}

class Reading {
 public:
  Result<TraceDocument> Read(const json::value& root) {
    const auto nodes = fields_.List(JsonFields::Member(root, "nodes"), "nodes");
    const auto edges = fields_.List(JsonFields::Member(root, "edges"), "edges");
    if (nodes.size() > limits::kTraceNodesMax || edges.size() > limits::kTraceEdgesMax) {
      return Error{Errc::kTooLarge, "a trace has at most 1000 nodes and 10000 edges"};
    }
    for (const json::value& node : nodes) ReadNode(node);
    for (const json::value& edge : edges) ReadEdge(edge);
    document_.cut = fields_.Flag(JsonFields::Member(root, "truncated"), "truncated");
    if (!fields_.ok()) return fields_.status().error();
    if (nodes.empty() || places_.at(first_) == kPassedOver) {
      return Error{Errc::kMalformed, "a trace without the identifier that was asked for"};
    }
    return std::move(document_);
  }

 private:
  void ReadNode(const json::value& value) {
    const std::string_view text = fields_.Text(JsonFields::Member(value, "identifier"), "node");
    if (!fields_.ok()) return;
    if (places_.empty()) first_ = text;
    size_t& place = places_.try_emplace(std::string(text), kPassedOver).first->second;
    if (place != kPassedOver) return fields_.Fail(Errc::kInvalidValue, "a node twice");
    auto node = NodeOf(value, text);
    if (!node) return;
    if (!keys_.insert(node->key).second) {
      return fields_.Fail(Errc::kInvalidValue, "an identifier twice");
    }
    place = document_.nodes.size();
    document_.nodes.push_back(*std::move(node));
  }

  std::optional<TraceDocument::Node> NodeOf(const json::value& value, std::string_view text) {
    TraceDocument::Node node;
    const std::string_view state = fields_.Text(JsonFields::Member(value, "state"), "state");
    const auto* const known = std::ranges::find(kStates, state);
    if (known == kStates.end()) fields_.Fail(Errc::kInvalidValue, "state");
    node.depth =
        fields_.Number(JsonFields::Member(value, "depth"), limits::kTraceDepthMax, "depth");
    if (const json::value* time = JsonFields::Member(value, "withdrawn")) {
      const auto seconds = ParseUtc(fields_.Text(time, "withdrawn"));
      if (!seconds) fields_.Fail(Errc::kInvalidValue, "withdrawn");
      if (seconds) node.withdrawn = Time{*seconds * 1'000};
    }
    if (!fields_.ok()) return std::nullopt;
    node.state = static_cast<TraceState>(known - kStates.begin());
    node.hearsay = JsonFields::Member(value, "answered_by") != nullptr;
    if (const json::value* referral = JsonFields::Member(value, "referral")) {
      ReadReferral(*referral, node);
    }
    auto identifier = ParseIdentifier(text);
    if (!fields_.ok() || !identifier || HasControlCharacter(identifier->text)) return std::nullopt;
    node.key = std::move(identifier->key);
    node.text = std::move(identifier->text);
    return node;
  }

  void ReadReferral(const json::value& value, TraceDocument::Node& node) {
    if (const json::value* handle = JsonFields::Member(value, "prefix_handle")) {
      const std::string_view text = fields_.Text(handle, "prefix_handle");
      if (IsShort(text)) node.prefix_handle = text;
    }
    const json::value* addresses = JsonFields::Member(value, "addresses");
    if (addresses == nullptr) return;
    for (const json::value& each : fields_.List(addresses, "addresses")) {
      const std::string_view text = fields_.Text(&each, "addresses");
      if (IsShort(text) && node.addresses.size() < limits::kReferralAddressesMax) {
        node.addresses.emplace_back(text);
      }
    }
  }

  void ReadEdge(const json::value& value) {
    const auto from = PlaceOf(JsonFields::Member(value, "from"));
    const auto to = PlaceOf(JsonFields::Member(value, "to"));
    const RelationRow* relation =
        FindRelationByName(fields_.Text(JsonFields::Member(value, "relation"), "relation"));
    if (!fields_.ok() || relation == nullptr || from == kPassedOver || to == kPassedOver) return;
    if (from == to) return fields_.Fail(Errc::kInvalidValue, "an edge from a node to itself");
    document_.edges.push_back({from, to, relation->relation});
  }

  size_t PlaceOf(const json::value* text) {
    const auto found = places_.find(std::string(fields_.Text(text, "edge")));
    if (found != places_.end()) return found->second;
    fields_.Fail(Errc::kInvalidValue, "an edge of no node");
    return kPassedOver;
  }

  JsonFields fields_;
  TraceDocument document_;
  std::unordered_map<std::string, size_t> places_;  // By the text that was sent.
  std::unordered_set<std::string> keys_;
  std::string first_;
};

}  // namespace

std::string_view NameOf(TraceDirection direction) {
  return kDirections[static_cast<size_t>(direction)];
}

std::string_view NameOf(TraceState state) { return kStates[static_cast<size_t>(state)]; }

Result<TraceDirection> ParseDirection(std::string_view name) {
  const auto* const found = std::ranges::find(kDirections, name);
  if (found == kDirections.end()) {
    return Error{Errc::kMalformed, "direction: up, down or both"};
  }
  return static_cast<TraceDirection>(found - kDirections.begin());
}

Result<TraceDocument> ParseTraceDocument(std::string_view json) {
  const auto root = ParseJsonDocument(json, "the trace is no JSON document");
  if (!root) return root.error();
  return Reading().Read(*root);
}

}  // namespace idnode
