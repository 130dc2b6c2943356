#include "storage/incidents.h"

#include <algorithm>
#include <array>
#include <vector>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "storage/day_filing.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kNumberOctetsMax = 64;
constexpr uint64_t kSecondsMax = UINT32_MAX;  // Time::seconds()
constexpr size_t kMomentOctets = 16;          // 20261122T081502Z
constexpr size_t kChanceOctets = 7;           // -3f9a1c
constexpr std::array<std::string_view, 4> kCauses = {"network", "system", "attack", "other"};

bool IsKind(IncidentKind kind) {
  return kind == IncidentKind::kAbnormal || kind == IncidentKind::kRecovered;
}
bool IsCause(IncidentCause cause) {
  return cause >= IncidentCause::kNetwork && cause <= IncidentCause::kOther;
}

}  // namespace

std::string_view NameOf(IncidentKind kind) {
  return kind == IncidentKind::kAbnormal ? "abnormal" : "recovered";
}

std::string_view NameOf(IncidentCause cause) { return kCauses.at(static_cast<size_t>(cause) - 1); }

Result<IncidentCause> ParseIncidentCause(std::string_view name) {
  const auto at = std::ranges::find(kCauses, name);
  if (at == kCauses.end()) {
    return Error{Errc::kInvalidValue, "cause: network, system, attack or other"};
  }
  return static_cast<IncidentCause>(1 + (at - kCauses.begin()));
}

std::string IncidentNumber(uint64_t at, std::string_view about, uint32_t chance) {
  std::string number = FormatUtc(at);
  std::erase_if(number, [](char c) { return c == '-' || c == ':'; });
  std::string octets;
  Writer(octets).U32(chance);
  return number.append("-").append(about).append("-").append(ToHex(octets.substr(1)));
}

std::string_view AboutOf(std::string_view number) {
  if (number.size() < kMomentOctets + 1 + kChanceOctets) return {};
  number.remove_prefix(kMomentOctets + 1);
  return number.substr(0, number.size() - kChanceOctets);
}

Status CheckIncident(const IncidentEvent& event, std::string_view key) {
  constexpr Error kOther{Errc::kMalformed, "incident: members that contradict each other"};
  const auto split = SplitDayKey(FilingTable::kIncident, key);
  if (!split) return split.error();
  if (!IsKind(event.kind) || !IsCause(event.cause) || event.at > kSecondsMax) return kOther;
  if (event.number != split->number) return kOther;
  if (split->day != DayText(ShanghaiDayOf(Time{event.at * 1'000}))) return kOther;
  const bool closes = event.kind == IncidentKind::kRecovered;
  if (closes == event.closes.empty() || event.closes == event.number ||
      event.closes.size() > kNumberOctetsMax) {
    return kOther;
  }
  if (event.detail.size() > kIncidentDetailOctetsMax || !IsUtf8(event.detail) ||
      !IsUtf8(event.closes) || HasControlCharacter(event.detail) ||
      HasControlCharacter(event.closes)) {
    return Error{Errc::kMalformed, "incident: no plain text"};
  }
  return {};
}

std::string EncodeIncident(const IncidentEvent& event) {
  std::string body;
  Writer out(body);
  out.U8(kLayout).U8(static_cast<uint8_t>(event.kind)).Text16(event.number).Text16(event.closes);
  out.U64(event.at).U8(static_cast<uint8_t>(event.cause)).Text16(event.detail);
  return body;
}

Result<IncidentEvent> DecodeIncident(std::string_view body) {
  Reader in(body);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "incident: another layout"};
  }
  IncidentEvent event;
  event.kind = static_cast<IncidentKind>(in.U8());
  event.number = in.Text16(kNumberOctetsMax);
  event.closes = in.Text16(kNumberOctetsMax);
  event.at = in.U64();
  event.cause = static_cast<IncidentCause>(in.U8());
  event.detail = in.Text16(kIncidentDetailOctetsMax);
  if (!in.AtEnd() || !IsKind(event.kind) || !IsCause(event.cause)) {
    return Error{Errc::kMalformed, "incident: the octets are none"};
  }
  return event;
}

FilingName IncidentNameOf(const IncidentEvent& event, std::string_view node_prefix) {
  return {FilingTable::kOwnIncident, DayKeyOf(DayText(ShanghaiDayOf(Time{event.at * 1'000})),
                                              OwnFilingKey(node_prefix), event.number)};
}

void AddIncident(Change& change, const IncidentEvent& event, std::string_view node_prefix) {
  AddOwnFiling(change, EventKind::kIncidentPut, IncidentNameOf(event, node_prefix),
               EncodeIncident(event));
}

Result<std::map<std::string, IncidentEvent>> ReadOpenIncidents(const Rows& rows) {
  std::map<std::string, IncidentEvent> open;
  std::vector<std::string> closed;
  Status failed;
  const Status read =
      EachFiling(rows, kOwn, FilingTable::kOwnIncident, {}, [&](const FiledRow& row) {
        auto event = DecodeIncident(row.body);
        if (!event) {
          failed = Error{Errc::kCorrupt, event.error().detail};
          return false;
        }
        if (event->kind == IncidentKind::kRecovered) {
          closed.push_back(event->closes);
        } else {
          std::string number = event->number;
          open.emplace(std::move(number), *std::move(event));
        }
        return true;
      });
  if (!failed) return failed.error();
  if (!read) return read.error();
  for (const std::string& number : closed) open.erase(number);
  return open;
}

}  // namespace idnode
