#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "node/front/handle/frame_session.h"
#include "node/front/handle/handle_loop.h"

namespace idnode {

using TcpSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// A socket and its session (spec/handle-protocol.md 3.7). It stays open after an answer: Teleinfo's
// clients keep connections, stock clients close theirs. The loop's list keeps it alive until it is
// closed; what is under way keeps it beyond. While nothing is under way it holds no buffer but the
// one that is read into.
class HandleConnection : public std::enable_shared_from_this<HandleConnection>,
                         private FrameSession::Owner {
 public:
  HandleConnection(std::shared_ptr<HandleLoop> loop, Transport transport, const Address& source);
  ~HandleConnection() override = default;

  // Enters the loop's list and begins. Once.
  void Open();
  // Once a second: the time limits.
  void Tick();
  // The node is stopping: what was asked is answered, then the connection ends.
  void Wind();
  void Close();
  // What it has read is served with what others have read in the same turn: its questions join a
  // batch, are answered, and then it goes on with the rest.
  size_t JoinBatch(std::string_view octets, uint64_t now_micros, FrameBatch& batch);
  void TakeAnswers(std::span<BatchItem> items, std::string_view answers, uint64_t now_micros);
  void GoOn(std::string_view rest);
  // What the loop was last told that this keeps.
  size_t held_octets() const { return held_; }

 protected:
  // The socket's part. Each Start… ends in one On…; a failure in Close.
  virtual void Begin() { OnBegun(); }
  virtual void StartReading() = 0;
  // What the kernel takes at once; nothing where that cannot be said.
  virtual size_t WriteNow(std::string_view octets) = 0;
  virtual void StartWriting(std::string_view octets) = 0;
  virtual void ShutDownSending() = 0;
  virtual void CloseSocket() = 0;

  void OnBegun();
  void OnRead(std::string_view octets);
  // The same for octets that stay until the next StartReading.
  void OnReadKept(std::string_view octets);
  void OnReadEnd();
  void OnWritten(size_t octets);
  bool closed() const { return closed_; }
  HandleLoop& loop() { return *loop_; }

 private:
  bool HasRoomFor(size_t octets) const override;
  bool AskDisk(uint64_t number, std::string_view handle) override;
  void AskDispatcher(uint64_t number, Question question) override;
  void AskFurther(uint64_t number, const FrameSession::Rest& rest) override;
  // Brings a reply back to this loop, and gives free what its question took.
  std::function<void(Reply)> Taker(uint64_t number, size_t question_octets);

  void Advance(std::string_view fresh);
  void ServeAll(std::string_view& in);
  void CountMessages(uint64_t now_micros);
  std::string& Output();
  void Deliver(std::string_view out);
  void WriteOut();
  void Continue();
  void Linger();
  bool IsMidMessage() const;
  void Account();

  const std::shared_ptr<HandleLoop> loop_;
  const Transport transport_;
  const Address source_;
  FrameSession session_;
  size_t place_ = 0;     // In loop_->connections.
  std::string in_;       // Part of a message, or what waits until answers are sent.
  size_t in_begin_ = 0;  // Before it all was served.
  std::string out_;      // What is being written; nobody touches it meanwhile.
  size_t written_ = 0;
  size_t notes_written_ = 0;  // The notes that belong to it.
  std::string next_;          // What was answered meanwhile.
  bool opened_ = false, begun_ = false, closed_ = false;
  bool reading_ = false, writing_ = false, peer_ended_ = false, lingering_ = false;
  bool winding_ = false;
  bool in_turn_ = false;  // Waits for the others that are readable.
  uint64_t counted_messages_ = 0;
  size_t held_ = 0;

  uint64_t messages_before_ = 0;  // At the last tick.
  uint32_t idle_waited_ = 0, message_waited_ = 0, write_waited_ = 0, linger_waited_ = 0;
};

// Over a plain socket.
std::shared_ptr<HandleConnection> MakeTcpConnection(std::shared_ptr<HandleLoop> loop,
                                                    TcpSocket socket, const Address& source);

}  // namespace idnode
