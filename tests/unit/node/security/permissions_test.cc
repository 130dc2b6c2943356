#include "node/security/permissions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace idnode {
namespace {

// The hand-written table: of an act its record, and of a role what it says.
struct GoldenAct {
  std::string kept;
  std::map<std::string, std::string> cells;  // By the column's head.
};
struct Golden {
  std::map<std::string, std::string> role_of;  // Of a column's head.
  std::map<std::string, GoldenAct> acts;
};

std::vector<std::string> WordsOf(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

Golden ReadGolden() {
  Golden golden;
  std::ifstream file(IDNODE_SOURCE_DIR "/tests/golden/permissions.txt");
  std::vector<std::string> head;
  for (std::string line; std::getline(file, line);) {
    const auto words = WordsOf(line);
    if (words.empty()) continue;
    if (words[0] == "#") {  // The legend: pairs of a head and a role, and nothing else.
      std::map<std::string, std::string> pairs;
      for (size_t i = 1; i + 1 < words.size(); i += 2) {
        if (ParseRole(words[i + 1])) pairs[words[i]] = words[i + 1];
      }
      if (pairs.size() * 2 + 1 == words.size()) golden.role_of.merge(pairs);
    } else if (head.empty()) {
      head = words;
    } else {
      EXPECT_EQ(words.size(), head.size()) << line;
      GoldenAct& act = golden.acts[words[0]];
      act.kept = words.at(1);
      for (size_t i = 2; i < words.size(); ++i) act.cells[head[i]] = words[i];
    }
  }
  return golden;
}

TEST(Permissions, AreThoseOfTheHandWrittenTable) {
  const Golden golden = ReadGolden();
  ASSERT_EQ(golden.role_of.size(), kTokenRoles.size());
  ASSERT_EQ(golden.acts.size(), kActRows.size());
  for (const ActRow& row : kActRows) {
    const auto act = golden.acts.find(std::string(row.name));
    ASSERT_NE(act, golden.acts.end()) << row.name;
    EXPECT_EQ(act->second.kept, NameOf(row.kept)) << row.name;
    ASSERT_EQ(act->second.cells.size(), kTokenRoles.size());
    for (const auto& [head, cell] : act->second.cells) {
      const Role role = *ParseRole(golden.role_of.at(head));
      const std::string_view extent = NameOf(ExtentOf(role, row.act));
      EXPECT_EQ(cell == "." ? "-" : cell, extent) << row.name << " " << NameOf(role);
    }
  }
}

TEST(Permissions, NameEveryActOnceInBothLanguages) {
  std::set<std::string_view> names;
  for (const ActRow& row : kActRows) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(row.en.ends_with('.')) << row.name;
    EXPECT_TRUE(row.zh.ends_with("。")) << row.name;
    EXPECT_FALSE(row.denied.empty()) << row.name;
  }
}

// The three officers: what one may change, no other may, and none may what the operator does alone.
TEST(Permissions, KeepTheOfficersApart) {
  for (const ActRow& row : kActRows) {
    const bool is_system = ExtentOf(Role::kSystemOfficer, row.act) != Extent::kNone;
    const bool is_security = ExtentOf(Role::kSecurityOfficer, row.act) != Extent::kNone;
    const bool is_audit = ExtentOf(Role::kAuditOfficer, row.act) != Extent::kNone;
    EXPECT_LE(is_system + is_security, 1) << row.name;
    EXPECT_LE(is_security + is_audit, 1) << row.name;
    // Figures are what the auditor compares, and the system officer runs the node by.
    if (row.act != Act::kReadFigures) {
      EXPECT_LE(is_system + is_audit, 1) << row.name;
    }
    if (row.kept == Kept::kItself) {
      EXPECT_FALSE(is_audit) << row.name;
      EXPECT_EQ(ExtentOf(Role::kSupervisor, row.act), Extent::kNone) << row.name;
      EXPECT_EQ(ExtentOf(Role::kReader, row.act), Extent::kNone) << row.name;
      EXPECT_EQ(ExtentOf(Role::kApplication, row.act), Extent::kNone) << row.name;
    }
  }
}

TEST(Permissions, LetNobodyDoNothing) {
  for (const ActRow& row : kActRows) {
    EXPECT_EQ(MayDo({}, row.act).error().code, Errc::kUnauthenticated) << row.name;
    EXPECT_FALSE(MayDoTo({}, row.act, 0)) << row.name;
    EXPECT_FALSE(MayDoTo({}, row.act, 1)) << row.name;
  }
}

TEST(Permissions, BindWhoIsOfAnEnterpriseToIt) {
  for (const Role role : kTokenRoles) {
    const Caller caller{.anonymous = false, .role = role, .enterprise = 7, .actor = "token:x"};
    for (const ActRow& row : kActRows) {
      const Extent extent = ExtentOf(role, row.act);
      EXPECT_EQ(MayDo(caller, row.act).ok(), extent != Extent::kNone);
      EXPECT_EQ(MayDoTo(caller, row.act, 7), extent != Extent::kNone);
      EXPECT_EQ(MayDoTo(caller, row.act, 8), extent == Extent::kAll);
      EXPECT_EQ(MayDoTo(caller, row.act, 0), extent == Extent::kAll);
      EXPECT_FALSE(IsOfEnterprise(role) && extent == Extent::kAll);
    }
  }
}

TEST(Permissions, LetNobodyGiveMoreThanHeHas) {
  const auto maker = [](Role role) {
    return Caller{.anonymous = false, .role = role, .enterprise = 7, .actor = "token:x"};
  };
  for (const Role given : kTokenRoles) {
    EXPECT_TRUE(MayGive(maker(Role::kOperator), given)) << NameOf(given);
    EXPECT_EQ(MayGive(maker(Role::kSecurityOfficer), given).ok(), given != Role::kOperator);
    EXPECT_EQ(MayGive(maker(Role::kEnterpriseAdministrator), given).ok(), IsOfEnterprise(given));
    for (const Role role : {Role::kEnterprise, Role::kReader, Role::kSystemOfficer,
                            Role::kAuditOfficer, Role::kReviewer, Role::kEnterpriseUser,
                            Role::kApplication, Role::kSupervisor, Role::kChild}) {
      EXPECT_EQ(MayGive(maker(role), given).error().code, Errc::kDenied) << NameOf(role);
    }
  }
  EXPECT_EQ(MayGive({}, Role::kReader).error().code, Errc::kUnauthenticated);
}

}  // namespace
}  // namespace idnode
