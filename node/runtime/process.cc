#include "node/runtime/process.h"

#include <signal.h>  // POSIX's: sigwait. NOLINT(modernize-deprecated-headers)
#include <systemd/sd-daemon.h>

#include <string>

#include "proto/base/result.h"

namespace idnode {
namespace {

sigset_t WaitedFor() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
  return signals;
}

// A line of the notification protocol: a newline would begin another assignment.
std::string Line(std::string_view name, std::string_view value) {
  std::string line(name);
  line.append(1, '=').append(value.substr(0, value.find('\n')));
  return line;
}

void Notify(const std::string& state) {
  // Nobody who listens, and a listener that is gone, are both no concern of the node.
  (void)sd_notify(/*unset_environment=*/0, state.c_str());
}

}  // namespace

void BlockSignals() {
  const sigset_t signals = WaitedFor();
  Require(pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0);
  Require(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
}

int WaitForSignal() {
  const sigset_t signals = WaitedFor();
  int number = 0;
  Require(sigwait(&signals, &number) == 0);
  return number;
}

int WaitForSignal(uint32_t millis) {
  const sigset_t signals = WaitedFor();
  const timespec time{.tv_sec = millis / 1'000, .tv_nsec = millis % 1'000 * 1'000'000L};
  const int number = sigtimedwait(&signals, nullptr, &time);
  return number < 0 ? 0 : number;
}

void NotifyReady(std::string_view status) { Notify("READY=1\n" + Line("STATUS", status)); }
void NotifyStopping() { Notify("STOPPING=1"); }
void NotifyStatus(std::string_view status) { Notify(Line("STATUS", status)); }
void NotifyWatchdog() { Notify("WATCHDOG=1"); }

}  // namespace idnode
