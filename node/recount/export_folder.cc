#include "node/recount/export_folder.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "node/recount/trust.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPositionDigits = 20;
constexpr size_t kKeysOctetsMax = 1u << 20;

std::string RecordsPath(const std::string& folder) { return folder + "/records"; }

std::string Padded(uint64_t position) {
  const std::string digits = std::to_string(position);
  return std::string(kPositionDigits - digits.size(), '0') + digits;
}

std::optional<RecordsFile> ParseName(const fs::path& path) {
  const std::string name = path.filename();
  if (name.size() != 2 * kPositionDigits + 1 || name[kPositionDigits] != '-') return std::nullopt;
  const auto first = ParseDecimal(name.substr(0, kPositionDigits));
  const auto last = ParseDecimal(name.substr(kPositionDigits + 1));
  if (!first || !last || *first == 0 || *last < *first) return std::nullopt;
  return RecordsFile{path, *first, *last};
}

// Of a file that was being written when somebody pulled the plug (storage/durable_file.h).
bool IsUnfinished(const fs::path& path) { return path.extension() == ".new"; }

Status TakeRecord(Reader& in, const RecordsFile& file, LogCheck& check, const EachRecord& each) {
  const std::string_view thin = in.Text32(limits::kLogRecordOctetsMax);
  if (!in.ok()) return Error{Errc::kMalformed, "the file is cut short, or a length is another"};
  const auto record = check.Take(thin);
  if (!record) return record.error();
  if (record->position.value > file.last) {
    return Error{Errc::kGap, "the file has more records than its name says"};
  }
  return each(*record, thin);
}

Status WalkFile(const RecordsFile& file, LogCheck& check, const EachRecord& each,
                std::string& where) {
  where = NameOfRecords(file.first, file.last);
  const auto octets = ReadWholeFile(file.path, kRecordsFileOctetsMax);
  if (!octets) return octets.error();
  Reader in(*octets);
  while (in.left() > 0) {
    const uint64_t position = check.head().value + 1;
    if (const Status taken = TakeRecord(in, file, check, each); !taken) {
      where += ": record " + std::to_string(position);
      return taken;
    }
  }
  if (check.head().value != file.last) {
    return Error{Errc::kGap, "the file has fewer records than its name says"};
  }
  return {};
}

}  // namespace

std::string NameOfRecords(uint64_t first, uint64_t last) {
  return "records/" + Padded(first) + "-" + Padded(last);
}
std::string CheckpointPath(const std::string& folder) { return folder + "/checkpoint"; }
std::string KeysPath(const std::string& folder) { return folder + "/keys"; }

Result<std::vector<NoteVerifier>> ReadKeys(const std::string& folder) {
  const auto lines = ReadWholeFile(KeysPath(folder), kKeysOctetsMax);
  if (!lines) return lines.error();
  return ParseKeys(*lines);
}

Result<std::vector<RecordsFile>> ListRecords(const std::string& folder, std::string& where) {
  where = "records";
  std::error_code failure;
  std::vector<RecordsFile> files;
  fs::directory_iterator each(RecordsPath(folder), failure);
  for (; !failure && each != fs::directory_iterator(); each.increment(failure)) {
    if (IsUnfinished(each->path())) continue;
    const auto file = ParseName(each->path());
    if (!file) {
      where = "records/" + each->path().filename().string();
      return Error{Errc::kMalformed, "the file is none of an export"};
    }
    files.push_back(*file);
  }
  if (failure) return Error{Errc::kIo, "the folder cannot be read"};
  std::ranges::sort(files, {}, &RecordsFile::first);
  uint64_t expected = 1;
  for (const RecordsFile& file : files) {
    where = NameOfRecords(file.first, file.last);
    if (file.first > expected) return Error{Errc::kGap, "records before this file are missing"};
    if (file.first < expected) return Error{Errc::kGap, "records of this file are there twice"};
    expected = file.last + 1;
  }
  return files;
}

Status WalkRecords(const std::string& folder, LogCheck& check, const EachRecord& each,
                   std::string& where) {
  const auto files = ListRecords(folder, where);
  if (!files) return files.error();
  for (const RecordsFile& file : *files) {
    if (const Status walked = WalkFile(file, check, each, where); !walked) return walked;
  }
  where.clear();
  return {};
}

Result<std::unique_ptr<FolderWriter>> FolderWriter::Open(const std::string& folder,
                                                         std::string& where) {
  where = folder;
  std::error_code failure;
  fs::create_directories(RecordsPath(folder), failure);
  if (failure) return Error{Errc::kIo, "the folder cannot be made"};
  std::unique_ptr<FolderWriter> writer(new FolderWriter(folder));
  if (const Status read = writer->ReadWhatIsThere(where); !read) return read.error();
  return writer;
}

Status FolderWriter::ReadWhatIsThere(std::string& where) {
  TreeHead before;  // As the export that is there was signed.
  const auto note = ReadWholeFile(CheckpointPath(folder_), kNoteOctetsMax);
  if (!note && note.error().code != Errc::kNotFound) return note.error();
  if (note) {
    where = "keys";
    auto keys = ReadKeys(folder_);
    if (!keys) return keys.error();
    keys_ = *std::move(keys);
    where = "checkpoint";
    const auto checkpoint = OpenCheckpoint(*note, keys_);
    if (!checkpoint) return checkpoint.error();
    before = checkpoint->head;
  }
  const auto compare = [&](const LogRecord&, std::string_view) -> Status {
    if (check_.head().value == before.size && check_.tree() != before) {
      return Error{Errc::kForged, "the records so far are not those of the checkpoint"};
    }
    return {};
  };
  if (const Status walked = WalkRecords(folder_, check_, compare, where); !walked) return walked;
  if (head() < before.size) {
    where = "records";
    return Error{Errc::kShortLog, "fewer records than the checkpoint says"};
  }
  first_ = head() + 1;
  return {};
}

Status FolderWriter::Append(std::string_view thin) {
  if (const auto record = check_.Take(thin); !record) return record.error();
  Writer(octets_).Text32(thin);
  return octets_.size() < kRecordsFileOctets ? Status{} : Flush();
}

Status FolderWriter::Flush() {
  if (octets_.empty()) return {};
  const Status written = WriteFileDurably(folder_ + "/" + NameOfRecords(first_, head()), octets_);
  if (!written) return written;
  octets_.clear();
  first_ = head() + 1;
  return {};
}

Status FolderWriter::Finish(std::string_view note, std::span<const NoteVerifier> keys) {
  const auto checkpoint = OpenCheckpoint(note, keys);
  if (!checkpoint) return checkpoint.error();
  if (checkpoint->head != check_.tree()) {
    return Error{Errc::kForged, "the records are not those of the checkpoint"};
  }
  if (const Status flushed = Flush(); !flushed) return flushed;
  if (const Status written = WriteFileDurably(KeysPath(folder_), KeyLines(keys)); !written) {
    return written;
  }
  return WriteFileDurably(CheckpointPath(folder_), note);
}

}  // namespace idnode
