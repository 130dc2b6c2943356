#include "node/recount/recounted.h"

#include <utility>

#include "node/recount/export_folder.h"
#include "node/recount/log_check.h"
#include "node/recount/trust.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

constexpr uint64_t kProgressEvery = 65'536;  // Records.

Result<std::vector<NoteVerifier>> KeysFor(const RecountQuestion& question, std::string& where) {
  if (!question.keys.empty()) return question.keys;
  where = "keys";
  return ReadKeys(question.folder);
}

class Walk {
 public:
  Walk(const RecountQuestion& question, Recounted& recounted, std::optional<TreeHead> older)
      : question_(question), recounted_(recounted), older_(older) {}

  Status Run(std::string& where) {
    // The empty tree is a moment, too.
    if (const Status same = CompareOlder(); !same) return same;
    const Status walked = WalkRecords(
        question_.folder, check_,
        [this](const LogRecord& record, std::string_view) { return Take(record); }, where);
    if (!walked) return walked;
    return CompareEnd(where);
  }

 private:
  Status Take(const LogRecord& record) {
    const uint64_t position = record.position.value;
    if (position > recounted_.checkpoint.head.size) {
      return Error{Errc::kForged, "a record behind the checkpoint, which proves nothing of it"};
    }
    if (const Status counted = recounted_.figures.Take(record); !counted) return counted;
    if (question_.leaf_hashes) recounted_.leaf_hashes.push_back(check_.tip());
    if (position == question_.moment) {
      recounted_.moment = Recounted::Moment{recounted_.figures, check_.tree()};
    }
    if (position % kProgressEvery == 0 && question_.progress) {
      question_.progress(position, recounted_.checkpoint.head.size);
    }
    return CompareOlder();
  }

  Status CompareOlder() const {
    if (!older_ || check_.head().value != older_->size || check_.tree() == *older_) return {};
    return Error{Errc::kForged, "the older checkpoint is of another history"};
  }

  Status CompareEnd(std::string& where) const {
    const TreeHead tree = check_.tree();
    where = "records";
    if (tree.size < recounted_.checkpoint.head.size) {
      return Error{Errc::kShortLog, "the last records that the checkpoint counts are missing"};
    }
    where = "checkpoint";
    if (tree != recounted_.checkpoint.head) {
      return Error{Errc::kForged, "the root is not that of the records"};
    }
    where.clear();
    return {};
  }

  const RecountQuestion& question_;
  Recounted& recounted_;
  std::optional<TreeHead> older_;
  LogCheck check_;
};

}  // namespace

Result<Recounted> RecountFolder(const RecountQuestion& question, std::string& where) {
  Recounted recounted;
  if (question.day) recounted.figures.KeepSourcesOf(*question.day);
  auto keys = KeysFor(question, where);
  if (!keys) return keys.error();
  recounted.keys = *std::move(keys);
  where = "checkpoint";
  const auto note = ReadWholeFile(CheckpointPath(question.folder), kNoteOctetsMax);
  if (!note) return note.error();
  auto checkpoint = OpenCheckpoint(*note, recounted.keys);
  if (!checkpoint) return checkpoint.error();
  recounted.checkpoint = *std::move(checkpoint);

  std::optional<TreeHead> older;
  if (!question.since.empty()) {
    where = "the older checkpoint";
    const auto before = OpenCheckpoint(question.since, recounted.keys);
    if (!before) return before.error();
    if (before->head.size > recounted.checkpoint.head.size) {
      return Error{Errc::kShortLog, "it counts more records than the export's"};
    }
    older = before->head;
  }
  if (const Status walked = Walk(question, recounted, older).Run(where); !walked) {
    return walked.error();
  }
  return recounted;
}

}  // namespace idnode
