#include "storage/keyspace.h"

#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"

namespace idnode::keyspace {
namespace {

constexpr uint8_t kTotalTag = 'T';
constexpr uint8_t kHourlyTag = 'H';

}  // namespace

std::string Log(Position position) {
  std::string key;
  Writer(key).U64(position.value);
  return key;
}

Result<Position> ParseLog(std::string_view key) {
  Reader in(key);
  const Position position{in.U64()};
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "log key: not eight octets"};
  return position;
}

std::string Tile(uint8_t level, uint64_t tile) {
  std::string key;
  Writer(key).U8(level).U64(tile);
  return key;
}

std::string Total(const Figure& figure) {
  std::string key;
  Writer out(key);
  WriteFigure(figure, out.U8(kTotalTag));
  return key;
}

std::string Hourly(const Figure& figure, uint32_t hour) {
  std::string key;
  key.reserve(1 + kFigureOctets + 4);
  Writer out(key);
  WriteFigure(figure, out.U8(kHourlyTag));
  out.U32(hour);
  return key;
}

Result<Figure> ParseTotal(std::string_view key) {
  Reader in(key);
  if (in.U8() != kTotalTag) in.Fail();
  const Figure figure = ReadFigure(in);
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "counters: not the key of a total"};
  return figure;
}

Result<HourlyKey> ParseHourly(std::string_view key) {
  Reader in(key);
  if (in.U8() != kHourlyTag) in.Fail();
  HourlyKey parsed;
  parsed.figure = ReadFigure(in);
  parsed.hour = in.U32();
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "counters: not the key of an hour"};
  return parsed;
}

std::string Totals(uint32_t origin) {
  std::string key;
  Writer(key).U8(kTotalTag).U32(origin);
  return key;
}

std::string Hours(uint32_t origin, Metric metric, uint32_t enterprise) {
  std::string key;
  Writer(key).U8(kHourlyTag).U32(origin).U8(static_cast<uint8_t>(metric)).U32(enterprise);
  return key;
}

std::string Sources(uint32_t origin, uint32_t hour, uint64_t which) {
  std::string key;
  Writer(key).U32(origin).U32(hour).U64(which);
  return key;
}

std::string SourcesOf(uint32_t origin) {
  std::string key;
  Writer(key).U32(origin);
  return key;
}

std::string Operation(uint16_t day, std::string_view operation_id) {
  std::string key;
  Writer(key).U16(day).Raw(operation_id);
  return key;
}

std::string OperationsOf(uint16_t day) { return Operation(day, {}); }

std::string Enterprise(uint32_t number) {
  std::string key;
  Writer(key).U8('E').U32(number);
  return key;
}

std::string EnterpriseCode(std::string_view code) {
  std::string key;
  Writer(key).U8('C').Raw(code);
  return key;
}

std::string Prefix(char scheme, std::string_view prefix) {
  std::string key;
  Writer(key).U8('P').U8(static_cast<uint8_t>(scheme)).Raw(prefix);
  return key;
}

std::string Token(std::string_view token_id) {
  std::string key;
  Writer(key).U8('T').Raw(token_id);
  return key;
}

std::string ChildState(uint32_t child) {
  std::string key;
  Writer(key).U8('S').U32(child);
  return key;
}

std::string ChildNode(std::string_view node_id) {
  std::string key;
  Writer(key).U8('N').Raw(node_id);
  return key;
}

std::string ChildEnterprise(uint32_t child, uint32_t enterprise) {
  std::string key;
  Writer(key).U8('E').U32(child).U32(enterprise);
  return key;
}

std::string ChildPrefix(uint32_t child, char scheme, std::string_view prefix) {
  std::string key;
  Writer(key).U8('P').U32(child).U8(static_cast<uint8_t>(scheme)).Raw(prefix);
  return key;
}

std::string ChildLog(uint32_t child, Position position) {
  std::string key;
  Writer(key).U8('L').U32(child).U64(position.value);
  return key;
}

std::string ChildWitnessed(uint32_t child) {
  std::string key;
  Writer(key).U8('W').U32(child);
  return key;
}

std::string ChildDirective(uint32_t child, std::string_view id) {
  std::string key;
  Writer(key).U8('D').U32(child).Raw(id);
  return key;
}

std::string ReferencesTo(std::string_view target) {
  std::string key;
  Writer(key).Text16(target);
  return key;
}

std::string Subject(uint32_t holder) {
  std::string key;
  Writer(key).U8('S').U32(holder);
  return key;
}

std::string SubjectFiles(uint32_t holder) {
  std::string key;
  Writer(key).U8('F').U32(holder);
  return key;
}

std::string SubjectCertificate(uint8_t kind, std::string_view number) {
  std::string key;
  Writer(key).U8('C').U8(kind).Raw(number);
  return key;
}

std::string SubjectsNamed(std::string_view name, bool whole) {
  std::string key;
  Writer(key).U8('N').Raw(UpperAscii(name));
  if (whole) key.push_back('\0');
  return key;
}

std::string Template(std::string_view key, std::string_view version) {
  std::string row = "M";
  return row.append(key).append("|").append(version);
}
std::string Application(std::string_view key) { return "A" + std::string(key); }
std::string UniqueValue(std::string_view digest) { return "U" + std::string(digest); }

std::string Filing(uint32_t child, uint8_t table, std::string_view key) {
  std::string whole;
  Writer(whole).U32(child).U8(table).Raw(key);
  return whole;
}

std::string After(std::string_view prefix) {
  std::string key(prefix);
  while (!key.empty() && key.back() == '\xFF') key.pop_back();
  if (!key.empty()) ++key.back();
  return key;
}

}  // namespace idnode::keyspace
