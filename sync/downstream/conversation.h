#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/guarded.h"
#include "proto/base/result.h"
#include "proto/rpc/sync.grpc.pb.h"
#include "storage/children.h"
#include "storage/directory.h"
#include "storage/filings.h"
#include "storage/store.h"
#include "sync/downstream/conversation_line.h"
#include "sync/downstream/downstream.h"
#include "sync/downstream/errands.h"
#include "sync/downstream/faults.h"
#include "sync/downstream/inbox.h"

namespace idnode {

// One stream of one child, from the call to its end. gRPC and the ledger only leave word; what is
// done about it, the one thread of the node's downstream side does, in Run().
//
// Bounded: at most kReadAhead messages are held, and together no more octets of records than the
// child was given credit for. While one change is being committed the next messages are received;
// what has gathered then becomes the next change.
class Conversation : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                     public std::enable_shared_from_this<Conversation> {
 public:
  // What the conversations of a node share. All on the one thread.
  class Host {
   public:
    virtual ~Host() = default;
    // The child that this conversation's Hello names, docked if it is new. Nothing: not its turn
    // yet; Retry() is called when it is, or OnDocked() when its docking is decided.
    virtual Result<std::optional<Child>> Admit(Conversation& conversation) = 0;
    // The docking that Admit() began is over.
    virtual void DockingOver() = 0;
    // Nothing of this conversation is under way in the ledger any more.
    virtual void Settled(Conversation& conversation) = 0;
    // gRPC has let go of it.
    virtual void Gone(Conversation& conversation) = 0;
    // It has docked, spoken, left or was refused.
    virtual void Tell(const DownstreamEvent& event) = 0;
    virtual void Heard(const std::string& node_id, Position announced_head) = 0;
    virtual Store& store() = 0;
    virtual const DownstreamOptions& options() const = 0;
    virtual const FilingKeeper& filing_keeper() const = 0;
    virtual Faults& faults() = 0;
    // Grows when a directive is given to some child.
    virtual uint64_t directives_given() const = 0;
    virtual Time now() const = 0;
    virtual std::optional<Token> Authenticate(std::string_view bearer) const = 0;
  };

  Conversation(Host& host, std::shared_ptr<ConversationLine> line,
               grpc::CallbackServerContext& context, std::string bearer, Token token);

  // The first read. Once, after construction, before anything else.
  void Begin();

  // On the one thread.
  void Run();
  void PassTime(uint32_t ticks);
  // It may ask again to be admitted.
  void Retry();
  // The stream ends with a farewell; what is not stored yet will not be.
  void EndWith(const Error& why, std::string evidence = {});
  // The change that docks this child goes to the ledger; Run() sees its outcome.
  void Submit(std::shared_ptr<const Change> change);

  const v1::Hello& hello() const { return hello_; }
  const Token& token() const { return token_; }
  bool in_ledger() const { return in_ledger_; }
  bool ended() const { return stage_ >= Stage::kEnding; }

 private:
  enum class Stage : uint8_t { kGreeting, kAdmitting, kTalking, kEnding, kFinished };
  struct News {
    bool in_line = false;
    bool read = false, read_failed = false;
    Status parsed;  // What was read.
    bool written = false, write_failed = false;
    bool cancelled = false, done = false;
    std::optional<Outcome> outcome;
  };

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  template <class F>
  void Leave(F&& word);

  void Hear(const Status& parsed);
  Status HearMessage();
  Status HearEvents();
  Status HearFilings();
  Status HearStates();
  Status HearPageRequest();
  Status HearHeartbeat(const v1::Heartbeat& heartbeat);
  Status CheckTree(uint64_t size, std::string_view root) const;
  void TryAdmission();
  void OnDockOutcome(const Outcome& outcome);
  void OnStored(const Outcome& outcome);
  void OnErrandDone(const Outcome& outcome);
  void StoreNext();
  bool RunErrand();
  void EndErrandWith(const Error& why);
  Result<std::shared_ptr<const Change>> TakeFront(size_t messages_max);
  bool again_waits() const { return waiting_.front().message->has_filings(); }
  void ForgetTaken();
  void Evaluate();
  void CompareFilings();
  void Speak();
  void WriteWelcome();
  bool MayAcknowledge();
  bool Injects(Fault fault);
  void WriteAck();
  void WriteGarbled();
  void WriteHeartbeat();
  void WriteFilingStates();
  void WriteFilingPage();
  void StartReading();
  void StartWriting();
  void Finish();
  void ReadNext();

  Host& host_;
  const std::shared_ptr<ConversationLine> line_;
  grpc::CallbackServerContext& context_;
  const std::string bearer_;
  const Token token_;
  Guarded<News> news_;

  // The one thread's.
  Stage stage_ = Stage::kGreeting;
  v1::Hello hello_;
  std::optional<Inbox> inbox_;
  std::optional<Errands> errands_;  // Whenever there is an inbox.
  uint64_t directives_seen_ = 0;
  grpc::ByteBuffer read_octets_, write_octets_;  // gRPC's, while it reads or writes.
  std::unique_ptr<v1::FromChild> reading_;  // The next message, read and parsed on gRPC's threads.
  // Events, or rows that are filed again.
  struct Waiting {
    std::unique_ptr<v1::FromChild> message;
    std::vector<Filing> filings;
    uint64_t octets = 0;  // That count against the credit.
  };
  std::deque<Waiting> waiting_;
  std::vector<std::unique_ptr<v1::FromChild>> spare_;
  v1::FromParent out_;
  bool reading_now_ = false, writing_now_ = false;
  bool in_ledger_ = false;   // A change of ours is being decided.
  bool taken_busy_ = false;  // The ledger was busy: again at the next tick.
  size_t taken_ = 0;         // Messages at the front of waiting_ that the change holds.
  uint64_t taken_octets_ = 0;
  uint32_t docking_attempts_ = 0;

  uint64_t credit_left_ = 0, credit_owed_ = 0;
  uint32_t late_ticks_ = 0;  // An acknowledgement is held back so long.
  bool doubled_ = false;
  bool drawn_ = false;  // What befalls the acknowledgement that is due has been drawn.
  bool welcome_due_ = false, ack_due_ = false, heartbeat_due_ = false;
  bool peer_gone_ = false, farewell_said_ = false, cancelled_by_us_ = false;
  std::optional<Error> farewell_;
  bool evaluation_stale_ = false;
  std::optional<v1::Evaluation> evaluation_;  // To go with the next acknowledgement.
  // What the child asked of its filings, and what it is answered; one of each at a time.
  bool states_asked_ = false, filings_wait_ = false;
  std::map<FilingTable, std::string> states_from_;  // From which keys on, where not from the first.
  std::optional<v1::FilingPageRequest> page_asked_;
  std::optional<v1::FilingStates> states_;
  std::optional<v1::FilingPage> page_;
  std::optional<uint32_t> rows_stored_;
  uint32_t ticks_to_states_ = 0;
  uint32_t ticks_to_evaluation_ = 0, evaluation_ticks_ = 0;
  uint32_t ticks_to_heartbeat_ = 0, quiet_ticks_ = 0, ending_ticks_ = 0;
};

}  // namespace idnode
