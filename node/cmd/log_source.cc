#include "node/cmd/log_source.h"

#include <utility>

#include "node/client/log_client.h"
#include "node/cmd/client_options.h"
#include "node/cmd/session.h"
#include "node/cmd/web_getter.h"
#include "node/service/published_log.h"
#include "proto/base/limits.h"
#include "proto/base/reader.h"

namespace idnode {
namespace {

class GrpcLogSource : public LogSource {
 public:
  explicit GrpcLogSource(std::unique_ptr<LogClient> node) : node_(std::move(node)) {}

  NodeReply<Head> Last() override {
    auto reply = node_->GetCheckpoint();
    if (!reply) return reply.problem();
    Head head{reply->note(), {}};
    for (const std::string& key : reply->keys()) head.key_lines.append(key).append("\n");
    return head;
  }

  NodeReply<std::string> Cosigned() override {
    auto reply = node_->GetCheckpoint();
    if (!reply) return reply.problem();
    if (reply->cosigned_note().empty()) {
      return RemoteProblem{Errc::kNotFound, "no node above has signed a checkpoint"};
    }
    return reply->cosigned_note();
  }

  NodeReply<std::string> WitnessKey() override {
    auto reply = node_->GetCheckpoint();
    if (!reply) return reply.problem();
    if (reply->witness_key().empty()) {
      return RemoteProblem{Errc::kNotFound, "the node is nobody's witness"};
    }
    return reply->witness_key() + "\n";
  }

  NodeReply<bool> Read(uint64_t from, uint64_t through, const EachRecord& each) override {
    v1::ReadLogRequest request;
    request.set_from(from);
    request.set_through(through);
    return node_->Read(request, [&](const v1::ReadLogResponse& message) {
      for (const std::string& thin : message.records()) {
        if (!each(thin)) return false;
      }
      return true;
    });
  }

 private:
  std::unique_ptr<LogClient> node_;
};

class WebLogSource : public LogSource {
 public:
  explicit WebLogSource(std::unique_ptr<WebGetter> web) : web_(std::move(web)) {}

  NodeReply<Head> Last() override {
    auto note = web_->Get("/log/checkpoint");
    if (!note) return note.problem();
    auto keys = web_->Get("/log/keys");
    if (!keys) return keys.problem();
    return Head{*note, *keys};
  }

  NodeReply<std::string> Cosigned() override { return web_->Get("/log/cosigned"); }
  NodeReply<std::string> WitnessKey() override { return web_->Get("/log/witness"); }

  NodeReply<bool> Read(uint64_t from, uint64_t through, const EachRecord& each) override {
    while (from <= through) {
      auto run = web_->Get("/log/records?from=" + std::to_string(from) +
                           "&octets=" + std::to_string(kLogRunOctetsMax));
      if (!run) return run.problem();
      const uint64_t before = from;
      Reader in(*run);
      // The node may have published more by now than the checkpoint that was asked about.
      for (; in.left() > 0 && from <= through; ++from) {
        const std::string_view thin = in.Text32(limits::kLogRecordOctetsMax);
        if (!in.ok()) return RemoteProblem{Errc::kMalformed, "/log/records: cut short"};
        if (!each(thin)) return false;
      }
      if (from == before) return RemoteProblem{Errc::kMalformed, "/log/records: no record"};
    }
    return true;
  }

 private:
  std::unique_ptr<WebGetter> web_;
};

std::unique_ptr<LogSource> OpenOverGrpc(const GlobalOptions& global, int& exit_code) {
  ClientOptions options;
  if (!ClientOptionsFor(global, options, exit_code)) return nullptr;
  auto node = LogClient::Open(options, global.timeout_seconds);
  if (!node) {
    exit_code = Refused(options.address, node.error());
    return nullptr;
  }
  return std::make_unique<GrpcLogSource>(*std::move(node));
}

}  // namespace

std::unique_ptr<LogSource> OpenLogSource(const std::string& url, const GlobalOptions& global,
                                         int& exit_code) {
  if (url.empty()) return OpenOverGrpc(global, exit_code);
  WebGetter::Options options{url, {}, global.ca_file, global.timeout_seconds};
  if (!TokenFor(global, options.token, exit_code)) return nullptr;
  auto web = WebGetter::Open(options);
  if (!web) {
    exit_code = Refused(url, web.error());
    return nullptr;
  }
  return std::make_unique<WebLogSource>(*std::move(web));
}

}  // namespace idnode
