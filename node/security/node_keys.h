#pragma once

#include <string>

#include "proto/base/result.h"
#include "proto/crypto/key.h"

namespace idnode {

// The keys of a node: what it signs with, and what it keeps secrets under. Files of one directory,
// readable by their owner alone:
//
//   sealing.key   64 hexadecimal digits and a newline: the key of SecretBox
//   rsa.pem       PKCS#8: certified answers of the Handle protocol
//   ed25519.pem   checkpoints
//   sm2.pem       checkpoints, for those who verify SM2
//   witness.pem   Ed25519: checkpoints of the nodes below
struct NodeKeys {
  SigningKey rsa, ed25519, sm2, witness;
  std::string sealing_key;  // 32 octets.
};

// kNotFound: a file is missing. kDenied: others may read one. kMalformed: it holds no such key.
Result<NodeKeys> LoadNodeKeys(const std::string& directory);

// Makes the directory and the keys, durably. Never replaces one: kExists when all are there, or
// when the sealing key is not but others are, since that one was lost and what it sealed with it. A
// making that was interrupted is taken up where it ended.
Status MakeNodeKeys(const std::string& directory);

}  // namespace idnode
