#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "node/recount/export_folder.h"
#include "node/recount/log_check.h"
#include "node/recount/trust.h"
#include "proto/tlog/note.h"
#include "storage/change.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/log_record.h"

namespace idnode {

inline constexpr std::string_view kOrigin = "node.example/log";

// A log as a node writes it: changes become records, each after the one before.
class MadeLog {
 public:
  // Adds the record of a change that was done whole.
  void Add(Change& change) {
    change.Seal();
    const std::vector<uint8_t> done(change.items().size(), 1);
    std::string thin;
    EncodeThin(Position{records_.size() + 1}, check_.tip(), change, done, change.root(), thin);
    EXPECT_TRUE(check_.Take(thin).ok());
    records_.push_back(std::move(thin));
  }

  void AddEnterprise(uint32_t number, EnterpriseState state, Time time) {
    Change change(time, "operator", {}, Change::Mode::kTogether);
    AddPutEnterprise(change, {number, "code" + std::to_string(number), "企业", state, time, {}},
                     std::nullopt);
    Add(change);
  }
  void AddPrefix(uint32_t enterprise, const std::string& prefix, PrefixState state, Time time) {
    Change change(time, "operator", {}, Change::Mode::kTogether);
    AddPutPrefix(change, {{Scheme::kHandle, prefix}, enterprise, state, time, {}}, std::nullopt);
    Add(change);
  }
  void AddEvents(EventKind kind, uint32_t enterprise, size_t count, Time time,
                 const std::string& body = {}) {
    Change change(time, "token:0123456789abcdef", {}, Change::Mode::kTogether);
    for (size_t i = 0; i < count; ++i) {
      change.Begin(kind, enterprise, "H88.118.8/" + std::to_string(records_.size() * 1000 + i),
                   body);
    }
    Add(change);
  }
  void AddTallyOf(const std::vector<TallyRow>& rows, Time time) {
    Change change(time, "-", {}, Change::Mode::kTogether);
    AddTally(change, rows);
    Add(change);
  }

  const std::vector<std::string>& records() const { return records_; }
  TreeHead head() const { return check_.tree(); }

 private:
  std::vector<std::string> records_;
  LogCheck check_;
};

// Who signs the log, once for all tests.
struct LogSigners {
  NoteSigner ed25519, sm2;
  std::vector<NoteVerifier> keys() const { return {ed25519.verifier(), sm2.verifier()}; }
};
inline const LogSigners& Signers() {
  static const LogSigners signers{*NoteSigner::Of(std::string(kOrigin), NoteKeyType::kEd25519,
                                                  *SigningKey::Generate(KeyKind::kEd25519)),
                                  *NoteSigner::Of(std::string(kOrigin), NoteKeyType::kSm2,
                                                  *SigningKey::Generate(KeyKind::kSm2))};
  return signers;
}
inline std::string SignedNote(const TreeHead& head, std::string_view origin = kOrigin) {
  Note note{EncodeCheckpoint({std::string(origin), head}), {}};
  note.signatures = {Signers().ed25519.Sign(note.text), Signers().sm2.Sign(note.text)};
  return EncodeNote(note);
}

inline std::string FileText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
inline void PutFile(const std::filesystem::path& path, std::string_view octets) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(octets.data(), static_cast<std::streamsize>(octets.size()));
}

// A folder of the test's own.
class ExportTest : public ::testing::Test {
 protected:
  ExportTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "idnode-export-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ExportTest() override { std::filesystem::remove_all(folder_); }

  std::string Folder(const std::string& name = "export") const { return folder_ / name; }

  // Exports records of `log` up to `through`, adding to what is there.
  static void Export(const MadeLog& log, const std::string& folder, uint64_t through) {
    std::string where;
    const auto writer = FolderWriter::Open(folder, where);
    ASSERT_TRUE(writer) << where << ": " << writer.error().detail;
    LogCheck so_far;
    for (uint64_t i = 0; i < through; ++i) {
      ASSERT_TRUE(so_far.Take(log.records()[i]));
      if (i < (*writer)->head()) continue;
      const Status added = (*writer)->Append(log.records()[i]);
      ASSERT_TRUE(added) << added.error().detail;
    }
    const Status done = (*writer)->Finish(SignedNote(so_far.tree()), Signers().keys());
    ASSERT_TRUE(done) << done.error().detail;
  }

  std::filesystem::path folder_;
};

}  // namespace idnode
