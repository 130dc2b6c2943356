#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "node/front/http/routes.h"
#include "proto/base/errc.h"

namespace idnode {
namespace {

std::string Document(const std::string& name) {
  std::ifstream file(std::string(IDNODE_SOURCE_DIR) + "/docs/api/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(ErrorsDocument, HasEachRowAndNoOther) {
  const std::string document = Document("errors.md");
  size_t rows = 0;
  for (const ErrcRow& row : kErrcRows) {
    std::ostringstream line;
    line << "| `" << row.name << "` | " << row.handle_rc << " | " << row.http << " | "
         << int{row.grpc} << " | " << int{row.exit} << " | " << row.en << " | " << row.zh << " |\n";
    EXPECT_NE(document.find(line.str()), std::string::npos) << line.str();
  }
  for (size_t at = 0; (at = document.find("\n| `", at)) != std::string::npos; ++at) ++rows;
  EXPECT_EQ(rows, kErrcRows.size());
}

TEST(HttpDocument, NamesEachPath) {
  const std::string document = Document("http.md");
  for (const Route& route : Routes()) {
    EXPECT_NE(document.find(route.path), std::string::npos) << route.path;
  }
}

}  // namespace
}  // namespace idnode
