#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/progress.h"
#include "node/cmd/record_json.h"
#include "node/cmd/session.h"
#include "proto/base/text.h"
#include "proto/crypto/digest.h"
#include "proto/ident/scheme.h"

namespace idnode {
namespace {

struct Options {
  std::string scheme, prefix, output_file;
  uint32_t enterprise = 0;
  bool digest = false, times = false, quiet = false;
};

struct FileCloser {
  void operator()(std::FILE* file) const {
    if (file != stdout) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

int RunExport(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  File file(options.output_file.empty() ? stdout : std::fopen(options.output_file.c_str(), "wb"));
  if (file == nullptr) return Refused(options.output_file, Error{Errc::kIo, "cannot be created"});

  v1::ExportRequest request;
  request.set_scheme(options.scheme);
  request.set_prefix(options.prefix);
  request.set_enterprise(options.enterprise);
  Result<Hasher> hasher = Hasher::Create("sha256");
  if (!hasher) return Refused("sha256", hasher.error());
  uint64_t records = 0, ranges = 0;
  bool written = true;
  ProgressBar progress("export", 0, options.quiet);
  const auto reply = node->Export(request, [&](const v1::ExportResponse& page) {
    std::string lines;
    for (const v1::Range& range : page.ranges()) {
      lines += boost::json::serialize(RangeJson(range, options.times)) + "\n";
    }
    for (const v1::Record& record : page.records()) {
      lines += boost::json::serialize(RecordJson(record, options.times)) + "\n";
    }
    ranges += static_cast<uint64_t>(page.ranges_size());
    records += static_cast<uint64_t>(page.records_size());
    hasher->Update(lines);
    if (!options.digest) {
      written = std::fwrite(lines.data(), 1, lines.size(), file.get()) == lines.size();
    }
    progress.Update(0, ranges + records);
    return written;
  });
  progress.Finish();
  if (!written || std::fflush(file.get()) != 0) {
    return Refused(options.output_file, Error{Errc::kIo, "cannot be written"});
  }
  if (!reply) return Refused("export", reply.problem());
  const std::string digest = ToHex(hasher->Finish());
  if (options.digest) {
    PrintObject(global.output, {{"identifiers", records}, {"ranges", ranges}, {"sha256", digest}});
  } else {
    PrintMessage(fmt::format("{} identifiers, {} ranges, sha256 {}",
                             Grouped(static_cast<int64_t>(records)),
                             Grouped(static_cast<int64_t>(ranges)), digest));
  }
  return kExitOk;
}

}  // namespace

Run DeclareExport(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("--scheme", options->scheme, SchemeOptions() + " [all] / 标识体系");
  app.add_option("--prefix", options->prefix, "Only under this prefix; needs --scheme / 前缀");
  app.add_option("--enterprise", options->enterprise, "Only of this enterprise number / 企业编号");
  app.add_option("--output-file", options->output_file, "Instead of stdout / 输出文件");
  app.add_flag("--times", options->times,
               "With times and versions; the digest then differs between stores / 含时间");
  app.add_flag("--digest", options->digest,
               "Only count and digest of what would be written / 只输出摘要");
  app.add_flag("-q,--quiet", options->quiet, "No progress / 不显示进度");
  return [options, &global] { return RunExport(*options, global); };
}

}  // namespace idnode
