#pragma once

#include <cstddef>
#include <cstdint>

// Every limit on what comes from outside, in one place, with its unit and its source. At a limit we
// refuse; we do not grow. Limits that an operator may change are options (node/config) whose
// maximum stands here.
namespace idnode::limits {

// Identifiers and values. (EPP-I 3.1.2: 1-255 octets; spec/handle-protocol.md 1.1.)
inline constexpr size_t kIdentifierOctetsMax = 255;        // On registration.
inline constexpr size_t kIdentifierQueryOctetsMax = 2048;  // On resolution: whatever arrives.
// The EPC memory of a tag holds at most 31 words of 16 bits: 124 hexadecimal digits. Twice that.
inline constexpr size_t kEpcSegmentOctetsMax = 250;
inline constexpr size_t kPrefixOctetsMax = 64;
inline constexpr size_t kValuesPerRecordMax = 2'048;
inline constexpr size_t kTypeOctetsMax = 128;
inline constexpr size_t kValueDataOctetsMax = 262'144;  // The record's own limit bounds all.
inline constexpr size_t kRecordOctetsMax = 262'144;
inline constexpr size_t kReferencesPerValueMax = 64;
inline constexpr size_t kCanonicalKeyOctetsMax = 264;
inline constexpr size_t kAliasesMax = 20;  // On the way of one resolution (handle-protocol.md 6.9).

// Ranges of serials: what one stands for at most, and how many a product has.
inline constexpr uint64_t kRangeMembersMax = 1'000'000'000'000;
inline constexpr size_t kRangesPerProductMax = 100'000;
// In one batch: the ledger looks for registered serials once for each.
inline constexpr size_t kRangesPerBatchMax = 256;

// Traceability: what a record refers to, and what one trace walks. A target may be referred to by
// millions of others.
inline constexpr size_t kTraceReferencesMax = 256;
inline constexpr uint32_t kTraceDepthMax = 16;
inline constexpr size_t kTraceNodesMax = 1'000;
inline constexpr size_t kTraceEdgesMax = 10'000;
inline constexpr size_t kTraceRowsPerNodeMax = 10'000;
// The part of a trace that other nodes answer for: what one trace asks and takes, over all of them.
inline constexpr size_t kTraceQuestionsMax = 32;           // One for each identifier and direction.
inline constexpr size_t kTraceOtherNodesMax = 16;          // That these go to.
inline constexpr size_t kTraceAnswerOctetsMax = 1u << 20;  // Of one answer,
inline constexpr size_t kTraceOctetsMax = 8u << 20;        // and of all together.
inline constexpr uint32_t kTraceAnswerMillis = 2'000;
inline constexpr uint32_t kTraceMillis = 5'000;
inline constexpr size_t kTracesElsewhereMax = 8;           // Of the node, at a time,
inline constexpr size_t kTracesElsewhereOfNetworkMax = 4;  // and of one network's.
inline constexpr size_t kReferralAddressesMax = 16;        // Of who answers for an identifier.
inline constexpr size_t kReferralAddressOctetsMax = 255;
static_assert(kTraceAnswerOctetsMax <= kTraceOctetsMax && kTraceAnswerMillis <= kTraceMillis);

// The directory.
inline constexpr size_t kEnterpriseNameOctetsMax = 255;
inline constexpr size_t kActorOctetsMax = 64;
inline constexpr size_t kOperationIdOctetsMax = 64;  // As the caller sends it.
inline constexpr size_t kEnterprisesMax = 1'000'000;
inline constexpr size_t kPrefixesMax = 4'000'000;

// Subject data. A document fits one message of gRPC, its row one change.
inline constexpr size_t kSubjectDocumentOctetsMax = (8u << 20) - 65'536;
inline constexpr size_t kSubjectOctetsMax = 6u << 20;
inline constexpr size_t kSubjectFaultsMax = 100;  // Told of one document.
inline constexpr size_t kSubjectImageOctetsMax = 1u << 20;
inline constexpr size_t kSubjectPdfOctetsMax = 5u << 20;

// The directory service: what one question finds at most, and how often anybody may ask.
inline constexpr size_t kDirectoryFoundMax = 50;
inline constexpr size_t kHandlePrefixesShownMax = 16;  // Of one enterprise.

// What nodes file with the node above them: a row, and the sites of a routing.
inline constexpr size_t kFilingOctetsMax = 196'608;
inline constexpr size_t kFilingsPerMessageMax = 1'024;
inline constexpr size_t kFilingsOctetsPerMessageMax = 262'144;
// Filed again in one message: for each a record is read, to see that it names the row.
inline constexpr size_t kFilingsAgainMax = 64;
inline constexpr size_t kFilingRowsPerPageMax = 1'000;  // Told of a table when two ends compare it.
inline constexpr size_t kRoutingSitesMax = 8;
inline constexpr size_t kRoutingSiteOctetsMax = 8'192;
static_assert(kRoutingSitesMax * (kRoutingSiteOctetsMax + 8) < kFilingOctetsMax);

// The ledger.
inline constexpr size_t kItemsPerChangeMax = 4'096;
inline constexpr size_t kChangeOctetsMax = 8u << 20;
inline constexpr size_t kLogRecordOctetsMax = 4u << 20;

// Who asked (storage/source_part.h): kept of one enterprise and hour,
inline constexpr size_t kSourcesPerPartMax = 256;
// while it lasts, of one and of all together,
inline constexpr size_t kSourcesPerHourMax = 2'048;
inline constexpr size_t kSourcesHeldMax = 1u << 20;
// and of so many enterprises; those of further ones are known for all together only.
inline constexpr size_t kSourceEnterprisesMax = 16'384;
// A day's tables: sources shown of the node and of one enterprise, and enterprises of one page.
inline constexpr size_t kDaySourcesMax = 256;
inline constexpr size_t kDaySourcesOfEnterpriseMax = 50;
inline constexpr size_t kDayRowsMax = 1'000;

// HTTP. (spec/reliability.md R46, R48.)
inline constexpr size_t kHttpHeaderOctetsMax = 16'384;
inline constexpr size_t kHttpTargetOctetsMax = 8'192;
inline constexpr size_t kHttpBodyOctetsMax = 1u << 20;
inline constexpr size_t kBatchItemsMax = 100'000;
inline constexpr size_t kBatchLineOctetsMax = 1u << 20;
inline constexpr size_t kBatchBodyOctetsMax = 1u << 30;
inline constexpr size_t kJsonDepthMax = 64;
inline constexpr size_t kListPageMax = 1'000;
inline constexpr size_t kWorkQueueMax = 8'192;  // Questions that wait for a work thread.

// gRPC and the conversation between nodes.
inline constexpr size_t kGrpcMessageOctetsMax = 8u << 20;
inline constexpr size_t kSyncEventsPerBatchMax = 4'096;
// Fields of one message and of all messages in it: a batch has three, its records and the fields of
// its filings.
inline constexpr size_t kFilingFieldsPerMessageMax = kFilingsOctetsPerMessageMax / 2;
inline constexpr size_t kSyncFieldsPerMessageMax =
    kSyncEventsPerBatchMax + kFilingFieldsPerMessageMax + 64;
inline constexpr size_t kSyncBatchOctetsMax = 4u << 20;
inline constexpr uint64_t kSyncCreditOctetsMax = 64u << 20;

static_assert(kLogRecordOctetsMax <= kSyncBatchOctetsMax);
static_assert(kSyncBatchOctetsMax < kGrpcMessageOctetsMax);
static_assert(kChangeOctetsMax <= kGrpcMessageOctetsMax);

}  // namespace idnode::limits
