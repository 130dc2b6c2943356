#pragma once

#include <memory>

#include "storage/engine/engine.h"

namespace idnode {

// Sorted maps in memory, with the contract of any engine: for tests and simulations. It keeps no
// files: Checkpoint() is kUnsupported.
class MemoryEngine : public Engine {
 public:
  // What a power cut at this moment would leave: the state as of the last synced write.
  virtual std::unique_ptr<MemoryEngine> AfterPowerCut() const = 0;
};

std::unique_ptr<MemoryEngine> OpenMemoryEngine();

}  // namespace idnode
