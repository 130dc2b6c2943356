#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/service/published_log.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/tlog/tile_path.h"

// GET /log/…: the log for whoever checks it (C2SP tlog-tiles; docs/formats/checkpoint.md).
namespace idnode {
namespace {

constexpr std::string_view kTextMediaType = "text/plain; charset=utf-8";
constexpr std::string_view kOctetsMediaType = "application/octet-stream";
constexpr std::string_view kForever = "public, max-age=31536000, immutable";
constexpr size_t kUsualRunOctets = 1u << 20;
constexpr Error kNoLog{Errc::kUnsupported, "this node publishes no log"};

constexpr Error kNoWitness{Errc::kNotFound, "this node is nobody's witness"};

void TellNote(Result<std::string> note, const Request& request, Response& out) {
  if (!note) return Refuse(note.error(), 0, request, {}, out);
  out.media_type = kTextMediaType;
  out.fields.emplace_back("Cache-Control", "public, max-age=1");
  out.body = *std::move(note);
}

// Kept by nobody but who asked, where it was asked with a token.
void MayBeKept(bool by_anybody, Response& out) {
  out.fields.emplace_back("Cache-Control", by_anybody ? kForever : "private, max-age=31536000");
}

Result<size_t> RunOctetsOf(const Query& query) {
  const std::string* text = query.Find("octets");
  if (text == nullptr) return kUsualRunOctets;
  const auto number = ParseDecimal(*text, kLogRunOctetsMax);
  if (!number || text->empty()) return Error{Errc::kMalformed, "octets: at most 8388608"};
  return static_cast<size_t>(*number);
}

Result<uint64_t> PositionOf(const Query& query) {
  const std::string* text = query.Find("from");
  if (text == nullptr) return Error{Errc::kMissingField, "from"};
  const auto number = ParseDecimal(*text);
  if (!number || text->empty()) return Error{Errc::kMalformed, "from: a position"};
  return *number;
}

// Who asks for records, if he may; that he does is on record.
Result<Caller> ReaderOf(const Request& request, Desk& desk) {
  auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return caller.error();
  const std::string what = std::string(request.path).append("?").append(request.query);
  const Status begun = desk.services.log->BeginReading(*caller, what);
  if (!begun) return begun.error();
  return caller;
}

}  // namespace

void GetLogCheckpoint(const Request& request, Desk& desk, Response& out) {
  if (desk.services.log == nullptr) return Refuse(kNoLog, 0, request, {}, out);
  TellNote(desk.services.log->Note(Now()), request, out);
}

void GetLogCosigned(const Request& request, Desk& desk, Response& out) {
  if (desk.services.log == nullptr) return Refuse(kNoLog, 0, request, {}, out);
  TellNote(desk.services.log->CosignedNote(), request, out);
}

void GetLogWitness(const Request& request, Desk& desk, Response& out) {
  if (desk.services.log == nullptr) return Refuse(kNoLog, 0, request, {}, out);
  if (desk.services.log->witness_key().empty()) return Refuse(kNoWitness, 0, request, {}, out);
  out.media_type = kTextMediaType;
  out.body = desk.services.log->witness_key() + "\n";
}

void GetLogKeys(const Request& request, Desk& desk, Response& out) {
  if (desk.services.log == nullptr) return Refuse(kNoLog, 0, request, {}, out);
  out.media_type = kTextMediaType;
  out.body = desk.services.log->checkpoints().key_lines();
}

void GetLogTile(const Request& request, Desk& desk, Response& out) {
  PublishedLog* const log = desk.services.log;
  if (log == nullptr) return Refuse(kNoLog, 0, request, {}, out);
  const auto path = ParseTilePath(request.rest);
  if (!path) {
    return Refuse(Error{Errc::kNotFound, "the path is none of a tile"}, 0, request, {}, out);
  }
  bool for_anybody = true;
  if (path->entries) {
    const auto reader = ReaderOf(request, desk);
    if (!reader) return Refuse(reader.error(), 0, request, {}, out);
    for_anybody = reader->anonymous;
  }
  auto octets = path->entries ? log->Entries(*path, Now()) : log->Tile(*path, Now());
  if (!octets) return Refuse(octets.error(), 0, request, {}, out);
  out.media_type = kOctetsMediaType;
  MayBeKept(for_anybody, out);
  out.body = *std::move(octets);
}

void GetLogRecords(const Request& request, Desk& desk, Response& out) {
  PublishedLog* const log = desk.services.log;
  if (log == nullptr) return Refuse(kNoLog, 0, request, {}, out);
  const auto reader = ReaderOf(request, desk);
  if (!reader) return Refuse(reader.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const auto from = PositionOf(*query);
  if (!from) return Refuse(from.error(), 0, request, {}, out);
  const auto octets = RunOctetsOf(*query);
  if (!octets) return Refuse(octets.error(), 0, request, {}, out);
  const auto records = log->Read(*from, 0, *octets, Now());
  if (!records) return Refuse(records.error(), 0, request, {}, out);
  out.media_type = kOctetsMediaType;
  out.fields.emplace_back("Cache-Control", "no-store");
  out.fields.emplace_back("Idnode-Next-Position", std::to_string(*from + records->size()));
  for (const std::string& record : *records) Writer(out.body).Text32(record);
}

}  // namespace idnode
