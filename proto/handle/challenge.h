#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/crypto/key.h"
#include "proto/handle/message.h"

namespace idnode {

// The answer to a challenge by whoever knows a secret key (spec/handle-protocol.md 5.4), seen from
// both sides. What is answered is `nonce` and then `digest`, the request's digest without the octet
// of its algorithm.

// A secret key as the password of PBKDF2: each octet is a Latin-1 character, written in UTF-8.
std::string PasswordOctets(std::string_view key);

// Whether `signed_response` proves the knowledge of `key`: 01, 02, 03 and k‖m‖k by MD5, SHA-1 and
// SHA-256; 12, 13 and HMAC by SHA-1 and SHA-256; 22 and PBKDF2 within the bounds of PasswordAnswer,
// at most 100,000 iterations (19 ms). False also for what is no answer, and for an empty key.
// The bare MD5 of versions below 2.1 is not accepted: those are not spoken.
bool VerifySecretAnswer(std::string_view key, std::string_view nonce, std::string_view digest,
                        std::string_view signed_response);

// The signed response as a client writes it. `version` is the lower of the challenge's version and
// of what it suggested: PBKDF2 of `salt` (16 octets, random; 10,000 iterations, 160 bits) from 2.7
// on, SHA-1 before, a bare MD5 before 2.1.
std::string AnswerWithSecret(HandleVersion version, std::string_view key, std::string_view nonce,
                             std::string_view digest, std::string_view salt);

// The signed response by a key (5.5); by SM2 as Teleinfo's client writes it: over the digest of
// what is answered, in the name of the user (8.5).
std::string AnswerWithKey(const SigningKey& key, std::string_view user, std::string_view nonce,
                          std::string_view digest);

}  // namespace idnode
