#include <algorithm>
#include <array>

#include "node/rehearsal/asking.h"
#include "node/rehearsal/handle_login.h"
#include "node/rehearsal/items.h"
#include "node/runtime/random.h"
#include "proto/handle/public_key.h"
#include "proto/handle/requests.h"
#include "proto/record/structured.h"

// Item 8: what clients of the Handle protocol do, those of Teleinfo among them. What the stock
// clients themselves do is run separately, where they can be had: tests/interop.
namespace idnode {
namespace {

constexpr uint32_t kTallySeconds = 10;
constexpr int64_t kBeats = 10;
constexpr uint16_t kEverything = 0x0FFF;  // Permissions of HS_ADMIN (2.4).

// An administrator of a prefix of its own, who is also one of the server. The value at 300 is its
// RSA key, that at 301 its SM2 key.
struct Administrator {
  HandleIdentity identity;
  SigningKey key;
};
std::optional<Administrator> MakeAdministrator(Stage& stage, KeyKind kind, Evidence& evidence) {
  RehearsedNode& node = stage.secondary();
  const std::string prefix = stage.Below(12), handle = prefix + "/ADMIN";
  const auto key = SigningKey::Generate(kind);
  if (!key) {
    evidence.Refused("a key 密钥", key.error());
    return std::nullopt;
  }
  const uint32_t index = kind == KeyKind::kRsa ? 300 : 301;
  const std::string octets = PublicKeyOctets(key->verifying_key());
  std::string admin;
  EncodeAdmin({.permissions = kEverything, .handle = handle, .index = index}, admin);
  const bool made =
      Done(evidence, "enterprise", PutEnterprise(node, "ENT-12", "ENT-12")) &&
      Done(evidence, "prefix", PutPrefix(node, prefix, "ENT-12")) &&
      Done(evidence, handle,
           Register(node, handle, {{.index = index, .type = "HS_PUBKEY", .data = octets}})) &&
      Done(evidence, "0.NA/" + prefix,
           Register(node, "0.NA/" + prefix, {{.index = 100, .type = "HS_ADMIN", .data = admin}}));
  if (!made) return std::nullopt;
  evidence.Note("administrator 管理员", TextOf({handle, index}) + ", " + std::string(NameOf(kind)) +
                                            " " + std::to_string(key->verifying_key().bits()));
  return Administrator{{handle, index}, *key};
}

std::vector<Value> ValuesOf(std::string_view link, const std::string& admin) {
  return {{.index = 1, .type = "URL", .data = link},
          {.index = 100, .type = "HS_ADMIN", .data = admin}};
}

std::string AdminOf(const HandleIdentity& who) {
  std::string admin;
  EncodeAdmin({.permissions = kEverything, .handle = who.handle, .index = who.index}, admin);
  return admin;
}

// Create, resolve, add, modify, remove, delete.
void AdministerAll(Stage& stage, HandleClient& client, const HandleIdentity& who,
                   const std::string& name, Evidence& evidence) {
  const std::string admin = AdminOf(who), server = stage.secondary().handle_server();
  const auto is_done = [&](const char* what, const Result<HandleAnswer>& answer) {
    return IsCode(evidence, std::string(what) + " " + name, answer, ResponseCode::kSuccess);
  };
  const auto data = [&](std::string_view type) {
    const auto answer = AskOverHandle({.server = server, .name = name, .types = {type}});
    return answer && answer->is(ResponseCode::kSuccess) ? DataOf(*answer, type) : std::string("-");
  };
  if (!is_done("create 注册", client.Create(name, ValuesOf("https://example.cn/1", admin)))) return;
  evidence.Equal("URL", data("URL"), "https://example.cn/1");
  is_done("add 新增标识值", client.Add(name, {{.index = 2, .type = "EMAIL", .data = "a@b.cn"}}));
  evidence.Equal("EMAIL", data("EMAIL"), "a@b.cn");
  is_done("modify 修改", client.Modify(name, {{.index = 2, .type = "EMAIL", .data = "c@d.cn"}}));
  evidence.Equal("EMAIL", data("EMAIL"), "c@d.cn");
  is_done("remove 删除标识值", client.Remove(name, {2}));
  evidence.Equal("EMAIL", data("EMAIL"), "-");
  is_done("delete 注销", client.Delete(name));
  IsCode(evidence, "resolve afterwards 注销后解析", AskOverHandle({.server = server, .name = name}),
         ResponseCode::kHandleNotFound);
}

void AdministerByKey(Stage& stage, Evidence& evidence, KeyKind kind) {
  const auto who = MakeAdministrator(stage, kind, evidence);
  if (!who) return;
  auto client = HandleClientOf(stage.secondary().handle_server(),
                               HandleClientCredentials{.identity = who->identity, .key = who->key});
  if (!client) return evidence.Refused("client", client.error());
  AdministerAll(stage, *client, who->identity, stage.Below(12) + "/" + std::string(NameOf(kind)),
                evidence);
}
void ByRsaKey(Stage& stage, Evidence& evidence) { AdministerByKey(stage, evidence, KeyKind::kRsa); }
void BySm2Key(Stage& stage, Evidence& evidence) { AdministerByKey(stage, evidence, KeyKind::kSm2); }

void InASession(Stage& stage, Evidence& evidence) {
  const auto who = MakeAdministrator(stage, KeyKind::kRsa, evidence);
  if (!who) return;
  auto client = HandleClientOf(stage.secondary().handle_server(),
                               HandleClientCredentials{.identity = who->identity, .key = who->key});
  if (!client) return evidence.Refused("client", client.error());
  if (const Status opened = client->OpenSession(); !opened) {
    return evidence.Refused("session 会话", opened.error());
  }
  evidence.AtLeast("session 会话", client->session_id(), 1);
  AdministerAll(stage, *client, who->identity, stage.Below(12) + "/SESSION", evidence);
  evidence.Holds("ended 结束会话", client->CloseSession().ok());
}

// Whoever may not is refused; that costs him no more than the question.
void ByTheWrongKey(Stage& stage, Evidence& evidence) {
  const auto who = MakeAdministrator(stage, KeyKind::kRsa, evidence);
  const auto other = SigningKey::Generate(KeyKind::kRsa);
  if (!who || !other) return;
  const std::string server = stage.secondary().handle_server(), name = stage.Below(12) + "/NO";
  const std::string admin = AdminOf(who->identity);
  auto nobody = HandleClientOf(server);
  auto forger =
      HandleClientOf(server, HandleClientCredentials{.identity = who->identity, .key = *other});
  if (!nobody || !forger) return;
  IsCode(evidence, "create without proof 无身份", nobody->Create(name, ValuesOf("u", admin)),
         ResponseCode::kAuthenticationNeeded);
  IsCode(evidence, "create by another key 密钥不符", forger->Create(name, ValuesOf("u", admin)),
         ResponseCode::kAuthenticationFailed);
  forger->UseCredentials(HandleClientCredentials{.identity = who->identity, .key = who->key});
  IsCode(evidence, "create under another's prefix 他人前缀",
         forger->Create(stage.Below(8) + "/NO", ValuesOf("u", admin)), ResponseCode::kInvalidAdmin);
}

void LogInByKey(Stage& stage, Evidence& evidence, KeyKind kind) {
  const auto who = MakeAdministrator(stage, kind, evidence);
  if (!who) return;
  auto connection = LoginConnection::Open(stage.secondary().handle_server());
  if (!connection) return evidence.Refused("TCP", connection.error());
  const auto expect = [&](const std::string& what, const Result<uint32_t>& code) {
    if (!code) return evidence.Refused(what, code.error());
    evidence.Equal(what, CodeText(*code), CodeText(1));
  };
  expect("login (2001) 登录", connection->LogIn(who->identity, who->key));
  const std::string name = stage.Below(12) + "/LOGIN-" + std::string(NameOf(kind));
  const std::string admin = AdminOf(who->identity);
  std::string create, remove;
  EncodeValuesRequest({name, ValuesOf("https://example.cn/1", admin)}, create);
  EncodeHandleRequest(name, remove);
  expect("create on that connection 同一连接上注册",
         connection->Ask(OpCode::kCreateHandle, create));
  expect("delete on that connection 同一连接上注销",
         connection->Ask(OpCode::kDeleteHandle, remove));
}
void LogInByRsaKey(Stage& stage, Evidence& evidence) { LogInByKey(stage, evidence, KeyKind::kRsa); }
void LogInBySm2Key(Stage& stage, Evidence& evidence) { LogInByKey(stage, evidence, KeyKind::kSm2); }

void HomeAndUnhome(Stage& stage, Evidence& evidence) {
  const auto who = MakeAdministrator(stage, KeyKind::kRsa, evidence);
  if (!who) return;
  auto client = HandleClientOf(stage.secondary().handle_server(),
                               HandleClientCredentials{.identity = who->identity, .key = who->key});
  if (!client) return evidence.Refused("client", client.error());
  const std::string handle = "0.NA/" + stage.Below(50);
  const auto is_homed = [&] {
    const auto homed = client->ListHomed();
    return homed && std::ranges::find(homed->handles, handle) != homed->handles.end();
  };
  IsCode(evidence, "home 托管 " + handle, client->Home(handle), ResponseCode::kSuccess);
  evidence.Holds("among the homed prefixes 在托管列表中", is_homed());
  IsCode(evidence, "unhome 取消托管 " + handle, client->Unhome(handle), ResponseCode::kSuccess);
  evidence.Holds("no longer among them 已不在列表中", !is_homed());
}

// The figures when so many more heartbeats are counted in them than before. What was asked earlier
// is counted then, too. Nothing: it was noted why.
std::optional<v1::Stats> StatsAfterBeats(Stage& stage, int64_t beats, Evidence& evidence) {
  auto stats = StatsOf(stage.secondary(), evidence);
  if (!stats) return stats;
  const int64_t expected = CountOf(*stats, "heartbeat", "refused") + beats;
  for (int64_t i = 0; i < beats; ++i) {
    (void)AskOverHandle({.server = stage.secondary().handle_server(), .name = "0"});
  }
  stage.WaitFor(kTallySeconds, [&] {
    stats = StatsOf(stage.secondary(), evidence);
    return !stats || CountOf(*stats, "heartbeat", "refused") >= expected;
  });
  if (!stats) return stats;
  const auto counted = static_cast<uint64_t>(CountOf(*stats, "heartbeat", "refused"));
  evidence.Equal("heartbeats 心跳", counted, static_cast<uint64_t>(expected));
  return stats;
}

// What idle connections of clients ask is no resolution of anybody's.
void HeartbeatsAreNotCounted(Stage& stage, Evidence& evidence) {
  const auto before = StatsAfterBeats(stage, 1, evidence);
  if (!before) return;
  const auto after = StatsAfterBeats(stage, kBeats, evidence);
  if (!after) return;
  evidence.Equal("resolutions 解析量", static_cast<uint64_t>(after->evaluation().resolutions()),
                 static_cast<uint64_t>(before->evaluation().resolutions()));
}

void OthersClients(Stage&, Evidence& evidence) {
  evidence.LeaveOut(
      "Handle.Net, pyhandle and id-pointer-sdk need their own packages: tests/interop/run.py of "
      "the sources runs them 上述客户端需另行安装，由源码中的 tests/interop/run.py 运行");
}

}  // namespace

RehearsalSteps HandleClientSteps() {
  return {
      {"resolve, create, add, modify, delete by an RSA key",
       "RSA 密钥：解析、注册、新增、修改、注销", ByRsaKey},
      {"the same by an SM2 key", "SM2 密钥：同上", BySm2Key},
      {"the same in a session", "会话内：同上", InASession},
      {"whoever may not is refused", "无权者被拒绝", ByTheWrongKey},
      {"login (2001) by an RSA key", "RSA 密钥登录", LogInByRsaKey},
      {"login (2001) by an SM2 key", "SM2 密钥登录", LogInBySm2Key},
      {"home and unhome a prefix", "托管与取消托管前缀", HomeAndUnhome},
      {"heartbeats are not counted", "心跳不计入解析量", HeartbeatsAreNotCounted},
      {"the stock clients themselves", "各官方客户端", OthersClients},
  };
}

}  // namespace idnode
