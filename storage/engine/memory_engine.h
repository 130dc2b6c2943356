#pragma once

#include <memory>

#include "storage/engine/engine.h"

namespace idnode {

// Sorted maps in memory, with the contract of any engine: for tests and simulations. `lose_unsynced`
// answers what a power cut would leave: the state as of the last synced write.
class MemoryEngine : public Engine {
 public:
  virtual std::unique_ptr<MemoryEngine> AfterPowerCut() const = 0;
};

std::unique_ptr<MemoryEngine> OpenMemoryEngine();

}  // namespace idnode
