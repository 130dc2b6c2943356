#include "node/service/links.h"

#include "node/service/rehearsed_defaults.h"
#include "proto/web/link_entry.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

constexpr std::string_view kProduct = "01/06901234567892";

std::string Link(const std::string& type, const std::string& path, const std::string& more = "") {
  return R"({"linktype":")" + type + R"(","href":"https://a.example)" + path + R"(","title":"x")" +
         more + "}";
}
const std::string kDefaultPip = Link("gs1:pip", "/p", R"(,"default":true)");

class Links : public NodeUnderTest {
 protected:
  // As an item; `json` lives as long as the test.
  RegisterItem Edit(RegisterAction action, std::string_view identifier, const std::string& json) {
    LinkValues& values = values_.emplace_back();
    const auto links = ParseLinkEntries("[" + json + "]");
    EXPECT_TRUE(links.ok()) << json;
    for (const LinkEntry& link : *links) values.Add(link);
    return {.action = action, .identifier = identifier, .values = values.values()};
  }
  RegisterItem Put(std::string_view identifier, const std::string& json) {
    return Edit(RegisterAction::kPutLinks, identifier, json);
  }
  RegisterItem Add(std::string_view identifier, const std::string& json) {
    return Edit(RegisterAction::kAddLinks, identifier, json);
  }
  RegisterItem Remove(std::string_view identifier, LinkSelection selection = {}) {
    return {.action = RegisterAction::kRemoveLinks,
            .identifier = identifier,
            .selection = &selections_.emplace_back(std::move(selection))};
  }
  static RegisterItem Typed(std::string_view identifier, std::string_view type,
                            std::string_view data) {
    return {.action = RegisterAction::kPut,
            .identifier = identifier,
            .values = {{.index = 1, .type = type, .data = data}}};
  }
  // The links of the record, in the words of the links API.
  std::string Of(std::string_view identifier) {
    const auto found = Find(identifier);
    if (!found) return std::string(RowOf(found.error().code).name);
    std::string text;
    WriteLinkEntries(LinkEntriesOf(*found->record.DecodeAll(), true), text);
    return text;
  }
  std::vector<std::string> TypesOf(std::string_view identifier) {
    std::vector<std::string> types;
    const auto found = Find(identifier);
    if (!found) return types;
    const auto values = found->record.DecodeAll();
    for (const Value& value : *values) {
      types.push_back(std::to_string(value.index) + " " + std::string(value.type));
    }
    return types;
  }
  using Types = std::vector<std::string>;

  std::deque<LinkValues> values_;
  std::deque<LinkSelection> selections_;
};

TEST_F(Links, MakeARecordOfTheirOwn) {
  EXPECT_EQ(RegisterOne(Put(kProduct, kDefaultPip), acme).outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(Of(kProduct), "[" + kDefaultPip + "]");
  EXPECT_EQ(TypesOf(kProduct), (Types{"1000 gs1:defaultLink", "1001 gs1:pip"}));
  EXPECT_EQ(Sum(Metric::kCreated), 1);
  EXPECT_EQ(RegisterOne(Put(kProduct, kDefaultPip), acme).outcome, RegisterOutcome::kUnchanged);
}

TEST_F(Links, LeaveTheOtherValuesOfTheRecordAlone) {
  RegisterOne(Typed(kProduct, "NAME", "Kettle"), acme);
  RegisterOne(Put(kProduct, kDefaultPip), acme);
  RegisterOne(Put(kProduct, Link("gs1:faqs", "/f", R"(,"default":true)")), acme);
  EXPECT_EQ(TypesOf(kProduct), (Types{"1 NAME", "1000 gs1:defaultLink", "1002 gs1:faqs"}));
  EXPECT_EQ(RegisterOne(Remove(kProduct), acme).outcome, RegisterOutcome::kReplaced);
  EXPECT_EQ(TypesOf(kProduct), Types{"1 NAME"});
}

TEST_F(Links, TakeTheirRecordWithThemWhenTheyAreAll) {
  RegisterOne(Put(kProduct, kDefaultPip), acme);
  EXPECT_EQ(RegisterOne(Remove(kProduct), acme).outcome, RegisterOutcome::kRemoved);
  EXPECT_EQ(Of(kProduct), "not_found");
  EXPECT_EQ(RefusalOf(Remove(kProduct), acme), Errc::kNotFound);
}

TEST_F(Links, AreAddedBesideOthersOrInTheirPlace) {
  RegisterOne(Put(kProduct, kDefaultPip), acme);
  const std::string in_chinese = Link("gs1:pip", "/zh", R"(,"hreflang":["zh"])");
  EXPECT_EQ(RegisterOne(Add(kProduct, in_chinese), acme).outcome, RegisterOutcome::kReplaced);
  EXPECT_EQ(Of(kProduct), "[" + kDefaultPip + "," + in_chinese + "]");
  const std::string other = Link("https://gs1.org/voc/pip", "/zh2", R"(,"hreflang":["ZH"])");
  RegisterOne(Add(kProduct, other), acme);
  EXPECT_EQ(Of(kProduct),
            "[" + kDefaultPip + "," + Link("gs1:pip", "/zh2", R"(,"hreflang":["ZH"])") + "]");
}

TEST_F(Links, HaveOneDefaultWhichALaterOneReplaces) {
  RegisterOne(Put(kProduct, kDefaultPip), acme);
  RegisterOne(Add(kProduct, Link("gs1:faqs", "/f", R"(,"default":true)")), acme);
  EXPECT_EQ(Of(kProduct),
            "[" + Link("gs1:pip", "/p") + "," + Link("gs1:faqs", "/f", R"(,"default":true)") + "]");
}

TEST_F(Links, AreRemovedByTypeLanguageAndContext) {
  const std::string zh = Link("gs1:faqs", "/zh", R"(,"hreflang":["zh"],"context":["a"])");
  const std::string en = Link("gs1:faqs", "/en", R"(,"hreflang":["en"])");
  RegisterOne(Put(kProduct, kDefaultPip + "," + zh + "," + en), acme);
  EXPECT_EQ(RefusalOf(Remove(kProduct, {"gs1:support", "", ""}), acme), Errc::kValuesNotFound);
  EXPECT_EQ(RefusalOf(Remove(kProduct, {"gs1:faqs", "zh", "b"}), acme), Errc::kValuesNotFound);
  EXPECT_EQ(RefusalOf(Remove(kProduct, {"no type", "", ""}), acme), Errc::kInvalidValue);
  RegisterOne(Remove(kProduct, {"gs1:faqs", "ZH", "a"}), acme);
  EXPECT_EQ(Of(kProduct), "[" + kDefaultPip + "," + en + "]");
  RegisterOne(Remove(kProduct, {"https://gs1.org/voc/faqs", "", ""}), acme);
  EXPECT_EQ(Of(kProduct), "[" + kDefaultPip + "]");
}

TEST_F(Links, AreFollowedByTheAddressOfTheRecord) {
  RegisterOne(Typed(kProduct, "URL", "https://old.example/"), acme);
  RegisterOne(Add(kProduct, Link("gs1:faqs", "/f")), acme);
  EXPECT_EQ((*Find(kProduct)->record.DecodeAll())[0].data, "https://old.example/");
  RegisterOne(Put(kProduct, Link("gs1:pip", "/{01}", R"(,"default":true)")), acme);
  EXPECT_EQ((*Find(kProduct)->record.DecodeAll())[0].data, "https://a.example/06901234567892");
  EXPECT_EQ(TypesOf(kProduct), (Types{"1 URL", "1001 gs1:defaultLink", "1002 gs1:pip"}));
  RegisterOne(Remove(kProduct), acme);
  EXPECT_EQ(Of(kProduct), "not_found");
}

TEST_F(Links, NeedADefaultAtTheKey) {
  EXPECT_EQ(RefusalOf(Put(kProduct, Link("gs1:pip", "/p")), acme), Errc::kNoDefaultLink);
  EXPECT_EQ(RefusalOf(Put("01/06901234567892/10/L", Link("gs1:pip", "/p")), acme),
            Errc::kNoDefaultLink);
  RegisterOne(Put(kProduct, kDefaultPip), acme);
  EXPECT_EQ(RegisterOne(Put("01/06901234567892/10/L", Link("gs1:pip", "/p")), acme).outcome,
            RegisterOutcome::kCreated);
  EXPECT_EQ(RefusalOf(Remove(kProduct), acme), Errc::kNoDefaultLink);
  EXPECT_EQ(RefusalOf(Remove(kProduct, {"gs1:defaultLink", "", ""}), acme), Errc::kNoDefaultLink);
  RegisterOne(Remove("01/06901234567892/10/L"), acme);
  EXPECT_EQ(RegisterOne(Remove(kProduct), acme).outcome, RegisterOutcome::kRemoved);
}

TEST_F(Links, OfAKeyAndWhatIsBelowItMayComeInOneBatch) {
  const auto result =
      Register({Put(kProduct, kDefaultPip), Put("01/06901234567892/10/L", Link("gs1:pip", "/l")),
                Put("01/06901234567892/10/L/21/S", Link("gs1:pip", "/s"))},
               acme);
  for (const RegisterItemResult& item : result.items) {
    EXPECT_EQ(item.outcome, RegisterOutcome::kCreated) << RowOf(item.error.code).name;
  }
  // A serial is unique within its product (5.3, rule 2).
  EXPECT_EQ(Of("01/06901234567892/21/S"), "[" + Link("gs1:pip", "/s") + "]");
}

TEST_F(Links, BelongToGs1IdentifiersAndTheirHolders) {
  EXPECT_EQ(RefusalOf(Put("88.118.8/a", kDefaultPip), acme), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Put(kProduct, kDefaultPip), other), Errc::kOutsidePrefix);
}

TEST_F(Links, AreEditedOnConditions) {
  RegisterItem first = Put(kProduct, kDefaultPip);
  first.must_be_there = true;
  EXPECT_EQ(RefusalOf(first, acme), Errc::kNotFound);
  RegisterOne(Put(kProduct, kDefaultPip), acme);
  RegisterItem again = Put(kProduct, Link("gs1:faqs", "/f", R"(,"default":true)"));
  again.must_be_absent = true;
  EXPECT_EQ(RefusalOf(again, acme), Errc::kExists);
  again.must_be_absent = false;
  again.expected_version = Find(kProduct)->version.value + 1;
  EXPECT_EQ(RefusalOf(again, acme), Errc::kConflict);
  again.expected_version = Find(kProduct)->version.value;
  EXPECT_EQ(RegisterOne(again, acme).outcome, RegisterOutcome::kReplaced);
}

TEST_F(Links, AreJudgedWithoutBeingChanged) {
  const auto judged = [&](const RegisterItem& item) {
    return registrar->Judge({item}, acme, kNow).items.at(0);
  };
  EXPECT_EQ(judged(Put(kProduct, kDefaultPip)).outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(judged(Put(kProduct, Link("gs1:pip", "/p"))).error.code, Errc::kNoDefaultLink);
  EXPECT_EQ(Of(kProduct), "not_found");
  RegisterOne(Put(kProduct, kDefaultPip), acme);
  EXPECT_EQ(judged(Put(kProduct, kDefaultPip)).outcome, RegisterOutcome::kUnchanged);
  EXPECT_EQ(judged(Remove(kProduct)).outcome, RegisterOutcome::kRemoved);
  EXPECT_EQ(judged(Item(kProduct)).error.code, Errc::kExists);
  EXPECT_EQ(Of(kProduct), "[" + kDefaultPip + "]");
}

TEST_F(Links, AreJudgedByWhatEarlierBatchesOfADryRunWouldHaveLeft) {
  RehearsedDefaults run;
  const auto judged = [&](const RegisterItem& item) {
    const RegisterItemResult result = registrar->Judge({item}, acme, kNow, &run).items.at(0);
    return std::string(result.outcome == RegisterOutcome::kRefused ? RowOf(result.error.code).name
                                                                   : NameOf(result.outcome));
  };
  const std::string pip = Link("gs1:pip", "/p");
  const std::string_view lot = "01/06901234567892/10/L", serial = "01/06901234567892/21/S";
  EXPECT_EQ(judged(Put(lot, pip)), "no_default_link");
  EXPECT_EQ(judged(Put(kProduct, pip)), "no_default_link");
  EXPECT_EQ(judged(Put(kProduct, kDefaultPip)), "created");
  EXPECT_EQ(judged(Put(lot, pip)), "created");
  EXPECT_EQ(judged(Put(serial, pip)), "created");
  EXPECT_EQ(judged(Put("01/06901234567908/10/L", pip)), "no_default_link");
  EXPECT_EQ(Of(kProduct), "not_found");
  // Another dry run knows nothing of it.
  EXPECT_EQ(registrar->Judge({Put(lot, pip)}, acme, kNow).items[0].error.code,
            Errc::kNoDefaultLink);

  // What the run would have taken away is gone for what follows, though the store has it.
  RegisterOne(Put(kProduct, kDefaultPip), acme);
  EXPECT_EQ(judged(Remove(kProduct)), "removed");
  EXPECT_EQ(judged(Put(lot, pip)), "no_default_link");
  EXPECT_EQ(judged(Put(kProduct, kDefaultPip)), "unchanged");
  EXPECT_EQ(judged(Put(lot, pip)), "created");
  // Only what was accepted counts; values by another door do, too.
  const auto refused = registrar->Judge({Put("01/06901234567908", kDefaultPip)}, other, kNow, &run);
  EXPECT_EQ(refused.items[0].error.code, Errc::kOutsidePrefix);
  EXPECT_EQ(judged(Put("01/06901234567908/10/L", pip)), "no_default_link");
  EXPECT_EQ(judged(Typed("01/06901234567908", "URL", "https://a.example/")), "created");
  EXPECT_EQ(judged(Put("01/06901234567908/10/L", pip)), "created");
}

TEST_F(Links, SayThatAnEarlierEntryMayHaveTheDefaultWhenADryRunIsTooLongToRemember) {
  RehearsedDefaults run;
  for (size_t i = 0; i <= RehearsedDefaults::kIdentifiersMax; ++i) {
    run.Note("key " + std::to_string(i), true);
  }
  EXPECT_TRUE(run.full());
  const auto result = registrar->Judge({Put(kProduct, Link("gs1:pip", "/p"))}, acme, kNow, &run);
  EXPECT_EQ(result.items[0].error.code, Errc::kNoDefaultLink);
  EXPECT_EQ(result.items[0].error.detail, "an earlier entry of the same dry run may have one");
}

TEST_F(Links, ThatAreRepeatedWithTheirKeyHaveTheSameOutcome) {
  EXPECT_EQ(Register({Put(kProduct, kDefaultPip)}, acme, "k").items[0].outcome,
            RegisterOutcome::kCreated);
  const RegisterResult again = Register({Put(kProduct, kDefaultPip)}, acme, "k");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.items[0].outcome, RegisterOutcome::kCreated);
}

// Whatever door they come by: these are plain registrations.

TEST_F(Links, ThatCannotBeUsedAreNotRegistered) {
  const auto refusal = [&](std::string_view type, std::string_view data) {
    return RefusalOf(Typed(kProduct, type, data), acme);
  };
  EXPECT_EQ(refusal("gs1:pip", "https://a.example/"), Errc::kMalformed);
  EXPECT_EQ(refusal("gs1:pip", R"({"href":"/p","title":"x"})"), Errc::kLinkAddress);
  EXPECT_EQ(refusal("gs1:pip", R"({"href":"javascript:alert","title":"x"})"), Errc::kLinkAddress);
  EXPECT_EQ(
      refusal("https://gs1.org/voc/pip", R"({"href":"https://a.example/\r\nX: y","title":"x"})"),
      Errc::kLinkAddress);
  EXPECT_EQ(refusal("gs1:pip", R"({"href":"https://a.example/","title":"x","type":"html"})"),
            Errc::kLinkMediaType);
  EXPECT_EQ(refusal("gs1:pip", R"({"href":"https://a.example/","title":"x","hreflang":["_"]})"),
            Errc::kLinkLanguage);
  RegisterItem twice =
      Typed(kProduct, "gs1:defaultLink", R"({"href":"https://a.example/","title":"x"})");
  twice.values.push_back(twice.values[0]);
  twice.values[1].index = 2;
  EXPECT_EQ(RefusalOf(twice, acme), Errc::kSeveralDefaultLinks);
}

TEST_F(Links, AreNotSeenInWhatOnlyLooksLikeThem) {
  for (const auto& [type, data] :
       std::vector<std::pair<std::string, std::string>>{{"gs1:itemDescription", "Kettle"},
                                                        {"gs1:brandName", "Haier"},
                                                        {"alternate", "text"},
                                                        {"https://voc.example/weight", "1.7 kg"},
                                                        {"desc", "{}"}}) {
    EXPECT_NE(RegisterOne(Typed(kProduct, type, data), acme).outcome, RegisterOutcome::kRefused)
        << type;
  }
  EXPECT_EQ(RegisterOne(Typed("88.118.8/a", "gs1:pip", "text"), acme).outcome,
            RegisterOutcome::kCreated);
}

TEST_F(Links, OfValuesThatClientsDropFromAddressesAreRefused) {
  for (const std::string_view identifier :
       {"01/06901234567892/10/.", "01/06901234567892/10/..", "01/06901234567892/21/%2E%2E",
        "01/06901234567892/22/./10/L"}) {
    EXPECT_EQ(RefusalOf(Item(identifier), acme), Errc::kDotValue) << identifier;
  }
  for (const std::string_view identifier :
       {"01/06901234567892/10/...", "01/06901234567892/21/a.b", "01/06901234567892/10/.1"}) {
    EXPECT_EQ(RegisterOne(Item(identifier), acme).outcome, RegisterOutcome::kCreated) << identifier;
  }
}

TEST(LoopOfALink, IsFoundUnderTheRootsOfTheNode) {
  const LinkRoots roots{"https://id.example/gs1", {"scan.example/p"}};
  const auto check = [&](std::string_view identifier, std::string_view type,
                         const std::string& href) {
    const std::string data = R"({"href":")" + href + R"(","title":"x"})";
    const std::vector<Value> values = {{.index = 1, .type = type, .data = data}};
    const Status status = CheckLinks(ParseIdentifier(identifier)->key, values, roots);
    return status.ok() ? std::string("ok") : std::string(RowOf(status.error().code).name);
  };
  const auto defaults = [&](const std::string& href) {
    return check(kProduct, "gs1:defaultLink", href);
  };
  for (const char* href :
       {"https://id.example/gs1/01/06901234567892", "http://ID.example/gs1/01/6901234567892/",
        "https://id.example/gs1/01/{01}", "https://id.example/gs1/01/06901234567892?a=b#c",
        "https://id.example/gs1/01/{01}/21/{21}", "https://scan.example:8443/p/gtin/06901234567892",
        "https://id.example/gs1/01/{01}?linkType=gs1:defaultLink"}) {
    EXPECT_EQ(defaults(href), "link_loop") << href;
  }
  for (const char* href :
       {"https://id.example/01/06901234567892", "https://id.example/gs1/01/06901234567908",
        "https://other.example/gs1/01/06901234567892", "https://id.example/gs1x/01/{01}",
        "https://id.example/gs1/01/{01}/10/L", "https://id.example/gs1/01/{01}?linkType=linkset",
        "https://id.example/gs1/01/{01}?linkType=gs1:pip", "https://id.example:1/gs1/01/{01}",
        "https://id.example/gs1"}) {
    EXPECT_EQ(defaults(href), "ok") << href;
  }
  EXPECT_EQ(check(kProduct, "gs1:pip", "https://id.example/gs1/01/{01}?linkType=gs1:pip"),
            "link_loop");
  EXPECT_EQ(check(kProduct, "gs1:handledBy", "https://id.example/gs1"), "link_loop");
  EXPECT_EQ(check(kProduct, "gs1:handledBy", "https://id.example/other"), "ok");
  const std::vector<Value> address = {
      {.index = 1, .type = "URL", .data = "https://id.example/gs1/01/06901234567892"}};
  EXPECT_FALSE(CheckLinks(ParseIdentifier(kProduct)->key, address, roots).ok());
  EXPECT_TRUE(CheckLinks(ParseIdentifier(kProduct)->key, address, {}).ok());
}

}  // namespace
}  // namespace idnode
