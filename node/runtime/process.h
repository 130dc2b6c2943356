#pragma once

#include <cstdint>
#include <string_view>

namespace idnode {

// Blocks SIGINT, SIGTERM and SIGHUP in the calling thread and in all it starts, and ignores
// SIGPIPE. Call before the first thread.
void BlockSignals();
// Waits for one of them and returns its number.
int WaitForSignal();
// 0: none came in time.
int WaitForSignal(uint32_t millis);

// Tells systemd (sd_notify(3)); does nothing when it is not there.
void NotifyReady(std::string_view status);
void NotifyStopping();
void NotifyStatus(std::string_view status);
void NotifyWatchdog();

}  // namespace idnode
