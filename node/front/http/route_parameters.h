#pragma once

#include <array>

#include "node/front/http/routes.h"

// What the routes take: parameters of their paths and queries, as /openapi.json tells them.
namespace idnode {

inline constexpr auto kResolveParameters = std::to_array<Parameter>({
    {"id", "path", "string", "Any identifier: a Handle name, or a GS1 key as 01/06901234567892."},
    {"index", "query", "integer", "Values of this index; may be repeated."},
    {"type", "query", "string", "Values of this type; may be repeated."},
    {"publicOnly", "query", "boolean", "Only values with public read; false needs a token."},
    {"pretty", "query", "boolean", "Indented JSON."},
    {"callback", "query", "string", "JSONP."},
});
inline constexpr auto kPutParameters = std::to_array<Parameter>({
    {"id", "path", "string", "Any identifier."},
    {"overwrite", "query", "boolean", "false: refuse what is there already. Default true."},
    {"index", "query", "string", "'various', or the indexes of the body: add or replace values."},
    {"Idempotency-Key", "header", "string", "1-64 visible ASCII characters."},
});
inline constexpr auto kDeleteParameters = std::to_array<Parameter>({
    {"id", "path", "string", "Any identifier."},
    {"index", "query", "integer", "Only these values; may be repeated."},
    {"Idempotency-Key", "header", "string", "1-64 visible ASCII characters."},
});
inline constexpr auto kBatchParameters = std::to_array<Parameter>({
    {"Idempotency-Key", "header", "string", "The same key gives the same outcomes for a day."},
});
inline constexpr auto kLinksBatchParameters = std::to_array<Parameter>({
    {"dryRun", "query", "boolean", "Only say what would become of it."},
    {"Idempotency-Key", "header", "string", "The same key gives the same outcomes for a day."},
});
inline constexpr auto kLinksParameters = std::to_array<Parameter>({
    {"path", "path", "string", "The path of a GS1 Digital Link: 01/06901234567892/10/L1."},
});
inline constexpr auto kLinksWriteParameters = std::to_array<Parameter>({
    {"path", "path", "string", "The path of a GS1 Digital Link: 01/06901234567892/10/L1."},
    {"dryRun", "query", "boolean", "Only say what would become of it."},
    {"If-Match", "header", "string", "The ETag that the links must have; *: any."},
    {"If-None-Match", "header", "string", "*: the record must not be there."},
    {"Idempotency-Key", "header", "string", "1-64 visible ASCII characters."},
});
inline constexpr auto kLinksRemovalParameters = std::to_array<Parameter>({
    {"path", "path", "string", "The path of a GS1 Digital Link: 01/06901234567892/10/L1."},
    {"linkType", "query", "string", "Only links of this type."},
    {"hreflang", "query", "string", "Only links in this language."},
    {"context", "query", "string", "Only links of this context."},
    {"dryRun", "query", "boolean", "Only say what would become of it."},
    {"If-Match", "header", "string", "The ETag that the links must have; *: any."},
    {"Idempotency-Key", "header", "string", "1-64 visible ASCII characters."},
});
inline constexpr auto kListParameters = std::to_array<Parameter>({
    {"scheme", "query", "string", "handle, gs1, oid, ecode, vaa, bid or did; default handle."},
    {"prefix", "query", "string", "Only identifiers under it."},
    {"cursor", "query", "string", "next_cursor of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
inline constexpr auto kIdentifierParameters = std::to_array<Parameter>({
    {"id", "path", "string", "Any identifier; its HS_ALIAS is followed."},
    {"publicOnly", "query", "boolean", "false: all that the caller may see."},
    {"forward", "query", "boolean", "true: the node below that serves it is asked."},
});
inline constexpr auto kRangeParameters = std::to_array<Parameter>({
    {"range", "path", "string",
     "01/06901234567892/10/L1/21/0000001-1000000; the lot may be left out."},
});
inline constexpr auto kRangesParameters = std::to_array<Parameter>({
    {"range", "path", "string", "A range, or a product: 01/06901234567892."},
    {"cursor", "query", "string", "Of a product: next_cursor of the page before."},
    {"count", "query", "integer", "Of a product: at most 1,000; default 100."},
});
inline constexpr auto kAllRangesParameters = std::to_array<Parameter>({
    {"cursor", "query", "string", "next_cursor of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
inline constexpr auto kOperatorSubjectParameters = std::to_array<Parameter>({
    {"personal", "query", "boolean", "Personal members in clear, and files; put on record."},
});
inline constexpr auto kSubjectParameters = std::to_array<Parameter>({
    {"code", "path", "string", "The code of an enterprise."},
    {"personal", "query", "boolean", "Personal members in clear, and files; put on record."},
});
inline constexpr auto kOperatorSubjectWriteParameters = std::to_array<Parameter>({
    {"draft", "query", "boolean", "It may lack members."},
    {"If-Match", "header", "string", "The ETag that it must have; *: any."},
    {"If-None-Match", "header", "string", "*: there must be none."},
});
inline constexpr auto kSubjectWriteParameters = std::to_array<Parameter>({
    {"code", "path", "string", "The code of an enterprise."},
    {"draft", "query", "boolean", "It may lack members."},
    {"If-Match", "header", "string", "The ETag that it must have; *: any."},
    {"If-None-Match", "header", "string", "*: there must be none."},
});
inline constexpr auto kSubjectsParameters = std::to_array<Parameter>({
    {"cursor", "query", "string", "next of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
inline constexpr auto kFilingsParameters = std::to_array<Parameter>({
    {"node", "query", "string", "Id of a node below; default all."},
    {"table", "query", "integer", "Number of a table that is filed; default all."},
    {"cursor", "query", "string", "next of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
inline constexpr auto kDirectivesParameters = std::to_array<Parameter>({
    {"node", "query", "string", "Id or prefix of a node below; default all."},
});
inline constexpr auto kMonitoredDaysParameters = std::to_array<Parameter>({
    {"from", "query", "string", "The first day of Asia/Shanghai: 2026-10-01."},
    {"until", "query", "string", "The last one; at most 400 days."},
    {"child", "query", "integer", "Of this node below, by what it has filed."},
});
inline constexpr auto kIncidentsParameters = std::to_array<Parameter>({
    {"open", "query", "boolean", "Only what is open."},
    {"cursor", "query", "string", "next of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
inline constexpr auto kIncidentParameters = std::to_array<Parameter>({
    {"number", "path", "string", "Of what is open."},
});
inline constexpr auto kDirectoryPrefixParameters = std::to_array<Parameter>({
    {"prefix", "path", "string", "A Handle prefix, as 88.118.8."},
});
inline constexpr auto kDirectoryNameParameters = std::to_array<Parameter>({
    {"name", "path", "string", "The whole name of an organisation."},
});
inline constexpr auto kDirectorySearchParameters = std::to_array<Parameter>({
    {"name", "query", "string", "A name, or the beginning of one and *."},
});
inline constexpr auto kExplanationParameters = std::to_array<Parameter>({
    {"id", "query", "string", "Any text: an identifier, a web address, what a scanner read."},
});
inline constexpr auto kTraceParameters = std::to_array<Parameter>({
    {"id", "query", "string", "Any identifier."},
    {"depth", "query", "integer", "At most 16; default 8."},
    {"direction", "query", "string", "up: where from; down: where to; both, the default."},
    {"remote", "query", "boolean",
     "false: ends where another node answers; true, the default: asks that one."},
});
inline constexpr auto kTileParameters = std::to_array<Parameter>({
    {"tile", "path", "string",
     "Level and number, 0/x001/x234/067, of a partial one also .p/17; or "
     "entries/… for records, which need a token."},
});
inline constexpr auto kLogRecordsParameters = std::to_array<Parameter>({
    {"from", "query", "integer", "The first position; Idnode-Next-Position names the next."},
    {"octets", "query", "integer", "About so many; at most 8,388,608, default 1,048,576."},
});
inline constexpr auto kAuditParameters = std::to_array<Parameter>({
    {"actor", "query", "string", "Only acts of this one: token:6f1c…, local."},
    {"act", "query", "string", "Only acts of this name: export_identifiers."},
    {"since", "query", "string", "From then on: 2026-11-22T08:00:00Z."},
    {"cursor", "query", "string", "next_cursor of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
inline constexpr auto kDidParameters = std::to_array<Parameter>({
    {"did", "path", "string", "A DID of any method."},
});
inline constexpr auto kBidParameters = std::to_array<Parameter>({
    {"bid", "path", "string", "What follows did:bid:, and perhaps /public-keys, /service, …"},
});
inline constexpr auto kStatsParameters = std::to_array<Parameter>({
    {"hours", "query", "integer", "Also the last hours, one by one; at most 9,600."},
    {"enterprises", "query", "boolean", "Also each enterprise; needs a token."},
});
inline constexpr auto kDayParameters = std::to_array<Parameter>({
    {"day", "path", "string", "yyyy-mm-dd."},
    {"zone", "query", "string", "Asia/Shanghai (default) or UTC."},
    {"after", "query", "integer", "Enterprises after this one: the next_after of the page before."},
    {"child", "query", "integer", "Of this node below, by what it has sent."},
});
inline constexpr auto kHandleListParameters = std::to_array<Parameter>({
    {"prefix", "query", "string", "The prefix, as 88.118.8 or 0.NA/88.118.8."},
    {"page", "query", "integer", "With pageSize; from 0 on."},
    {"pageSize", "query", "integer", "With page; 0: only count."},
    {"pretty", "query", "boolean", "Indented JSON."},
    {"callback", "query", "string", "JSONP."},
});
inline constexpr auto kPresentation = std::to_array<Parameter>({
    {"pretty", "query", "boolean", "Indented JSON."},
    {"callback", "query", "string", "JSONP."},
});
inline constexpr auto kPrefixParameters = std::to_array<Parameter>({
    {"prefix", "path", "string", "The prefix, as 88.118.8 or 0.NA/88.118.8."},
});
inline constexpr auto kNamedPrefixParameters = std::to_array<Parameter>({
    {"prefix", "query", "string", "The prefix, as 88.118.8 or 0.NA/88.118.8."},
});
inline constexpr auto kVerificationParameters = std::to_array<Parameter>({
    {"identity", "path", "string", "index:handle; or a handle, with index."},
    {"index", "query", "integer", "Where the path has none."},
    {"nonce", "query", "string", "Base64."},
    {"cnonce", "query", "string", "Base64."},
    {"alg", "query", "string", "SHA1, SHA256, HMAC-SHA1, HMAC-SHA256, PBKDF2WithHmacSHA1."},
    {"signature", "query", "string", "Base64."},
    {"salt", "query", "string", "Of PBKDF2, Base64."},
    {"iterations", "query", "integer", "Of PBKDF2."},
    {"length", "query", "integer", "Of the key of PBKDF2, in bits."},
});
inline constexpr auto kProxyParameters = std::to_array<Parameter>({
    {"handle", "path", "string", "Any identifier; also as hdl:…, doi:…, urn:hdl:…"},
    {"noredirect", "query", "boolean", "Show the values."},
    {"action", "query", "string", "showvalues, or showlocs."},
    {"index", "query", "integer", "Only values of this index; may be repeated."},
    {"type", "query", "string", "Only values of this type; may be repeated."},
    {"locatt", "query", "string", "key:value of a location; may be repeated."},
    {"urlappend", "query", "string", "Goes behind the URL."},
    {"ignore_aliases", "query", "boolean", "Do not follow HS_ALIAS."},
});
inline constexpr auto kDigitalLinkParameters = std::to_array<Parameter>({
    {"key", "path", "string", "A primary key of GS1: 01, 00, 414, 8003 …"},
    {"value", "path", "string", "Its value, and perhaps qualifiers: 06901234567892/10/L1/21/S1."},
    {"linkType", "query", "string", "gs1:pip, the full address of a link type, or linkset."},
    {"context", "query", "string", "One of several links of a type."},
});
inline constexpr auto kMessageParameters = std::to_array<Parameter>({
    {"handle", "path", "string", "As in the message, which alone counts."},
});

}  // namespace idnode
