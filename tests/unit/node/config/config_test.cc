#include "node/config/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "node/config/explain.h"
#include "node/config/option_value.h"
#include "node/config/options.h"

namespace idnode {
namespace {

using Flags = std::vector<std::pair<std::string, std::string>>;

class ConfigTest : public ::testing::Test {
 protected:
  ~ConfigTest() override { std::filesystem::remove(file); }

  std::string Write(const std::string& text) {
    std::ofstream(file) << text;
    return file;
  }
  // The problems of one configuration as "option@where".
  std::vector<std::string> Problems(const std::string& toml, Flags flags = {},
                                    std::vector<std::string> environment = {}) {
    flags.insert(flags.begin(), {"node.prefix", "88.118"});
    std::vector<std::string> problems;
    for (const ConfigProblem& problem :
         LoadConfig(toml.empty() ? "" : Write(toml), environment, flags).problems) {
      EXPECT_FALSE(problem.en.empty());
      EXPECT_FALSE(problem.zh.empty());
      problems.push_back(problem.option + "@" + problem.where);
    }
    return problems;
  }

  const std::string file = std::filesystem::temp_directory_path() /
                           ("idnode_config_" + std::to_string(getpid()) + ".toml");
};

using Expected = std::vector<std::string>;

TEST_F(ConfigTest, HasDefaultsThatWorkOnceThePrefixIsGiven) {
  const auto loaded = LoadConfig("", {}, {{"node.prefix", "88.118"}});
  ASSERT_TRUE(loaded.problems.empty());
  const Config& config = loaded.config;
  EXPECT_EQ(config.Text(Option::kNodeRole), "secondary");
  EXPECT_EQ(config.Text(Option::kHttpListen), "127.0.0.1:8080");
  EXPECT_EQ(config.Number(Option::kDataReserve), uint64_t{1} << 30);
  EXPECT_EQ(config.Number(Option::kStorageBlockCache), uint64_t{256} << 20);
  EXPECT_TRUE(config.List(Option::kCountingProbeNetworks).empty());
  EXPECT_EQ(config.source(Option::kNodePrefix), OptionSource::kFlag);
  EXPECT_EQ(config.source(Option::kHttpListen), OptionSource::kDefault);
}

TEST_F(ConfigTest, LetsTheStrongerSourceWin) {
  Write(
      "[http]\nlisten = \"127.0.0.1:1\"\nthreads = 3\n[node]\nprefix = \"88.118\"\n[log]\n"
      "level = \"debug\"\n");
  const auto loaded = LoadConfig(
      file,
      {"IDNODE_HTTP_LISTEN=127.0.0.1:2", "PATH=/bin", "IDNODE_LOG_LEVEL=error", "IDNODE_TOKEN=x"},
      {{"log.level", "warning"}});
  ASSERT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.config.Text(Option::kHttpListen), "127.0.0.1:2");
  EXPECT_EQ(loaded.config.source(Option::kHttpListen), OptionSource::kEnvironment);
  EXPECT_EQ(loaded.config.Number(Option::kHttpThreads), 3u);
  EXPECT_EQ(loaded.config.source(Option::kHttpThreads), OptionSource::kFile);
  EXPECT_EQ(loaded.config.Text(Option::kLogLevel), "warning");
}

TEST_F(ConfigTest, ReadsUnitsAndLists) {
  const auto loaded =
      LoadConfig(Write("node.prefix = \"88\"\ndata.reserve = 4096\nstorage.memtable = \"2 GiB\"\n"
                       "counting.internal_networks = [\"10.0.0.0/8\", \"fd00::/8\"]\n"
                       "counting.probe_networks = \"127.0.0.1,::1\"\n"),
                 {}, {});
  ASSERT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.config.Number(Option::kDataReserve), 4096u);
  EXPECT_EQ(loaded.config.Number(Option::kStorageMemtable), uint64_t{2} << 30);
  EXPECT_EQ(loaded.config.List(Option::kCountingInternalNetworks),
            (Expected{"10.0.0.0/8", "fd00::/8"}));
  EXPECT_EQ(loaded.config.List(Option::kCountingProbeNetworks), (Expected{"127.0.0.1", "::1"}));
}

TEST_F(ConfigTest, ReadsAddressesAndAdministrators) {
  const auto loaded = LoadConfig(
      Write("node.prefix = \"88\"\n[handle]\nlisten = [\"0.0.0.0:2641\", \"[::]:2641\"]\n"
            "administrators = \"300:88.118/ADMIN, 301:88.118/ADMIN\"\n"),
      {}, {});
  ASSERT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.config.List(Option::kHandleListen), (Expected{"0.0.0.0:2641", "[::]:2641"}));
  EXPECT_EQ(loaded.config.List(Option::kHandleAdministrators),
            (Expected{"300:88.118/ADMIN", "301:88.118/ADMIN"}));
  EXPECT_TRUE(loaded.config.Yes(Option::kHandleListHandles));
  EXPECT_FALSE(loaded.config.Yes(Option::kHandleAdministratorsFullAccess));
}

TEST_F(ConfigTest, ReadsHowDigitalLinksLook) {
  for (const char* root : {"https://id.example.cn", "http://127.0.0.1:8080", "https://[::1]:8443",
                           "https://id.example.cn/products/cn"}) {
    const auto loaded = LoadConfig("", {}, {{"node.prefix", "88"}, {"gs1.public_root", root}});
    EXPECT_TRUE(loaded.problems.empty()) << root;
    EXPECT_EQ(loaded.config.Text(Option::kGs1PublicRoot), root);
  }
  for (const char* root : {"id.example.cn", "https://", "https://id.example.cn/", "ftp://x",
                           "https://id.example.cn/a b", "https://a\"b", "https://a/b//c"}) {
    const auto loaded = LoadConfig("", {}, {{"node.prefix", "88"}, {"gs1.public_root", root}});
    EXPECT_EQ(loaded.problems.size(), 1u) << root;
  }
}

TEST_F(ConfigTest, RefusesAListWithOnePartThatIsNone) {
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"handle.listen", "0.0.0.0:2641, nowhere"},
           {"handle.listen", "0.0.0.0:2641,,[::]:2641"},
           {"handle.administrators", "300:88.118/ADMIN, 88.118/ADMIN"},
           {"handle.administrators", "300:"},
           {"gs1.stems", "id.example.cn/products, scan.example.cn"},
           {"gs1.stems", "/products"},
           {"gs1.stems", "id.example.cn/products/"},
           {"iiidap.elsewhere", "88.118.8=https://a.example/iiidap, 88.118.9"},
           {"iiidap.elsewhere", "88..8=https://a.example/iiidap"},
           {"iiidap.elsewhere", "acme=https://a.example/iiidap"},
           {"iiidap.elsewhere", "88.118.8=a.example"},
           {"limits.unlimited_networks", "10.0.0.0/8, 10.0.0.0/33"}}) {
    const auto loaded = LoadConfig("", {}, {{"node.prefix", "88"}, {name, value}});
    ASSERT_EQ(loaded.problems.size(), 1u) << name << '=' << value;
    EXPECT_EQ(loaded.problems[0].option, name);
  }
}

TEST_F(ConfigTest, WantsACertificateWhereTlsIsServed) {
  const auto loaded = LoadConfig("", {},
                                 {{"node.prefix", "88"},
                                  {"http.tls_listen", "127.0.0.1:0"},
                                  {"handle.tls_listen", "127.0.0.1:0"}});
  std::vector<std::string> options;
  for (const ConfigProblem& problem : loaded.problems) options.push_back(problem.option);
  EXPECT_EQ(options, (Expected{"http.certificate_file", "http.key_file", "handle.certificate_file",
                               "handle.key_file"}));
}

TEST_F(ConfigTest, TellsAllProblemsAtOnceWithTheirPlaces) {
  EXPECT_EQ(Problems("[http]\nlisten = \"nowhere\"\nthreads = -1\n\n[data]\nreserve = \"9XB\"\n",
                     {{"log.level", "loud"}}, {"IDNODE_HTTP_IDLE_SECONDS=0"}),
            (Expected{"data.reserve@" + file + ":6", "http.listen@" + file + ":2",
                      "http.threads@" + file + ":3", "http.idle_seconds@IDNODE_HTTP_IDLE_SECONDS",
                      "log.level@--set log.level"}));
}

TEST_F(ConfigTest, NamesTheNearestOptionForOneThatDoesNotExist) {
  const auto loaded = LoadConfig(Write("[http]\nlistens = \"127.0.0.1:1\"\n"), {},
                                 {{"node.prefix", "88"}, {"zzz", "1"}});
  ASSERT_EQ(loaded.problems.size(), 2u);
  EXPECT_EQ(loaded.problems[0].where, file + ":2");
  EXPECT_NE(loaded.problems[0].en.find("http.listen?"), std::string::npos);
  EXPECT_EQ(loaded.problems[1].en, "no such option");
  EXPECT_EQ(Problems("", {}, {"IDNODE_HTTP_LISTENS=x"}),
            Expected{"IDNODE_HTTP_LISTENS@IDNODE_HTTP_LISTENS"});
}

TEST_F(ConfigTest, RefusesAFileThatIsNoTomlOrIsNotThere) {
  EXPECT_EQ(Problems("[http\n"), Expected{"@" + file + ":1"});
  EXPECT_EQ(Problems("http.threads = 1.5\n"), Expected{"http.threads@" + file + ":1"});
  EXPECT_EQ(LoadConfig("/nonexistent/idnode.toml", {}, {{"node.prefix", "88"}}).problems.size(),
            1u);
}

TEST_F(ConfigTest, HoldsEachValueAgainstItsType) {
  const auto refused = [&](const std::string& name, const std::string& value) {
    return Problems("", {{name, value}}) == Expected{name + "@--set " + name};
  };
  for (const auto* value : {"0x10", "", "1025", "99999999999999999999", "1 "}) {
    EXPECT_EQ(refused("http.threads", value), std::string(value) != "1 ") << value;
  }
  for (const auto* value :
       {"127.0.0.1", ":80", "127.0.0.1:65536", "::1:80", "[127.0.0.1]:80", "[::g]:80", "a b:80"}) {
    EXPECT_TRUE(refused("http.listen", value)) << value;
  }
  EXPECT_FALSE(refused("http.listen", "[::1]:8080"));
  EXPECT_FALSE(refused("http.listen", "node.example:8080"));
  EXPECT_TRUE(refused("data.directory", "var/lib"));
  EXPECT_TRUE(refused("counting.probe_networks", "10.0.0.0/33"));
  EXPECT_TRUE(refused("counting.probe_networks", "10.0.0.0/8,,::1"));
  EXPECT_TRUE(refused("storage.memtable", "8TiB"));
  EXPECT_TRUE(refused("storage.memtable", "99999999999999999TiB"));
  EXPECT_TRUE(refused("node.name", "a\nb"));
  EXPECT_TRUE(refused("node.prefix", "88..1"));
  EXPECT_TRUE(refused("node.prefix", "88.x"));
}

TEST_F(ConfigTest, NeedsAPrefixUnlessTheNodeIsTopLevel) {
  EXPECT_EQ(LoadConfig("", {}, {}).problems.size(), 1u);
  EXPECT_EQ(LoadConfig("", {}, {}).problems[0].option, "node.prefix");
  EXPECT_TRUE(LoadConfig("", {}, {{"node.role", "top-level"}}).problems.empty());
  EXPECT_EQ(LoadConfig("", {}, {{"node.role", "enterprise"}}).problems.size(), 1u);
}

TEST_F(ConfigTest, OffersGrpcBeyondLoopbackWithItsThreeTlsFilesOnly) {
  EXPECT_EQ(Problems("", {{"grpc.listen", "0.0.0.0:9070"}}).size(), 3u);
  EXPECT_EQ(Problems("", {{"grpc.listen", "0.0.0.0:9070"}, {"grpc.ca_file", "/a"}}).size(), 2u);
  EXPECT_EQ(Problems("", {{"grpc.ca_file", "/a"}}).size(), 2u);
  EXPECT_TRUE(Problems("", {{"grpc.listen", "0.0.0.0:9070"},
                            {"grpc.ca_file", "/a"},
                            {"grpc.certificate_file", "/b"},
                            {"grpc.key_file", "/c"}})
                  .empty());
  for (const auto* address : {"127.9.9.9:1", "[::1]:1", "localhost:1"}) {
    EXPECT_TRUE(Problems("", {{"grpc.listen", address}}).empty()) << address;
  }
}

TEST_F(ConfigTest, NeedsATokenForTheNodeAbove) {
  EXPECT_EQ(Problems("", {{"upstream.address", "127.0.0.1:9070"}}),
            Expected{"upstream.token_file@default"});
  EXPECT_TRUE(Problems("", {{"upstream.address", "127.0.0.1:9070"}, {"upstream.token_file", "/t"}})
                  .empty());
  EXPECT_EQ(Problems("", {{"upstream.address", "top.example:9070"}, {"upstream.token_file", "/t"}})
                .size(),
            3u);
}

TEST_F(ConfigTest, IsShownAsAFileThatGivesTheSameAgain) {
  const auto first = LoadConfig("", {},
                                {{"node.prefix", "88.118"},
                                 {"node.name", "a \"b\" \\c 节点"},
                                 {"http.threads", "7"},
                                 {"storage.memtable", "64MiB"}});
  const std::string shown = ShowConfig(first.config);
  EXPECT_NE(shown.find("threads = 7  # flag\n"), std::string::npos);
  const auto second = LoadConfig(Write(shown), {}, {});
  ASSERT_TRUE(second.problems.empty());
  for (const OptionRow& row : kOptionRows) {
    EXPECT_EQ(second.config.Text(row.option), first.config.Text(row.option)) << row.name;
    EXPECT_EQ(second.config.Number(row.option), first.config.Number(row.option)) << row.name;
  }
}

TEST_F(ConfigTest, ExplainsEveryOptionInBothLanguages) {
  for (const OptionRow& row : kOptionRows) {
    const std::string text = ExplainOption(row.name);
    EXPECT_NE(text.find(row.en), std::string::npos) << row.name;
    EXPECT_NE(text.find(row.zh), std::string::npos) << row.name;
    EXPECT_NE(text.find(EnvironmentNameOf(row)), std::string::npos) << row.name;
    OptionValue value;
    EXPECT_FALSE(ParseOptionValue(row, row.example, value)) << row.name;
    EXPECT_FALSE(ParseOptionValue(row, row.default_value, value)) << row.name;
  }
  EXPECT_EQ(ExplainOption("no.such"), "");
  const std::vector<std::pair<std::string, std::string>> types = {
      {"http.listen", "host:port / "},
      {"handle.listen", "addresses / "},
      {"counting.probe_networks", "networks / "},
      {"handle.administrators", "administrators / "},
      {"gs1.public_root", "web address / "},
      {"gs1.stems", "host/path list / "}};
  for (const auto& [name, type] : types) {
    EXPECT_NE(ExplainOption(name).find(type), std::string::npos) << name;
  }
}

TEST_F(ConfigTest, HasAnExampleThatChangesNothing) {
  const auto loaded = LoadConfig(Write(ExampleConfig()), {}, {{"node.prefix", "88"}});
  EXPECT_TRUE(loaded.problems.empty());
  std::string active = ExampleConfig();
  for (size_t at = 0; (at = active.find("\n#", at)) != std::string::npos; ++at) {
    if (active[at + 2] != ' ') active.erase(at + 1, 1);
  }
  const auto given = LoadConfig(Write(active), {}, {{"node.prefix", "88"}});
  ASSERT_TRUE(given.problems.empty()) << given.problems[0].option << given.problems[0].en;
  EXPECT_EQ(given.config.source(Option::kLogFormat), OptionSource::kFile);
}

TEST_F(ConfigTest, IsTheExampleThatIsDeployed) {
  std::ifstream in(IDNODE_SOURCE_DIR "/deploy/idnode.toml");
  std::stringstream deployed;
  deployed << in.rdbuf();
  EXPECT_EQ(deployed.str(), ExampleConfig());
}

}  // namespace
}  // namespace idnode
