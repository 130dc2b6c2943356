// How fast an exported log is checked and counted on one core (node/recount), files in the page
// cache; beside it, how fast as many octets are digested, without which nothing is proved.
//   recount_ratio ITEMS: of each of the two logs.

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/ratio/measure.h"
#include "bench/ratio/scratch.h"
#include "node/recount/export_folder.h"
#include "node/recount/recounted.h"
#include "proto/crypto/digest.h"
#include "storage/change.h"
#include "storage/counters.h"

namespace idnode::bench {
namespace {

constexpr uint32_t kEnterprises = 200;
constexpr uint64_t kChangeMs = 7;  // From one change to the next.

NoteSigner SignerOfLog() {
  auto key = SigningKey::Generate(KeyKind::kEd25519);
  Require(key.ok());
  auto signer = NoteSigner::Of("bench.example/log", NoteKeyType::kEd25519, *std::move(key));
  Require(signer.ok());
  return *std::move(signer);
}

// A log of `items` registrations, `together` in a record; how many octets it has.
uint64_t MakeExport(const std::string& folder, uint64_t items, uint64_t together,
                    const NoteSigner& signer) {
  std::string where;
  const auto writer = FolderWriter::Open(folder, where);
  Require(writer.ok());
  LogCheck log;
  uint64_t octets = 0;
  const std::vector<uint8_t> done(together, 1);
  for (uint64_t item = 0; item < items; item += together) {
    const Time time{1'795'248'000'000 + item / together * kChangeMs};
    Change change(time, "token:6f1c0a2b3c4d5e6f", {}, Change::Mode::kTogether);
    const auto enterprise = static_cast<uint32_t>(1 + item / together % kEnterprises);
    for (uint64_t i = 0; i < together; ++i) {
      change.Begin(EventKind::kIdentifierCreated, enterprise,
                   "H88.118." + std::to_string(enterprise) + "/SN-" + std::to_string(item + i));
    }
    change.Seal();
    std::string thin;
    EncodeThin(Position{log.head().value + 1}, log.tip(), change, done, change.root(), thin);
    Require(log.Take(thin).ok() && (*writer)->Append(thin).ok());
    octets += thin.size();
  }
  Note note{EncodeCheckpoint({"bench.example/log", log.tree()}), {}};
  note.signatures.push_back(signer.Sign(note.text));
  Require((*writer)->Finish(EncodeNote(note), {{signer.verifier()}}).ok());
  return octets;
}

double SecondsOfDigests(uint64_t octets) {
  const std::string piece(1u << 20, 'd');
  const uint64_t begin = NowNanos();
  for (uint64_t left = octets; left > 0; left -= std::min<uint64_t>(left, piece.size())) {
    Keep(Sha256(std::string_view(piece).substr(0, std::min<uint64_t>(left, piece.size()))));
  }
  return static_cast<double>(NowNanos() - begin) / 1e9;
}

void Measure(std::string_view name, uint64_t items, uint64_t together) {
  const ScratchDirectory scratch;
  const NoteSigner signer = SignerOfLog();
  const std::string folder = scratch.path() + "/export";
  const uint64_t octets = MakeExport(folder, items, together, signer);
  const uint64_t begin = NowNanos();
  std::string where;
  const auto recounted = RecountFolder({.folder = folder, .keys = {signer.verifier()}}, where);
  const double seconds = static_cast<double>(NowNanos() - begin) / 1e9;
  Require(recounted.ok() && recounted->figures.items() == items);
  Report(name, "items/s", static_cast<double>(items) / seconds, "SHA-256 of as many octets",
         static_cast<double>(items) / SecondsOfDigests(octets));
}

}  // namespace
}  // namespace idnode::bench

int main(int argc, char** argv) {
  const uint64_t items = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  idnode::bench::Measure("recount of an export, 1,000 items a record", items, 1'000);
  idnode::bench::Measure("recount of an export, one item a record", items, 1);
  return 0;
}
