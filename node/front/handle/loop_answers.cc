#include "node/front/handle/loop_answers.h"

#include <cstdint>
#include <limits>

#include "node/front/handle/resolutions.h"

namespace idnode {
namespace {

class ResolvingAnswers final : public LoopAnswers {
 public:
  ResolvingAnswers(const HandleServices& services, AnswerCache& cache)
      : services_(services), resolutions_(services_, cache) {}

  // What is found goes out as it is. How refusals are worded over HTTP is the dispatcher's.
  std::optional<ResolutionNote> Answer(const Envelope& envelope, std::string_view message,
                                       TrafficClass traffic_class, uint32_t now_seconds,
                                       std::string& out) override {
    item_.envelope = envelope;
    item_.message = message;
    item_.traffic_class = traffic_class;
    const size_t before = out.size();
    resolutions_.Serve({&item_, 1}, Transport::kHttp, now_seconds,
                       std::numeric_limits<size_t>::max(), out);
    const bool found = item_.fate == BatchItem::Fate::kAnswered && item_.is_resolution &&
                       item_.note.outcome == ResolutionOutcome::kFound;
    if (found) return item_.note;
    out.resize(before);
    return std::nullopt;
  }

 private:
  const HandleServices services_;
  Resolutions resolutions_;
  BatchItem item_;
};

}  // namespace

std::unique_ptr<LoopAnswers> MakeLoopAnswers(const HandleServices& services, AnswerCache& cache) {
  return std::make_unique<ResolvingAnswers>(services, cache);
}

}  // namespace idnode
