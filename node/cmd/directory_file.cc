#include "node/cmd/directory_file.h"

#include <fmt/format.h>

#include <memory>
#include <set>

#include "node/cmd/output.h"
#include "node/cmd/row_source.h"
#include "node/cmd/session.h"

namespace idnode {
namespace {

// Enrols one row; false and printed, when the node refused it.
bool EnrolRow(NodeClient& node, const Row& row, const std::string& where,
              std::set<std::string, std::less<>>& enrolled) {
  const std::string code(row.Cell("code")), prefix(row.Cell("prefix"));
  if (enrolled.insert(code).second) {
    v1::PutEnterpriseRequest request;
    request.set_code(code);
    request.set_name(std::string(row.Cell("name")));
    auto reply = node.PutEnterprise(request);
    if (!reply) {
      Refused(where, reply.problem());
      return false;
    }
  }
  if (prefix.empty()) return true;
  v1::PutPrefixRequest request;
  request.set_scheme(row.Cell("scheme").empty() ? "handle" : std::string(row.Cell("scheme")));
  request.set_prefix(prefix);
  request.set_enterprise_code(code);
  auto reply = node.PutPrefix(request);
  if (!reply) Refused(where, reply.problem());
  return static_cast<bool>(reply);
}

}  // namespace

int LoadDirectoryFile(const std::string& path, const GlobalOptions& global) {
  RowSourceOptions source_options;
  source_options.path = path;
  auto source = OpenRowSource(source_options);
  if (!source) return Refused(path, source.error());
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;

  std::set<std::string, std::less<>> enrolled;
  Row row;
  uint64_t rows = 0, refused = 0;
  for (;;) {
    const Result<bool> more = (*source)->Next(row);
    if (!more) return Refused(path, more.error());
    if (!*more) break;
    ++rows;
    const std::string where = fmt::format("{}:{}", path, row.number);
    if (!row.problem.ok()) {
      Refused(where, row.problem.error());
      ++refused;
    } else if (!EnrolRow(*node, row, where, enrolled)) {
      ++refused;
    }
  }
  PrintObject(global.output,
              {{"rows", rows}, {"enterprises", enrolled.size()}, {"refused", refused}});
  return refused == 0 ? kExitOk : kExitPartly;
}

}  // namespace idnode
