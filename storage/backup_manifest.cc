#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "storage/backup.h"
#include "storage/durable_file.h"
#include "storage/keyspace.h"

// manifest.json: {"sha256":"<of the manifest's text>","manifest":{...}}.
namespace idnode {
namespace {

namespace json = boost::json;

constexpr size_t kManifestOctetsMax = 64u << 20;
constexpr size_t kFileNameOctetsMax = 255;
constexpr size_t kJsonDepthMax = 8;
constexpr std::string_view kRowsPrefix = "rows/";

// One name below rows/, so that no manifest leads out of its directory.
bool IsFileName(std::string_view name) {
  if (!name.starts_with(kRowsPrefix)) return false;
  name.remove_prefix(kRowsPrefix.size());
  return !name.empty() && name.size() <= kFileNameOctetsMax && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '.' ||
                  c == '-' || c == '_';
         });
}

json::object ToJson(const BackupManifest& manifest) {
  json::array files;
  for (const BackupFile& file : manifest.files) {
    files.push_back(
        json::object{{"name", file.name}, {"octets", file.octets}, {"sha256", file.sha256}});
  }
  return {{"format", manifest.format},
          {"node_id", manifest.identity.node_id},
          {"role", manifest.identity.role},
          {"prefix", manifest.identity.prefix},
          {"position", manifest.position.value},
          {"tip", ToHex(AsText(manifest.tip))},
          {"tree",
           json::object{{"size", manifest.tree.size}, {"root", ToHex(AsText(manifest.tree.root))}}},
          {"taken", FormatUtc(manifest.taken.seconds())},
          {"files", std::move(files)}};
}

// Reads the fields of an object. As with Reader, the first that does not fit spoils it for good.
class Fields {
 public:
  explicit Fields(const json::value* value)
      : object_(value == nullptr ? nullptr : value->if_object()) {}

  bool ok() const { return object_ != nullptr; }
  const json::value* At(std::string_view name) {
    const json::value* value = ok() ? object_->if_contains(name) : nullptr;
    if (value == nullptr) object_ = nullptr;
    return value;
  }
  uint64_t Number(std::string_view name) {
    const json::value* value = At(name);
    if (value == nullptr) return 0;
    json::error_code error;
    const auto number = value->to_number<uint64_t>(error);
    if (!error && !value->is_double()) return number;
    object_ = nullptr;
    return 0;
  }
  std::string Text(std::string_view name) {
    const json::value* value = At(name);
    const json::string* text = value == nullptr ? nullptr : value->if_string();
    if (text != nullptr) return std::string(*text);
    object_ = nullptr;
    return {};
  }
  Digest Hash(std::string_view name) {
    Digest digest{};
    const auto octets = FromHex(Text(name));
    if (octets && octets->size() == digest.size()) {
      octets->copy(digest.data(), digest.size());
    } else {
      object_ = nullptr;
    }
    return digest;
  }

 private:
  const json::object* object_;
};

std::optional<std::vector<BackupFile>> FilesFrom(const json::value* value) {
  const json::array* array = value == nullptr ? nullptr : value->if_array();
  if (array == nullptr) return std::nullopt;
  std::vector<BackupFile> files;
  for (const json::value& element : *array) {
    Fields fields(&element);
    BackupFile file{fields.Text("name"), fields.Number("octets"), fields.Text("sha256")};
    if (!fields.ok() || !IsFileName(file.name) || file.sha256.size() != 2 * sizeof(Digest)) {
      return std::nullopt;
    }
    if (!files.empty() && files.back().name >= file.name) return std::nullopt;
    files.push_back(std::move(file));
  }
  return files;
}

Result<BackupManifest> FromJson(const json::value* value) {
  Fields fields(value);
  BackupManifest manifest;
  const uint64_t format = fields.Number("format");
  if (!fields.ok()) return Error{Errc::kMalformed, "manifest: no format version"};
  if (format != keyspace::kFormatVersion) {
    return Error{Errc::kFormatVersion, "manifest: another format version"};
  }
  manifest.format = static_cast<uint32_t>(format);
  manifest.identity = {fields.Text("node_id"), fields.Text("role"), fields.Text("prefix")};
  manifest.position.value = fields.Number("position");
  manifest.tip = fields.Hash("tip");
  const auto taken = ParseUtc(fields.Text("taken"));
  auto files = FilesFrom(fields.At("files"));
  Fields tree(fields.At("tree"));
  manifest.tree.size = tree.Number("size");
  manifest.tree.root = tree.Hash("root");
  if (!fields.ok() || !tree.ok() || !taken || !files) {
    return Error{Errc::kMalformed, "manifest: a field is missing or not what it should be"};
  }
  if (!DecodeIdentity(EncodeIdentity(manifest.identity))) {
    return Error{Errc::kMalformed, "manifest: no node identity"};
  }
  if (manifest.tree.size != manifest.position.value) {
    return Error{Errc::kMalformed, "manifest: position and tree disagree"};
  }
  manifest.taken.ms = *taken * 1000;
  manifest.files = *std::move(files);
  return manifest;
}

}  // namespace

std::string EncodeManifest(const BackupManifest& manifest) {
  const std::string inner = json::serialize(ToJson(manifest));
  return "{\"sha256\":\"" + ToHex(AsText(Sha256(inner))) + "\",\"manifest\":" + inner + "}\n";
}

Result<BackupManifest> DecodeManifest(std::string_view text) {
  if (text.size() > kManifestOctetsMax) return Error{Errc::kTooLarge, "manifest: over its limit"};
  json::error_code error;
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  const json::value document = json::parse(text, error, {}, options);
  if (error) return Error{Errc::kMalformed, "manifest: not JSON"};
  auto manifest = FromJson(Fields(&document).At("manifest"));
  if (!manifest) return manifest;
  if (EncodeManifest(*manifest) != text) {
    return Error{Errc::kForged, "manifest: not the text that was written"};
  }
  return manifest;
}

Result<BackupManifest> ReadManifest(const std::string& backup) {
  const auto text = ReadWholeFile(backup + "/manifest.json", kManifestOctetsMax);
  if (!text) return text.error();
  return DecodeManifest(*text);
}

}  // namespace idnode
