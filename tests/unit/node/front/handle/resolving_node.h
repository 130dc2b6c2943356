#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/front/handle/handle_front.h"
#include "node/service/answer_cache.h"
#include "node/service/resolver.h"
#include "proto/handle/requests.h"
#include "proto/ident/identifier.h"
#include "proto/record/record.h"
#include "storage/directory.h"
#include "storage/engine/memory_engine.h"
#include "storage/ledger.h"
#include "storage/registry.h"

namespace idnode {

// A node that holds 88.118.8 for enterprise 1, in memory, and answers what is put into it.
class ResolvingNode {
 public:
  ResolvingNode() {
    ledger = *Ledger::Open(*engine, *log, "", LedgerOptions{});
    directory = *Directory::Open(*engine);
    ledger->AddObserver(directory.get());
    ledger->AddObserver(&stamps);
    ledger->Start();
    Change change = NewChange();
    AddPutEnterprise(change, {.number = 1, .code = "acme", .name = "acme"}, std::nullopt);
    AddPutPrefix(change, {.prefix = {Scheme::kHandle, "88.118.8"}, .enterprise = 1}, std::nullopt);
    Commit(std::move(change));
  }

  // Registers it, or replaces its values.
  void Put(std::string_view handle, const std::vector<Value>& values) {
    const Identifier identifier = *ParseIdentifier(handle);
    Record record{.enterprise = 1, .created = 1'000, .modified = 2'000, .values = values};
    std::string octets, row;
    EncodeRecord(record, octets);
    Change change = NewChange();
    const auto found = registry.Find(identifier.key, Reach::kDisk, row);
    if (found.ok()) {
      AddReplace(change, identifier.key, 1, octets, found->version);
    } else {
      AddCreate(change, identifier.key, 1, octets);
    }
    Commit(std::move(change));
  }

  const std::unique_ptr<MemoryEngine> engine = OpenMemoryEngine();
  const std::unique_ptr<CommitLog> log = OpenLocalCommitLog(*engine);
  AnswerStamps stamps;
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Ledger> ledger;
  const Registry registry{*engine};

 private:
  static Change NewChange() {
    return Change(Time{1'795'248'000'000}, "test", OperationId{}, Change::Mode::kTogether);
  }
  void Commit(Change change) {
    change.Seal();
    ASSERT_TRUE(ledger->Commit(std::make_shared<Change>(std::move(change))).done());
  }
};

// Where nothing may reach a dispatcher.
class NoDispatcher : public Dispatcher {
 public:
  void Answer(Question, std::function<void(Reply)>) override { Require(false); }
};

inline Value UrlValue(std::string_view data = "http://a.cn/1") {
  return {.index = 1, .type = "URL", .data = data};
}
inline Value SecretValue(uint32_t index = 300) {
  return {.index = index,
          .permissions = kAdminRead | kAdminWrite,
          .type = "HS_SECKEY",
          .data = "secret"};
}

// A question as a client sends it.
struct Asking {
  std::string handle = "88.118.8/SN-1";
  std::vector<uint32_t> indexes;
  std::vector<std::string_view> types;
  uint32_t op_code = static_cast<uint32_t>(OpCode::kResolution);
  uint32_t flags = op_flag::kRequestDefault;
  uint32_t request_id = 0x0102'0304;
  uint32_t session_id = 0;
  uint8_t recursion_count = 0;
  HandleVersion version = kVersionWithoutSite;
  HandleVersion suggested = kHandleVersion;

  Envelope envelope() const {
    Envelope envelope;
    envelope.version = version;
    envelope.suggested = suggested;
    envelope.request_id = request_id;
    envelope.session_id = session_id;
    envelope.message_octets = static_cast<uint32_t>(message().size());
    return envelope;
  }
  // After the envelope.
  std::string message() const {
    std::string body, octets;
    EncodeResolutionRequest({handle, indexes, types}, body);
    Header header;
    header.op_code = op_code;
    header.flags = flags;
    header.recursion_count = recursion_count;
    EncodeMessage(header, body, {}, octets);
    return octets;
  }
  std::string octets() const {
    std::string all;
    EncodeEnvelope(envelope(), all);
    return all + message();
  }
};

// What came back. Views are gone with the octets, so it owns them.
struct Answered {
  Envelope envelope;
  Header header;
  std::string body, octets;

  uint32_t code() const { return header.response_code; }
};
inline std::optional<Answered> ReadAnswer(std::string_view octets) {
  if (octets.size() < kEnvelopeOctets) return std::nullopt;
  Answered answered;
  answered.octets = octets;
  answered.envelope = DecodeEnvelope(octets);
  const auto message = DecodeMessage(octets.substr(kEnvelopeOctets));
  if (!message || answered.envelope.message_octets != octets.size() - kEnvelopeOctets) {
    return std::nullopt;
  }
  answered.header = message->header;
  answered.body = message->body;
  return answered;
}

}  // namespace idnode
