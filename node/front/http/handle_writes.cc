#include <algorithm>

#include "node/front/http/handle_administration.h"
#include "node/runtime/clock.h"
#include "proto/base/text.h"

// PUT and DELETE /api/handles/{id} (spec/handle-protocol.md 6.2-6.6).
namespace idnode {
namespace {

constexpr uint32_t kSuccess = 1;
// How often values are merged anew because somebody else was faster.
constexpr int kMergeAttemptsMax = 8;

void WriteSuccess(bool created, std::string_view identifier, Response& out) {
  out.status = created ? 201 : 200;
  out.media_type = kHandleJsonMediaType;
  WriteResponse(kSuccess, identifier, {}, out.body);
}

Response Refusal(const Error& error, const Request& request, std::string_view identifier) {
  Response out;
  Refuse(error, 0, request, identifier, out);
  return out;
}

// One item's way through the registrar. Keeps what the item's views point into.
struct Write {
  HandleRequest asked;
  ValuesBody body;
  std::vector<RegisterItem> items;
  bool refuses_present = false;  // overwrite=false.
};

Response ResponseOf(const RegisterResult& result, const Write& write, const Request& request) {
  const std::string& identifier = write.asked.identifier;
  if (!result.status) return Refusal(result.status.error(), request, identifier);
  const RegisterItemResult& item = result.items[0];
  if (item.outcome == RegisterOutcome::kRefused) {
    return Refusal(item.error, request, identifier);
  }
  if (item.outcome == RegisterOutcome::kUnchanged && write.refuses_present) {
    return Refusal({Errc::kExists}, request, identifier);
  }
  Response out;
  WriteSuccess(item.outcome == RegisterOutcome::kCreated, identifier, out);
  return out;
}

// The ledger answers; no thread waits for it.
void Register(std::shared_ptr<Write> write, const Request& request, Desk& desk, Done done) {
  const auto& asked = write->asked;
  desk.services.registrar.Register(write->items, asked.caller(), asked.idempotency_key, Now(),
                                   [write, &request, done](RegisterResult result) {
                                     done(ResponseOf(result, *write, request));
                                   });
}

// The body's handle, if it has one, is the path's.
bool IsSameIdentifier(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto left = ParseIdentifier(a), right = ParseIdentifier(b);
  return left && right && left->key == right->key;
}

Status CheckContentType(const Request& request) {
  std::string_view type = request.Find("content-type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (EqualFolded(type, kJsonMediaType)) return {};
  return Error{Errc::kMalformed, "Content-Type must be application/json"};
}

// What a PUT carries, as it fits its path and parameters.
Result<ValuesBody> ReadBody(const HandleRequest& asked, const Request& request) {
  if (const Status fits = CheckContentType(request); !fits) return fits.error();
  auto body = ParseValuesBody(request.body);
  if (!body && body.error().code == Errc::kInvalidValue) {
    // Not read, it is no request yet; which of its values are allowed is asked of those that are.
    return Error{Errc::kMalformed, body.error().detail};
  }
  if (!body) return body.error();
  const std::string_view minted = asked.identifier;
  const std::string_view path = minted.substr(0, minted.size() - asked.minted_suffix.size());
  if (!body->handle().empty() && !IsSameIdentifier(body->handle(), path)) {
    return Error{Errc::kMalformed, "the body's handle is not the path's"};
  }
  if (!asked.query.Has("index")) return body;
  if (!asked.minted_suffix.empty()) return Error{Errc::kMalformed, "mintNewSuffix with index"};
  if (const Status named = CheckNamedIndexes(asked, *body); !named) return named.error();
  return body;
}

// What a merge makes of the present values; an error refuses it.
using Merge = std::function<Result<bool>(std::vector<Value>& values)>;

// Reads the record, merges, replaces exactly the version that was read; again when somebody else
// was faster. Waits for the ledger.
Response MergeValues(Write& write, const Request& request, Desk& desk, const Merge& merge) {
  const HandleRequest& asked = write.asked;
  const auto refuse = [&](const Error& error) { return Refusal(error, request, asked.identifier); };
  for (int attempt = 1;; ++attempt) {
    ResolutionNote note;  // Not a resolution: it is not counted.
    const auto present =
        desk.services.resolver.Resolve(asked.identifier, Reach::kDisk, desk.scratch, note);
    if (!present) return refuse(present.error());
    auto values = present->found.record.DecodeAll();
    if (!values) return refuse(values.error());
    const auto overwrote = merge(*values);
    if (!overwrote) return refuse(overwrote.error());

    RegisterItem item{RegisterAction::kReplace, asked.identifier, std::move(*values),
                      present->found.version.value};
    const RegisterResult result = desk.services.registrar.RegisterAndWait(
        {std::move(item)}, asked.caller(), asked.idempotency_key, Now());
    const bool lost = result.status && result.items[0].outcome == RegisterOutcome::kRefused &&
                      result.items[0].error.code == Errc::kConflict;
    if (lost && attempt < kMergeAttemptsMax && asked.idempotency_key.empty()) continue;
    Response out = ResponseOf(result, write, request);
    if (out.status == 200 && !*overwrote) out.status = 201;
    return out;
  }
}

// PUT …?index=various, or with the indexes of the body.
void PutValues(Write& write, const Request& request, Desk& desk, const Done& done) {
  const auto merge = [&](std::vector<Value>& present) -> Result<bool> {
    bool overwrote = false;
    for (const Value& value : write.body.values()) {
      const auto old = std::ranges::find(present, value.index, &Value::index);
      if (old == present.end()) {
        present.push_back(value);
      } else if (write.refuses_present) {
        return Error{Errc::kConflict, "a value with this index is there"};
      } else {
        *old = value;
        overwrote = true;
      }
    }
    return overwrote;
  };
  done(MergeValues(write, request, desk, merge));
}

void DeleteValues(Write& write, const Request& request, Desk& desk, const Done& done) {
  const auto unwanted = IndexesOf(write.asked.query);
  if (!unwanted) return done(Refusal(unwanted.error(), request, write.asked.identifier));
  const auto merge = [&](std::vector<Value>& present) -> Result<bool> {
    const auto removed =
        std::erase_if(present, [&](const Value& value) { return unwanted->contains(value.index); });
    if (removed < unwanted->size()) {
      return Error{Errc::kValuesNotFound, "the record has no value with this index"};
    }
    return true;
  };
  done(MergeValues(write, request, desk, merge));
}

}  // namespace

void PutHandle(const Request& request, Desk& desk, Done answered) {
  Done done = Presented(request, std::move(answered));
  auto asked = ReadHandleRequest(request, desk);
  if (!asked) return done(Refusal(asked.error(), request, {}));
  const std::string& identifier = asked->identifier;
  auto body = ReadBody(*asked, request);
  if (!body) return done(Refusal(body.error(), request, identifier));
  if (asked->authority.has_identity) {
    return PutByKey(std::move(*asked), std::move(*body), request, desk, std::move(done));
  }
  if (asked->caller().anonymous) {
    return done(Refusal({Errc::kUnauthenticated}, request, identifier));
  }
  auto write = std::make_shared<Write>();
  write->asked = std::move(*asked);
  write->body = std::move(*body);
  const std::string* overwrite = write->asked.query.Find("overwrite");
  write->refuses_present = overwrite != nullptr && !EqualFolded(*overwrite, "true");
  if (write->asked.query.Has("index")) return PutValues(*write, request, desk, done);
  write->items.push_back({write->refuses_present ? RegisterAction::kCreate : RegisterAction::kPut,
                          write->asked.identifier, write->body.values()});
  Register(std::move(write), request, desk, std::move(done));
}

void DeleteHandle(const Request& request, Desk& desk, Done answered) {
  Done done = Presented(request, std::move(answered));
  auto asked = ReadHandleRequest(request, desk);
  if (!asked) return done(Refusal(asked.error(), request, {}));
  if (asked->authority.has_identity) {
    return DeleteByKey(std::move(*asked), request, desk, std::move(done));
  }
  if (asked->caller().anonymous) {
    return done(Refusal({Errc::kUnauthenticated}, request, asked->identifier));
  }
  auto write = std::make_shared<Write>();
  write->asked = std::move(*asked);
  if (write->asked.query.Has("index")) return DeleteValues(*write, request, desk, done);
  write->items.push_back({RegisterAction::kRemove, write->asked.identifier, {}});
  Register(std::move(write), request, desk, std::move(done));
}

}  // namespace idnode
