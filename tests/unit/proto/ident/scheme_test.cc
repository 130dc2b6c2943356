#include "proto/ident/scheme.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

TEST(Scheme, IsFoundByItsOptionAndByNothingElse) {
  for (const SchemeRow& row : kSchemeRows) EXPECT_EQ(FindScheme(row.option), &row) << row.option;
  for (std::string_view other : {"", "Handle", "GS1", "handle ", "hand", "doi"}) {
    EXPECT_EQ(FindScheme(other), nullptr) << other;
  }
}

TEST(Scheme, NamesItsOptionsForHelp) {
  EXPECT_EQ(SchemeOptions(), "handle, gs1, oid, ecode, vaa, bid or did");
}

}  // namespace
}  // namespace idnode
