#include "node/service/explain_words.h"

#include <string>

#include "proto/base/text.h"

namespace idnode {
namespace {

// The same in English and in Chinese.
struct Words {
  std::string en, zh;

  void Add(std::string_view english, std::string_view chinese) {
    en.append(english);
    zh.append(chinese);
  }
  void AddBoth(std::string_view text) { Add(text, text); }
};

void SayWhat(const TextReading& reading, Words& words) {
  const TextFormRow& form = RowOf(reading.form);
  words.Add("This is ", "这是");
  words.Add(form.en, form.zh);
}

void SayFault(const TextReading& reading, Words& words) {
  const TextFault& fault = *reading.fault;
  const ErrcRow& row = RowOf(fault.error.code);
  words.Add(", but wrong at character ", "，但第 ");
  words.AddBoth(std::to_string(fault.character));
  words.Add(". ", " 个字符有误。");
  words.Add(row.en, row.zh);
  if (!fault.right.empty()) {
    words.Add(" Right would be \"", "应为“");
    words.AddBoth(fault.right);
    words.Add("\".", "”。");
  } else if (!fault.expected_en.empty()) {
    words.Add(" Expected here: ", "此处应为：");
    words.Add(fault.expected_en, fault.expected_zh);
    words.Add(".", "。");
  }
}

void SayOwner(const Explanation& told, Words& words) {
  if (!told.owner) {
    words.Add("; nobody here holds a prefix of it", "；本节点没有企业持有其前缀");
    return;
  }
  words.Add(" of ", "，属于");
  words.AddBoth(told.owner->name.empty() ? told.owner->code : told.owner->name);
  if (told.owner->state == PrefixState::kSuspended) {
    words.Add(" (the prefix is suspended)", "（前缀已停用）");
  }
  if (told.owner->state == PrefixState::kUnhomed) {
    words.Add(" (the prefix is served elsewhere)", "（前缀由其他节点负责）");
  }
}

void SayRedirect(const Explanation& told, Words& words) {
  for (const Explanation::Step& step : told.steps) {
    if (step.hop != Explanation::Hop::kRedirect) continue;
    words.Add(" It leads to ", "指向 ");
    words.AddBoth(step.target);
    words.Add(".", "。");
    return;
  }
}

void SayEnd(const Explanation& told, Words& words) {
  switch (told.end) {
    case Explanation::End::kMalformed:
      break;
    case Explanation::End::kNotAsked:
      return words.Add(". It is well formed.", "，格式正确。");
    case Explanation::End::kFound:
      words.Add(". It is registered here.", "，已在本节点注册。");
      SayRedirect(told, words);
      return;
    case Explanation::End::kNotFound:
      return words.Add(". It is well formed, but not registered.", "，格式正确，但未注册。");
    case Explanation::End::kWithdrawn:
      words.Add(". It was withdrawn on ", "，已于 ");
      words.AddBoth(FormatDay(told.withdrawn->ms / 1'000));
      return words.Add(".", " 注销。");
    case Explanation::End::kElsewhere:
      words.Add(". This node does not answer for it", "，本节点不负责解析");
      if (told.elsewhere.known()) {
        words.Add("; ask ", "，请查询 ");
        words.AddBoth(told.elsewhere.addresses.front());
      }
      return words.Add(".", "。");
  }
}

}  // namespace

void PutIntoWords(Explanation& told) {
  Words words;
  const TextReading& chosen = told.readings.front();
  SayWhat(chosen, words);
  if (!chosen.well_formed()) {
    SayFault(chosen, words);
  } else {
    const bool asked = told.end != Explanation::End::kNotAsked;
    if (asked) SayOwner(told, words);
    SayEnd(told, words);
  }
  if (!told.alias) {
    words.Add(" Its alias was not followed: ", "其别名未能跟随：");
    words.Add(RowOf(told.alias.error().code).en, RowOf(told.alias.error().code).zh);
  }
  told.message_en = std::move(words.en);
  told.message_zh = std::move(words.zh);
}

}  // namespace idnode
