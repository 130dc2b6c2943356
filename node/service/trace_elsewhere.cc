#include "node/service/trace_elsewhere.h"

#include <array>

namespace idnode {
namespace {

constexpr auto kGapRows = std::to_array<TraceGapRow>({
    {TraceGap::kNone, "", "", ""},
    {TraceGap::kNotAsked, "not_asked", "Other nodes were not asked.", "未询问其他节点。"},
    {TraceGap::kNobodyKnown, "nobody_known", "It is not known which node answers.",
     "不知道由哪个节点负责。"},
    {TraceGap::kNoAddress, "no_address",
     "Who answers is named without an address that can be asked; host names are not looked up.",
     "负责的节点没有可询问的地址；不解析主机名。"},
    {TraceGap::kNotAllowed, "not_allowed",
     "The address is in no network that this node asks (trace.networks).",
     "该地址不在本节点可询问的网络范围内（trace.networks）。"},
    {TraceGap::kUnreachable, "unreachable", "The other node cannot be reached.",
     "无法连接对方节点。"},
    {TraceGap::kCertificate, "certificate", "The other node's certificate is not trusted.",
     "对方节点的证书不受信任。"},
    {TraceGap::kTimedOut, "timed_out", "The other node did not answer in time.",
     "对方节点未及时答复。"},
    {TraceGap::kRefused, "refused", "The other node refuses to answer.", "对方节点拒绝答复。"},
    {TraceGap::kUnreadable, "unreadable", "The other node's answer is no trace.",
     "对方节点的答复不是有效的追溯结果。"},
    {TraceGap::kTooLarge, "too_large", "The other node's answer is over its limits.",
     "对方节点的答复超过限制。"},
    {TraceGap::kNamesOthers, "names_others",
     "Whoever was asked names only others, who were asked before.",
     "被询问的节点只指向其他已询问过的节点。"},
    {TraceGap::kTooMany, "too_many", "One trace asks no more questions than these.",
     "一次追溯的询问次数已达上限。"},
    {TraceGap::kTooLate, "too_late", "The time for the whole trace was over.",
     "整个追溯的时间已用完。"},
    {TraceGap::kBusy, "busy", "Too many traces ask other nodes just now.",
     "当前询问其他节点的追溯过多。"},
    {TraceGap::kAllowance, "allowance", "This network has had its share of traces for now.",
     "该网络的追溯额度暂已用完。"},
});

constexpr bool RowsFollowTheEnum() {
  for (size_t i = 0; i < kGapRows.size(); ++i) {
    if (static_cast<size_t>(kGapRows[i].gap) != i) return false;
  }
  return kGapRows.size() == static_cast<size_t>(TraceGap::kAllowance) + 1;
}
static_assert(RowsFollowTheEnum());

}  // namespace

const TraceGapRow& RowOf(TraceGap gap) { return kGapRows[static_cast<size_t>(gap)]; }

}  // namespace idnode
