#include "node/front/grpc/admin_messages.h"

#include <algorithm>

#include "proto/ident/scheme.h"

namespace idnode {
namespace {

const SchemeRow& RowOf(Scheme scheme) { return kSchemeRows[PlaceOf(scheme)]; }

std::string CodeOf(uint32_t enterprise, const DirectoryView& view) {
  const Enterprise* found = view.FindEnterprise(enterprise);
  return found == nullptr ? std::string() : found->code;
}

void FillEvaluation(const Evaluation& evaluation, v1::Evaluation& message) {
  message.set_registered(evaluation.registered);
  message.set_registered_gross(evaluation.registered_gross);
  message.set_resolutions(evaluation.resolutions);
  message.set_resolution_requests(evaluation.resolution_requests);
  message.set_connected_enterprises(evaluation.connected_enterprises);
  message.set_allocated(evaluation.allocated);
}

void FillTotals(const Sums& totals, v1::Stats& message) {
  for (const auto& [figure, sum] : totals) {
    v1::Figure& each = *message.add_figures();
    each.set_metric(std::string(NameOf(figure.metric)));
    each.set_traffic_class(std::string(NameOf(figure.traffic_class)));
    each.set_outcome(std::string(NameOf(figure.outcome)));
    each.set_sum(sum);
  }
}

void FillChild(const ChildFigures& child, v1::ChildStats& message) {
  message.set_number(child.child.number);
  message.set_node_id(child.child.node_id);
  message.set_name(child.child.name);
  message.set_prefix(child.child.prefix);
  message.set_head(child.child.head.value);
  message.set_connected(child.connected);
  message.set_last_seen_ms(child.last_seen.ms);
  FillEvaluation(child.evaluation, *message.mutable_evaluation());
  v1::ChildProbes& probes = *message.mutable_probes();
  probes.set_resolution(child.probes.resolution);
  probes.set_resolution_failed(child.probes.resolution_failed);
  probes.set_registration(child.probes.registration);
  probes.set_registration_failed(child.probes.registration_failed);
  probes.set_takeover_due(child.probes.takeover_due);
  probes.set_since_ms(child.probes.since.ms);
}

void FillUpstream(const UpstreamFigures& upstream, v1::UpstreamStats& message) {
  message.set_address(upstream.address);
  message.set_connected(upstream.connected);
  message.set_acknowledged(upstream.acknowledged);
  message.set_lag(upstream.lag);
  message.set_last_acknowledged_ms(upstream.last_acknowledged.ms);
  if (upstream.evaluation) {
    FillEvaluation(*upstream.evaluation, *message.mutable_acknowledged_evaluation());
  }
  message.set_problem(upstream.problem);
  if (const auto& setback = upstream.setback) {
    message.set_set_back_ms(setback->at.ms);
    message.set_set_back_from(setback->from);
    message.set_set_back_to(setback->to);
  }
  message.set_setbacks(upstream.setbacks);
}

}  // namespace

void FillEnterprise(const Enterprise& enterprise, v1::Enterprise& message) {
  message.set_number(enterprise.number);
  message.set_code(enterprise.code);
  message.set_name(enterprise.name);
  message.set_state(std::string(NameOf(enterprise.state)));
  message.set_created_ms(enterprise.created.ms);
  message.set_version(enterprise.version.value);
}

void FillPrefix(const AllottedPrefix& prefix, const DirectoryView& view, v1::Prefix& message) {
  message.set_scheme(std::string(RowOf(prefix.prefix.scheme).option));
  message.set_prefix(prefix.prefix.text);
  message.set_enterprise(prefix.enterprise);
  message.set_enterprise_code(CodeOf(prefix.enterprise, view));
  message.set_state(std::string(NameOf(prefix.state)));
  message.set_created_ms(prefix.created.ms);
  message.set_version(prefix.version.value);
}

void FillToken(const Token& token, const DirectoryView& view, v1::Token& message) {
  message.set_id(token.id);
  message.set_role(std::string(NameOf(token.role)));
  if (IsOfEnterprise(token.role)) message.set_enterprise_code(CodeOf(token.enterprise, view));
  message.set_prefix(token.prefix);
  message.set_note(token.note);
  message.set_person(token.person);
  message.set_revoked(token.revoked);
  message.set_created_ms(token.created.ms);
}

void FillAct(const RecordedAct& act, v1::RecordedAct& message) {
  message.set_position(act.position.value);
  message.set_time_ms(act.time.ms);
  message.set_actor(act.actor);
  message.set_act(act.act);
  message.set_subject(act.subject);
  message.set_enterprise(act.enterprise);
  message.set_count(act.count);
  message.set_refused(act.refused());
  message.set_why(act.why);
  message.set_left_out(act.left_out);
}

void FillStats(const NodeFigures& figures, v1::Stats& message) {
  message.set_node_id(figures.identity.node_id);
  message.set_role(figures.identity.role);
  message.set_prefix(figures.identity.prefix);
  message.set_head(figures.head.value);
  message.set_tree_size(figures.tree.size);
  message.set_tree_root(figures.tree.root.data(), figures.tree.root.size());
  message.set_rules(std::string(kCountingRules));
  message.set_now_ms(figures.now.ms);
  FillEvaluation(figures.evaluation, *message.mutable_evaluation());
  FillTotals(figures.totals, message);
  for (const auto& [enterprise, evaluation] : figures.enterprises) {
    v1::EnterpriseStats& each = *message.add_enterprises();
    each.set_number(enterprise.number);
    each.set_code(enterprise.code);
    each.set_name(enterprise.name);
    FillEvaluation(evaluation, *each.mutable_evaluation());
  }
  for (const HourFigures& hour : figures.hours) {
    v1::HourStats& each = *message.add_hours();
    each.set_hour(hour.hour);
    FillEvaluation(hour.evaluation, *each.mutable_evaluation());
  }
  for (const ChildFigures& child : figures.children) FillChild(child, *message.add_children());
  if (figures.upstream) FillUpstream(*figures.upstream, *message.mutable_upstream());
}

void FillRecount(const Recount& recount, v1::RecountResponse& message) {
  message.set_finished(true);
  message.set_log_records(recount.log_records);
  message.set_log_items(recount.log_items);
  message.set_identifiers(recount.identifiers);
  message.set_tree_size(recount.tree.size);
  message.set_tree_root(recount.tree.root.data(), recount.tree.root.size());
  for (const Difference& each : recount.differences) {
    v1::Difference& difference = *message.add_differences();
    difference.set_what(each.what);
    difference.set_recounted(each.recounted);
    difference.set_stored(each.stored);
  }
}

}  // namespace idnode
