#include "node/service/explain.h"

#include <algorithm>
#include <array>

#include "node/service/alias.h"
#include "node/service/digital_link.h"
#include "node/service/explain_words.h"
#include "node/service/identifier_forms.h"
#include "node/service/prefix_handle.h"
#include "proto/gs1/uri.h"

namespace idnode {
namespace {

// The way of one identifier, from record to record.
class Way {
 public:
  Way(const Resolver& resolver, const Caller& caller, const ExplainSettings& settings,
      Explanation& told)
      : resolver_(resolver), caller_(caller), settings_(settings), told_(told) {}

  Status Go(Identifier identifier) {
    AliasPath path(identifier.key);
    for (;;) {
      const Status visited = Visit(identifier);
      if (!visited || alias_.empty()) return visited;
      const auto key = path.Follow(alias_);
      if (!key) {
        told_.alias = key.error();
        return {};
      }
      Step(Explanation::Hop::kAlias, Explanation::State::kFound, identifier.text).target = alias_;
      identifier = *ParseIdentifier(alias_);
      alias_.clear();
    }
  }

 private:
  Explanation::Step& Step(Explanation::Hop hop, Explanation::State state,
                          std::string_view identifier) {
    Explanation::Step& step = told_.steps.emplace_back();
    step.hop = hop;
    step.state = state;
    step.identifier = identifier;
    return step;
  }

  Status Visit(const Identifier& identifier) {
    const auto directory = resolver_.directory().View();
    PrefixMatter matter;
    const auto answers =
        Homing{*directory, resolver_.node_prefix(), matter}.AnswersFor(identifier.key);
    if (!answers) return answers.error();
    Gs1Path path;
    const bool is_gs1 = identifier.scheme == Scheme::kGs1 &&
                        ParseGs1Path(identifier.text, path, {.key_alone = true}).ok();
    auto found = is_gs1 ? VisitLevels(path) : VisitRecord(identifier);
    if (!found) return found.error();
    if (*found) {
      told_.end = Explanation::End::kFound;
    } else if (!answers->homed) {
      EndElsewhere(identifier);
    } else if (told_.end != Explanation::End::kWithdrawn) {
      told_.end = Explanation::End::kNotFound;
    }
    return {};
  }

  // True: there is a record. Not homed and not found are the same here.
  Result<bool> VisitRecord(const Identifier& identifier) {
    ResolutionNote note;
    const auto answer = resolver_.Resolve(identifier.text, Reach::kDisk, scratch_, note);
    if (!answer) return Absent(Explanation::Hop::kRecord, identifier.key, answer.error());
    const bool sees_all = Resolver::SeesAll(caller_, answer->found.record);
    auto values = answer->found.record.DecodeAll();
    if (!values) return values.error();
    const size_t stored = values->size();
    if (!sees_all) std::erase_if(*values, [](const Value& value) { return !value.public_read(); });
    Describe(Step(Explanation::Hop::kRecord, Explanation::State::kFound, answer->text), *values,
             stored);
    TellRedirect({nullptr, settings_.root, {{identifier.key, *values, sees_all}}}, identifier.text);
    alias_ = AliasAmong(*values);
    return true;
  }

  Result<bool> VisitLevels(const Gs1Path& path) {
    Gs1Records records;
    ResolutionNote note;
    const Status found = records.Find(resolver_, path, caller_, Reach::kDisk, note);
    const bool absent =
        !found && (found.error().code == Errc::kNotFound || found.error().code == Errc::kNotHomed);
    if (!found && !absent) return found.error();
    size_t next = 0;
    for (size_t i = 0; i < records.key_count(); ++i) {
      if (next < records.size() && records[next].answer.key == records.key(i)) {
        TellLevel(records[next++]);
        continue;
      }
      const auto told = Absent(Explanation::Hop::kLevel, records.key(i), {Errc::kNotFound});
      if (!told) return told.error();
    }
    if (records.size() == 0) return false;
    TellLevelsRedirect(path, records);
    alias_ = AliasAmong(records[0].values);
    return true;
  }

  void TellLevel(const Gs1Records::Level& level) {
    const auto text = TextOfKey(level.answer.key);
    const auto hop = level.answer.is_stored ? Explanation::Hop::kLevel : Explanation::Hop::kRange;
    Describe(Step(hop, Explanation::State::kFound, text ? *text : std::string()), level.values,
             level.answer.found.record.value_count());
  }

  void TellLevelsRedirect(const Gs1Path& path, const Gs1Records& records) {
    RedirectQuestion question{&path, settings_.root, {}};
    for (size_t i = 0; i < records.size(); ++i) {
      question.levels.push_back({records[i].answer.key, records[i].values, records[i].sees_all});
    }
    const auto text = TextOfKey(records[0].answer.key);
    TellRedirect(question, text ? *text : std::string());
  }

  void TellRedirect(const RedirectQuestion& question, std::string_view identifier) {
    if (!settings_.redirect) return;
    std::string target = settings_.redirect(question);
    if (target.empty()) return;
    Step(Explanation::Hop::kRedirect, Explanation::State::kFound, identifier).target =
        std::move(target);
  }

  static void Describe(Explanation::Step& step, const std::vector<Value>& values, size_t stored) {
    for (const Value& value : values) {
      if (std::ranges::find(step.has, value.type) == step.has.end()) {
        step.has.emplace_back(value.type);
      }
    }
    step.hidden = stored - values.size();
  }

  // False, or what went wrong. The nearest withdrawn level is the end, unless a record follows.
  Result<bool> Absent(Explanation::Hop hop, std::string_view key, const Error& error) {
    if (error.code != Errc::kNotFound && error.code != Errc::kNotHomed) return error;
    const auto withdrawn = resolver_.registry().Withdrawn(key, Reach::kDisk);
    if (!withdrawn) return withdrawn.error();
    const auto text = TextOfKey(key);
    const auto state = *withdrawn ? Explanation::State::kWithdrawn : Explanation::State::kAbsent;
    Explanation::Step& step = Step(hop, state, text ? *text : std::string());
    if (!*withdrawn) return false;
    step.withdrawn = (*withdrawn)->time;
    if (told_.end != Explanation::End::kWithdrawn) {
      told_.end = Explanation::End::kWithdrawn;
      told_.withdrawn = step.withdrawn;
    }
    return false;
  }

  void EndElsewhere(const Identifier& identifier) {
    told_.end = Explanation::End::kElsewhere;
    told_.withdrawn.reset();
    told_.elsewhere = FindElsewhere(resolver_.registry(), resolver_.nodes_below(), identifier.key);
    const Elsewhere& elsewhere = told_.elsewhere;
    if (elsewhere.prefix_handle.empty()) return;
    const auto known = elsewhere.known() ? Explanation::State::kFound : Explanation::State::kAbsent;
    Step(Explanation::Hop::kPrefixHandle, known, elsewhere.prefix_handle);
    for (const std::string& address : elsewhere.addresses) {
      Step(Explanation::Hop::kReferral, Explanation::State::kFound, elsewhere.prefix_handle)
          .target = address;
    }
  }

  const Resolver& resolver_;
  const Caller& caller_;
  const ExplainSettings& settings_;
  Explanation& told_;
  Resolver::Scratch scratch_;
  std::string alias_;  // Of the record that was found last; empty: it has none.
};

std::optional<Explanation::Owner> OwnerOf(const Resolver& resolver, const Identifier& identifier) {
  const auto directory = resolver.directory().View();
  PrefixMatter matter;
  const auto answers =
      Homing{*directory, resolver.node_prefix(), matter}.AnswersFor(identifier.key);
  if (!answers || answers->owner == nullptr) return std::nullopt;
  const AllottedPrefix& prefix = *answers->owner;
  Explanation::Owner owner;
  owner.scheme = kSchemeRows[PlaceOf(prefix.prefix.scheme)].option;
  owner.prefix = prefix.prefix.text;
  owner.state = prefix.state;
  owner.enterprise = prefix.enterprise;
  if (const Enterprise* enterprise = directory->FindEnterprise(prefix.enterprise)) {
    owner.code = enterprise->code;
    owner.name = enterprise->name;
    owner.enterprise_state = enterprise->state;
  }
  return owner;
}

// The text's own word comes before that of the directory.
size_t CompanyDigits(std::string_view text, const std::optional<Explanation::Owner>& owner) {
  if (const size_t said = CompanyDigitsOf(text); said > 0) return said;
  return owner && owner->scheme == "gs1" ? owner->prefix.size() : 0;
}

Explanation ReadingsOf(std::string_view text) {
  Explanation told;
  told.text = WithoutBlanks(text);
  told.readings = ReadAnyText(told.text);
  if (!told.readings.front().well_formed()) told.end = Explanation::End::kMalformed;
  return told;
}

}  // namespace

Explanation ExplainText(std::string_view text, const ExplainSettings& settings) {
  Explanation told = ReadingsOf(text);
  if (told.end != Explanation::End::kMalformed) {
    told.forms =
        FormsOf(told.readings.front().identifier, settings.root, CompanyDigitsOf(told.text));
  }
  PutIntoWords(told);
  return told;
}

Result<Explanation> Explain(const Resolver& resolver, std::string_view text, const Caller& caller,
                            const ExplainSettings& settings) {
  Explanation told = ReadingsOf(text);
  if (told.end != Explanation::End::kMalformed) {
    const Identifier& identifier = told.readings.front().identifier;
    told.owner = OwnerOf(resolver, identifier);
    told.forms = FormsOf(identifier, settings.root, CompanyDigits(told.text, told.owner));
    if (const Status gone = Way(resolver, caller, settings, told).Go(identifier); !gone) {
      return gone.error();
    }
  }
  PutIntoWords(told);
  return told;
}

std::string_view NameOf(Explanation::Hop hop) {
  constexpr std::array<std::string_view, 7> kNames = {
      "record", "level", "range", "alias", "redirect", "prefix_handle", "referral"};
  return kNames[static_cast<size_t>(hop)];
}

std::string_view NameOf(Explanation::State state) {
  constexpr std::array<std::string_view, 3> kNames = {"found", "absent", "withdrawn"};
  return kNames[static_cast<size_t>(state)];
}

std::string_view NameOf(Explanation::End end) {
  constexpr std::array<std::string_view, 6> kNames = {"malformed", "not_asked", "found",
                                                      "not_found", "withdrawn", "elsewhere"};
  return kNames[static_cast<size_t>(end)];
}

}  // namespace idnode
