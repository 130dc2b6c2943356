#include <array>
#include <optional>

#include "node/front/http/aliased_reading.h"
#include "node/front/http/routes.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"
#include "proto/web/did_document.h"

// GET /1.0/identifiers/{did}, as the universal resolver asks (W3C DID Resolution), and GET /<bid>,
// as the resolvers of 星火·链网 are asked (spec/secondary-node.md 7.6).
namespace idnode {
namespace {

constexpr std::string_view kResolutionMediaType =
    "application/ld+json;profile=\"https://w3id.org/did-resolution\"";

// A record, and the DID under which it is registered.
struct ReadDid {
  std::string did;
  uint64_t version = 0;
  ReadRecord read;
  std::vector<Value> values;

  DidSubject subject() const {
    const RecordView& record = read.answer.found.record;
    return {did, values, record.created(), record.modified()};
  }
};

// Nothing: `out` asks for the disk.
std::optional<Result<ReadDid>> ReadOf(std::string_view did, const Request& request, Desk& desk,
                                      Response& out) {
  if (!did.starts_with("did:")) {
    return Result<ReadDid>(Error{Errc::kInvalidIdentifier, "no DID"});
  }
  ResolutionNote note;
  note.outcome = ResolutionOutcome::kNone;
  auto read = Read(did, ShownValues{}, Query(), request, desk, note);
  if (!read && AsksForDisk(read.error(), desk)) {
    out.needs_disk = true;
    return std::nullopt;
  }
  if (note.outcome != ResolutionOutcome::kNone) out.note = note;
  if (!read) return Result<ReadDid>(read.error());
  out.note = read->note;
  ReadDid done{.did = std::string(read->answer.text),
               .version = read->answer.found.version.value,
               .read = *std::move(read),
               .values = {}};
  auto values = SeenValues(done.read);
  if (!values) return Result<ReadDid>(values.error());
  done.values = *std::move(values);
  return Result<ReadDid>(std::move(done));
}

// The errors of W3C DID Resolution.
std::string_view ResolutionErrorOf(Errc code) {
  if (code == Errc::kNotFound) return "notFound";
  if (code == Errc::kNotHomed) return "methodNotSupported";
  return RowOf(code).http >= 500 ? "internalError" : "invalidDid";
}

uint16_t ResolutionStatusOf(Errc code) { return code == Errc::kNotHomed ? 501 : RowOf(code).http; }

void WriteResolutionResult(const Result<ReadDid>& read, JsonWriter& json) {
  json.StartObject();
  json.Member("@context");
  json.ValidText("https://w3id.org/did-resolution/v1");
  json.Member("didDocument");
  if (read) {
    WriteDidDocument(read->subject(), json);
  } else {
    json.Null();
  }
  json.Member("didResolutionMetadata");
  json.StartObject();
  json.Member(read ? "contentType" : "error");
  json.ValidText(read ? "application/did+ld+json" : ResolutionErrorOf(read.error().code));
  json.EndObject();
  json.Member("didDocumentMetadata");
  json.StartObject();
  if (read) {
    json.Member("created");
    json.ValidText(FormatUtc(read->subject().created));
    json.Member("updated");
    json.ValidText(FormatUtc(read->subject().modified));
    json.Member("versionId");
    json.ValidText(std::to_string(read->version));
  }
  json.EndObject();
  json.EndObject();
}

struct PartRow {
  std::string_view path, member;
  BidPart part;
};
constexpr auto kParts = std::to_array<PartRow>({
    {"/public-keys", "publicKey", BidPart::kKeys},
    {"/attributes", "attributes", BidPart::kAttributes},
    {"/acsns", "acsns", BidPart::kDomains},
    {"/verifiableCredentials", "verifiableCredentials", BidPart::kCredentials},
    {"/service", "service", BidPart::kServices},
});

// did:bid:… and, behind it, a part, and of the keys one key.
struct BidPath {
  std::string_view bid, key;
  const PartRow* part = nullptr;  // Null: the document.
};
BidPath SplitBidPath(std::string_view path) {
  for (const PartRow& row : kParts) {
    const size_t at = path.find(row.path);
    if (at == std::string_view::npos) continue;
    const std::string_view behind = path.substr(at + row.path.size());
    if (behind.empty()) return {path.substr(0, at), {}, &row};
    if (row.part == BidPart::kKeys && behind.size() > 1 && behind[0] == '/') {
      return {path.substr(0, at), behind.substr(1), &row};
    }
  }
  return {path, {}, nullptr};
}

// False: the key that was asked for is not there, and `json` is not to be used.
bool WriteBidData(const ReadDid& read, const BidPath& path, JsonWriter& json) {
  json.StartObject();
  json.Member(path.part == nullptr ? "didDocument" : path.part->member);
  if (path.part == nullptr) {
    WriteBidDocument(read.subject(), json);
  } else if (path.key.empty()) {
    WriteBidPart(read.subject(), path.part->part, json);
  } else if (!WriteBidKey(read.subject(), path.key, json)) {
    return false;
  }
  json.EndObject();
  return true;
}

void StartBidAnswer(uint32_t code, std::string_view message, JsonWriter& json) {
  json.StartObject();
  json.Member("errorCode");
  json.Uint(code);
  json.Member("message");
  json.Text(message);
}

void RefuseBid(const Error& error, Response& out) {
  out.status = RowOf(error.code).http;
  out.body.clear();
  JsonWriter json(out.body);
  StartBidAnswer(out.status, error.detail, json);
  json.EndObject();
}

}  // namespace

void GetDid(const Request& request, Desk& desk, Response& out) {
  const auto did = PercentDecode(request.rest);
  if (!did) return Refuse(did.error(), 0, request, {}, out);
  const auto read = ReadOf(*did, request, desk, out);
  if (!read) return;
  if (!*read) out.status = ResolutionStatusOf(read->error().code);
  out.media_type = kResolutionMediaType;
  JsonWriter json(out.body);
  WriteResolutionResult(*read, json);
}

void GetBid(const Request& request, Desk& desk, Response& out) {
  const auto decoded = PercentDecode(request.path.substr(1));
  if (!decoded) return RefuseBid(decoded.error(), out);
  const BidPath path = SplitBidPath(*decoded);
  const auto read = ReadOf(path.bid, request, desk, out);
  if (!read) return;
  if (!*read) return RefuseBid(read->error(), out);
  bool written = false;
  {
    JsonWriter json(out.body);
    StartBidAnswer(0, "success", json);
    json.Member("data");
    written = WriteBidData(**read, path, json);
    if (written) json.EndObject();
  }
  if (!written) RefuseBid({Errc::kNotFound, "the document has no such key"}, out);
}

}  // namespace idnode
