#include "node/front/http/handle_compression.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace idnode {
namespace {

class HandleCompression : public ::testing::Test {
 protected:
  HandleCompression() {
    request_.peer = &peer_;
    for (int i = 0; i < 100; ++i) text_ += "{\"index\":" + std::to_string(i) + "}";
  }

  Response Compressed(std::string_view accepted, std::string body, Reach reach = Reach::kDisk) {
    request_.fields.push_back({"Accept-Encoding", accepted});
    Response out;
    out.body = std::move(body);
    Compress(request_, reach, out);
    request_.fields.pop_back();
    return out;
  }
  static bool IsGzip(const Response& out) { return out.body.starts_with("\x1f\x8b"); }

  Peer peer_;
  Request request_;
  std::string text_;
};

TEST_F(HandleCompression, IsForWhoeverTakesIt) {
  for (const char* takes : {"gzip", "deflate, gzip;q=0.5", "GZIP", "*", "br, *;q=0.1"}) {
    EXPECT_TRUE(IsGzip(Compressed(takes, text_))) << takes;
  }
  for (const char* refuses : {"", "identity", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *"}) {
    EXPECT_EQ(Compressed(refuses, text_).body, text_) << refuses;
  }
}

TEST_F(HandleCompression, ReadsBackAsWhatItWas) {
  const Response out = Compressed("gzip", text_);
  EXPECT_LT(out.body.size(), text_.size());
  std::string back(text_.size(), '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(out.body.data()));
  stream.avail_in = static_cast<uInt>(out.body.size());
  stream.next_out = reinterpret_cast<Bytef*>(back.data());
  stream.avail_out = static_cast<uInt>(back.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  EXPECT_EQ(back, text_);
}

TEST_F(HandleCompression, LeavesWhatIsShortOrWouldNotBeShorter) {
  EXPECT_FALSE(IsGzip(Compressed("gzip", text_.substr(0, 255))));
  std::string noise;  // Of a generator, which no compressor sees through.
  for (uint32_t state = 1; noise.size() < 4'096; state = state * 1'664'525 + 1'013'904'223) {
    noise.push_back(static_cast<char>(state >> 24));
  }
  EXPECT_EQ(Compressed("gzip", noise).body, noise);
}

TEST_F(HandleCompression, NeverTellsTheLengthOfWhatAProofMadeVisible) {
  request_.fields.push_back({"Authorization", "Bearer x"});
  EXPECT_FALSE(IsGzip(Compressed("gzip", text_)));
  request_.fields.clear();
  peer_.certificate = std::make_shared<const ClientCertificate>();
  EXPECT_FALSE(IsGzip(Compressed("gzip", text_)));
}

TEST_F(HandleCompression, LeavesLongOnesToAWorkThread) {
  const std::string long_text(17 << 10, 'x');
  const Response out = Compressed("gzip", long_text, Reach::kMemoryOnly);
  EXPECT_TRUE(out.needs_disk);
  EXPECT_TRUE(IsGzip(Compressed("gzip", long_text, Reach::kDisk)));
  EXPECT_TRUE(IsGzip(Compressed("gzip", text_, Reach::kMemoryOnly)));
}

}  // namespace
}  // namespace idnode
