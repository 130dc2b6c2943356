#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace idnode {

// The only source of chance: the kernel's. Fit for secrets. Threads: any.
std::string RandomOctets(size_t count);
uint64_t RandomNumber();

}  // namespace idnode
