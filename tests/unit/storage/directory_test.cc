#include "storage/directory.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <random>
#include <set>
#include <thread>

#include "storage/keyspace.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

constexpr std::string_view kTokenId = "00112233445566ff";

template <class Decode>
void ExpectRefusedWhereverCutShort(const std::string& row, const Decode& decode) {
  ASSERT_TRUE(decode(row).ok());
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(decode(std::string_view(row).substr(0, size)).ok()) << size << " octets";
  }
  EXPECT_FALSE(decode(row + "x").ok());
  std::string newer = row;
  newer[0] = 9;
  EXPECT_EQ(decode(newer).error().code, Errc::kFormatVersion);
}

TEST(EnterpriseRow, ComesBackAsItWas) {
  const Enterprise enterprise = EnterpriseOf(5, EnterpriseState::kSuspended);
  const auto back = DecodeEnterprise(EncodeEnterprise(enterprise));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->number, 5u);
  EXPECT_EQ(back->code, "E5");
  EXPECT_EQ(back->name, "企业 5");
  EXPECT_EQ(back->state, EnterpriseState::kSuspended);
  EXPECT_EQ(back->created, kMorning);
}

TEST(EnterpriseRow, IsRefusedWhereverItIsCutShort) {
  ExpectRefusedWhereverCutShort(EncodeEnterprise(EnterpriseOf(5)), DecodeEnterprise);
}

TEST(EnterpriseRow, HoldsPlainTextANumberAndAState) {
  const auto refused = [](const std::function<void(Enterprise&)>& spoil) {
    Enterprise enterprise = EnterpriseOf(5);
    spoil(enterprise);
    return !CheckEnterpriseRow(enterprise).ok() &&
           !DecodeEnterprise(EncodeEnterprise(enterprise)).ok();
  };
  EXPECT_FALSE(refused([](Enterprise&) {}));
  EXPECT_FALSE(refused([](Enterprise& e) { e.name = ""; }));
  EXPECT_FALSE(refused([](Enterprise& e) { e.name = std::string(255, 'x'); }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.number = kAllEnterprises; }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.number = kNoEnterprise; }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.code = ""; }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.code = std::string(256, 'x'); }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.name = std::string(256, 'x'); }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.name = "\xFF"; }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.code = "a\nb"; }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.state = static_cast<EnterpriseState>(0); }));
  EXPECT_TRUE(refused([](Enterprise& e) { e.state = static_cast<EnterpriseState>(4); }));
}

TEST(PrefixRow, ComesBackAsItWas) {
  const auto back =
      DecodePrefix(EncodePrefix(PrefixOf(7, "6901234", Scheme::kGs1, PrefixState::kSuspended)));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->prefix.scheme, Scheme::kGs1);
  EXPECT_EQ(back->prefix.text, "6901234");
  EXPECT_EQ(back->enterprise, 7u);
  EXPECT_EQ(back->state, PrefixState::kSuspended);
  EXPECT_EQ(back->created, kMorning);
}

TEST(PrefixRow, IsRefusedWhereverItIsCutShort) {
  ExpectRefusedWhereverCutShort(EncodePrefix(PrefixOf(7, "88.118.8")), DecodePrefix);
}

TEST(PrefixRow, HoldsACanonicalPrefixOnly) {
  for (const AllottedPrefix& prefix :
       {PrefixOf(7, "88.118.a"), PrefixOf(7, ""), PrefixOf(7, "88/1"),
        PrefixOf(7, std::string(65, '8')), PrefixOf(7, "69012x4", Scheme::kGs1),
        PrefixOf(7, "urn:oid:1.2.156", Scheme::kOid), PrefixOf(7, "E=10001", Scheme::kEcode),
        PrefixOf(7, "ac1x", Scheme::kBid), PrefixOf(kAllEnterprises, "88.118.8"),
        PrefixOf(7, "88.118.8", Scheme::kHandle, static_cast<PrefixState>(4)),
        PrefixOf(7, "88.118.8", static_cast<Scheme>('?'))}) {
    EXPECT_EQ(CheckPrefixRow(prefix).error().code, Errc::kMalformed) << prefix.prefix.text;
    EXPECT_FALSE(DecodePrefix(EncodePrefix(prefix)).ok()) << prefix.prefix.text;
  }
}

TEST(TokenRow, ComesBackAsItWas) {
  Token token = TokenOf(std::string(kTokenId), Role::kChild);
  token.prefix = "88.118.8";
  token.revoked = true;
  token.enterprise = 9;
  const auto back = DecodeToken(EncodeToken(token));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->id, kTokenId);
  EXPECT_EQ(back->secret_hash, token.secret_hash);
  EXPECT_EQ(back->role, Role::kChild);
  EXPECT_EQ(back->prefix, "88.118.8");
  EXPECT_EQ(back->note, "for a test");
  EXPECT_EQ(back->enterprise, 9u);
  EXPECT_TRUE(back->revoked);
}

TEST(TokenRow, NamesAPersonInALayoutOfItsOwn) {
  Token token = TokenOf(std::string(kTokenId), Role::kAuditOfficer);
  const std::string nameless = EncodeToken(token);
  token.person = "Li Si";
  const std::string row = EncodeToken(token);
  EXPECT_EQ(nameless[0], 1);
  EXPECT_EQ(row[0], 2);
  EXPECT_EQ(DecodeToken(row)->person, "Li Si");
  EXPECT_EQ(DecodeToken(row)->role, Role::kAuditOfficer);
  ExpectRefusedWhereverCutShort(row, DecodeToken);
  std::string nobody = nameless + std::string(2, '\0');
  nobody[0] = 2;
  EXPECT_EQ(DecodeToken(nobody).error().code, Errc::kMalformed);
}

TEST(TokenRow, IsRefusedWhereverItIsCutShort) {
  ExpectRefusedWhereverCutShort(EncodeToken(TokenOf(std::string(kTokenId))), DecodeToken);
}

TEST(TokenRow, HoldsAnIdAHashAndARole) {
  Token long_note = TokenOf(std::string(kTokenId));
  long_note.note = std::string(256, 'x');
  Token long_person = TokenOf(std::string(kTokenId));
  long_person.person = std::string(256, 'x');
  Token short_hash = TokenOf(std::string(kTokenId));
  short_hash.secret_hash.pop_back();
  for (const Token& token :
       {TokenOf("00112233445566f"), TokenOf("00112233445566FF"), TokenOf("0011223344556zff"),
        TokenOf(std::string(kTokenId), static_cast<Role>(0)),
        TokenOf(std::string(kTokenId), static_cast<Role>(13)), long_note, long_person,
        short_hash}) {
    EXPECT_EQ(CheckTokenRow(token).error().code, Errc::kMalformed);
    EXPECT_FALSE(DecodeToken(EncodeToken(token)).ok());
  }
  std::string neither = EncodeToken(TokenOf(std::string(kTokenId)));
  neither[2] = 2;
  EXPECT_FALSE(DecodeToken(neither).ok());
}

TEST(EnterpriseState, IsSpelledAndRead) {
  for (const auto& [state, name] : {std::pair{EnterpriseState::kActive, "active"},
                                    std::pair{EnterpriseState::kSuspended, "suspended"},
                                    std::pair{EnterpriseState::kRemoved, "removed"}}) {
    EXPECT_EQ(NameOf(state), name);
    ASSERT_TRUE(ParseEnterpriseState(name).ok());
    EXPECT_EQ(*ParseEnterpriseState(name), state);
  }
  EXPECT_EQ(ParseEnterpriseState("").error().code, Errc::kMalformed);
  EXPECT_EQ(ParseEnterpriseState("Active").error().code, Errc::kMalformed);
}

TEST(PrefixState, IsSpelledAndRead) {
  for (const auto& [state, name] :
       {std::pair{PrefixState::kActive, "active"}, std::pair{PrefixState::kSuspended, "suspended"},
        std::pair{PrefixState::kUnhomed, "unhomed"}}) {
    EXPECT_EQ(NameOf(state), name);
    ASSERT_TRUE(ParsePrefixState(name).ok());
    EXPECT_EQ(*ParsePrefixState(name), state);
  }
  EXPECT_EQ(ParsePrefixState("removed").error().code, Errc::kMalformed);
}

TEST(Role, IsSpelledAndRead) {
  for (const Role role : {Role::kOperator, Role::kEnterprise, Role::kReader, Role::kChild}) {
    ASSERT_TRUE(ParseRole(NameOf(role)).ok());
    EXPECT_EQ(*ParseRole(NameOf(role)), role);
  }
  EXPECT_FALSE(ParseRole("admin").ok());
}

class DirectoryTest : public ::testing::Test {
 protected:
  Outcome Put(const Enterprise& enterprise) {
    const auto view = node_.directory().View();
    const Enterprise* old = view->FindEnterprise(enterprise.number);
    return node_.Commit([&](Change& change) {
      AddPutEnterprise(change, enterprise, old ? std::optional(old->version) : std::nullopt);
    });
  }
  Outcome Put(const AllottedPrefix& prefix) {
    const auto view = node_.directory().View();
    const AllottedPrefix* old = view->FindPrefix(prefix.prefix);
    return node_.Commit([&](Change& change) {
      AddPutPrefix(change, prefix, old ? std::optional(old->version) : std::nullopt);
    });
  }
  Outcome Put(const Token& token) {
    return node_.Commit([&](Change& change) { AddPutToken(change, token, {}); });
  }
  std::shared_ptr<const DirectoryView> View() { return node_.directory().View(); }
  std::string OwnerOf(Scheme scheme, std::string text) {
    const AllottedPrefix* owner = View()->Owner({scheme, std::move(text)});
    return owner == nullptr ? "" : owner->prefix.text;
  }

  MemoryNode node_;
};

TEST_F(DirectoryTest, FindsWhatWasPutByEveryName) {
  ASSERT_TRUE(Put(EnterpriseOf(7)).done());
  const Outcome prefix = Put(PrefixOf(7, "88.118.8"));
  ASSERT_TRUE(Put(TokenOf(std::string(kTokenId))).done());
  const auto view = View();

  ASSERT_NE(view->FindEnterprise(7), nullptr);
  EXPECT_EQ(view->FindEnterprise(7)->version, Position{1});
  EXPECT_EQ(view->FindEnterpriseByCode("E7"), view->FindEnterprise(7));
  ASSERT_NE(view->FindPrefix({Scheme::kHandle, "88.118.8"}), nullptr);
  EXPECT_EQ(view->FindPrefix({Scheme::kHandle, "88.118.8"})->version, prefix.position);
  ASSERT_NE(view->FindToken(kTokenId), nullptr);
  EXPECT_EQ(view->FindEnterprise(8), nullptr);
  EXPECT_EQ(view->FindEnterpriseByCode("e7"), nullptr);
  EXPECT_EQ(view->FindPrefix({Scheme::kGs1, "88.118.8"}), nullptr);
  EXPECT_EQ(view->FindToken("0000000000000000"), nullptr);
  EXPECT_EQ(view->enterprise_count(), 1u);
  EXPECT_EQ(view->prefix_count(), 1u);
  EXPECT_EQ(view->next_enterprise_number(), 8u);
}

TEST_F(DirectoryTest, KeepsAnOldViewAsItWas) {
  ASSERT_TRUE(Put(EnterpriseOf(7)).done());
  const auto old = View();
  const Enterprise* seven = old->FindEnterprise(7);

  ASSERT_TRUE(Put(EnterpriseOf(7, EnterpriseState::kRemoved)).done());
  ASSERT_TRUE(Put(EnterpriseOf(8)).done());

  EXPECT_EQ(old->FindEnterprise(7), seven);
  EXPECT_EQ(seven->state, EnterpriseState::kActive);
  EXPECT_EQ(old->FindEnterprise(8), nullptr);
  EXPECT_EQ(old->enterprise_count(), 1u);
  EXPECT_EQ(View()->FindEnterprise(7)->state, EnterpriseState::kRemoved);
  EXPECT_EQ(View()->enterprise_count(), 2u);
}

TEST_F(DirectoryTest, OwnsAHandleByItsWholePrefixOnly) {
  ASSERT_TRUE(Put(PrefixOf(7, "88.118.8")).done());

  EXPECT_EQ(OwnerOf(Scheme::kHandle, "88.118.8"), "88.118.8");
  EXPECT_EQ(OwnerOf(Scheme::kHandle, "88.118.80"), "");
  EXPECT_EQ(OwnerOf(Scheme::kHandle, "88.118"), "");
  EXPECT_EQ(OwnerOf(Scheme::kHandle, "88.118.8.1"), "");
}

TEST_F(DirectoryTest, OwnsGs1DigitsByTheLongestPrefix) {
  for (const char* digits : {"690", "6901234", "690123456789"}) {
    ASSERT_TRUE(Put(PrefixOf(7, digits, Scheme::kGs1)).done());
  }
  EXPECT_EQ(OwnerOf(Scheme::kGs1, "690123456789"), "690123456789");
  EXPECT_EQ(OwnerOf(Scheme::kGs1, "690123499999"), "6901234");
  EXPECT_EQ(OwnerOf(Scheme::kGs1, "690999999999"), "690");
  EXPECT_EQ(OwnerOf(Scheme::kGs1, "690"), "690");
  EXPECT_EQ(OwnerOf(Scheme::kGs1, "69"), "");
  EXPECT_EQ(OwnerOf(Scheme::kGs1, "700123456789"), "");
  EXPECT_EQ(OwnerOf(Scheme::kHandle, "690"), "");
}

TEST_F(DirectoryTest, OwnsAnOidByItsLongestArc) {
  for (const char* arc : {"1.2.156", "1.2.156.3001", "1.2.156.3001.11"}) {
    ASSERT_TRUE(Put(PrefixOf(7, arc, Scheme::kOid)).done());
  }
  EXPECT_EQ(OwnerOf(Scheme::kOid, "1.2.156.3001.11.1.1"), "1.2.156.3001.11");
  EXPECT_EQ(OwnerOf(Scheme::kOid, "1.2.156.3001.110"), "1.2.156.3001");
  EXPECT_EQ(OwnerOf(Scheme::kOid, "1.2.156.3001"), "1.2.156.3001");
  EXPECT_EQ(OwnerOf(Scheme::kOid, "1.2.156.30"), "1.2.156");
  EXPECT_EQ(OwnerOf(Scheme::kOid, "1.2"), "");
  EXPECT_EQ(OwnerOf(Scheme::kHandle, "1.2.156"), "");
}

TEST_F(DirectoryTest, OwnsAnEcodeByNumberSystemAndTheBeginningOfItsCode) {
  for (const char* code : {"10001", "1000112"}) {
    ASSERT_TRUE(Put(PrefixOf(7, code, Scheme::kEcode)).done());
  }
  EXPECT_EQ(OwnerOf(Scheme::kEcode, "1000112345"), "1000112");
  EXPECT_EQ(OwnerOf(Scheme::kEcode, "1000199"), "10001");
  EXPECT_EQ(OwnerOf(Scheme::kEcode, "1000299"), "");
  EXPECT_EQ(OwnerOf(Scheme::kEcode, "2000112345"), "");
}

TEST_F(DirectoryTest, OwnsAVaaCodeByTheLongestBeginningAndADidByItsContract) {
  for (const char* prefix : {"VAA86100", "VAA861001234", "did:vaa:IDcontract1", "did:vaa"}) {
    ASSERT_TRUE(Put(PrefixOf(7, prefix, Scheme::kVaa)).done());
  }
  EXPECT_EQ(OwnerOf(Scheme::kVaa, "VAA861001234/S1"), "VAA861001234");
  EXPECT_EQ(OwnerOf(Scheme::kVaa, "VAA8610099"), "VAA86100");
  EXPECT_EQ(OwnerOf(Scheme::kVaa, "VAA8"), "");
  EXPECT_EQ(OwnerOf(Scheme::kVaa, "did:vaa:IDcontract1"), "did:vaa:IDcontract1");
  EXPECT_EQ(OwnerOf(Scheme::kVaa, "did:vaa:IDcontract2"), "");
  EXPECT_EQ(OwnerOf(Scheme::kVaa, "did:vaa"), "did:vaa");
}

TEST_F(DirectoryTest, OwnsAChainAndAMethodWhole) {
  ASSERT_TRUE(Put(PrefixOf(7, "did:bid", Scheme::kBid)).done());
  ASSERT_TRUE(Put(PrefixOf(7, "did:bid:ac1x", Scheme::kBid)).done());
  ASSERT_TRUE(Put(PrefixOf(7, "did:web", Scheme::kDid)).done());

  EXPECT_EQ(OwnerOf(Scheme::kBid, "did:bid"), "did:bid");
  EXPECT_EQ(OwnerOf(Scheme::kBid, "did:bid:ac1x"), "did:bid:ac1x");
  EXPECT_EQ(OwnerOf(Scheme::kBid, "did:bid:ac1y"), "") << "the main chain holds no sub-chain";
  EXPECT_EQ(OwnerOf(Scheme::kDid, "did:web"), "did:web");
  EXPECT_EQ(OwnerOf(Scheme::kDid, "did:web2"), "");
}

TEST_F(DirectoryTest, TakesACodeOnceAndLeavesItWithItsEnterprise) {
  ASSERT_TRUE(Put(EnterpriseOf(7)).done());
  ASSERT_TRUE(Put(EnterpriseOf(8)).done());

  Enterprise thief = EnterpriseOf(9);
  thief.code = "E7";
  EXPECT_EQ(Put(thief).kind, Outcome::Kind::kRefused);
  Enterprise renamed = EnterpriseOf(8);
  renamed.code = "E7";
  EXPECT_EQ(Put(renamed).kind, Outcome::Kind::kRefused);
  renamed.code = "new";
  EXPECT_EQ(Put(renamed).kind, Outcome::Kind::kRefused);
  EXPECT_TRUE(Put(EnterpriseOf(8, EnterpriseState::kSuspended)).done());
  EXPECT_EQ(View()->FindEnterpriseByCode("E7")->number, 7u);
}

TEST_F(DirectoryTest, RefusesAReplacementOfWhatWasChangedMeanwhile) {
  ASSERT_TRUE(Put(PrefixOf(7, "88.118.8")).done());
  const Position stale = View()->FindPrefix({Scheme::kHandle, "88.118.8"})->version;
  ASSERT_TRUE(Put(PrefixOf(7, "88.118.8", Scheme::kHandle, PrefixState::kSuspended)).done());

  const Outcome late =
      node_.Commit([&](Change& change) { AddPutPrefix(change, PrefixOf(8, "88.118.8"), stale); });

  EXPECT_EQ(late.why, Errc::kConflict);
  EXPECT_EQ(View()->FindPrefix({Scheme::kHandle, "88.118.8"})->enterprise, 7u);
}

TEST_F(DirectoryTest, LetsNoRegistrationPassASuspensionThatCameFirst) {
  ASSERT_TRUE(Put(PrefixOf(7, "88.118.8")).done());
  const auto view = View();
  const AllottedPrefix* read = view->FindPrefix({Scheme::kHandle, "88.118.8"});
  const auto register_one = [&](std::string_view key) {
    return node_.Commit([&](Change& change) {
      ExpectPrefixUnchanged(change, *read);
      AddCreate(change, key, 7, RecordOf(7));
    });
  };
  ASSERT_TRUE(register_one("H88.118.8/1").done());

  ASSERT_TRUE(Put(PrefixOf(7, "88.118.8", Scheme::kHandle, PrefixState::kSuspended)).done());

  EXPECT_EQ(register_one("H88.118.8/2").kind, Outcome::Kind::kRefused);
}

TEST_F(DirectoryTest, KnowsWhetherAnyPrefixIsUnhomed) {
  ASSERT_TRUE(Put(PrefixOf(7, "88.118.8")).done());
  EXPECT_FALSE(node_.directory().AnyUnhomed());
  const auto unhome = [&](std::string prefix, PrefixState state) {
    EXPECT_TRUE(Put(PrefixOf(7, std::move(prefix), Scheme::kHandle, state)).done());
  };
  unhome("88.118.8", PrefixState::kUnhomed);
  unhome("88.118.9", PrefixState::kUnhomed);
  EXPECT_TRUE(node_.directory().AnyUnhomed());
  unhome("88.118.8", PrefixState::kActive);
  EXPECT_TRUE((*Directory::Open(node_.engine()))->AnyUnhomed()) << "as the rows say";
  unhome("88.118.9", PrefixState::kSuspended);
  EXPECT_FALSE(node_.directory().AnyUnhomed());
}

TEST_F(DirectoryTest, WalksInAscendingOrder) {
  for (const uint32_t number : {300u, 2u, 70'000u, 1u}) {
    ASSERT_TRUE(Put(EnterpriseOf(number)).done());
    ASSERT_TRUE(Put(PrefixOf(number, "88." + std::to_string(number))).done());
  }
  std::vector<uint32_t> numbers;
  View()->EachEnterprise([&](const Enterprise& e) { numbers.push_back(e.number); });
  EXPECT_EQ(numbers, (std::vector<uint32_t>{1, 2, 300, 70'000}));
  std::vector<std::string> texts;
  View()->EachPrefix([&](const AllottedPrefix& p) { texts.push_back(p.prefix.text); });
  EXPECT_EQ(texts, (std::vector<std::string>{"88.1", "88.2", "88.300", "88.70000"}));
}

size_t ConnectedByBruteForce(const DirectoryView& view) {
  std::set<uint32_t> connected;
  view.EachPrefix([&](const AllottedPrefix& prefix) {
    const Enterprise* holder = view.FindEnterprise(prefix.enterprise);
    if (prefix.state == PrefixState::kActive && holder != nullptr &&
        holder->state == EnterpriseState::kActive) {
      connected.insert(prefix.enterprise);
    }
  });
  return connected.size();
}

void ExpectSameView(const DirectoryView& a, const DirectoryView& b) {
  EXPECT_EQ(a.enterprise_count(), b.enterprise_count());
  EXPECT_EQ(a.prefix_count(), b.prefix_count());
  EXPECT_EQ(a.connected_enterprises(), b.connected_enterprises());
  EXPECT_EQ(a.next_enterprise_number(), b.next_enterprise_number());
  a.EachEnterprise([&](const Enterprise& e) {
    ASSERT_NE(b.FindEnterpriseByCode(e.code), nullptr);
    EXPECT_EQ(EncodeEnterprise(e), EncodeEnterprise(*b.FindEnterprise(e.number)));
    EXPECT_EQ(e.version, b.FindEnterprise(e.number)->version);
  });
  a.EachPrefix([&](const AllottedPrefix& p) {
    const AllottedPrefix* other = b.FindPrefix(p.prefix);
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(EncodePrefix(p), EncodePrefix(*other));
    EXPECT_EQ(p.version, other->version);
  });
}

TEST_F(DirectoryTest, CountsConnectedEnterprisesExactlyThroughRandomChanges) {
  std::mt19937 chance(20261121);
  size_t highest = 0;
  for (int i = 0; i < 3'000; ++i) {
    const uint32_t number = 1 + chance() % 40;
    if (chance() % 3 == 0) {
      ASSERT_TRUE(Put(EnterpriseOf(number, static_cast<EnterpriseState>(1 + chance() % 3))).done());
    } else {
      // A prefix may go to another enterprise, and be there before its enterprise is.
      const bool gs1 = chance() % 2 == 0;
      const std::string text = (gs1 ? "690" : "88.118.") + std::to_string(chance() % 60);
      ASSERT_TRUE(Put(PrefixOf(number, text, gs1 ? Scheme::kGs1 : Scheme::kHandle,
                               static_cast<PrefixState>(1 + chance() % 3)))
                      .done());
    }
    ASSERT_EQ(View()->connected_enterprises(), ConnectedByBruteForce(*View())) << "change " << i;
    highest = std::max(highest, View()->connected_enterprises());
  }
  EXPECT_GT(highest, 10u);

  const auto reopened = Directory::Open(node_.engine());
  ASSERT_TRUE(reopened.ok());
  ExpectSameView(*View(), *(*reopened)->View());
  ExpectSameView(*(*reopened)->View(), *View());
}

TEST_F(DirectoryTest, GivesEveryThreadAWholeView) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto view = View();
        // Each change puts an enterprise and its prefix together.
        EXPECT_EQ(view->enterprise_count(), view->prefix_count());
        EXPECT_EQ(view->connected_enterprises(), view->enterprise_count());
      }
    });
  }
  for (uint32_t number = 1; number <= 500; ++number) {
    ASSERT_TRUE(node_
                    .Commit([&](Change& change) {
                      AddPutEnterprise(change, EnterpriseOf(number), {});
                      AddPutPrefix(change, PrefixOf(number, "88." + std::to_string(number)), {});
                    })
                    .done());
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(View()->enterprise_count(), 500u);
}

TEST_F(DirectoryTest, DoesNotOpenOverRowsThatContradictEachOther) {
  ASSERT_TRUE(Put(EnterpriseOf(7)).done());
  ASSERT_TRUE(Put(PrefixOf(7, "88.118.8")).done());
  ASSERT_TRUE(Put(TokenOf(std::string(kTokenId))).done());
  const TableRows rows = AllRows(node_.engine());
  ASSERT_TRUE(Directory::Open(*EngineOf(rows)).ok());
  const auto opens = [&](const std::function<void(TableRows&)>& spoil) {
    TableRows spoiled = rows;
    spoil(spoiled);
    const auto directory = Directory::Open(*EngineOf(spoiled));
    return directory ? Errc::kInternal : directory.error().code;
  };
  const auto at = [](std::string key) { return std::pair(Table::kDirectory, std::move(key)); };
  const auto move = [&](std::string from, std::string to) {
    return [=](TableRows& all) {
      auto row = all.extract(at(from));
      row.key() = at(to);
      all.insert(std::move(row));
    };
  };

  EXPECT_EQ(opens(move(keyspace::Enterprise(7), keyspace::Enterprise(8))), Errc::kCorrupt);
  EXPECT_EQ(opens(move(keyspace::Prefix('H', "88.118.8"), keyspace::Prefix('H', "88.118.9"))),
            Errc::kCorrupt);
  EXPECT_EQ(opens(move(keyspace::Prefix('H', "88.118.8"), "P")), Errc::kCorrupt);
  EXPECT_EQ(opens(move(keyspace::Token(kTokenId), keyspace::Token("0011223344556600"))),
            Errc::kCorrupt);
  EXPECT_EQ(opens(move(keyspace::EnterpriseCode("E7"), keyspace::EnterpriseCode("E8"))),
            Errc::kCorrupt);
  EXPECT_EQ(opens(move(keyspace::Token(kTokenId), "?")), Errc::kCorrupt);
  EXPECT_EQ(opens([&](TableRows& all) { all.erase(at(keyspace::EnterpriseCode("E7"))); }),
            Errc::kCorrupt);
  EXPECT_EQ(opens([&](TableRows& all) { all[at(keyspace::Enterprise(7))].pop_back(); }),
            Errc::kCorrupt);
  EXPECT_EQ(opens([&](TableRows& all) { all[at(keyspace::Enterprise(7))] = "short"; }),
            Errc::kCorrupt);
}

}  // namespace
}  // namespace idnode
