#pragma once

#include <memory>

#include "node/front/handle/handle_front.h"
#include "node/service/answer_cache.h"
#include "node/service/handle_exchange.h"

namespace idnode {

// The plain resolutions of this protocol for a loop of another front, whose cache it shares.
// `services` is copied, `cache` used by reference.
std::unique_ptr<LoopAnswers> MakeLoopAnswers(const HandleServices& services, AnswerCache& cache);

}  // namespace idnode
