#include "node/security/node_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace idnode {
namespace {

class NodeKeysOnDisk : public ::testing::Test {
 protected:
  NodeKeysOnDisk() {
    std::string pattern = ::testing::TempDir() + "node_keys_XXXXXX";
    directory_ = std::string(::mkdtemp(pattern.data())) + "/keys";
  }
  ~NodeKeysOnDisk() override {
    std::filesystem::remove_all(std::filesystem::path(directory_).parent_path());
  }
  std::string PathOf(const char* name) const { return directory_ + "/" + name; }
  std::string Read(const char* name) const {
    std::ifstream file(PathOf(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Write(const char* name, std::string_view text) const {
    std::ofstream(PathOf(name), std::ios::binary | std::ios::trunc) << text;
  }
  Errc LoadError() const {
    const auto keys = LoadNodeKeys(directory_);
    return keys ? Errc::kInternal : keys.error().code;
  }

  std::string directory_;
};
constexpr std::array kNames{"sealing.key", "rsa.pem", "ed25519.pem", "sm2.pem",
                                 "witness.pem"};

TEST_F(NodeKeysOnDisk, AreLoadedAsTheyWereMadeAndSign) {
  ASSERT_TRUE(MakeNodeKeys(directory_).ok());
  const auto keys = LoadNodeKeys(directory_);
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(keys->sealing_key.size(), 32u);
  EXPECT_EQ(keys->rsa.kind(), KeyKind::kRsa);
  EXPECT_EQ(keys->ed25519.kind(), KeyKind::kEd25519);
  EXPECT_EQ(keys->sm2.kind(), KeyKind::kSm2);
  const auto again = LoadNodeKeys(directory_);
  ASSERT_TRUE(again.ok());
  const std::array<std::string_view, 1> parts{"octets"};
  const std::string signature = keys->rsa.Sign("sha256", parts);
  EXPECT_TRUE(again->rsa.verifying_key().Verify("sha256", parts, signature));
}

TEST_F(NodeKeysOnDisk, AreReadableByTheirOwnerAlone) {
  ASSERT_TRUE(MakeNodeKeys(directory_).ok());
  for (const char* name : kNames) {
    struct stat facts;
    ASSERT_EQ(::stat(PathOf(name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_mode & 07777, 0600u) << name;
  }
}

TEST_F(NodeKeysOnDisk, AreRefusedWhenOthersMayReadOne) {
  ASSERT_TRUE(MakeNodeKeys(directory_).ok());
  for (const char* name : kNames) {
    for (const mode_t mode : {0640, 0604, 0620, 0601}) {
      ASSERT_EQ(::chmod(PathOf(name).c_str(), mode), 0);
      EXPECT_EQ(LoadError(), Errc::kDenied) << name << " " << mode;
    }
    ASSERT_EQ(::chmod(PathOf(name).c_str(), 0600), 0);
  }
  EXPECT_TRUE(LoadNodeKeys(directory_).ok());
}

TEST_F(NodeKeysOnDisk, AreNeverReplaced) {
  ASSERT_TRUE(MakeNodeKeys(directory_).ok());
  const std::string before = Read("rsa.pem");
  const auto again = MakeNodeKeys(directory_);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, Errc::kExists);
  EXPECT_EQ(Read("rsa.pem"), before);
}

TEST_F(NodeKeysOnDisk, AreCompletedAfterAnInterruption) {
  ASSERT_TRUE(MakeNodeKeys(directory_).ok());
  const std::string sealing = Read("sealing.key"), rsa = Read("rsa.pem");
  std::filesystem::remove(PathOf("ed25519.pem"));
  std::filesystem::remove(PathOf("sm2.pem"));
  Write("ed25519.pem.new", "half a");
  EXPECT_EQ(LoadError(), Errc::kNotFound);

  ASSERT_TRUE(MakeNodeKeys(directory_).ok());
  EXPECT_TRUE(LoadNodeKeys(directory_).ok());
  EXPECT_EQ(Read("sealing.key"), sealing);
  EXPECT_EQ(Read("rsa.pem"), rsa);
  EXPECT_FALSE(std::filesystem::exists(PathOf("ed25519.pem.new")));
}

TEST_F(NodeKeysOnDisk, GetNoNewSealingKeyWhenTheOldOneIsLost) {
  ASSERT_TRUE(MakeNodeKeys(directory_).ok());
  std::filesystem::remove(PathOf("sealing.key"));
  const auto again = MakeNodeKeys(directory_);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, Errc::kExists);
  EXPECT_EQ(LoadError(), Errc::kNotFound);
}

TEST_F(NodeKeysOnDisk, AreRefusedWhenAFileHoldsSomethingElse) {
  ASSERT_TRUE(MakeNodeKeys(directory_).ok());
  const std::string sealing = Read("sealing.key");
  for (const std::string_view text : {"", "00", "no key at all\n"}) {
    Write("sealing.key", text);
    EXPECT_EQ(LoadError(), Errc::kMalformed) << text;
  }
  Write("sealing.key", sealing);
  const std::string ed25519 = Read("ed25519.pem");
  Write("sm2.pem", ed25519);  // A key, but of another kind.
  EXPECT_EQ(LoadError(), Errc::kMalformed);
}

}  // namespace
}  // namespace idnode
