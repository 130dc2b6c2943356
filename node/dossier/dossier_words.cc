#include "node/dossier/dossier_words.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "proto/base/text.h"
#include "proto/web/json_document.h"
#include "proto/web/json_writer.h"
#include "storage/evaluation_rules.h"

namespace idnode {
namespace {

namespace json = boost::json;

constexpr std::string_view kBest = "best", kNarrative = "construction_and_application",
                           kConstruction = "construction_score";

struct TextRow {
  std::string_view name, zh;
  std::string DossierWords::*member;
};
constexpr auto kTexts = std::to_array<TextRow>({
    {"node_name", "节点名称", &DossierWords::node_name},
    {"operator_name", "运行单位", &DossierWords::operator_name},
    {"docking_certificate", "对接证明编号", &DossierWords::docking_certificate},
    {"docked_since", "对接日期，如 2025-06-01", &DossierWords::docked_since},
});

class WordsReader {
 public:
  explicit WordsReader(std::string& where) : where_(where) {}

  Status Read(const json::object& document) {
    for (const auto& [name, value] : document) {
      where_ = name;
      if (const Status read = ReadMember(name, value); !read) return read;
    }
    where_.clear();
    return {};
  }

  DossierWords words;

 private:
  Status ReadMember(std::string_view name, const json::value& value) {
    for (const TextRow& row : kTexts) {
      if (row.name == name) return ReadText(value, words.*row.member);
    }
    if (name == kBest) return ReadBest(value);
    if (name == kNarrative) return ReadNarratives(value);
    if (name != kConstruction) return Error{Errc::kUnknownMember, "no such member"};
    if (value.is_null()) return {};
    const auto* score = value.if_int64();
    if (score == nullptr || *score < 0 || *score > kConstructionPercent) {
      return Error{Errc::kInvalidValue, "a number from 0 to 20"};
    }
    words.construction_score = static_cast<int>(*score);
    return {};
  }

  static Status ReadText(const json::value& value, std::string& text) {
    if (value.is_null()) return {};
    const auto* given = value.if_string();
    if (given == nullptr) return Error{Errc::kInvalidValue, "a text"};
    if (given->size() > kWordOctetsMax) return Error{Errc::kTooLarge, "over 30,000 octets"};
    text.assign(given->data(), given->size());
    return {};
  }

  Status ReadNarratives(const json::value& value) {
    const auto* sections = value.if_object();
    if (sections == nullptr) return Error{Errc::kInvalidValue, "an object"};
    for (const auto& [name, text] : *sections) {
      where_ = std::string(kNarrative) + "." + std::string(name);
      size_t place = 0;
      while (place < kNarratives.size() && kNarratives[place].name != name) ++place;
      if (place == kNarratives.size()) return Error{Errc::kUnknownMember, "no such part"};
      if (const Status read = ReadText(text, words.narratives[place]); !read) return read;
    }
    return {};
  }

  Status ReadBest(const json::value& value) {
    if (value.is_null()) return {};
    const auto* figures = value.if_object();
    if (figures == nullptr) return Error{Errc::kInvalidValue, "an object"};
    Evaluation best;
    for (const EvaluationCriterion& criterion : kEvaluationCriteria) {
      where_ = std::string(kBest) + "." + std::string(criterion.name);
      const json::value* figure = figures->if_contains(criterion.name);
      const auto* number = figure == nullptr ? nullptr : figure->if_int64();
      if (number == nullptr || *number < 1) {
        return Error{Errc::kInvalidValue, "a number from 1 on"};
      }
      best.*criterion.figure = *number;
    }
    where_ = kBest;
    if (figures->size() != kEvaluationCriteria.size()) {
      return Error{Errc::kUnknownMember, "only the three figures"};
    }
    words.best = best;
    return {};
  }

  std::string& where_;
};

}  // namespace

Result<DossierWords> ParseDossierWords(std::string_view text, std::string& where) {
  if (text.size() > kDossierWordsOctetsMax) return Error{Errc::kTooLarge, "over 1 MiB"};
  const auto document = ParseJsonDocument(text, "no JSON document");
  if (!document) return document.error();
  const auto* object = document->if_object();
  if (object == nullptr) return Error{Errc::kMalformed, "no JSON object"};
  WordsReader reader(where);
  if (const Status read = reader.Read(*object); !read) return read.error();
  return std::move(reader.words);
}

std::string DossierWordsTemplate() {
  std::string text;
  {
    JsonWriter writer(text);
    writer.StartObject();
    for (const TextRow& row : kTexts) writer.TextMember(row.name, row.zh);
    writer.Member(kNarrative);
    writer.StartObject();
    for (const NarrativeRow& row : kNarratives) {
      writer.TextMember(row.name, std::string(row.zh) + " / " + std::string(row.en));
    }
    writer.EndObject();
    writer.Member(kBest);
    writer.StartObject();
    for (const EvaluationCriterion& criterion : kEvaluationCriteria) {
      writer.Member(criterion.name);
      writer.Uint64(static_cast<uint64_t>(criterion.threshold));
    }
    writer.EndObject();
    writer.Member(kConstruction);
    writer.Uint64(kConstructionPercent);
    writer.EndObject();
  }
  std::string indented;
  IndentJson(text, indented);
  return indented;
}

}  // namespace idnode
