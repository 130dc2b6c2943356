#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "node/rehearsal/evidence.h"
#include "node/rehearsal/stage.h"

namespace idnode {

// Resolutions of every class and outcome that there is, how many of each is known, asked of a node
// of its own: nothing else is counted there.
class CountedTraffic {
 public:
  // Who is asked for: an enterprise's code; empty: nobody's.
  using Key = std::tuple<std::string, std::string, std::string>;  // Class, outcome, enterprise.

  // Starts the node, enrols enterprises, registers. False: it was noted why not.
  bool Open(Stage& stage, Evidence& evidence);
  void AskEverything(Stage& stage, Evidence& evidence);
  // Stops the node and starts it again: what is known of the hour is sealed then.
  bool Restart(Evidence& evidence);

  RehearsedNode& node() { return *node_; }
  bool is_open() const { return node_ != nullptr && is_open_; }

  int64_t registered() const;  // Ever, so many; one of them was removed again.
  int64_t requests() const;
  int64_t requests_for(const std::string& enterprise) const;
  int64_t successes() const;                            // External and found.
  size_t identifiers() const { return found_.size(); }  // Of those, different ones.
  const std::map<Key, int64_t>& counts() const { return counts_; }
  const std::map<std::string, int64_t>& sources() const { return sources_; }
  static const std::string kAcme, kOther, kIdle;

 private:
  void Count(const std::string& source, const std::string& traffic_class,
             const std::string& outcome, const std::string& enterprise,
             const std::string& identifier);
  bool RegisterAll(Stage& stage, Evidence& evidence);
  void AskFromEverywhere(Stage& stage, Evidence& evidence);
  void AskAsPages(Stage& stage, Evidence& evidence);
  void AskToFindTheWay(Stage& stage, Evidence& evidence);
  void AskOverGrpc(Stage& stage, Evidence& evidence);
  bool Http(const std::string& source, const std::string& target,
            std::vector<std::pair<std::string, std::string>> fields, Evidence& evidence);

  RehearsedNode* node_ = nullptr;
  bool is_open_ = false;
  std::map<Key, int64_t> counts_;
  std::map<std::string, int64_t> sources_;
  std::set<std::string> found_;
};

}  // namespace idnode
