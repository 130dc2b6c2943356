#include <algorithm>

#include "proto/business/characters.h"
#include "proto/business/subject_data.h"

namespace idnode {
namespace {

// Of short texts nothing would be hidden by the usual rule: they are stars but for one end.
constexpr size_t kNumberHead = 4, kNumberTail = 2, kNumberHidden = 6;
constexpr size_t kTelephoneHead = 3, kTelephoneTail = 4, kTelephoneHidden = 4;

std::string Stars(size_t count) { return std::string(count, '*'); }

// The octets of the first `count` characters.
size_t HeadOctets(std::string_view text, size_t count) {
  size_t octets = 0;
  while (octets < text.size() && count > 0) {
    octets += CharacterOctets(text, octets);
    --count;
  }
  return octets;
}

std::string KeepEnds(std::string_view text, size_t head, size_t tail, size_t hidden) {
  const size_t characters = CountCharacters(text);
  if (characters < head + tail + hidden) {
    if (characters < 2) return Stars(characters);
    return std::string(text.substr(0, HeadOctets(text, 1))) + Stars(characters - 1);
  }
  const size_t tail_begins = HeadOctets(text, characters - tail);
  return std::string(text.substr(0, HeadOctets(text, head))) + Stars(characters - head - tail) +
         std::string(text.substr(tail_begins));
}

std::string Masked(SubjectValueKind kind, std::string_view text) {
  switch (kind) {
    case SubjectValueKind::kEmail:
      return MaskedEmail(text);
    case SubjectValueKind::kTelephone:
      return MaskedTelephone(text);
    case SubjectValueKind::kPersonCertificate:
      return MaskedNumber(text);
    default:
      return MaskedName(text);
  }
}

}  // namespace

std::string MaskedName(std::string_view name) {
  const size_t characters = CountCharacters(name);
  if (characters < 2) return Stars(characters);
  return std::string(name.substr(0, HeadOctets(name, 1))) + Stars(characters - 1);
}

std::string MaskedNumber(std::string_view number) {
  return KeepEnds(number, kNumberHead, kNumberTail, kNumberHidden);
}

std::string MaskedTelephone(std::string_view number) {
  return KeepEnds(number, kTelephoneHead, kTelephoneTail, kTelephoneHidden);
}

std::string MaskedEmail(std::string_view address) {
  const size_t at = address.rfind('@');
  if (at == std::string_view::npos) return MaskedName(address);
  // How long the name is would say something, too.
  return std::string(address.substr(0, HeadOctets(address.substr(0, at), 1))) + "***" +
         std::string(address.substr(at));
}

std::vector<std::string> MaskPersonal(SubjectData& data) {
  std::vector<std::string> withheld;
  for (size_t place = 0; place < data.entries.size(); ++place) {
    auto& values = data.entries[place].values;
    for (SubjectValue& value : values) {
      const SubjectFieldRow& row = *FindSubjectField(value.field);
      if (IsFile(row.kind)) withheld.push_back(SubjectPath(data, place, row.name));
      if (!row.personal || IsFile(row.kind)) continue;
      for (std::string& item : value.items) item = Masked(row.kind, item);
    }
    std::erase_if(values, [](const SubjectValue& value) {
      return IsFile(FindSubjectField(value.field)->kind);
    });
  }
  return withheld;
}

}  // namespace idnode
