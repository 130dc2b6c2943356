#pragma once

#include <deque>
#include <future>

#include "node/service/administrators.h"
#include "node/service/handle_authenticator.h"
#include "node/service/handle_operations.h"
#include "proto/handle/requests.h"
#include "proto/record/structured.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {

inline constexpr uint16_t kAllPermissions = 0x0FFF;

// A node whose prefix 88.118.8 is administered by 300:88.118.8/ADMIN, and whose server is by
// 300:0.NA/88.118.
class HandleNode : public NodeUnderTest {
 protected:
  HandleNode() {
    operations = MakeOperations({.administrators = {server}});
    Put("88.118.8/ADMIN", {ValueOf(300, "HS_PUBKEY", "a key")}, acme);
    Put("0.NA/88.118.8", {AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 300)}, op);
  }
  ~HandleNode() override { operations.reset(); }

  std::unique_ptr<HandleOperations> MakeOperations(HandleAdministration administration) {
    administration.secrets = &secrets;
    return std::make_unique<HandleOperations>(*engine, registry, *directory, *registrar, *enrolment,
                                              "88.118", std::move(administration));
  }

  static Value ValueOf(uint32_t index, std::string_view type, std::string_view data,
                       uint8_t permissions = kDefaultPermissions) {
    return {.index = index, .permissions = permissions, .type = type, .data = data};
  }
  Value AdminValue(uint32_t index, uint16_t permissions, std::string_view handle,
                   uint32_t admin_index) {
    EncodeAdmin({.permissions = permissions, .handle = handle, .index = admin_index},
                data_.emplace_back());
    return ValueOf(index, "HS_ADMIN", data_.back());
  }
  Value ListValue(uint32_t index, const std::vector<ValueReference>& list) {
    EncodeValueList(list, data_.emplace_back());
    return ValueOf(index, "HS_VLIST", data_.back());
  }
  // As an operator or an enterprise registers it.
  void Put(std::string_view handle, std::vector<Value> values, const Caller& caller) {
    const RegisterItemResult result = RegisterOne(
        {.action = RegisterAction::kPut, .identifier = handle, .values = std::move(values)},
        caller);
    ASSERT_NE(result.outcome, RegisterOutcome::kRefused) << handle << ": " << result.error.detail;
  }

  // Who has proven it, by the key as it lies here now; by none where there is no such record.
  HandleAuthority Proven(const HandleIdentity& identity) {
    HandleAuthority authority;
    authority.has_identity = true;
    authority.identity = identity;
    std::string found_row;
    const std::string key = ParseIdentifier(identity.handle)->key;
    if (const auto found = registry.Find(key, Reach::kDisk, found_row)) {
      authority.key_record = key;
      authority.key_version = found->version.value;
    }
    return authority;
  }

  HandleOutcome Perform(const HandleAsked& asked, const HandleAuthority& authority,
                        Time now = kNow) {
    std::promise<HandleOutcome> told;
    operations->Perform(std::make_shared<HandleAsked>(asked), authority, now,
                        [&](HandleOutcome outcome) { told.set_value(std::move(outcome)); });
    return told.get_future().get();
  }
  // As a server goes about it: what can be said at once, a challenge, the permission, the deed.
  HandleOutcome Ask(const HandleAsked& asked, const HandleIdentity& identity) {
    HandleOutcome outcome;
    outcome.status = operations->Check(asked);
    if (!outcome.status && outcome.status.error().code != Errc::kUnauthenticated) return outcome;
    outcome.status = operations->Authorise(asked, identity);
    if (!outcome.status) return outcome;
    return Perform(asked, Proven(identity));
  }
  Errc CodeOf(const HandleOutcome& outcome) {
    return outcome.status ? Errc::kInternal : outcome.status.error().code;
  }
  Errc Refusal(const HandleAsked& asked, const HandleIdentity& identity) {
    return CodeOf(Ask(asked, identity));
  }
  Errc RefusalAtOnce(const HandleAsked& asked) {
    const Status status = operations->Check(asked);
    return status ? Errc::kInternal : status.error().code;
  }

  static HandleAsked Asked(HandleAction action, std::string_view handle,
                           std::vector<Value> values = {}) {
    HandleAsked asked;
    asked.action = action;
    asked.handle = handle;
    asked.values = std::move(values);
    return asked;
  }
  HandleAsked Create(std::string_view handle, std::vector<Value> values = {}) {
    return Asked(HandleAction::kCreate, handle, std::move(values));
  }
  // A record that ADMIN administers, with what else is given.
  void PutAdministered(std::string_view handle, std::vector<Value> values,
                       uint16_t permissions = kAllPermissions) {
    values.push_back(AdminValue(100, permissions, "88.118.8/ADMIN", 300));
    Put(handle, std::move(values), acme);
  }
  std::vector<uint32_t> Indexes(std::string_view handle) {
    std::vector<uint32_t> indexes;
    const auto found = Find(handle);
    EXPECT_TRUE(found.ok()) << handle;
    if (!found) return indexes;
    for (RecordView::Walk walk = found->record.values(); walk.Next();) {
      indexes.push_back(walk.index());
    }
    return indexes;
  }
  std::string DataAt(std::string_view handle, uint32_t index) {
    const auto found = Find(handle);
    if (!found) return "absent";
    const auto values = found->record.DecodeAll();
    for (const Value& value : *values) {
      if (value.index == index) return std::string(value.data);
    }
    return "none";
  }

  const HandleIdentity admin{"88.118.8/ADMIN", 300};
  const HandleIdentity server{"0.NA/88.118", 300};
  const HandleIdentity stranger{"88.118.9/ADMIN", 300};
  std::unique_ptr<HandleOperations> operations;

 private:
  std::deque<std::string> data_;
};

}  // namespace idnode
