#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <string>
#include <string_view>

#include "node/rehearsal/processes.h"
#include "node/rehearsal/rehearsed_node.h"
#include "proto/base/result.h"

namespace idnode {

// What a rehearsal has of the operator's: nothing else of his is read, and nothing is written.
struct StageSettings {
  std::string prefix = "88.118";  // Of the secondary node.
  std::string name = "演练二级节点";
  std::string subject;  // JSON: the subject data of its operator; empty: an example.
};

// Three levels on loopback, each node a process of its own: a top-level node, the secondary node
// that is rehearsed, and two enterprise nodes below it; an enterprise that the secondary node
// hosts.
//
//   top 127.0.0.1      secondary 127.0.0.2 and ::1      first 127.0.0.3      second 127.0.0.4
//
// One thread.
class Stage {
 public:
  // `folder`: empty, for this stage alone.
  Stage(StageSettings settings, std::string folder, Processes& processes);

  // Starts all of them, docked, each with an enterprise and an identifier. `where`: which node an
  // error is about.
  Status Open(std::string& where);

  const StageSettings& settings() const { return settings_; }
  const std::string& folder() const { return folder_; }
  RehearsedNode& top() { return *top_; }
  RehearsedNode& secondary() { return *secondary_; }
  RehearsedNode& first() { return *first_; }
  RehearsedNode& second() { return *second_; }
  std::list<RehearsedNode>& nodes() { return nodes_; }
  // One more, which is not started.
  RehearsedNode& Add(const std::string& name, RehearsedNode::Settings settings);

  // 8 -> 88.118.8: a prefix below that of the secondary node.
  std::string Below(unsigned number) const;
  // The identifiers that there are from the beginning: hosted, and of the enterprise nodes.
  std::string hosted() const { return Below(8) + "/SN-1"; }
  std::string self_built() const { return Below(9) + "/SN-9"; }
  std::string other() const { return Below(10) + "/SN-10"; }
  static std::string LinkOf(std::string_view identifier);  // Their URL.
  bool has_ipv6() const { return ipv6_port_ != 0; }
  std::string ipv6_server() const { return "[::1]:" + std::to_string(ipv6_port_); }

  // Asks until the answer is yes; false: it was not in time, or the rehearsal was interrupted.
  bool WaitFor(uint32_t seconds, const std::function<bool()>& holds) const;
  bool was_interrupted() const { return processes_.were_ended(); }

  // Gives a node that is not started a token of another, starts it and waits until it has docked.
  Status Dock(RehearsedNode& below, RehearsedNode& above);
  // An enterprise with a prefix and an identifier below it.
  NodeReply<bool> Hold(RehearsedNode& node, const std::string& prefix,
                       const std::string& identifier);

 private:
  RehearsedNode& Served(const std::string& name, const std::string& host, std::string prefix,
                        RehearsedNode::Settings more);

  const StageSettings settings_;
  const std::string folder_;
  Processes& processes_;
  std::list<RehearsedNode> nodes_;
  RehearsedNode *top_ = nullptr, *secondary_ = nullptr, *first_ = nullptr, *second_ = nullptr;
  uint16_t ipv6_port_ = 0;
};

// A folder that nobody else has, gone with its owner unless it is kept.
class ScratchFolder {
 public:
  // Below TMPDIR. kIo.
  static Result<ScratchFolder> Make();
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();

  const std::string& path() const { return path_; }
  void Keep() { is_kept_ = true; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
  bool is_kept_ = false;
};

}  // namespace idnode
