#include "node/service/traces.h"

#include <algorithm>
#include <utility>

namespace idnode {
namespace {

// Only says whether anybody would be asked. What it answers is the end of a trace for which there
// is no thread.
class WouldAsk : public OtherNodes {
 public:
  explicit WouldAsk(const OtherNodes& others) : others_(others) {}

  std::vector<std::string> above() const override { return others_.above(); }
  Reply Ask(const TraceInquiry&) override {
    asked_ = true;
    return {.gap = TraceGap::kBusy};
  }
  bool asked() const { return asked_; }

 private:
  const OtherNodes& others_;
  bool asked_ = false;
};

}  // namespace

// The questions of one trace: within its time, and at the cost of who asked for it.
class Traces::Asking : public OtherNodes {
 public:
  Asking(const Parts& parts, const Address& source)
      : parts_(parts),
        source_(source),
        until_micros_(parts.monotonic_micros() + uint64_t{limits::kTraceMillis} * 1'000) {}

  std::vector<std::string> above() const override { return parts_.others->above(); }
  Reply Ask(const TraceInquiry& inquiry) override {
    const uint64_t now = parts_.monotonic_micros();
    const uint64_t left_millis = until_micros_ > now ? (until_micros_ - now) / 1'000 : 0;
    if (left_millis == 0) return {.gap = TraceGap::kTooLate};
    if (!parts_.costly_work.work.Take(source_, kTraceQuestionCost, now)) {
      return {.gap = TraceGap::kAllowance};
    }
    TraceInquiry timed = inquiry;
    timed.millis = static_cast<uint32_t>(std::min<uint64_t>(inquiry.millis, left_millis));
    return parts_.others->Ask(timed);
  }

 private:
  const Parts& parts_;
  const Address source_;
  const uint64_t until_micros_;
};

Traces::Traces(Parts parts)
    : parts_(std::move(parts)),
      threads_(limits::kTracesElsewhereMax, limits::kTracesElsewhereMax) {}

void Traces::Ask(const TraceQuestion& question, const Caller& caller, const Address& source,
                 Done done) {
  if (!question.remote || parts_.others == nullptr) {
    return done(TraceOf(parts_.resolver, question, caller));
  }
  WouldAsk would_ask(*parts_.others);
  Result<Trace> here = TraceOf(parts_.resolver, question, caller, &would_ask);
  if (!here || !would_ask.asked()) return done(std::move(here));
  const Address network = NetworkOf(source);
  if (!Begin(network)) return done(std::move(here));
  const bool posted = threads_.Post(
      [this, question, text = std::string(question.text), caller, source, network, done] {
        TraceQuestion asked = question;
        asked.text = text;
        Asking asking(parts_, source);
        Result<Trace> trace = TraceOf(parts_.resolver, asked, caller, &asking);
        End(network);
        done(std::move(trace));
      });
  if (posted) return;
  End(network);
  done(std::move(here));
}

bool Traces::Begin(const Address& network) {
  return elsewhere_.With([&](std::vector<Address>& networks) {
    const auto of_network = static_cast<size_t>(std::ranges::count(networks, network));
    if (networks.size() >= limits::kTracesElsewhereMax ||
        of_network >= limits::kTracesElsewhereOfNetworkMax) {
      return false;
    }
    networks.push_back(network);
    return true;
  });
}

void Traces::End(const Address& network) {
  elsewhere_.With([&](std::vector<Address>& networks) {
    networks.erase(std::ranges::find(networks, network));
  });
}

}  // namespace idnode
