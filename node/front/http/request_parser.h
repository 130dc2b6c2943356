#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "node/front/http/request.h"
#include "proto/base/result.h"

namespace idnode {

// A refusal of the protocol itself: the status is not that of the error's row.
struct HeadProblem {
  uint16_t status = 0;  // 0: none.
  Error error;
};

// Finds the end of a request head, looking at each octet once however it arrives. A line that does
// not end in CRLF, or that continues the one before (obs-fold), is found as soon as it is there.
class HeadScanner {
 public:
  void Restart() { scanned_ = line_ = 0; }
  // The head's size with its empty line; 0: more is needed. kMalformed. `data` starts where the
  // last call's did.
  Result<size_t> Find(std::string_view data);

 private:
  size_t scanned_ = 0;
  size_t line_ = 0;  // Where the present line begins.
};

// Octets into requests: Beast's grammar, and the rules it leaves to its users
// (spec/reliability.md R46).
class RequestParser {
 public:
  RequestParser();
  ~RequestParser();

  // `head` is what HeadScanner found. Views in `request` point into it.
  HeadProblem ParseHead(std::string_view head, Request& request);

  // Takes octets of the body, appends what they carry to `body`, and returns how many were taken.
  // None: more octets are needed to go on. kMalformed.
  Result<size_t> ParseBody(std::string_view octets, std::string& body);
  bool complete() const;

 private:
  struct Grammar;
  struct State;
  std::unique_ptr<State> state_;
};

// Reads a head as nearly all are: GET, HEAD or POST, HTTP/1.1, nothing that changes the framing but
// one Content-Length, no end of the connection. What it reads, RequestParser reads alike; of
// what it leaves (false), RequestParser says what is to be made. CheckHead has still to be asked.
bool ReadUsualHead(std::string_view head, Request& request);

// The rules for a head that is well formed by grammar.
HeadProblem CheckHead(Request& request);

}  // namespace idnode
