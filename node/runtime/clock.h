#pragma once

#include <cstdint>

#include "proto/base/time.h"

namespace idnode {

// The only clocks of the program. Threads: any.
Time Now();                  // UTC.
uint64_t MonotonicMicros();  // For durations.

}  // namespace idnode
