#include "node/cmd/octet_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace idnode {
namespace {

constexpr size_t kInputOctets = 256u << 10;
constexpr std::string_view kZstdMagic("\x28\xB5\x2F\xFD", 4);
constexpr std::string_view kGzipMagic("\x1F\x8B", 2);

// A file descriptor with a buffer that can be looked into before it is read.
class Input {
 public:
  explicit Input(int fd) : fd_(fd) {
    struct stat facts = {};
    if (fstat(fd_, &facts) == 0 && S_ISREG(facts.st_mode)) {
      file_octets_ = static_cast<uint64_t>(facts.st_size);
    }
  }
  ~Input() {
    if (fd_ > 2) close(fd_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  // Fills the buffer when it is empty (or, looking, when it holds less than `want`). False: kIo.
  bool Fill(size_t want = 1) {
    while (buffered() < want && !end_) {
      if (begin_ == end_at_) begin_ = end_at_ = 0;
      const ssize_t got = ::read(fd_, buffer_.data() + end_at_, buffer_.size() - end_at_);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return false;
      end_ = got == 0;
      end_at_ += static_cast<size_t>(got);
      read_octets_ += static_cast<uint64_t>(got);
    }
    return true;
  }
  std::string_view Buffered() const { return {buffer_.data() + begin_, buffered()}; }
  void Consume(size_t octets) { begin_ += octets; }
  uint64_t read_octets() const { return read_octets_; }
  uint64_t file_octets() const { return file_octets_; }

 private:
  size_t buffered() const { return end_at_ - begin_; }

  int fd_;
  std::array<char, kInputOctets> buffer_;
  size_t begin_ = 0, end_at_ = 0;
  bool end_ = false;
  uint64_t read_octets_ = 0, file_octets_ = 0;
};

class PlainSource : public OctetSource {
 public:
  explicit PlainSource(std::unique_ptr<Input> input) : input_(std::move(input)) {}
  Result<size_t> Read(char* out, size_t size) override {
    if (!input_->Fill()) return Error{Errc::kIo, "reading the file"};
    const size_t octets = std::min(size, input_->Buffered().size());
    std::memcpy(out, input_->Buffered().data(), octets);
    input_->Consume(octets);
    return octets;
  }
  uint64_t read_octets() const override { return input_->read_octets(); }
  uint64_t file_octets() const override { return input_->file_octets(); }

 protected:
  std::unique_ptr<Input> input_;
};

class ZstdSource : public PlainSource {
 public:
  explicit ZstdSource(std::unique_ptr<Input> input)
      : PlainSource(std::move(input)), stream_(ZSTD_createDStream()) {
    // A frame may ask for a window of at most 128 MiB.
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 27);
  }
  Result<size_t> Read(char* out, size_t size) override {
    ZSTD_outBuffer output{out, size, 0};
    while (output.pos == 0) {
      if (!input_->Fill()) return Error{Errc::kIo, "reading the file"};
      const std::string_view in = input_->Buffered();
      if (in.empty()) {
        if (in_frame_) return Error{Errc::kMalformed, "the zstd file is cut short"};
        return size_t{0};
      }
      ZSTD_inBuffer input{in.data(), in.size(), 0};
      const size_t left = ZSTD_decompressStream(stream_.get(), &output, &input);
      if (ZSTD_isError(left) != 0) return Error{Errc::kMalformed, "the zstd file is damaged"};
      in_frame_ = left != 0;
      input_->Consume(input.pos);
    }
    return output.pos;
  }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool in_frame_ = false;
};

class GzipSource : public PlainSource {
 public:
  explicit GzipSource(std::unique_ptr<Input> input) : PlainSource(std::move(input)) {
    inflateInit2(&stream_, 16 + MAX_WBITS);  // gzip only.
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  Result<size_t> Read(char* out, size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      if (!input_->Fill()) return Error{Errc::kIo, "reading the file"};
      const std::string_view in = input_->Buffered();
      if (in.empty()) {
        if (in_member_) return Error{Errc::kMalformed, "the gzip file is cut short"};
        return size_t{0};
      }
      if (!in_member_) inflateReset(&stream_);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
      stream_.avail_in = static_cast<uInt>(in.size());
      const int outcome = inflate(&stream_, Z_NO_FLUSH);
      if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) {
        return Error{Errc::kMalformed, "the gzip file is damaged"};
      }
      in_member_ = outcome != Z_STREAM_END;
      input_->Consume(in.size() - stream_.avail_in);
    }
    return size - stream_.avail_out;
  }

 private:
  z_stream stream_ = {};
  bool in_member_ = false;
};

}  // namespace

Result<std::unique_ptr<OctetSource>> OpenOctetSource(const std::string& path) {
  const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error{Errc::kIo, "the file cannot be opened"};
  auto input = std::make_unique<Input>(fd);
  if (!input->Fill(kZstdMagic.size())) return Error{Errc::kIo, "reading the file"};
  std::unique_ptr<OctetSource> source;
  if (input->Buffered().starts_with(kZstdMagic)) {
    source = std::make_unique<ZstdSource>(std::move(input));
  } else if (input->Buffered().starts_with(kGzipMagic)) {
    source = std::make_unique<GzipSource>(std::move(input));
  } else {
    source = std::make_unique<PlainSource>(std::move(input));
  }
  return source;
}

}  // namespace idnode
