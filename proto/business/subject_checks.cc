#include <algorithm>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/business/characters.h"
#include "proto/business/code_tables.h"
#include "proto/business/subject_data.h"
#include "proto/business/text_forms.h"
#include "proto/ident/resident_id.h"
#include "proto/ident/social_credit_code.h"

// What the members of subject data must be, member by member and beside each other.
namespace idnode {
namespace {

using Kind = SubjectValueKind;

// The kinds of place and server that a node cannot do without.
constexpr uint8_t kDeploymentsNeeded = 4;

std::optional<Errc> ErrorUnless(bool fits, Errc code) {
  return fits ? std::nullopt : std::optional(code);
}

bool IsVisibleAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '*'; });
}

std::optional<Errc> CheckOrgCertificate(std::string_view kind, std::string_view number) {
  if (kind != "1") return ErrorUnless(IsVisibleAscii(number), Errc::kInvalidValue);
  const Status fits = CheckSocialCreditCode(number);
  return fits ? std::nullopt : std::optional(fits.error().code);
}

// Besides its check character a resident identity number holds the date of birth.
std::optional<Errc> CheckPersonCertificate(std::string_view kind, std::string_view number) {
  if (kind != "1") return ErrorUnless(IsVisibleAscii(number), Errc::kInvalidValue);
  if (const Status fits = CheckResidentId(number); !fits) return fits.error().code;
  const std::string born = std::string(number.substr(6, 4)) + "-" +
                           std::string(number.substr(10, 2)) + "-" +
                           std::string(number.substr(12, 2));
  return ErrorUnless(IsCalendarDate(born), Errc::kNotDate);
}

std::optional<Errc> CheckRegion(int level, std::string_view code, std::string_view above) {
  if (RegionLevel(code) != level) return Errc::kUnknownRegion;
  if (level == 1 || above.empty()) return std::nullopt;
  return ErrorUnless(FindRegion(code)->parent == above, Errc::kRegionElsewhere);
}

std::optional<Errc> CheckIndustry(int level, std::string_view code, std::string_view above) {
  if (!IsIndustry(level, code)) return Errc::kUnknownIndustry;
  if (level == 1 || above.empty()) return std::nullopt;
  return ErrorUnless(IndustryBelongsTo(level, code, above), Errc::kIndustryElsewhere);
}

std::optional<Errc> CheckIps(std::string_view text) {
  while (true) {
    const size_t end = text.find(';');
    if (!IsIpAddress(text.substr(0, end))) return Errc::kNotNetworkAddress;
    if (end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(end + 1);
  }
}

std::optional<Errc> CheckChoice(const SubjectFieldRow& row, std::string_view text) {
  const bool offered = std::ranges::any_of(row.choices, [&](const SubjectChoice& choice) {
    return std::to_string(choice.number) == text;
  });
  return ErrorUnless(offered, Errc::kNotOffered);
}

// `beside`: the member that the row names, of the same entry.
std::optional<Errc> CheckForm(const SubjectFieldRow& row, std::string_view text,
                              std::string_view beside) {
  switch (row.kind) {
    case Kind::kChoice:
      return CheckChoice(row, text);
    case Kind::kPersonName:
      return ErrorUnless(text.find('*') == std::string_view::npos, Errc::kInvalidValue);
    case Kind::kEmail:
      return ErrorUnless(IsEmailAddress(text), Errc::kNotEmail);
    case Kind::kTelephone:
      return ErrorUnless(IsTelephoneNumber(text), Errc::kNotTelephone);
    case Kind::kDate:
      return ErrorUnless(IsCalendarDate(text), Errc::kNotDate);
    case Kind::kAmount:
      return ErrorUnless(IsAmount(text), Errc::kInvalidValue);
    case Kind::kWeb:
      return ErrorUnless(IsWebAddress(text), Errc::kNotWebAddress);
    case Kind::kDomain:
      return ErrorUnless(IsHostName(text), Errc::kNotWebAddress);
    case Kind::kIps:
      return CheckIps(text);
    case Kind::kEndpoint:
      return ErrorUnless(IsEndpoint(text), Errc::kNotNetworkAddress);
    case Kind::kProvince:
      return CheckRegion(1, text, beside);
    case Kind::kCity:
      return CheckRegion(2, text, beside);
    case Kind::kCounty:
      return CheckRegion(3, text, beside);
    case Kind::kIndustryCategory:
      return CheckIndustry(1, text, beside);
    case Kind::kIndustryDivision:
      return CheckIndustry(2, text, beside);
    case Kind::kIndustryGroup:
      return CheckIndustry(3, text, beside);
    case Kind::kIndustryClass:
      return CheckIndustry(4, text, beside);
    case Kind::kOrgCertificate:
      return CheckOrgCertificate(beside, text);
    case Kind::kPersonCertificate:
      return CheckPersonCertificate(beside, text);
    default:
      return std::nullopt;
  }
}

std::optional<Errc> CheckText(const SubjectFieldRow& row, std::string_view text,
                              std::string_view beside) {
  if (!IsUtf8(text)) return Errc::kNotUtf8;
  if (HasControlCharacter(text)) return Errc::kControlCharacter;
  if (row.most > 0 && CountCharacters(text) > row.most) return Errc::kTooLong;
  return CheckForm(row, text, beside);
}

std::optional<Errc> CheckFile(const SubjectFieldRow& row, std::string_view octets) {
  const FileKind kind = FileKindOf(octets);
  const bool is_pdf = kind == FileKind::kPdf;
  const bool accepted =
      kind != FileKind::kUnknown && (is_pdf ? row.kind != Kind::kImages : row.kind != Kind::kPdfs);
  if (!accepted) return Errc::kFileKind;
  const size_t most = is_pdf ? limits::kSubjectPdfOctetsMax : limits::kSubjectImageOctetsMax;
  return ErrorUnless(octets.size() <= most, Errc::kFileTooLarge);
}

class Checker {
 public:
  explicit Checker(const SubjectData& data) : data_(data) {}

  SubjectVerdict Check() {
    for (size_t place = 0; place < data_.entries.size(); ++place) CheckEntry(place);
    for (const SubjectGroupRow& group : SubjectGroups()) CheckCount(group);
    CheckDeployments();
    return std::move(verdict_);
  }

 private:
  void CheckEntry(size_t place) {
    const SubjectEntry& entry = data_.entries[place];
    for (const SubjectFieldRow& row : SubjectFields()) {
      if (row.group != entry.group) continue;
      const SubjectValue* value = entry.Find(row.field);
      if (value != nullptr) {
        CheckValue(row, *value, entry, SubjectPath(data_, place, row.name));
      } else if (IsNeeded(row, entry)) {
        Miss(SubjectPath(data_, place, row.name), &row);
      }
    }
  }

  void CheckValue(const SubjectFieldRow& row, const SubjectValue& value, const SubjectEntry& entry,
                  const std::string& path) {
    const bool is_file = IsFile(row.kind);
    if (PresenceOf(row, data_.kind) == Presence::kAbsent) {
      return Blame(path, &row, Errc::kUnknownMember);
    }
    if (value.items.size() > (is_file ? row.most : 1u)) return Blame(path, &row, Errc::kTooLarge);
    for (const std::string& item : value.items) {
      const auto code =
          is_file ? CheckFile(row, item) : CheckText(row, item, entry.Text(row.beside));
      if (code) return Blame(path, &row, *code);
    }
  }

  bool IsNeeded(const SubjectFieldRow& row, const SubjectEntry& entry) const {
    if (PresenceOf(row, data_.kind) != Presence::kRequired) return false;
    return row.when == SubjectField::kNone ||
           entry.Text(row.when) == std::to_string(row.when_number);
  }

  void CheckCount(const SubjectGroupRow& group) {
    const auto count = std::ranges::count(data_.entries, group.group, &SubjectEntry::group);
    if (count == 0 && group.required) Miss(std::string(group.name), nullptr);
    if (count > group.entries_max) Blame(std::string(group.name), nullptr, Errc::kTooLarge);
  }

  void CheckDeployments() {
    const auto has = [&](uint8_t kind) {
      return std::ranges::any_of(data_.entries, [&](const SubjectEntry& entry) {
        return entry.group == SubjectGroup::kDeployments &&
               entry.Text(SubjectField::kDeploymentKind) == std::to_string(kind);
      });
    };
    const std::string name(RowOf(SubjectGroup::kDeployments).name);
    for (uint8_t kind = 1; kind <= kDeploymentsNeeded; ++kind) {
      if (!has(kind)) {
        Miss(name + "[kind=" + std::to_string(kind) + "]",
             FindSubjectField(SubjectField::kDeploymentKind));
      }
    }
  }

  void Blame(std::string path, const SubjectFieldRow* row, Errc code) {
    if (verdict_.faults.size() >= limits::kSubjectFaultsMax) return;
    verdict_.faults.push_back({std::move(path), row, code});
  }
  void Miss(std::string path, const SubjectFieldRow* row) {
    if (verdict_.missing.size() >= limits::kSubjectFaultsMax) return;
    verdict_.missing.push_back({std::move(path), row, Errc::kMissingField});
  }

  const SubjectData& data_;
  SubjectVerdict verdict_;
};

}  // namespace

SubjectVerdict CheckSubject(const SubjectData& data) { return Checker(data).Check(); }

}  // namespace idnode
