#include <algorithm>
#include <array>

#include "node/config/config.h"
#include "node/config/option_value.h"
#include "node/config/toml_file.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr std::string_view kEnvironmentPrefix = "IDNODE_";

// Digits and dots: 88.118.8 (spec/secondary-node.md 1.2).
bool IsPrefix(std::string_view text) {
  const bool edges = text.starts_with('.') || text.ends_with('.');
  return text.size() <= 64 && !edges && text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return IsDigit(c) || c == '.'; });
}

// Whether the name begins with a section that has options: IDNODE_HTTP_LISTENS does,
// IDNODE_TOKEN, of a client, does not.
bool NamesSection(std::string_view variable) {
  return std::ranges::any_of(kOptionRows, [&](const OptionRow& row) {
    const std::string name = EnvironmentNameOf(row);
    return variable.starts_with(name.substr(0, kEnvironmentPrefix.size() + row.name.find('.') + 1));
  });
}

}  // namespace

// Collects values from the weakest source to the strongest, then holds them against each other.
class ConfigLoader {
 public:
  ConfigLoader() {
    for (const OptionRow& row : kOptionRows) {
      Set(row, row.default_value, OptionSource::kDefault, "default");
    }
  }

  void SetFrom(std::string_view name, std::string_view text, OptionSource source,
               const std::string& where) {
    if (const OptionRow* row = FindOption(name)) return Set(*row, text, source, where);
    const std::string near(NearestOption(name));
    loaded_.problems.push_back(
        {std::string(name), where,
         near.empty() ? "no such option" : "no such option; did you mean " + near + "?",
         near.empty() ? "没有这个选项" : "没有这个选项，是否指 " + near + "？"});
  }

  void SetFromFile(const std::string& file) {
    TomlSettings read = ReadTomlFile(file);
    std::ranges::move(read.problems, std::back_inserter(loaded_.problems));
    for (const TomlSetting& setting : read.settings) {
      SetFrom(setting.name, setting.value, OptionSource::kFile, setting.where);
    }
  }

  void SetFromEnvironment(std::string_view variable) {
    const size_t equals = variable.find('=');
    if (!variable.starts_with(kEnvironmentPrefix) || equals == std::string_view::npos) return;
    const std::string name(variable.substr(0, equals));
    const std::string_view text = variable.substr(equals + 1);
    for (const OptionRow& row : kOptionRows) {
      if (EnvironmentNameOf(row) == name) return Set(row, text, OptionSource::kEnvironment, name);
    }
    if (!NamesSection(name)) return;
    loaded_.problems.push_back(
        {name, name, "no option has this variable", "没有对应此环境变量的选项"});
  }

  LoadedConfig Finish() {
    CheckNode();
    CheckCertificate(Option::kHttpTlsListen, Option::kHttpCertificateFile, Option::kHttpKeyFile);
    CheckCertificate(Option::kHandleTlsListen, Option::kHandleCertificateFile,
                     Option::kHandleKeyFile);
    CheckTls({Option::kGrpcCaFile, Option::kGrpcCertificateFile, Option::kGrpcKeyFile},
             Option::kGrpcListen);
    CheckTls({Option::kUpstreamCaFile, Option::kUpstreamCertificateFile, Option::kUpstreamKeyFile},
             Option::kUpstreamAddress);
    if (IsSet(Option::kUpstreamAddress) && !IsSet(Option::kUpstreamTokenFile)) {
      Refuse(Option::kUpstreamTokenFile, "is needed with upstream.address",
             "配置 upstream.address 时必填");
    }
    CheckRehearsal();
    return std::move(loaded_);
  }

 private:
  void Set(const OptionRow& row, std::string_view text, OptionSource source,
           const std::string& where) {
    OptionValue value;
    if (auto refusal = ParseOptionValue(row, text, value)) {
      loaded_.problems.push_back(
          {std::string(row.name), where, std::move(refusal->en), std::move(refusal->zh)});
      return;
    }
    const auto place = static_cast<size_t>(row.option);
    loaded_.config.values_[place] = {std::move(value.text), value.number, source};
    where_[place] = where;
  }

  std::string_view Text(Option option) const { return loaded_.config.Text(option); }
  bool IsSet(Option option) const { return !Text(option).empty(); }
  void Refuse(Option option, std::string en, std::string zh) {
    loaded_.problems.push_back({std::string(RowOf(option).name),
                                where_[static_cast<size_t>(option)], std::move(en), std::move(zh)});
  }

  void CheckNode() {
    if (!IsPrefix(Text(Option::kNodePrefix))) {
      Refuse(Option::kNodePrefix, "must be digits between dots, such as 88.118",
             "必须是以点分隔的数字，例如 88.118");
    } else if (!IsSet(Option::kNodePrefix) && Text(Option::kNodeRole) != "top-level") {
      Refuse(Option::kNodePrefix, "is needed by secondary and enterprise nodes",
             "二级节点和企业节点必填");
    }
  }

  // Faults on purpose are for a node above that nobody relies on.
  void CheckRehearsal() {
    if (!IsSet(Option::kRehearsalFaults)) return;
    if (Text(Option::kNodeRole) != "top-level") {
      Refuse(Option::kRehearsalFaults, "only a top-level node goes wrong on purpose",
             "仅顶级节点可用于故障演练");
    } else if (!IsLoopbackAddress(Text(Option::kGrpcListen))) {
      Refuse(Option::kRehearsalFaults, "only while grpc.listen is loopback",
             "仅当 grpc.listen 为回环地址时可用");
    }
  }

  // Three files or none; an address that is not loopback needs them.
  void CheckTls(const std::array<Option, 3>& files, Option address) {
    const bool all = std::ranges::all_of(files, [&](Option file) { return IsSet(file); });
    const bool any = std::ranges::any_of(files, [&](Option file) { return IsSet(file); });
    const bool remote = IsSet(address) && !IsLoopbackAddress(Text(address));
    if (all || (!any && !remote)) return;
    const std::string name(RowOf(address).name);
    for (const Option file : files) {
      if (IsSet(file)) continue;
      if (any) {
        Refuse(file, "the three TLS files are set together", "三个 TLS 文件须同时配置");
      } else {
        Refuse(file, "is needed: " + name + " is not loopback", "必填：" + name + " 不是回环地址");
      }
    }
  }

  // A listener inside TLS shows a certificate.
  void CheckCertificate(Option listen, Option certificate, Option key) {
    for (const Option file : {certificate, key}) {
      if (IsSet(file) || !IsSet(listen)) continue;
      const std::string name(RowOf(listen).name);
      Refuse(file, "is needed: " + name + " is set", "必填：已配置 " + name);
    }
  }

  LoadedConfig loaded_;
  std::array<std::string, static_cast<size_t>(Option::kCount)> where_;
};

LoadedConfig LoadConfig(const std::string& file, const std::vector<std::string>& environment,
                        const std::vector<std::pair<std::string, std::string>>& flags) {
  ConfigLoader loader;
  if (!file.empty()) loader.SetFromFile(file);
  for (const std::string& variable : environment) loader.SetFromEnvironment(variable);
  for (const auto& [name, value] : flags) {
    loader.SetFrom(name, value, OptionSource::kFlag, "--set " + name);
  }
  return loader.Finish();
}

}  // namespace idnode
