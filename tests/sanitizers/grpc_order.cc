// What Debian's gRPC orders, told to the thread sanitizer.
//
// gRPC hands what we gave it from one thread to another under abseil's mutexes and through queues
// without locks. Both are built without the sanitizer, which would report each hand-over as a race.
// The functions here take the place of those of the libraries when a program is linked, call them,
// and add what they mean. So our code beside gRPC stays checked, instead of being excused.

#include <absl/synchronization/mutex.h>
#include <dlfcn.h>
#include <grpc/grpc.h>
#include <grpcpp/server.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <cstdlib>

namespace {

// The library's own, with the signature of the one that stands here.
template <class Function>
Function* Real(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) std::abort();  // Another library than the one that we know.
  return reinterpret_cast<Function*>(found);
}

}  // namespace

// abseil's mutexes, by their names in Debian's inline namespace.

#define IDNODE_ABSEIL_NAME(rest) "_ZN4absl7debian3" rest

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static const auto real = Real<void(Mutex*)>(IDNODE_ABSEIL_NAME("5Mutex4LockEv"));
  real(this);
  __tsan_acquire(this);
}

bool Mutex::TryLock() {
  static const auto real = Real<bool(Mutex*)>(IDNODE_ABSEIL_NAME("5Mutex7TryLockEv"));
  const bool locked = real(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::Unlock() {
  static const auto real = Real<void(Mutex*)>(IDNODE_ABSEIL_NAME("5Mutex6UnlockEv"));
  __tsan_release(this);
  real(this);
}

// A wait gives the mutex away and takes it back.

void CondVar::Wait(Mutex* mutex) {
  static const auto real =
      Real<void(CondVar*, Mutex*)>(IDNODE_ABSEIL_NAME("7CondVar4WaitEPNS0_5MutexE"));
  __tsan_release(mutex);
  real(this, mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static const auto real = Real<bool(CondVar*, Mutex*, Duration)>(
      IDNODE_ABSEIL_NAME("7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE"));
  __tsan_release(mutex);
  const bool expired = real(this, mutex, timeout);
  __tsan_acquire(mutex);
  return expired;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static const auto real = Real<bool(CondVar*, Mutex*, Time)>(
      IDNODE_ABSEIL_NAME("7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE"));
  __tsan_release(mutex);
  const bool expired = real(this, mutex, deadline);
  __tsan_acquire(mutex);
  return expired;
}

ABSL_NAMESPACE_END
}  // namespace absl

// What was done before an operation was started has been done when its tag comes back.

namespace {

using Run = void(grpc_completion_queue_functor*, int);

// None: the program has no such calls.
template <const char* kName>
Run* Original() {
  static const auto original = reinterpret_cast<Run*>(dlsym(RTLD_DEFAULT, kName));
  return original;
}

// gRPC calls this where the tag says.
template <const char* kName>
void Finished(grpc_completion_queue_functor* tag, int ok) {
  __tsan_acquire(tag);
  Original<kName>()(tag, ok);
}

constexpr char kSuccessTag[] =
    "_ZN4grpc8internal22CallbackWithSuccessTag9StaticRunEP29grpc_completion_queue_functori";
constexpr char kStatusTag[] =
    "_ZN4grpc8internal21CallbackWithStatusTag9StaticRunEP29grpc_completion_queue_functori";

// Stands for the counts of references, atomics of the library, by which gRPC learns that nobody is
// at a call any more, and that a server has no more calls.
char calls_over;

// Tags of completion queues are objects too, and do not begin with either function.
void Hook(grpc_completion_queue_functor& tag) {
  if (tag.functor_run == nullptr) return;
  if (tag.functor_run == Original<kSuccessTag>()) tag.functor_run = Finished<kSuccessTag>;
  if (tag.functor_run == Original<kStatusTag>()) tag.functor_run = Finished<kStatusTag>;
}

}  // namespace

extern "C" {

grpc_call_error grpc_call_start_batch(grpc_call* call, const grpc_op* operations, size_t count,
                                      void* tag, void* reserved) {
  static const auto real = Real<decltype(grpc_call_start_batch)>("grpc_call_start_batch");
  if (tag != nullptr) Hook(*static_cast<grpc_completion_queue_functor*>(tag));
  __tsan_release(tag);
  return real(call, operations, count, tag, reserved);
}

// Whoever is done with a call has done all that it did with it: see below.
void grpc_call_unref(grpc_call* call) {
  static const auto real = Real<decltype(grpc_call_unref)>("grpc_call_unref");
  __tsan_release(&calls_over);
  real(call);
}

grpc_event grpc_completion_queue_next(grpc_completion_queue* queue, gpr_timespec deadline,
                                      void* reserved) {
  static const auto real = Real<decltype(grpc_completion_queue_next)>("grpc_completion_queue_next");
  const grpc_event event = real(queue, deadline, reserved);
  if (event.type == GRPC_OP_COMPLETE) __tsan_acquire(event.tag);
  return event;
}

grpc_event grpc_completion_queue_pluck(grpc_completion_queue* queue, void* tag,
                                       gpr_timespec deadline, void* reserved) {
  static const auto real =
      Real<decltype(grpc_completion_queue_pluck)>("grpc_completion_queue_pluck");
  const grpc_event event = real(queue, tag, deadline, reserved);
  if (event.type == GRPC_OP_COMPLETE) __tsan_acquire(tag);
  return event;
}

}  // extern "C"

namespace grpc {

void internal::ServerCallbackCall::ScheduleOnDone(bool inline_ondone) {
  static const auto real = Real<void(ServerCallbackCall*, bool)>(
      "_ZN4grpc8internal18ServerCallbackCall14ScheduleOnDoneEb");
  __tsan_acquire(&calls_over);
  // The library may have counted down last, but callbacks that were compiled with us did so too.
  (void)callbacks_outstanding_.load(std::memory_order_acquire);
  real(this, inline_ondone);
}

// Returns when the last call is over.
void Server::ShutdownInternal(gpr_timespec deadline) {
  static const auto real =
      Real<void(Server*, gpr_timespec)>("_ZN4grpc6Server16ShutdownInternalE12gpr_timespec");
  real(this, deadline);
  __tsan_acquire(&calls_over);
}

}  // namespace grpc
