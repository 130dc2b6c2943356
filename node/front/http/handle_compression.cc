#include "node/front/http/handle_compression.h"

#include <zlib.h>

#include "proto/web/quality_list.h"

namespace idnode {
namespace {

constexpr size_t kOctetsMin = 256;             // Below, the packets stay as many.
constexpr size_t kOctetsOnLoopMax = 16 << 10;  // About 0.2 ms of a core.
constexpr int kGzipWindow = 15 + 16;           // zlib: 32 KiB, with the head of gzip.
constexpr int kMemoryLevel = 8;

// "gzip;q=0" says no; so does whoever names neither gzip nor everything (RFC 9110 12.5.3).
bool TakesGzip(std::string_view accepted) {
  bool takes = false;
  for (const QualityItem& coding : ParseQualityList(accepted)) {
    if (coding.name == "gzip") return coding.quality > 0;
    if (coding.name == "*") takes = coding.quality > 0;
  }
  return takes;
}

// Nothing: it would be no shorter.
std::string Gzipped(std::string_view body) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string out(body.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(done ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

}  // namespace

void Compress(const Request& request, Reach reach, Response& out) {
  if (out.needs_disk || out.body.size() < kOctetsMin || out.body.size() > UINT32_MAX) return;
  if (request.Has("authorization") || request.peer->certificate != nullptr) return;
  out.fields.emplace_back("Vary", "Accept-Encoding");
  if (!TakesGzip(request.Find("accept-encoding"))) return;
  if (reach == Reach::kMemoryOnly && out.body.size() > kOctetsOnLoopMax) {
    out.needs_disk = true;
    return;
  }
  std::string compressed = Gzipped(out.body);
  if (compressed.empty()) return;
  out.body = std::move(compressed);
  out.fields.emplace_back("Content-Encoding", "gzip");
}

}  // namespace idnode
