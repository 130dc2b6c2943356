#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "proto/base/result.h"
#include "proto/rpc/sync.grpc.pb.h"

namespace idnode {

// Where the node above is and how it is spoken to.
class UpstreamTarget {
 public:
  // kMalformed: not host:port, or a token that no header can carry. kMissingField: some of the TLS
  // files only. kUnsupported: plain text to another machine. kIo: a TLS file cannot be read.
  static Result<UpstreamTarget> Create(const std::string& address, const std::string& token,
                                       const std::string& ca_file,
                                       const std::string& certificate_file,
                                       const std::string& key_file);

  // A channel of its own for each attempt: what gRPC remembers of the last failure (its own
  // backoff) does not delay ours.
  std::shared_ptr<grpc::Channel> Open() const;
  const std::string& authorization() const { return authorization_; }

 private:
  std::string address_;
  std::string authorization_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
};

// One stream to the node above, from its call to its end. One read and one write may be under way.
// Threads: one, but for the reactions, which gRPC runs on its own and which only ring the bell.
class UpstreamLink : private grpc::ClientBidiReactor<v1::FromChild, v1::FromParent> {
 public:
  // `ring` is called from gRPC's threads whenever Take() would say something new.
  UpstreamLink(const UpstreamTarget& target, std::function<void()> ring);
  ~UpstreamLink() override { (void)Close(); }

  // What has happened since the last look.
  struct News {
    bool read = false;     // in() holds a message. Read() asks for the next.
    bool written = false;  // out() may be written again.
    bool ended = false;    // Nothing more will come; Close() says why.
  };
  News Take();

  void Read();
  void Write();  // Sends out(), which must not be touched until `written`.
  v1::FromChild& out() { return out_; }
  const v1::FromParent& in() const { return in_; }

  // Ends the call, if the other side has not, and waits for gRPC's last reaction: a cancelled call
  // is over at once, whether or not the other side still answers. Why it ended.
  Error Close();

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  const std::function<void()> ring_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Sync::Stub> stub_;
  grpc::ClientContext context_;
  v1::FromChild out_;
  v1::FromParent in_;

  bool closed_ = false;
  std::mutex mutex_;
  std::condition_variable done_;
  News news_;
  std::optional<grpc::Status> status_;  // Set by the last reaction.
};

}  // namespace idnode
