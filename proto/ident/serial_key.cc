#include "proto/ident/serial_key.h"

#include "proto/base/result.h"
#include "proto/gs1/key.h"
#include "proto/gs1/packed_key.h"

namespace idnode {
namespace {

constexpr Gs1KeyRow kProduct = *FindGs1Key(static_cast<char>(Gs1Key::kGtin));
// The mark and the octet of its kind, two digits an octet, and the indicator.
static_assert(kProductKeyOctets == 2 + (kProduct.digits - kProduct.company_position) / 2 + 1);
static_assert(kProduct.company_position == 2 && kProduct.tail == Gs1KeyTail::kNone);

constexpr char kChildMark[] = {'\0', static_cast<char>(Gs1Set::kSerial)};
constexpr std::string_view kChild(kChildMark, sizeof kChildMark);
constexpr size_t kSerialAt = kProductKeyOctets + kChild.size();

bool BeginsAsProduct(std::string_view key) {
  return key.size() >= kProductKeyOctets && key[0] == kGs1KeyMark &&
         key[1] == static_cast<char>(Gs1Key::kGtin);
}

}  // namespace

bool IsProductKey(std::string_view key) {
  return key.size() == kProductKeyOctets && BeginsAsProduct(key);
}

bool IsSerialKey(std::string_view key) {
  return key.size() > kSerialAt && BeginsAsProduct(key) &&
         key.substr(kProductKeyOctets, kChild.size()) == kChild;
}

std::string_view ProductOf(std::string_view serial_key) {
  return serial_key.substr(0, kProductKeyOctets);
}

std::string_view SerialOf(std::string_view serial_key) { return serial_key.substr(kSerialAt); }

std::string SerialKeyOf(std::string_view product, std::string_view serial) {
  Require(IsProductKey(product));
  return std::string(product).append(kChild).append(serial);
}

}  // namespace idnode
