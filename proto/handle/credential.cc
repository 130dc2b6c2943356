#include "proto/handle/credential.h"

#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr HandleVersion kSignsItsSuggestion{2, 8};
constexpr HandleVersion kSignsItsEnvelope{2, 5};

}  // namespace

void EncodeCredential(const Credential& credential, std::string& out) {
  Writer writer(out);
  writer.U8(0).U8(0).U16(0);  // Version, reserved, flags.
  writer.Text32({});          // The signer, whom nobody reads.
  writer.U32(credential.session_counter).Text32(credential.type);
  const size_t section =
      2 * sizeof(uint32_t) + credential.algorithm.size() + credential.value.size();
  writer.U32(static_cast<uint32_t>(section));
  writer.Text32(credential.algorithm).Text32(credential.value);
}

Result<Credential> DecodeCredential(std::string_view content) {
  Reader in(content);
  Credential credential;
  in.Raw(4);             // Version, reserved, flags.
  in.Text32(in.left());  // The signer.
  credential.session_counter = in.U32();
  credential.type = in.Text32(in.left());
  Reader section(in.Text32(in.left()));
  credential.algorithm = section.Text32(section.left());
  credential.value = section.Text32(section.left());
  if (!in.ok() || !section.ok()) {
    return Error{Errc::kMalformed, "credential: a field runs past the end"};
  }
  return credential;
}

void AppendAuthenticatedOctets(const Envelope& envelope, uint32_t session_counter,
                               std::string_view header_and_body, std::string& out) {
  Writer writer(out);
  if (envelope.version.AtLeast(kSignsItsEnvelope)) {
    writer.U8(envelope.version.major).U8(envelope.version.minor);
    if (envelope.version.AtLeast(kSignsItsSuggestion)) {
      writer.U8(envelope.suggested.major).U8(envelope.suggested.minor);
    }
    writer.U32(envelope.session_id).U32(envelope.request_id).U32(session_counter);
  }
  writer.Raw(header_and_body);
}

std::string_view NameOf(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kMd5:
      return "md5";
    case DigestAlgorithm::kSha1:
      return "sha1";
    case DigestAlgorithm::kSha256:
      return "sha256";
  }
  return {};
}

RequestDigest ReadRequestDigest(Reader& in) {
  const uint8_t first = in.U8();
  switch (first) {
    case 0: {
      const auto high = static_cast<uint32_t>(in.U8()) << 16;
      return {DigestAlgorithm::kMd5, in.Raw(high | in.U16())};
    }
    case static_cast<uint8_t>(DigestAlgorithm::kMd5):
      return {DigestAlgorithm::kMd5, in.Raw(16)};
    case static_cast<uint8_t>(DigestAlgorithm::kSha1):
      return {DigestAlgorithm::kSha1, in.Raw(20)};
    case static_cast<uint8_t>(DigestAlgorithm::kSha256):
      return {DigestAlgorithm::kSha256, in.Raw(32)};
    default:
      in.Fail();
      return {};
  }
}

}  // namespace idnode
