#include "node/cmd/web_getter.h"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "node/service/published_log.h"
#include "proto/base/limits.h"

namespace idnode {
namespace {

constexpr size_t kBodyOctetsMax = kLogRunOctetsMax + limits::kLogRecordOctetsMax;

RemoteProblem ProblemIn(const HttpAnswer& answer) {
  boost::system::error_code failure;
  const auto document = boost::json::parse(answer.body, failure);
  if (!failure && document.is_object()) {
    const auto text = [&](std::string_view member) -> std::string {
      const auto* value = document.as_object().if_contains(member);
      if (value == nullptr || !value->is_string()) return {};
      return std::string(std::string_view(value->as_string()));
    };
    if (const auto code = ErrcOf(text("code"))) return {*code, text("detail")};
  }
  return {Errc::kUnavailable, "HTTP status " + std::to_string(answer.status)};
}

// The path of a root, without slashes at its end. Fields and fragments have no place in it.
std::string StemOf(std::string_view root) {
  const size_t slash = root.find('/', root.find("//") + 2);
  std::string stem(root.substr(std::min(slash, root.size())));
  while (stem.ends_with('/')) stem.pop_back();
  return stem;
}

}  // namespace

Result<std::unique_ptr<WebGetter>> WebGetter::Open(const Options& options) {
  auto server = ParseHttpServer(options.root, HostNames::kResolved);
  std::string stem = server ? StemOf(options.root) : std::string();
  if (!server || stem.find_first_of("?# ") != std::string::npos) {
    return Error{Errc::kMalformed, "the address is not http:// or https:// and a host"};
  }
  if (!options.token.empty() && !server->secure && !server->is_this_machine()) {
    return Error{Errc::kUnsupported, "a token goes to another machine over HTTPS only"};
  }
  TlsTrust trust;
  if (server->secure) {
    auto trusted = TrustOf(options.ca_file);
    if (!trusted) return trusted.error();
    trust = *std::move(trusted);
  }
  return std::unique_ptr<WebGetter>(
      new WebGetter(*std::move(server), std::move(stem), std::move(trust), options));
}

NodeReply<std::string> WebGetter::Get(const std::string& path) const {
  HttpGet get{.target = stem_ + path,
              .user_agent = "idnode",
              .octets_max = kBodyOctetsMax,
              .millis = options_.timeout_seconds * 1'000,
              .fields = {{"Accept", "*/*"}}};
  if (!options_.token.empty()) get.fields.emplace_back("Authorization", "Bearer " + options_.token);
  auto answer = idnode::Get(server_, get, trust_);
  if (!answer) {
    return RemoteProblem{answer.error().code,
                         server_.text() + ": " + std::string(answer.error().detail)};
  }
  if (answer->status != 200) return ProblemIn(*answer);
  return std::move(answer->body);
}

}  // namespace idnode
