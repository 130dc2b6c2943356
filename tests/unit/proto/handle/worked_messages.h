#pragma once

#include <string>
#include <string_view>

#include "proto/base/text.h"

// The worked messages of spec/handle-protocol.md, captured from the stock Java client, in
// hexadecimal; blanks are for the eye.
namespace idnode::worked {

inline std::string Octets(std::string_view hex) {
  std::string digits;
  for (const char c : hex) {
    if (c != ' ') digits.push_back(c);
  }
  return *FromHex(digits);
}

inline constexpr std::string_view kHandle = "88.888.1/item001";
inline constexpr std::string_view kPrefix = "0.NA/88.888.1";
#define WORKED_HANDLE "00000010 38382e38 38382e31 2f697465 6d303031 "
#define WORKED_PREFIX "0000000d 302e4e412f38382e3838382e31 "
#define WORKED_URL \
  "00000001 5f5e1000 00 00015180 0e 00000003 55524c 0000000d 687474703a2f2f612e636e2f31 00000000 "
#define WORKED_ADMIN                                                          \
  "00000064 5f5e1000 00 00015180 0e 00000008 48535f41444d494e 00000017 0fff " \
  "0000000d 302e4e412f38382e3838382e31 000000c8 00000000 "
#define WORKED_VALUES WORKED_HANDLE "00000002 " WORKED_URL WORKED_ADMIN
#define WORKED_NONCE "00000010 000102030405060708090a0b0c0d0e0f "
#define WORKED_DIGEST "2163f44105180734123bc3b65e1d1face3334d1e3ce43ac61406baf30b312e00 "
#define WORKED_SIGNED                                                        \
  "00000035 22 00000010 101112131415161718191a1b1c1d1e1f 00002710 000000a0 " \
  "00000014 ed3eb12620942859676411b62ff049e120a7cd11 "

// 2.1.
inline const std::string kUrlValue = Octets(WORKED_URL);
inline const std::string kAdminValue = Octets(WORKED_ADMIN);

// A.1: resolve everything. The message and its envelope.
inline const std::string kResolveAllEnvelope =
    Octets("0203020b 00000000 01020304 00000000 00000038");
inline const std::string kResolveAll =
    Octets("00000001 00000000 19000000 ffff 00 00 60000000 0000001c " WORKED_HANDLE
           "00000000 00000000 00000000");
// The same as Teleinfo's client sends it: an empty token behind the lists.
inline const std::string kResolveAllWithToken =
    Octets("00000001 00000000 19000000 ffff 00 00 60000000 00000020 " WORKED_HANDLE
           "00000000 00000000 00000000 00000000");

// A.2: resolve indexes 1, 100 and types URL, EMAIL; the answer, and two refusals.
inline const std::string kResolveSomeEnvelope =
    Octets("020b020b 00000000 01020305 00000000 00000050");
inline const std::string kResolveSome =
    Octets("00000001 00000000 19000000 0001 00 00 60000000 00000034 " WORKED_HANDLE
           "00000002 00000001 00000064 00000002 00000003 55524c 00000005 454d41494c 00000000");
inline const std::string kResolvedEnvelope = Octets("020b020b 00000000 01020305 00000000 00000097");
inline const std::string kResolved =
    Octets("00000001 00000001 99000000 0001 00 00 60000000 0000007b " WORKED_VALUES "00000000");
inline const std::string kNotFound =
    Octets("00000001 00000064 99000000 0001 00 00 60000000 00000004 00000000 00000000");
inline const std::string kNotHomed = Octets(
    "00000001 0000012d 19000000 0001 00 00 60000000 00000019 00000015 "
    "707265666978206e6f7420686f6d65642068657265 00000000");

// A.3: create, challenge, answer, done.
inline const std::string kCreateEnvelope = Octets("020b020b 00000000 0a0b0c0d 00000000 00000097");
inline const std::string kCreate =
    Octets("00000064 00000000 19800000 0001 00 00 60000000 0000007b " WORKED_VALUES "00000000");
inline const std::string kChallengeEnvelope =
    Octets("020b020b 00000007 0a0b0c0d 00000000 00000051");
inline const std::string kChallenge =
    Octets("00000064 00000192 99800000 0001 00 00 60000000 00000035 03 " WORKED_DIGEST WORKED_NONCE
           "00000000");
inline const std::string kAnswerEnvelope = Octets("020b020b 00000007 0a0b0c0e 00000000 00000077");
inline const std::string kAnswer = Octets(
    "000000c8 00000000 19000000 0001 00 00 60000000 0000005b "
    "00000009 48535f5345434b4559 " WORKED_PREFIX "0000012d " WORKED_SIGNED "00000000");
inline const std::string kCreated =
    Octets("00000064 00000001 99800000 0001 00 00 60000000 00000035 03 " WORKED_DIGEST WORKED_HANDLE
           "00000000");

// A.4.
inline const std::string kAdd =
    Octets("00000066 00000000 19000000 ffff 00 00 60000000 00000042 " WORKED_HANDLE
           "00000001 " WORKED_URL "00000000");
inline const std::string kModify =
    Octets("00000068 00000000 19000000 ffff 00 00 60000000 00000042 " WORKED_HANDLE
           "00000001 " WORKED_URL "00000000");
inline const std::string kRemove =
    Octets("00000067 00000000 19000000 ffff 00 00 60000000 00000020 " WORKED_HANDLE
           "00000002 00000001 00000002 00000000");
inline const std::string kDelete =
    Octets("00000065 00000000 19000000 ffff 00 00 60000000 00000014 " WORKED_HANDLE "00000000");
inline const std::string kHome =
    Octets("0000012c 00000000 19000000 ffff 00 00 60000000 00000011 " WORKED_PREFIX "00000000");

// A.5.
inline const std::string kList =
    Octets("00000069 00000000 19000000 ffff 00 00 60000000 00000011 " WORKED_PREFIX "00000000");
inline const std::string kListed = Octets(
    "00000069 00000001 1d000000 ffff 00 00 60000000 00000020 "
    "00000002 0000000a 38382e3838382e312f41 0000000a 38382e3838382e312f42 00000000");
inline const std::string kGetSite =
    Octets("00000002 00000000 19000000 ffff 00 00 60000000 00000005 00000001 2f 00000000");
inline const std::string kSite = Octets(
    "0001 020b 0001 80 02 00000000 00000001 00000004 64657363 00000004 6e6f6465 "
    "00000001 00000001 000000000000000000000000c000020a 00000000 "
    "00000003 03 01 00000a51 02 00 00000a51 03 02 00001f40");
inline const std::string kVerify =
    Octets("000000c9 00000000 59800000 ffff 00 00 60000000 00000086 " WORKED_PREFIX
           "0000012d " WORKED_NONCE "00000020 " WORKED_DIGEST WORKED_SIGNED "00000000");
inline const std::string kVerified = Octets(
    "000000c9 00000001 59800000 ffff 00 00 60000000 00000022 03 " WORKED_DIGEST "01 00000000");

// A.6.
inline const std::string kServiceReferral = Octets(
    "00000001 0000012e 19000000 ffff 00 00 60000000 00000010 "
    "0000000c 38382e3838382e312f737663 00000000");
inline const std::string kPrefixReferral = Octets(
    "00000001 0000012f 19000000 ffff 00 00 60000000 00000032 "
    "00000000 00000001 " WORKED_URL "00000000");

// A.7.
inline const std::string kSessionSetup = Octets(
    "00000190 00000000 19000000 ffff 00 00 60000000 00000025 "
    "0004 00015180 " WORKED_PREFIX "0000012c 00000004 aabbccdd 0000 00000000");
inline const std::string kSessionIsSetUp = Octets(
    "00000190 00000001 19000000 ffff 00 00 60000000 0000000e "
    "0004 00000006 00000003aabb 0000 00000000");

// 8.4: Teleinfo's login, which ends after its body.
inline const std::string kLogin = Octets(
    "000007d1 00000000 10800000 ffff 00 00 60000000 00000016 "
    "0000000e 38382e3131312e312f61646d696e 0000012c");

// 3.10: a MAC over A.1 with serial 1, in session 7 under version 2.11, counter 1.
inline const std::string kAuthenticated = Octets(
    "020b020b 00000007 01020304 00000001 "
    "00000001 00000000 19000000 00010000 60000000 0000001c " WORKED_HANDLE "00000000 00000000");
inline const std::string kMacCredentialContent = Octets(
    "00000000 00000000 00000001 00000006 48535f4d4143 00000033 "
    "0000000b 484d41432d534841323536 00000020 "
    "547cd441ca5279dfe400f67b6c7836c1992e87388420db77fc102cbff42d5477");

#undef WORKED_HANDLE
#undef WORKED_PREFIX
#undef WORKED_URL
#undef WORKED_ADMIN
#undef WORKED_VALUES
#undef WORKED_NONCE
#undef WORKED_DIGEST
#undef WORKED_SIGNED

}  // namespace idnode::worked
