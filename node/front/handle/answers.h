#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/handle/codes.h"
#include "proto/handle/message.h"
#include "proto/handle/requests.h"
#include "proto/record/record.h"

namespace idnode {

// How responses are composed (spec/handle-protocol.md 3.2, 3.3, 4.1, 4.8). Everything appends to
// strings of the caller, so that a warm caller allocates nothing.

// Who answers, as it stands in every response.
struct AnsweringSite {
  uint16_t serial = 1;
  bool primary = true;
};

// The envelope of a response: the request's ids, written in the version both sides speak, ours
// suggested. Its length is set when the message is appended.
Envelope ResponseEnvelope(const Envelope& request);

// A client older than 2.1 is refused with kProtocolError.
bool IsTooOld(const Envelope& request);

// The header of a response, with the request's flags as a stock server returns them. kOverwrite and
// kMintNewSuffix are the caller's to add, as is kReturnRequestDigest in a challenge.
Header ResponseHeader(const Header& request, ResponseCode code, const AnsweringSite& site,
                      uint32_t now_seconds);

// The code by which this protocol words an error.
ResponseCode CodeOf(const Error& error);

// The code of a refused resolution, for a message with this header. A name that is not homed here
// has to be asked for elsewhere; one that was handed on too often is not handed on again (4.2).
ResponseCode CodeOf(const Error& error, const Header& request);

// What a message is refused with that DecodeMessage did not take: too short for a header, or a
// header that promises more than there is (3.8).
ResponseCode CodeOfUndecodable(std::string_view message);

// Appends a whole message, envelope first, its length set.
void AppendMessage(const Envelope& envelope, const Header& header, std::string_view body,
                   std::string_view credential, std::string& out);

// The same in two steps, for a body that is made where it stays: room for envelope and header,
// which the caller appends the body behind; then everything else, once `out` ends with the body. A
// message that is given up is resized away.
size_t BeginMessage(std::string& out);
void EndMessage(const Envelope& envelope, const Header& header, size_t begin, std::string& out);

// Appends a whole response with nothing but a text, unsigned: every refusal that needs no digest.
void AppendRefusal(const Envelope& request, const Header& header, ResponseCode code,
                   const AnsweringSite& site, uint32_t now_seconds, std::string_view text,
                   std::string& out);

// Values as they stand in bodies and in the answer cache: a u32 count and their octets. Appends
// those that anybody may read; true: these are all.
bool AppendPublicValues(const RecordView& record, std::string& out);
// Appends every value.
void AppendAllValues(const RecordView& record, std::string& out);

// Appends the body of a success: the handle as it was asked for, and of `values` (as above) those
// that are selected, in stored order. False, and nothing is appended: none is. kCorrupt.
Result<bool> AppendResolutionBody(const ResolutionRequest& request, std::string_view values,
                                  std::string& body);

}  // namespace idnode
