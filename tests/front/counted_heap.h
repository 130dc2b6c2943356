#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <new>

#include "node/runtime/event_loops.h"

// Replaces operator new by one that counts what those threads take from the heap that asked for it.
// In one file of a program only.
namespace counted_heap {

inline std::atomic<uint64_t> taken{0};
inline thread_local bool counts_here = false;

inline void* Take(size_t octets, size_t alignment = 0) {
  if (counts_here) ++taken;
  void* room = alignment == 0 ? std::malloc(octets)
                              : std::aligned_alloc(
                                    alignment, (octets + alignment - 1) / alignment * alignment);
  if (room == nullptr) throw std::bad_alloc();
  return room;
}

}  // namespace counted_heap

void* operator new(size_t octets) { return counted_heap::Take(octets); }
void* operator new[](size_t octets) { return counted_heap::Take(octets); }
void* operator new(size_t octets, std::align_val_t alignment) {
  return counted_heap::Take(octets, static_cast<size_t>(alignment));
}
void* operator new[](size_t octets, std::align_val_t alignment) {
  return counted_heap::Take(octets, static_cast<size_t>(alignment));
}
void operator delete(void* room) noexcept { std::free(room); }
void operator delete[](void* room) noexcept { std::free(room); }
void operator delete(void* room, size_t) noexcept { std::free(room); }
void operator delete[](void* room, size_t) noexcept { std::free(room); }
void operator delete(void* room, std::align_val_t) noexcept { std::free(room); }
void operator delete[](void* room, std::align_val_t) noexcept { std::free(room); }
void operator delete(void* room, size_t, std::align_val_t) noexcept { std::free(room); }
void operator delete[](void* room, size_t, std::align_val_t) noexcept { std::free(room); }

namespace counted_heap {

// From here on the threads of these loops are counted.
inline void CountOn(idnode::EventLoops& loops) {
  for (size_t i = 0; i < loops.size(); ++i) {
    std::promise<void> done;
    boost::asio::post(loops.io(i), [&done] {
      counts_here = true;
      done.set_value();
    });
    done.get_future().wait();
  }
}

}  // namespace counted_heap
