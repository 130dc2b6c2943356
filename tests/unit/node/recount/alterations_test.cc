#include <algorithm>
#include <map>
#include <random>

#include "node/recount/recounted.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "storage/checksum.h"
#include "tests/unit/node/recount/export_fixture.h"

// Whatever is altered in an export, and however: it is found.
namespace idnode {
namespace {

constexpr size_t kAlterations = 3'000;
constexpr Time kMorning{1'795'248'000'000};

class Alterations : public ExportTest {
 protected:
  Alterations() {
    log_.AddEnterprise(1, EnterpriseState::kActive, kMorning);
    log_.AddPrefix(1, "88.118.8", PrefixState::kActive, kMorning);
    for (size_t i = 0; i < 60; ++i) {
      log_.AddEvents(EventKind::kIdentifierCreated, 1, 1 + i % 3, Time{kMorning.ms + i});
      if (i == 20 || i == 45) Export(log_, Folder(), log_.records().size());
    }
    Export(log_, Folder(), log_.records().size());
    for (const char* name : {"checkpoint"}) Keep(name);
    for (const auto& each : std::filesystem::directory_iterator(Folder() + "/records")) {
      Keep("records/" + each.path().filename().string());
    }
  }
  void Keep(const std::string& name) { files_[name] = FileText(Folder() + "/" + name); }

  std::string AnyRecordsFile() {
    auto file = std::next(files_.begin());  // "checkpoint" is the first.
    std::advance(file, chance_() % (files_.size() - 1));
    return file->first;
  }
  static std::vector<std::string> RecordsIn(std::string_view octets) {
    std::vector<std::string> records;
    for (Reader in(octets); in.left() > 0;) records.emplace_back(in.Text32(UINT32_MAX));
    return records;
  }
  static std::string OctetsOf(const std::vector<std::string>& records) {
    std::string octets;
    for (const std::string& record : records) Writer(octets).Text32(record);
    return octets;
  }
  template <class Change>
  void ChangeRecords(const std::string& name, const Change& change) {
    std::vector<std::string> records = RecordsIn(files_.at(name));
    change(records);
    PutFile(Folder() + "/" + name, OctetsOf(records));
  }
  void FlipBit(const std::string& name) {
    std::string octets = files_.at(name);
    const size_t at = chance_() % octets.size();
    octets[at] = static_cast<char>(octets[at] ^ 1 << chance_() % 8);
    PutFile(Folder() + "/" + name, octets);
  }

  // One alteration; what was done.
  std::string Alter() {
    const std::string name = AnyRecordsFile();
    const std::string path = Folder() + "/" + name;
    switch (chance_() % 10) {
      case 0:
        FlipBit(name);
        return "a bit of " + name;
      case 1:
        ChangeRecords(name, [&](auto& records) {
          const size_t at = chance_() % (records.size() - 1);
          std::swap(records[at], records[at + 1]);
        });
        return "swapped records of " + name;
      case 2:
        ChangeRecords(name, [&](auto& records) {
          records.erase(records.begin() + static_cast<int64_t>(chance_() % records.size()));
        });
        return "dropped a record of " + name;
      case 3:
        ChangeRecords(name, [&](auto& records) {
          const size_t at = chance_() % records.size();
          records.insert(records.begin() + static_cast<int64_t>(at), records[at]);
        });
        return "doubled a record of " + name;
      case 4:
        std::filesystem::resize_file(path, chance_() % files_.at(name).size());
        return "truncated " + name;
      case 5:
        FlipBit("checkpoint");
        return "a bit of the checkpoint";
      case 6: {  // By somebody who knows how: the checksum fits.
        ChangeRecords(name, [&](auto& records) {
          std::string& record = records[chance_() % records.size()];
          record.resize(record.size() - kChecksumOctets);
          const size_t at = chance_() % record.size();
          record[at] = static_cast<char>(record[at] ^ 1 << chance_() % 8);
          AppendChecksum(record, 0);
        });
        return "a bit under a checksum that fits, of " + name;
      }
      case 7:
        std::filesystem::remove(path);
        return "removed " + name;
      case 8: {  // A signature of the right keys under another note, or one left out.
        Note note = *DecodeNote(files_.at("checkpoint"));
        const bool other = chance_() % 2 == 0;
        const TreeHead head{log_.head().size - 1 - chance_() % 10, log_.head().root};
        if (other) {
          note.text = EncodeCheckpoint({std::string(kOrigin), head});
        } else {
          note.signatures.erase(note.signatures.begin() + static_cast<int64_t>(chance_() % 2));
        }
        PutFile(Folder() + "/checkpoint", EncodeNote(note));
        return other ? "another text under the signatures" : "a signature left out";
      }
      default: {  // A checkpoint that is signed indeed, of another tree.
        TreeHead head = log_.head();
        if (chance_() % 2 == 0) {
          head.size += 1 + chance_() % 3;
        } else {
          head.root[chance_() % head.root.size()] ^= 1;
        }
        PutFile(Folder() + "/checkpoint", SignedNote(head));
        return "a signed checkpoint of another tree";
      }
    }
  }
  void Restore() {
    for (const auto& each : std::filesystem::directory_iterator(Folder() + "/records")) {
      std::filesystem::remove(each.path());
    }
    for (const auto& [name, octets] : files_) PutFile(Folder() + "/" + name, octets);
  }
  bool IsAsItWas() {
    return std::ranges::all_of(files_, [&](const auto& file) {
      return FileText(Folder() + "/" + file.first) == file.second;
    });
  }

  MadeLog log_;
  std::map<std::string, std::string> files_;
  std::mt19937 chance_{20'261'122};
};

TEST_F(Alterations, AreAllFoundAndNamed) {
  const RecountQuestion question{.folder = Folder(), .keys = Signers().keys()};
  std::string where;
  ASSERT_TRUE(RecountFolder(question, where)) << where;
  std::map<std::string, size_t> found;
  for (size_t i = 0; i < kAlterations; ++i) {
    const std::string what = Alter();
    if (IsAsItWas()) continue;  // Two equal records were swapped, say.
    const auto recounted = RecountFolder(question, where);
    ASSERT_FALSE(recounted) << what;
    EXPECT_FALSE(where.empty()) << what;
    EXPECT_FALSE(recounted.error().detail.empty()) << what;
    ++found[what.substr(0, 12)];
    Restore();
  }
  ASSERT_TRUE(RecountFolder(question, where)) << where;
  size_t sum = 0;
  for (const auto& [what, count] : found) sum += count;
  EXPECT_GT(sum, kAlterations * 99 / 100);
  EXPECT_GE(found.size(), 9u);
}

// The same alterations are found by an export that is about to be continued.
TEST_F(Alterations, OfRecordsAreFoundBeforeAnExportGoesOn) {
  std::string where;
  for (size_t i = 0; i < 300; ++i) {
    const std::string what = Alter();
    if (!IsAsItWas()) {
      EXPECT_FALSE(FolderWriter::Open(Folder(), where)) << what;
    }
    Restore();
  }
  EXPECT_TRUE(FolderWriter::Open(Folder(), where)) << where;
}

TEST_F(Alterations, AWriterTakesNoRecordThatDoesNotFollow) {
  std::string where;
  const auto writer = FolderWriter::Open(Folder(), where);
  ASSERT_TRUE(writer) << where;
  EXPECT_EQ((*writer)->head(), log_.records().size());
  EXPECT_EQ((*writer)->Append(log_.records().back()).error().code, Errc::kGap);
  EXPECT_EQ((*writer)->Finish(SignedNote({log_.head().size, {}}), Signers().keys()).error().code,
            Errc::kForged);
  EXPECT_TRUE((*writer)->Finish(SignedNote(log_.head()), Signers().keys()));
}

}  // namespace
}  // namespace idnode
