#include "node/security/node_keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "node/runtime/random.h"
#include "proto/base/text.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

constexpr size_t kSealingKeyOctets = 32;
constexpr size_t kFileOctetsMax = 16'384;
constexpr uint32_t kRsaBits = 2'048;

// In the order they are made.
struct KeyFile {
  const char* name;
  std::optional<KeyKind> kind;  // None: the sealing key.
};
constexpr auto kKeyFiles = std::to_array<KeyFile>({
    {"sealing.key", std::nullopt},
    {"rsa.pem", KeyKind::kRsa},
    {"ed25519.pem", KeyKind::kEd25519},
    {"sm2.pem", KeyKind::kSm2},
    {"witness.pem", KeyKind::kEd25519},
});

std::string PathOf(const std::string& directory, const KeyFile& file) {
  return directory + "/" + file.name;
}

Result<std::string> ReadSecretFile(const std::string& path) {
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0) {
    return errno == ENOENT ? Error{Errc::kNotFound, "keys: a file is missing"}
                           : Error{Errc::kIo, "keys: a file cannot be examined"};
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{Errc::kDenied, "keys: others than the owner have access to a file (chmod 600)"};
  }
  return ReadWholeFile(path, kFileOctetsMax);
}

Result<SigningKey> LoadKey(const std::string& directory, const KeyFile& file) {
  const auto text = ReadSecretFile(PathOf(directory, file));
  if (!text) return text.error();
  auto key = SigningKey::FromPem(*text);
  if (!key) return key.error();
  if (key->kind() != *file.kind) return Error{Errc::kMalformed, "keys: a key of another kind"};
  return key;
}

Result<std::string> LoadSealingKey(const std::string& directory, const KeyFile& file) {
  const auto text = ReadSecretFile(PathOf(directory, file));
  if (!text) return text.error();
  const bool has_newline = text->ends_with('\n');
  auto key = FromHex(std::string_view(*text).substr(0, text->size() - (has_newline ? 1 : 0)));
  if (!key || key->size() != kSealingKeyOctets) {
    return Error{Errc::kMalformed, "keys: sealing.key is not 64 hexadecimal digits"};
  }
  return key;
}

Result<std::string> NewKeyText(const KeyFile& file) {
  if (!file.kind) return ToHex(RandomOctets(kSealingKeyOctets)) + "\n";
  const auto key = SigningKey::Generate(*file.kind, kRsaBits);
  if (!key) return key.error();
  return key->ToPem();
}

// A file that only its owner could ever read, whole or not at all, and never in place of another.
Status CreateSecretFile(const std::string& path, std::string_view octets) {
  const std::string temporary = path + ".new";
  ::unlink(temporary.c_str());  // Of a making that was interrupted.
  FileHandle file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.open()) return Error{Errc::kIo, "keys: a file cannot be created"};
  Status done;
  if (!file.Write(octets)) {
    done = Error{errno == ENOSPC ? Errc::kDiskFull : Errc::kIo, "keys: no write"};
  }
  if (done && (::fsync(file.descriptor()) != 0 || !file.Close())) {
    done = Error{Errc::kIo, "keys: a file cannot be synced"};
  }
  if (done && ::link(temporary.c_str(), path.c_str()) != 0) {
    done = Error{errno == EEXIST ? Errc::kExists : Errc::kIo, "keys: a file cannot be named"};
  }
  ::unlink(temporary.c_str());
  return done;
}

}  // namespace

Result<NodeKeys> LoadNodeKeys(const std::string& directory) {
  auto sealing_key = LoadSealingKey(directory, kKeyFiles[0]);
  if (!sealing_key) return sealing_key.error();
  auto rsa = LoadKey(directory, kKeyFiles[1]);
  if (!rsa) return rsa.error();
  auto ed25519 = LoadKey(directory, kKeyFiles[2]);
  if (!ed25519) return ed25519.error();
  auto sm2 = LoadKey(directory, kKeyFiles[3]);
  if (!sm2) return sm2.error();
  auto witness = LoadKey(directory, kKeyFiles[4]);
  if (!witness) return witness.error();
  return NodeKeys{std::move(*rsa), std::move(*ed25519), std::move(*sm2), std::move(*witness),
                  std::move(*sealing_key)};
}

Status MakeNodeKeys(const std::string& directory) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) return Error{Errc::kIo, "keys: the directory cannot be created"};
  const auto is_there = [&](const KeyFile& file) {
    return std::filesystem::exists(PathOf(directory, file), failure);
  };
  size_t present = 0;
  for (const KeyFile& file : kKeyFiles) present += is_there(file) ? 1 : 0;
  if (present == kKeyFiles.size()) return Error{Errc::kExists, "keys: they are there"};
  if (present > 0 && !is_there(kKeyFiles[0])) {
    return Error{Errc::kExists, "keys: sealing.key is missing, others are there"};
  }
  for (const KeyFile& file : kKeyFiles) {
    if (is_there(file)) continue;
    const auto text = NewKeyText(file);
    if (!text) return text.error();
    if (auto created = CreateSecretFile(PathOf(directory, file), *text); !created) return created;
    if (auto synced = SyncDirectory(directory); !synced) return synced;
  }
  return {};
}

}  // namespace idnode
