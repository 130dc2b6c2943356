#include "storage/subjects.h"

#include "proto/base/limits.h"
#include "proto/base/octets.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/crypto/digest.h"
#include "storage/keyspace.h"
#include "storage/registry.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kNameOctetsMax = 1'024;
constexpr size_t kCertificateOctetsMax = 255;
constexpr size_t kKeyNameOctetsMax = 32;

std::string NameKey(const Subject& subject) {
  std::string key = keyspace::SubjectsNamed(subject.name, /*whole=*/true);
  Writer(key).U32(subject.holder);
  return key;
}

std::string HolderRow(uint32_t holder) {
  std::string row;
  Writer(row).U32(holder);
  return row;
}

// The row without its version; nothing: there is none.
Result<std::optional<std::string>> ReadRow(const Rows& rows, const std::string& key,
                                           Position* version) {
  std::string row;
  const auto found = rows.Get(Table::kBusiness, key, Reach::kDisk, row);
  if (!found) return found.error();
  if (!*found) return std::optional<std::string>();
  const auto split = SplitVersion(row);
  if (!split) return split.error();
  if (version != nullptr) *version = split->version;
  return std::optional(std::string(split->body));
}

bool NamesCertificate(const Subject& subject) {
  return subject.holder != kOperatorSubject && subject.certificate_kind != 0;
}

std::string CertificateKey(const Subject& subject) {
  return keyspace::SubjectCertificate(subject.certificate_kind, subject.certificate_number);
}

// The row of a certificate is written whenever its subject is, so that one version stands for both,
// and a certificate that another has fails the condition.
void PutCertificate(Change& change, const Subject& subject, const Subject* before) {
  const bool had_one = before != nullptr && NamesCertificate(*before);
  const std::string old_key = had_one ? CertificateKey(*before) : std::string();
  const bool has_one = NamesCertificate(subject);
  const std::string key = has_one ? CertificateKey(subject) : std::string();
  if (had_one && old_key != key) {
    change.ExpectThat(Table::kBusiness, old_key, Expect::kVersion, before->version.value);
    change.Remove(Table::kBusiness, old_key);
  }
  if (!has_one) return;
  const bool same = had_one && old_key == key;
  change.ExpectThat(Table::kBusiness, key, same ? Expect::kVersion : Expect::kAbsent,
                    same ? before->version.value : 0);
  change.Put(Table::kBusiness, key, HolderRow(subject.holder));
}

void PutName(Change& change, const Subject& subject, const Subject* before) {
  const std::string old_key =
      before == nullptr || before->name.empty() ? std::string() : NameKey(*before);
  const std::string key = subject.name.empty() ? std::string() : NameKey(subject);
  if (!old_key.empty() && old_key != key) change.Remove(Table::kBusiness, old_key);
  if (!key.empty()) change.Put(Table::kBusiness, key, HolderRow(subject.holder));
}

}  // namespace

std::string EncodeSubjectRow(const Subject& subject) {
  Require(subject.name.size() <= kNameOctetsMax);
  Require(subject.certificate_number.size() <= kCertificateOctetsMax);
  Require(subject.sealing_key.size() <= kKeyNameOctetsMax);
  std::string row;
  Writer(row)
      .U8(kLayout)
      .U16(subject.missing)
      .U64(subject.created.ms)
      .U64(subject.updated.ms)
      .Text16(subject.sealing_key)
      .U8(subject.certificate_kind)
      .Text16(subject.certificate_number)
      .Text16(subject.name)
      .Text32(subject.members);
  return row;
}

Result<Subject> DecodeSubjectRow(uint32_t holder, std::string_view row) {
  Reader in(row);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "business: the row has another layout"};
  }
  Subject subject;
  subject.holder = holder;
  subject.missing = in.U16();
  subject.created.ms = in.U64();
  subject.updated.ms = in.U64();
  subject.sealing_key = in.Text16(kKeyNameOctetsMax);
  subject.certificate_kind = in.U8();
  subject.certificate_number = in.Text16(kCertificateOctetsMax);
  subject.name = in.Text16(kNameOctetsMax);
  subject.members = in.Text32(limits::kSubjectOctetsMax);
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "business: the fields do not fill the row"};
  return subject;
}

Result<std::optional<Subject>> ReadSubject(const Rows& rows, uint32_t holder) {
  Position version;
  const auto row = ReadRow(rows, keyspace::Subject(holder), &version);
  if (!row) return row.error();
  if (!*row) return std::optional<Subject>();
  auto subject = DecodeSubjectRow(holder, **row);
  if (!subject) return subject.error();
  subject->version = version;
  return std::optional(*std::move(subject));
}

Result<std::optional<std::string>> ReadSubjectFiles(const Rows& rows, uint32_t holder) {
  return ReadRow(rows, keyspace::SubjectFiles(holder), nullptr);
}

void AddPutSubject(Change& change, const Subject& subject, std::string_view files,
                   const Subject* before) {
  Require(before == nullptr || before->holder == subject.holder);
  Require(subject.members.size() + files.size() <= limits::kSubjectOctetsMax);
  const std::string key = keyspace::Subject(subject.holder);
  const std::string row = EncodeSubjectRow(subject);
  const bool is_operator = subject.holder == kOperatorSubject;
  change.Begin(EventKind::kSubjectPut, is_operator ? kNoEnterprise : subject.holder, key,
               AsText(Sha256(row, files)));
  change.ExpectThat(Table::kBusiness, key, before == nullptr ? Expect::kAbsent : Expect::kVersion,
                    before == nullptr ? 0 : before->version.value);
  change.Put(Table::kBusiness, key, row);
  change.Put(Table::kBusiness, keyspace::SubjectFiles(subject.holder), files);
  PutCertificate(change, subject, before);
  PutName(change, subject, before);
}

void AddSubjectLook(Change& change, uint32_t holder, Position version) {
  const std::string key = keyspace::Subject(holder);
  change.Begin(EventKind::kSubjectLooked, holder == kOperatorSubject ? kNoEnterprise : holder, key);
  change.ExpectThat(Table::kBusiness, key, Expect::kVersion, version.value);
}

Result<std::optional<uint32_t>> HolderOfCertificate(const Rows& rows, uint8_t kind,
                                                    std::string_view number) {
  const auto row = ReadRow(rows, keyspace::SubjectCertificate(kind, number), nullptr);
  if (!row) return row.error();
  if (!*row) return std::optional<uint32_t>();
  Reader in(**row);
  const uint32_t holder = in.U32();
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "business: a certificate's row is no number"};
  return std::optional(holder);
}

Status EachSubjectNamed(const Rows& rows, std::string_view name, bool whole,
                        const std::function<bool(uint32_t holder)>& each) {
  const std::string from = keyspace::SubjectsNamed(name, whole);
  const auto cursor = rows.Scan(Table::kBusiness, from, keyspace::After(from));
  for (; cursor->Valid(); cursor->Next()) {
    const auto row = SplitVersion(cursor->value());
    if (!row) return row.error();
    Reader in(row->body);
    const uint32_t holder = in.U32();
    if (!in.AtEnd()) return Error{Errc::kCorrupt, "business: a name's row is no number"};
    if (!each(holder)) return {};
  }
  return cursor->status();
}

}  // namespace idnode
