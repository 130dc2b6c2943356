// A document that is read without faults is written as JSON that reads back as the same, stored and
// read back, and masked, without one octet of what is personal left where it was.
// rooms: proto/business proto/web proto/base
// mutations: 5000

#include <boost/json/parse.hpp>
#include <cstdint>
#include <string>

#include "proto/base/limits.h"
#include "proto/base/result.h"
#include "proto/business/subject_json.h"

namespace {

using idnode::Require;
using idnode::SubjectData;
using idnode::SubjectKind;

std::string Written(const SubjectData& data) {
  std::string text;
  {
    idnode::JsonWriter json(text);
    idnode::WriteSubject(data, json);
  }
  return text;
}

std::string Seal(std::string_view plain, std::string_view place) {
  return std::string(place).append(plain);
}
idnode::Result<std::string> Open(std::string_view sealed, std::string_view place) {
  if (!sealed.starts_with(place)) {
    return idnode::Error{idnode::Errc::kForged, "another place"};
  }
  return std::string(sealed.substr(place.size()));
}

void CheckFaults(const std::vector<idnode::SubjectFault>& faults) {
  Require(faults.size() <= idnode::limits::kSubjectFaultsMax);
  std::string text;
  {
    idnode::JsonWriter json(text);
    idnode::WriteSubjectFaults(faults, json);
  }
  boost::json::error_code failure;
  boost::json::parse(text, failure);
  Require(!failure);
}

void CheckDocument(std::string_view input, SubjectKind kind) {
  const auto read = idnode::ReadSubjectJson(input, kind);
  if (!read) return Require(idnode::RowOf(read.error().code).http < 500);
  const idnode::SubjectVerdict verdict = idnode::CheckSubject(read->data);
  CheckFaults(read->faults);
  CheckFaults(verdict.faults);
  CheckFaults(verdict.missing);
  if (!verdict.faults.empty()) return;

  const std::string text = Written(read->data);
  const auto again = idnode::ReadSubjectJson(text, kind);
  Require(again && again->faults.empty());
  Require(Written(again->data) == text);

  const std::string texts = EncodeSubject(read->data, idnode::SubjectPart::kTexts, Seal);
  const std::string files = EncodeSubject(read->data, idnode::SubjectPart::kFiles, Seal);
  auto stored = idnode::DecodeSubject(texts, Open);
  Require(stored.ok());
  Require(idnode::DecodeSubjectFiles(files, Open, *stored).ok());
  Require(Written(*stored) == text);

  idnode::MaskPersonal(*stored);
  boost::json::error_code failure;
  boost::json::parse(Written(*stored), failure);
  Require(!failure);
}

// The same octets as what lies on disk.
void CheckStored(std::string_view input) {
  auto data = idnode::DecodeSubject(input, Open);
  if (!data) return;
  const std::string texts = EncodeSubject(*data, idnode::SubjectPart::kTexts, Seal);
  Require(idnode::DecodeSubject(texts, Open).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckDocument(input, SubjectKind::kEnterprise);
  CheckDocument(input, SubjectKind::kOperator);
  CheckStored(input);
  return 0;
}
