#include "storage/acts.h"

#include <string>

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

void CheckSizes(const ActEvent& event) {
  Require(!event.act.empty() && event.act.size() <= kActNameOctetsMax);
  Require(event.subject.size() <= kActSubjectOctetsMax);
  Require(event.why.size() <= kActNameOctetsMax);
}

}  // namespace

void AddAct(Change& change, uint32_t enterprise, const ActEvent& event) {
  CheckSizes(event);
  std::string body;
  Writer(body).Text16(event.subject);
  change.Begin(EventKind::kActDone, enterprise, event.act, body);
}

void AddRefusedAct(Change& change, uint32_t enterprise, const ActEvent& event) {
  CheckSizes(event);
  std::string body;
  Writer(body).Text16(event.subject).Text16(event.why).U64(event.left_out);
  change.Begin(EventKind::kActRefused, enterprise, event.act, body);
}

Result<ActEvent> DecodeAct(const LogItem& item) {
  if (item.key.empty() || item.key.size() > kActNameOctetsMax) {
    return Error{Errc::kMalformed, "act: it has no name"};
  }
  Reader in(item.body);
  ActEvent event{.act = item.key};
  event.subject = in.Text16(kActSubjectOctetsMax);
  if (item.kind == EventKind::kActRefused) {
    event.why = in.Text16(kActNameOctetsMax);
    event.left_out = in.U64();
  }
  if (!in.AtEnd()) return Error{Errc::kMalformed, "act: the fields do not fill the body"};
  return event;
}

}  // namespace idnode
