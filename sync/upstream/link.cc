#include "sync/upstream/link.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string_view>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "sync/upstream/channel_settings.h"

namespace idnode {
namespace {

constexpr std::chrono::milliseconds kStatusWait{500};

Result<std::string> ReadPem(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file || text.empty()) return Error{Errc::kIo, "upstream: a TLS file cannot be read"};
  return text;
}

// host:port, or [host]:port for IPv6.
Result<std::string> HostOf(std::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return Error{Errc::kMalformed, "upstream: the address is not host:port"};
  }
  const auto port = ParseDecimal(address.substr(colon + 1), 65'535);
  if (!port || *port == 0) return Error{Errc::kMalformed, "upstream: the address has no port"};
  std::string_view host = address.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto is_plain = [&](char c) {
    return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '.' || c == '-' ||
           (bracketed && c == ':');
  };
  if (!std::ranges::all_of(host, is_plain)) {
    return Error{Errc::kMalformed, "upstream: the address is not host:port"};
  }
  return std::string(host);
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  // 127.0.0.0/8, as four numbers: a name may begin with "127." too.
  int numbers = 0;
  std::string_view rest = host;
  for (; numbers < 4; ++numbers) {
    const size_t dot = rest.find('.');
    const auto number = ParseDecimal(rest.substr(0, dot), 255);
    if (!number || (numbers == 0 && *number != 127)) return false;
    if (dot == std::string_view::npos) return numbers == 3;
    rest.remove_prefix(dot + 1);
  }
  return false;
}

// gRPC says UNAVAILABLE of whatever keeps a connection from being made; why is in its text alone
// (1.51; held to it by tests/system_sync/mutual_tls_test.cc). Text that is not known is no harm.
Error WhyUnavailable(std::string_view text) {
  const auto says = [&](std::string_view words) { return text.find(words) != text.npos; };
  if (says("certificate verify failed")) {
    return {Errc::kForged, "upstream: its certificate has expired, or is not of our authority"};
  }
  if (says("is not in peer certificate")) {
    return {Errc::kForged, "upstream: its certificate is for another name"};
  }
  if (says("wrong version number")) {
    return {Errc::kUnsupported, "upstream: it speaks plain text, not TLS"};
  }
  // In TLS 1.3 the side that dials is done before the other has looked at its certificate.
  if (says("failed to connect") && says("Socket closed")) {
    return {Errc::kUnavailable,
            "upstream: it ended the handshake: it may expect TLS, or not accept our certificate"};
  }
  return {Errc::kUnavailable, "upstream: it cannot be reached"};
}

Error ErrorOf(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAUTHENTICATED:
      return {Errc::kUnauthenticated, "upstream: our token is not accepted"};
    case grpc::StatusCode::PERMISSION_DENIED:
      return {Errc::kDenied, "upstream: our token does not allow this"};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return {Errc::kTooLarge, "upstream: a message over its limit, or no room for us"};
    case grpc::StatusCode::INTERNAL:
      return {Errc::kMalformed, "upstream: what it sent cannot be read"};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {Errc::kUnsupported, "upstream: it does not know this conversation"};
    case grpc::StatusCode::OK:
      return {Errc::kUnavailable, "upstream: it ended the stream"};
    case grpc::StatusCode::UNAVAILABLE:
      return WhyUnavailable(status.error_message());
    default:
      return {Errc::kUnavailable, "upstream: it cannot be reached"};
  }
}

}  // namespace

Result<UpstreamTarget> UpstreamTarget::Create(const std::string& address, const std::string& token,
                                              const std::string& ca_file,
                                              const std::string& certificate_file,
                                              const std::string& key_file) {
  const auto host = HostOf(address);
  if (!host) return host.error();
  if (token.empty() || !std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return Error{Errc::kMalformed, "upstream: the token is empty or not plain"};
  }
  UpstreamTarget target;
  target.address_ = address;
  target.authorization_ = "Bearer " + token;
  if (ca_file.empty() && certificate_file.empty() && key_file.empty()) {
    if (!IsLoopback(*host)) {
      return Error{Errc::kUnsupported, "upstream: plain text is allowed towards loopback only"};
    }
    target.credentials_ = grpc::InsecureChannelCredentials();
    return target;
  }
  if (ca_file.empty() || certificate_file.empty() || key_file.empty()) {
    return Error{Errc::kMissingField, "upstream: TLS takes authority, certificate and key"};
  }
  const auto ca = ReadPem(ca_file);
  if (!ca) return ca.error();
  const auto certificate = ReadPem(certificate_file);
  if (!certificate) return certificate.error();
  const auto key = ReadPem(key_file);
  if (!key) return key.error();
  target.credentials_ = grpc::SslCredentials(
      {.pem_root_certs = *ca, .pem_private_key = *key, .pem_cert_chain = *certificate});
  return target;
}

std::shared_ptr<grpc::Channel> UpstreamTarget::Open() const {
  return grpc::CreateCustomChannel(address_, credentials_, ConversationChannel());
}

UpstreamLink::UpstreamLink(const UpstreamTarget& target, std::function<void()> ring)
    : ring_(std::move(ring)), channel_(target.Open()), stub_(v1::Sync::NewStub(channel_)) {
  context_.AddMetadata("authorization", target.authorization());
  stub_->async()->Converse(&context_, this);
  AddHold();  // Reads and writes are started outside of reactions; so the call must not end itself.
  StartCall();
}

Error UpstreamLink::Close() {
  std::unique_lock lock(mutex_);
  if (!closed_) {
    closed_ = true;
    const bool ended = news_.ended;
    lock.unlock();
    if (!ended) context_.TryCancel();
    RemoveHold();
    lock.lock();
    // A stream that the other side ended has its status already, or gets none.
    if (!done_.wait_for(lock, kStatusWait, [&] { return status_.has_value(); })) {
      lock.unlock();
      context_.TryCancel();
      lock.lock();
      done_.wait(lock, [&] { return status_.has_value(); });
    }
  }
  return ErrorOf(*status_);
}

UpstreamLink::News UpstreamLink::Take() {
  std::scoped_lock lock(mutex_);
  News news = news_;
  news_.read = news_.written = false;
  return news;
}

void UpstreamLink::Read() { StartRead(&in_); }

void UpstreamLink::Write() { StartWrite(&out_); }

void UpstreamLink::OnReadDone(bool ok) {
  {
    std::scoped_lock lock(mutex_);
    (ok ? news_.read : news_.ended) = true;
  }
  ring_();
}

void UpstreamLink::OnWriteDone(bool ok) {
  {
    std::scoped_lock lock(mutex_);
    (ok ? news_.written : news_.ended) = true;
  }
  ring_();
}

void UpstreamLink::OnDone(const grpc::Status& status) {
  // The link may be gone as soon as the lock is released: nothing may follow.
  std::scoped_lock lock(mutex_);
  status_ = status;
  done_.notify_all();
}

}  // namespace idnode
