#include "node/runtime/random.h"

#include <sys/random.h>

#include <cerrno>

#include "proto/base/result.h"

namespace idnode {
namespace {

// getrandom(2) waits only before the kernel's pool was first filled; it cannot fail otherwise.
void Fill(char* at, size_t count) {
  while (count > 0) {
    const ssize_t got = getrandom(at, count, 0);
    if (got < 0) {
      Require(errno == EINTR);
      continue;
    }
    at += got;
    count -= static_cast<size_t>(got);
  }
}

}  // namespace

std::string RandomOctets(size_t count) {
  std::string octets(count, '\0');
  Fill(octets.data(), count);
  return octets;
}

uint64_t RandomNumber() {
  uint64_t number;
  Fill(reinterpret_cast<char*>(&number), sizeof number);
  return number;
}

}  // namespace idnode
