#include "node/front/http/redirect.h"

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {

void EncodeRedirect(const Redirect& redirect, std::string& out) {
  Writer writer(out);
  writer.U8(static_cast<uint8_t>(redirect.joint)).U8(redirect.forwards_query ? 1 : 0);
  writer.Text32(redirect.uri).Text32(redirect.before);
  writer.Text32(redirect.after).Text32(redirect.attributes);
}

Result<Redirect> DecodeRedirect(std::string_view octets) {
  Reader in(octets);
  Redirect redirect;
  redirect.joint = static_cast<char>(in.U8());
  redirect.forwards_query = in.U8() != 0;
  redirect.uri = in.Text32(in.left());
  redirect.before = in.Text32(in.left());
  redirect.after = in.Text32(in.left());
  redirect.attributes = in.Text32(in.left());
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "a redirection that is kept"};
  return redirect;
}

void AppendLocation(const Redirect& redirect, std::string_view query, std::string& out) {
  const std::string_view attributes = redirect.attributes;
  if (!redirect.forwards_query || attributes.empty() || query.empty()) {
    const std::string_view only = attributes.empty() ? query : attributes;
    return AppendLocation(redirect.before, redirect.joint,
                          redirect.forwards_query ? only : std::string_view(), redirect.after, out);
  }
  AppendLocation(redirect.before, redirect.joint, attributes, {}, out);
  AppendLocation("&", '\0', query, redirect.after, out);
}

}  // namespace idnode
