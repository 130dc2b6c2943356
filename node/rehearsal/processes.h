#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "proto/base/guarded.h"
#include "proto/base/result.h"

namespace idnode {

// Every process that a rehearsal starts, so that none outlives it: they are ended by its end, by an
// interrupt, and by the kernel where the rehearsal itself is killed.
//
// Threads: any; but a process ends with the thread that started it.
class Processes {
 public:
  ~Processes() { EndAll(); }

  // This very program with other arguments: its standard input is empty, what it writes goes to the
  // end of `log_file`. It has no settings of this process's environment. kIo; kShuttingDown: all
  // were ended.
  Result<pid_t> Start(const std::vector<std::string>& arguments, const std::string& log_file);

  // Whether it still runs. One that has ended is forgotten.
  bool Runs(pid_t process);
  // Asks it to end, and waits. kTimeout: it had to be killed; kInternal: it says that it failed.
  Status Stop(pid_t process, uint32_t seconds);
  void Kill(pid_t process);

  // From now on nothing is started.
  void EndAll();
  bool were_ended() const;

 private:
  struct State {
    std::vector<pid_t> running;
    bool were_ended = false;
  };
  Guarded<State> state_;
};

}  // namespace idnode
