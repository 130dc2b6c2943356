#include "sync/downstream/downstream.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "proto/base/guarded.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/rpc/sync.grpc.pb.h"
#include "sync/downstream/conversation.h"
#include "sync/downstream/conversation_line.h"

namespace idnode {
namespace {

constexpr uint32_t kProtocol = 1;
constexpr size_t kBearerOctetsMax = 512;
constexpr size_t kNodeIdOctetsMax = 64;

using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

// A call that is answered with a status at once.
class RefusedCall : public Reactor {
 public:
  explicit RefusedCall(const Error& why) {
    Finish(grpc::Status(static_cast<grpc::StatusCode>(RowOf(why.code).grpc),
                        std::string(RowOf(why.code).name)));
  }
  void OnDone() override { delete this; }
};

// The token of `authorization: Bearer <token>`; empty: there is none, or not one.
std::string_view BearerOf(const grpc::CallbackServerContext& context) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto& metadata = context.client_metadata();
  if (metadata.count("authorization") != 1) return {};
  const grpc::string_ref value = metadata.find("authorization")->second;
  const std::string_view text(value.data(), value.size());
  const bool fits = text.size() > kScheme.size() && text.size() <= kBearerOctetsMax &&
                    EqualFolded(text.substr(0, kScheme.size()), kScheme);
  return fits ? text.substr(kScheme.size()) : std::string_view();
}

// Prefixes are made of parts with a dot between them: 88.118 contains 88.118 and 88.118.5.
bool Contains(std::string_view outer, std::string_view inner) {
  if (outer.empty() || !inner.starts_with(outer)) return false;
  return inner.size() == outer.size() || inner[outer.size()] == '.';
}

Status CheckHello(const v1::Hello& hello, const Token& token) {
  if (hello.protocol() != kProtocol) {
    return Error{Errc::kUnsupported, "hello: another version of the conversation"};
  }
  if (hello.node_id().empty()) return Error{Errc::kMissingField, "hello: the node has no id"};
  if (hello.node_id().size() > kNodeIdOctetsMax ||
      hello.name().size() > limits::kEnterpriseNameOctetsMax ||
      hello.prefix().size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "hello: a field is over its limit"};
  }
  if (hello.head() != hello.tree_size() || hello.tree_size() > kTreeSizeMax) {
    return Error{Errc::kMalformed, "hello: head and tree are of different sizes"};
  }
  if (!Contains(token.prefix, hello.prefix())) {
    return Error{Errc::kDenied, "hello: the prefix is not under that of the token"};
  }
  return {};
}

class RunningDownstream : public Downstream,
                          public Conversation::Host,
                          public v1::Sync::WithRawCallbackMethod_Converse<v1::Sync::Service> {
 public:
  RunningDownstream(Store& store, const DownstreamOptions& options, Now now,
                    Downstream::Authenticate authenticate, Listener listener, FilingKeeper keeper)
      : store_(store),
        options_(options),
        now_(std::move(now)),
        authenticate_(std::move(authenticate)),
        listener_(std::move(listener)),
        keeper_(std::move(keeper)),
        faults_(options.faults),
        line_(std::make_shared<ConversationLine>()),
        thread_([this] { Run(); }) {}
  ~RunningDownstream() override { Stop(); }

  grpc::Service& service() override { return *this; }

  void Stop() override {
    arrivals_.With([](Arrivals& arrivals) { arrivals.closed = true; });
    closing_ = true;  // Seen at the next tick.
    std::scoped_lock lock(joining_);
    if (thread_.joinable()) thread_.join();
    line_->Stop();
  }

  void DirectiveGiven() override { ++directives_given_; }

  std::vector<ChildState> states() const override {
    return states_.With([](const States& states) {
      std::vector<ChildState> all;
      for (const auto& [node_id, state] : states) all.push_back(state);
      return all;
    });
  }

 private:
  using Live = std::shared_ptr<Conversation>;
  using States = std::map<std::string, ChildState, std::less<>>;
  struct Arrivals {
    bool closed = false;
    size_t present = 0;  // Conversations that gRPC has not let go of.
    std::vector<Live> fresh;
  };

  // gRPC's threads.
  Reactor* Converse(grpc::CallbackServerContext* context) override {
    const std::string_view bearer = BearerOf(*context);
    if (bearer.empty()) {
      return Refuse({Errc::kUnauthenticated, "downstream: a call without a token"});
    }
    auto token = authenticate_(bearer);
    if (!token) return Refuse({Errc::kTokenUnknown, "downstream: the token is unknown or revoked"});
    if (token->role != Role::kChild) {
      return Refuse({Errc::kDenied, "downstream: the token is not that of a node below"});
    }
    auto conversation = std::make_shared<Conversation>(*this, line_, *context, std::string(bearer),
                                                       *std::move(token));
    const auto refused = arrivals_.With([&](Arrivals& arrivals) -> std::optional<Error> {
      if (arrivals.closed) return Error{Errc::kShuttingDown, "downstream: stopping"};
      if (arrivals.present >= options_.children_max) {
        return Error{Errc::kRateLimited, "downstream: as many streams as are allowed"};
      }
      ++arrivals.present;
      arrivals.fresh.push_back(conversation);
      return std::nullopt;
    });
    if (refused) return Refuse(*refused);
    conversation->Begin();
    return conversation.get();
  }

  Reactor* Refuse(const Error& why) {
    Tell({.kind = DownstreamEvent::Kind::kRefused, .node_id = {}, .error = why});
    return new RefusedCall(why);
  }

  // The one thread.
  void Run() {
    for (bool closed = false;;) {
      ConversationLine::News news = line_->Next();
      const bool close = closing_ && !std::exchange(closed, closing_);
      Adopt();
      for (const Live& conversation : news.woken) conversation->Run();
      const std::vector<Live> all(conversations_.begin(), conversations_.end());
      for (const Live& conversation : all) {
        if (close) conversation->EndWith({Errc::kShuttingDown, "downstream: stopping"});
        if (news.ticks > 0) conversation->PassTime(news.ticks);
      }
      if (closed && conversations_.empty()) break;
    }
    waiting_.clear();
    live_.clear();
  }

  // Conversations that have begun since the last look.
  void Adopt() {
    auto fresh =
        arrivals_.With([](Arrivals& arrivals) { return std::exchange(arrivals.fresh, {}); });
    for (Live& conversation : fresh) conversations_.insert(std::move(conversation));
  }

  Result<std::optional<Child>> Admit(Conversation& conversation) override {
    const v1::Hello& hello = conversation.hello();
    if (auto fits = CheckHello(hello, conversation.token()); !fits) return fits.error();
    if (hello.node_id() == store_.identity().node_id) {
      return Error{Errc::kDenied, "hello: a node cannot be its own child"};
    }
    auto child = FindChild(store_.engine(), hello.node_id());
    const bool is_new = !child && child.error().code == Errc::kNotFound;
    if (!child && !is_new) return child.error();
    if (auto bound = CheckBinding(conversation, is_new ? nullptr : &*child); !bound) {
      return bound.error();
    }
    if (is_new) return Dock(conversation);
    if (!TakeOver(conversation)) return std::optional<Child>();
    // What the stream before stored last may not have been seen above.
    child = FindChild(store_.engine(), hello.node_id());
    if (!child) return child.error();
    child->token_id = conversation.token().id;
    child->name = hello.name();
    if (auto row = DecodeChild(EncodeChild(*child)); !row) return row.error();
    return std::optional<Child>(*std::move(child));
  }

  // A node keeps its prefix; a token belongs to one node. Another token takes over if it is for the
  // same prefix: so tokens are renewed.
  Status CheckBinding(const Conversation& conversation, const Child* child) {
    const Token& token = conversation.token();
    if (child && child->prefix != conversation.hello().prefix()) {
      return Error{Errc::kForged, "hello: the node docked under another prefix"};
    }
    if (child && child->token_id == token.id) return {};
    if (child) {
      const auto directory = store_.directory().View();
      const Token* before = directory->FindToken(child->token_id);
      if (token.prefix != (before ? before->prefix : child->prefix)) {
        return Error{Errc::kForged, "hello: the node docked with a token of another prefix"};
      }
    }
    const auto children = ListChildren(store_.engine());
    if (!children) return children.error();
    if (std::ranges::any_of(*children, [&](const Child& other) {
          return other.token_id == token.id && other.node_id != conversation.hello().node_id();
        })) {
      return Error{Errc::kDenied, "hello: the token belongs to another node"};
    }
    return {};
  }

  // One docking at a time, so that numbers and tokens are given once.
  Result<std::optional<Child>> Dock(Conversation& conversation) {
    if (docking_) {
      waiting_.push_back(conversation.shared_from_this());
      return std::optional<Child>();
    }
    const auto children = ListChildren(store_.engine());
    if (!children) return children.error();
    if (children->size() >= options_.children_max) {
      return Error{Errc::kRateLimited, "hello: as many children as are allowed"};
    }
    const v1::Hello& hello = conversation.hello();
    Child child{.number = 1,
                .node_id = hello.node_id(),
                .name = hello.name(),
                .prefix = hello.prefix(),
                .token_id = conversation.token().id,
                .docked = now_()};
    for (const Child& other : *children) child.number = std::max(child.number, other.number + 1);
    if (auto row = DecodeChild(EncodeChild(child)); !row) return row.error();
    auto change = std::make_shared<Change>(child.docked, child.node_id, OperationId{},
                                           Change::Mode::kTogether);
    AddDockChild(*change, child);
    change->Seal();
    docking_ = true;
    conversation.Submit(std::move(change));
    return std::optional<Child>();
  }

  // A second stream of a child replaces the first: the child has given that one up, or somebody
  // else has its token, and then both ends hear of it. False: the first still has a change in the
  // ledger.
  bool TakeOver(Conversation& conversation) {
    Live& live = live_[conversation.hello().node_id()];
    if (live && live.get() != &conversation) {
      live->EndWith({Errc::kConflict, "downstream: another stream of the same child"});
      if (live->in_ledger()) {
        waiting_.push_back(conversation.shared_from_this());
        return false;
      }
    }
    live = conversation.shared_from_this();
    Note(conversation.hello().node_id(), [](ChildState& state) { state.connected = true; });
    return true;
  }

  void DockingOver() override { docking_ = false; }

  void Settled(Conversation& conversation) override {
    if (conversation.ended()) Release(conversation);
    for (const Live& next : std::exchange(waiting_, {})) next->Retry();
  }

  void Gone(Conversation& conversation) override {
    arrivals_.With([](Arrivals& arrivals) { --arrivals.present; });
    if (!conversation.in_ledger()) Release(conversation);
    std::erase_if(waiting_, [&](const Live& next) { return next.get() == &conversation; });
    conversations_.erase(conversation.shared_from_this());
  }

  void Release(Conversation& conversation) {
    const auto live = live_.find(conversation.hello().node_id());
    if (live == live_.end() || live->second.get() != &conversation) return;
    Note(live->first, [](ChildState& state) { state.connected = false; });
    live_.erase(live);
  }

  template <class F>
  void Note(const std::string& node_id, F&& note) {
    states_.With([&](States& states) {
      ChildState& state = states[node_id];
      state.node_id = node_id;
      note(state);
    });
  }

  void Heard(const std::string& node_id, Position announced_head) override {
    Note(node_id, [&](ChildState& state) {
      state.last_seen = now_();
      state.announced_head = announced_head;
    });
  }

  void Tell(const DownstreamEvent& event) override {
    if (listener_) listener_(event);
  }
  Store& store() override { return store_; }
  const DownstreamOptions& options() const override { return options_; }
  const FilingKeeper& filing_keeper() const override { return keeper_; }
  Faults& faults() override { return faults_; }
  uint64_t directives_given() const override { return directives_given_; }
  Time now() const override { return now_(); }
  std::optional<Token> Authenticate(std::string_view bearer) const override {
    return authenticate_(bearer);
  }

  Store& store_;
  const DownstreamOptions options_;
  const Now now_;
  const Downstream::Authenticate authenticate_;
  const Listener listener_;
  const FilingKeeper keeper_;
  Faults faults_;  // The one thread's.
  std::atomic<uint64_t> directives_given_{1};

  Guarded<Arrivals> arrivals_;
  Guarded<States> states_;
  std::atomic<bool> closing_{false};

  // The one thread's.
  std::set<Live> conversations_;
  std::map<std::string, Live, std::less<>> live_;  // Admitted, by node.
  std::vector<Live> waiting_;                      // To be admitted.
  bool docking_ = false;

  const std::shared_ptr<ConversationLine> line_;
  std::mutex joining_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Downstream> Downstream::Create(Store& store, const DownstreamOptions& options,
                                               Now now, Authenticate authenticate,
                                               Listener listener, FilingKeeper keeper) {
  return std::make_unique<RunningDownstream>(store, options, std::move(now),
                                             std::move(authenticate), std::move(listener),
                                             std::move(keeper));
}

}  // namespace idnode
