#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace idnode {

// An answer as it came over the wire.
struct RawAnswer {
  int status = 0;                             // 0: the connection ended without one.
  std::map<std::string, std::string> fields;  // Names in lower case.
  std::string body;                           // Chunks joined.
  bool complete = false;
};

// A blocking client that sends any octets and believes nothing.
class RawClient {
 public:
  explicit RawClient(uint16_t port, int receive_octets = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_octets > 0) {
      setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_octets, sizeof receive_octets);
    }
    const timeval limit{20, 0};  // A server that says nothing fails the test.
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("connect");
    }
  }
  virtual ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;

  // False: the server has gone.
  bool Send(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t sent = Write(octets);
      if (sent <= 0) return false;
      octets.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  void EndSending() { ::shutdown(socket_, SHUT_WR); }

  // The next answer; `head_only` for HEAD and 204.
  RawAnswer Receive(bool head_only = false) {
    RawAnswer answer;
    std::string head;
    if (!TakeUntil("\r\n\r\n", head)) return answer;
    answer.status = head.size() > 12 ? std::atoi(head.substr(9, 3).c_str()) : -1;
    size_t at = head.find("\r\n");
    while (at != std::string::npos && at + 2 < head.size()) {
      const size_t end = head.find("\r\n", at + 2);
      const std::string line = head.substr(at + 2, end - at - 2);
      const size_t colon = line.find(": ");
      if (colon != std::string::npos) {
        std::string name = line.substr(0, colon);
        for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        // Of a repeated field, one value behind the other (RFC 9110 section 5.3).
        std::string& value = answer.fields[name];
        value.append(value.empty() ? "" : ", ").append(line.substr(colon + 2));
      }
      at = end;
    }
    if (head_only || answer.status == 204 || answer.status == 100) {
      answer.complete = true;
    } else if (answer.fields.contains("content-length")) {
      const size_t size = std::stoul(answer.fields["content-length"]);
      answer.complete = Take(size, answer.body);
    } else if (answer.fields.contains("transfer-encoding")) {
      answer.complete = TakeChunks(answer.body);
    } else {
      while (Fill()) {
      }
      answer.body.swap(buffer_);
      answer.complete = true;
    }
    return answer;
  }

  // The server closes, and sends nothing more.
  bool IsClosed() { return buffer_.empty() && !Fill() && !timed_out_; }

  RawAnswer Ask(std::string_view octets) {
    Send(octets);
    return Receive(octets.starts_with("HEAD "));
  }
  bool TakeLine(std::string& line) { return TakeUntil("\n", line); }
  bool TakeUntil(std::string_view end, std::string& out) {
    size_t at;
    while ((at = buffer_.find(end)) == std::string::npos) {
      if (!Fill()) return false;
    }
    out = buffer_.substr(0, at + end.size());
    buffer_.erase(0, at + end.size());
    return true;
  }

 protected:
  virtual ssize_t Write(std::string_view octets) {
    return ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
  }
  virtual ssize_t Read(char* octets, size_t size) { return ::recv(socket_, octets, size, 0); }
  int socket() const { return socket_; }

 private:
  bool Fill() {
    char octets[65'536];
    const ssize_t got = Read(octets, sizeof octets);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) timed_out_ = true;
    if (got <= 0) return false;
    buffer_.append(octets, static_cast<size_t>(got));
    return true;
  }
  bool Take(size_t size, std::string& out) {
    while (buffer_.size() < size) {
      if (!Fill()) return false;
    }
    out += buffer_.substr(0, size);
    buffer_.erase(0, size);
    return true;
  }
  bool TakeChunks(std::string& out) {
    for (;;) {
      std::string line, end;
      if (!TakeUntil("\r\n", line)) return false;
      const size_t size = std::stoul(line, nullptr, 16);
      if (size > 0 && !Take(size, out)) return false;
      if (!TakeUntil("\r\n", end) || end != "\r\n") return false;
      if (size == 0) return true;
    }
  }

  int socket_;
  std::string buffer_;
  bool timed_out_ = false;
};

}  // namespace idnode
