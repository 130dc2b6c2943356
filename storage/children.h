#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/crypto/digest.h"
#include "proto/tlog/tree.h"
#include "storage/change.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"
#include "storage/log_record.h"
#include "storage/position.h"

namespace idnode {

// The nodes below, and what they have sent: for a top-level node (国家顶级节点) its secondary
// nodes, for a secondary node its enterprise nodes. Kept word for word, since it is evidence.
struct Child {
  uint32_t number = 0;  // Given by us, from 1.
  std::string node_id;  // As it names itself; bound to the token it docked with.
  std::string name;
  std::string prefix;
  std::string token_id;
  Position head;  // The last record of its log that we hold.
  Digest tip{};   // Leaf hash of that record: the next one's predecessor.
  Frontier tree;  // Over its records, so that its checkpoints can be checked.
  Time docked;
  Position version;  // Ours.
};

// kNotFound, kCorrupt.
Result<Child> FindChild(const Rows& rows, std::string_view node_id);
Result<Child> ReadChild(const Rows& rows, uint32_t number);
// Ascending by number.
Result<std::vector<Child>> ListChildren(const Rows& rows);

// The stored row, without version. kMalformed, kFormatVersion.
std::string EncodeChild(const Child& child);
Result<Child> DecodeChild(std::string_view row);

// Adds the docking of a new child: neither its number nor its node id may be there.
void AddDockChild(Change& change, const Child& child);

// Checks that `records` follow what we hold of `child` (dense positions, chain of hashes,
// well-formed, within limits) and adds one item that stores them, its figures and its directory.
// Whatever origin its figures claim, they are kept under the child's number. The child's row must
// be as it was read, so a batch that comes twice is stored once. Returns the child as it will be.
// kGap, kForged, kMalformed, kFormatVersion, kTooLarge: nothing is added.
Result<Child> AddChildRecords(Change& change, const Child& child,
                              const std::vector<std::string_view>& records);

// A child's enterprises and prefixes are kept as rows of our own, replaced by each such event. The
// key of that row; kMalformed, kFormatVersion: the event's body is no row.
bool IsDirectoryEvent(EventKind kind);
Result<std::string> ChildDirectoryKey(uint32_t child, const LogItem& item);

// Connected enterprises of a child by what it has sent: enterprises with an active prefix. Reads
// every enterprise and prefix of the child.
Result<int64_t> ConnectedEnterprises(const Rows& rows, uint32_t child);
Status EachChildEnterprise(const Rows& rows, uint32_t child,
                           const std::function<void(const Enterprise&)>& each);

// The same number, kept up to date change by change: each costs what it holds, however many
// enterprises the child has. At most limits::kEnterprisesMax of them, some forty octets each.
class ConnectedCount {
 public:
  // Reads every enterprise and prefix once. kTooLarge, kCorrupt.
  static Result<ConnectedCount> Read(const Rows& rows, uint32_t child);

  // What a change of AddChildRecords will do to the number, by the rows as they are before it.
  // kTooLarge, kCorrupt.
  struct Step {
    uint32_t enterprise = 0;
    int32_t prefixes = 0;        // So many more of its prefixes are active.
    std::optional<bool> active;  // The enterprise is, or no more.
  };
  Result<std::vector<Step>> StepsOf(const Rows& rows, const Change& change) const;
  // The change is durable.
  void Take(const std::vector<Step>& steps);

  int64_t connected() const { return connected_; }

 private:
  struct Holding {
    uint32_t prefixes = 0;
    bool active = false;
    bool connected() const { return active && prefixes > 0; }
  };
  explicit ConnectedCount(uint32_t child) : child_(child) {}
  Status AddPrefixSteps(const Rows& rows, std::string_view key, std::string_view body,
                        std::vector<Step>& steps) const;
  void Take(const Step& step);

  uint32_t child_;
  std::unordered_map<uint32_t, Holding> holdings_;
  int64_t connected_ = 0;
};

}  // namespace idnode
