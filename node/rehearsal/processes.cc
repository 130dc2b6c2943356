#include "node/rehearsal/processes.h"

#include <fcntl.h>
#include <signal.h>  // POSIX's: kill. NOLINT(modernize-deprecated-headers)
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

namespace idnode {
namespace {

constexpr auto kPause = std::chrono::milliseconds(5);
constexpr int kFirstOther = 3;  // Behind standard input, output and error.

std::vector<char*> PointersTo(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWithoutSettings() {
  std::vector<std::string> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("IDNODE_")) kept.emplace_back(*variable);
  }
  return kept;
}

// In the new process, between fork and exec: only what is safe in a handler of signals.
[[noreturn]] void Become(char* const* arguments, char* const* environment, int log, pid_t parent) {
  // A group of its own: Ctrl-C is for the rehearsal, which ends it.
  if (::setpgid(0, 0) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) ::_exit(127);
  if (::getppid() != parent) ::_exit(127);  // It died before the line above.
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || ::dup2(nothing, 0) < 0 || ::dup2(log, 1) < 0 || ::dup2(log, 2) < 0) {
    ::_exit(127);
  }
  ::close_range(kFirstOther, ~0u, 0);
  ::execve("/proc/self/exe", arguments, environment);
  ::_exit(127);
}

enum class Ending : uint8_t { kRuns, kWell, kBadly };

Ending EndingOf(pid_t process) {
  int status = 0;
  if (::waitpid(process, &status, WNOHANG) != process) return Ending::kRuns;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Ending::kWell : Ending::kBadly;
}

}  // namespace

Result<pid_t> Processes::Start(const std::vector<std::string>& arguments,
                               const std::string& log_file) {
  std::vector<std::string> words{"idnode"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::vector<std::string> environment = EnvironmentWithoutSettings();
  const std::vector<char*> argument_pointers = PointersTo(words);
  const std::vector<char*> environment_pointers = PointersTo(environment);
  return state_.With([&](State& state) -> Result<pid_t> {
    if (state.were_ended) return Error{Errc::kShuttingDown, "the rehearsal was ended"};
    const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) return Error{Errc::kIo, "the log of a node cannot be written"};
    const pid_t parent = ::getpid();
    const pid_t process = ::fork();
    if (process == 0) {
      Become(argument_pointers.data(), environment_pointers.data(), log, parent);
    }
    ::close(log);
    if (process < 0) return Error{Errc::kIo, "no process can be started"};
    state.running.push_back(process);
    return process;
  });
}

bool Processes::Runs(pid_t process) {
  return state_.With([&](State& state) {
    const auto found = std::ranges::find(state.running, process);
    if (found == state.running.end()) return false;
    if (EndingOf(process) == Ending::kRuns) return true;
    state.running.erase(found);
    return false;
  });
}

Status Processes::Stop(pid_t process, uint32_t seconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  for (bool asked = false;; asked = true) {
    const Ending ending = state_.With([&](State& state) {
      const auto found = std::ranges::find(state.running, process);
      if (found == state.running.end()) return Ending::kBadly;
      const Ending now = EndingOf(process);
      if (now != Ending::kRuns) {
        state.running.erase(found);
      } else if (!asked) {
        ::kill(process, SIGTERM);
      }
      return now;
    });
    if (ending == Ending::kWell) return {};
    if (ending == Ending::kBadly) return Error{Errc::kInternal, "the node did not end in order"};
    if (std::chrono::steady_clock::now() > until) break;
    std::this_thread::sleep_for(kPause);
  }
  Kill(process);
  return Error{Errc::kTimeout, "the node did not end"};
}

void Processes::Kill(pid_t process) {
  state_.With([&](State& state) {
    const auto found = std::ranges::find(state.running, process);
    if (found == state.running.end()) return;
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    state.running.erase(found);
  });
}

void Processes::EndAll() {
  state_.With([&](State& state) {
    state.were_ended = true;
    for (const pid_t process : state.running) ::kill(process, SIGKILL);
    for (const pid_t process : state.running) ::waitpid(process, nullptr, 0);
    state.running.clear();
  });
}

bool Processes::were_ended() const {
  return state_.With([](const State& state) { return state.were_ended; });
}

}  // namespace idnode
