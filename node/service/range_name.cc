#include "node/service/range_name.h"

#include "proto/gs1/path.h"
#include "proto/gs1/uri.h"
#include "proto/ident/identifier.h"
#include "proto/ident/serial_key.h"

namespace idnode {
namespace {

constexpr uint16_t kGtin = 1, kLot = 10, kVariant = 22;
constexpr std::string_view kSerialPart = "/21/";

std::string Text(std::string_view product, std::string_view lot, std::string_view first,
                 std::string_view last) {
  Gs1Path path;
  const auto canonical = TextOfKey(product);
  std::string text;
  if (!canonical || !ParseGs1Path(*canonical, path)) return text;
  const bool has_lot = lot.empty() || path.Add(*FindApplicationIdentifier(kLot), lot);
  if (!has_lot) return text;
  AppendCanonicalPath(path, text);
  return text.append(kSerialPart).append(first).append("-").append(last);
}

}  // namespace

Result<RangeName> ParseRangeName(std::string_view text) {
  const Error none{Errc::kInvalidIdentifier, "a range is 01/<GTIN>[/10/<lot>]/21/<first>-<last>"};
  const size_t at = text.rfind(kSerialPart);
  if (at == std::string_view::npos) return none;
  const std::string_view serials = text.substr(at + kSerialPart.size());
  const size_t dash = serials.find('-');
  if (dash == std::string_view::npos) return none;
  RangeName name{.first = std::string(serials.substr(0, dash)),
                 .last = std::string(serials.substr(dash + 1))};
  if (const auto members = MembersBetween(name.first, name.last); !members) return members.error();

  Gs1Path path;
  const std::string_view of = text.substr(0, at);
  if (const Status read = ParseGs1Path(of, path); !read) return read.error();
  if (path.key().ai->number != kGtin || !path.Qualifier(kVariant).empty()) return none;
  name.lot = path.Qualifier(kLot);
  // Any member will do: they differ in their digits only.
  std::string member;
  AppendCanonicalPath(path, member);
  const auto identifier = ParseIdentifier(member.append(kSerialPart).append(name.first));
  if (!identifier) return identifier.error();
  if (const Status fits = CheckForRegistration(*identifier); !fits) return fits.error();
  Require(IsSerialKey(identifier->key));
  name.product = ProductOf(identifier->key);
  return name;
}

std::string TextOfRange(const RangeName& name) {
  return Text(name.product, name.lot, name.first, name.last);
}

std::string TextOfRange(const SerialRange& range) {
  return Text(range.product, range.lot, range.first, range.last);
}

}  // namespace idnode
