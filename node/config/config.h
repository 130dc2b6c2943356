#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

// Every option of the server. One row of kOptionRows (node/config/options.h) says its name, type,
// range, default and meaning; file, environment, flags, `config explain` and the manual are all
// made from the rows.
enum class Option : uint8_t {
  kNodeRole,
  kNodeName,
  kNodePrefix,
  kDataDirectory,
  kDataReserve,
  kHttpListen,
  kHttpThreads,
  kHttpConnectionsMax,
  kHttpIdleSeconds,
  kHttpTlsListen,
  kHttpCertificateFile,
  kHttpKeyFile,
  kHttpCache,
  kGs1PublicRoot,
  kGs1Stems,
  kGs1Compression,
  kGs1AlphabeticNames,
  kGs1HandledBy,
  kGs1HttpsRedirect,
  kGs1Contexts,
  kGs1ContactName,
  kGs1ContactStreet,
  kGs1ContactCity,
  kGs1ContactRegion,
  kGs1ContactPostalCode,
  kIiidapElsewhere,
  kHandleListen,
  kHandleTlsListen,
  kHandleCertificateFile,
  kHandleKeyFile,
  kHandleConnectionsMax,
  kHandleConnectionsPerNetwork,
  kHandleIdleSeconds,
  kHandleCache,
  kHandleAdministrators,
  kHandleAdministratorsFullAccess,
  kHandleListHandles,
  kHandlePublicAddresses,
  kHandleSiteSerial,
  kHandleSiteDescription,
  kGrpcListen,
  kGrpcCaFile,
  kGrpcCertificateFile,
  kGrpcKeyFile,
  kUpstreamAddress,
  kUpstreamTokenFile,
  kUpstreamCaFile,
  kUpstreamCertificateFile,
  kUpstreamKeyFile,
  kUpstreamReconcileMinutes,
  kDownstreamChildrenMax,
  kTraceRequireTargets,
  kTraceRemote,
  kTraceNetworks,
  kTraceCaFile,
  kTraceAbove,
  kForwardBelow,
  kForwardNetworks,
  kStorageBlockCache,
  kStorageMemtable,
  kStorageWorkThreads,
  kLedgerQueueItems,
  kCountingInternalNetworks,
  kCountingProbeNetworks,
  kCountingLoadTestNetworks,
  kCountingBeaconParameter,
  kLimitsQuestionsPerSecond,
  kLimitsBurstSeconds,
  kLimitsSlip,
  kLimitsIpv4Bits,
  kLimitsIpv6Bits,
  kLimitsUdpAmplification,
  kLimitsUnlimitedNetworks,
  kLimitsDryRun,
  kSecurityLegacySecretKeys,
  kSecuritySeparateDuties,
  kLogLevel,
  kLogFormat,
  kLogOrigin,
  kLogPublicRecords,
  kProbesSeconds,
  kProbesWindowMinutes,
  kProbesSources,
  kRehearsalFaults,
  kRehearsalSeed,
  kCount,
};

enum class OptionType : uint8_t {
  kText,
  kChoice,
  kNumber,
  kOctets,
  kAddress,
  kPath,
  kRoot,  // https://id.example.cn/products
  // Several, separated by commas.
  kAddresses,
  kChoices,  // Of OptionRow::choices.
  kNetworks,
  kIdentities,   // 300:88.118/ADMIN
  kStems,        // id.example.cn/products
  kHandlers,     // 690123=https://id.example.cn
  kDirectories,  // 88.118.8=https://sn.example.cn/iiidap
};

// Where a value came from, weakest first.
enum class OptionSource : uint8_t { kDefault, kFile, kEnvironment, kFlag };

// A value that was refused, or an option that does not exist.
struct ConfigProblem {
  std::string option;
  std::string where;  // "idnode.toml:12", "IDNODE_HTTP_LISTEN", "--set http.listen".
  std::string en, zh;
};

// All options, checked. Immutable.
class Config {
 public:
  std::string_view Text(Option option) const;
  uint64_t Number(Option option) const;                            // kNumber, kOctets.
  std::vector<std::string> List(Option option) const;              // What may be several.
  bool Yes(Option option) const { return Text(option) == "yes"; }  // kChoice yes|no.
  OptionSource source(Option option) const;

 private:
  friend class ConfigLoader;
  struct Value {
    std::string text;
    uint64_t number = 0;
    OptionSource source = OptionSource::kDefault;
  };
  std::array<Value, static_cast<size_t>(Option::kCount)> values_;
};

// `file`: a TOML file; empty: none (the default file is looked for by the caller). `environment`:
// NAME=value of the process; IDNODE_HTTP_LISTEN sets http.listen. `flags`: (name, value) in order.
// Any problem: no configuration, and all problems at once.
struct LoadedConfig {
  Config config;
  std::vector<ConfigProblem> problems;
};
LoadedConfig LoadConfig(const std::string& file, const std::vector<std::string>& environment,
                        const std::vector<std::pair<std::string, std::string>>& flags);

}  // namespace idnode
