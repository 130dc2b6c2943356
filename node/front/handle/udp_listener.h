#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "node/front/handle/handle_loop.h"
#include "node/front/handle/udp_sender.h"
#include "node/runtime/listener.h"
#include "proto/base/result.h"

namespace idnode {

// One address of the Handle protocol over UDP, on one loop (spec/handle-protocol.md 3.6): a batch
// of datagrams in, a batch of datagrams out.
class UdpListener : public std::enable_shared_from_this<UdpListener> {
 public:
  explicit UdpListener(std::shared_ptr<HandleLoop> loop);

  Status Listen(const boost::asio::ip::udp::endpoint& endpoint, bool shared_port);
  // On the loop's thread:
  void Start() { WaitForMore(); }
  void StopReading() { stopping_ = true; }  // Answers still go out.
  void Close();

 private:
  static constexpr size_t kBatch = Resolutions::kBatchMax;

  // A whole message in the loop's output, envelope first. `note` counts it.
  struct Answer {
    const UdpPeer* peer;
    size_t begin, end;
    const ResolutionNote* note;
  };
  // What is sent of one: all of it, or a fragment.
  struct Piece {
    bool is_fragment;  // It stands in fragments_, not in the loop's output.
    size_t begin, octets;
    size_t answer;
    bool last;  // Of its answer.
  };
  struct Waiting;

  void WaitForMore();
  void OnReadable();
  size_t ServeRound();

  size_t Receive();
  void Take(size_t i);
  void AddItem(size_t peer, const Envelope& envelope, std::string_view message);
  void Refuse(size_t peer, const Envelope& envelope, ResponseCode code);
  void AddAnswer(size_t item);

  void HandOver(size_t item);
  void Forget(const Waiting& waiting);
  bool AskDisk(const std::shared_ptr<Waiting>& waiting, std::string_view handle);
  void AskDispatcher(const std::shared_ptr<Waiting>& waiting);
  void OnFetched(Waiting& waiting, const Resolutions::Fetched& fetched);
  void OnReply(const Waiting& waiting, const Reply& reply);

  // udp_send.cc
  void SendAnswers(uint64_t received_micros);
  void CountSent(uint64_t micros);
  void Cut(size_t answer);

  const std::shared_ptr<HandleLoop> loop_;
  UdpSocket socket_;
  bool any_address_ = false;  // Answers must leave from where the question went.
  bool stopping_ = false;
  uint64_t received_micros_ = 0, send_micros_ = 0;
  uint32_t now_seconds_ = 0;

  std::vector<char> rooms_;
  std::array<UdpPeer, kBatch> peers_;
  std::array<mmsghdr, kBatch> headers_;
  std::array<iovec, kBatch> places_;
  std::array<BatchItem, kBatch> items_;
  std::array<size_t, kBatch> peer_of_item_;
  size_t item_count_ = 0;
  std::vector<std::string> joined_;  // Messages of several datagrams.

  std::vector<Answer> answers_;
  std::string fragments_;
  std::vector<Piece> pieces_;
  std::vector<OutgoingDatagram> outgoing_;
  UdpSender sender_;
};

}  // namespace idnode
