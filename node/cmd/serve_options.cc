#include "node/cmd/serve_options.h"

#include <string>
#include <string_view>

#include "node/cmd/session.h"
#include "node/config/option_value.h"

namespace idnode {

StoreOptions StoreOptionsOf(const Config& config) {
  StoreOptions options;
  options.directory = config.Text(Option::kDataDirectory);
  options.engine.block_cache_octets = config.Number(Option::kStorageBlockCache);
  options.engine.memtable_octets = config.Number(Option::kStorageMemtable);
  options.ledger.queue_items_max = config.Number(Option::kLedgerQueueItems);
  options.reserve_octets = config.Number(Option::kDataReserve);
  options.identity.role = config.Text(Option::kNodeRole);
  options.identity.prefix = config.Text(Option::kNodePrefix);
  return options;
}

Result<UpstreamOptions> UpstreamOptionsOf(const Config& config) {
  UpstreamOptions options;
  options.address = config.Text(Option::kUpstreamAddress);
  options.node_name = config.Text(Option::kNodeName);
  options.ca_file = config.Text(Option::kUpstreamCaFile);
  options.certificate_file = config.Text(Option::kUpstreamCertificateFile);
  options.key_file = config.Text(Option::kUpstreamKeyFile);
  options.reconcile_ms = config.Number(Option::kUpstreamReconcileMinutes) * 60'000;
  if (options.address.empty()) return options;
  const Result<std::string> token =
      ReadSecretFile(std::string(config.Text(Option::kUpstreamTokenFile)));
  if (!token) return Error{token.error().code, "upstream.token_file"};
  options.token = *token;
  return options;
}

DownstreamOptions DownstreamOptionsOf(const Config& config) {
  DownstreamOptions options;
  options.children_max = static_cast<uint32_t>(config.Number(Option::kDownstreamChildrenMax));
  options.faults.seed = config.Number(Option::kRehearsalSeed);
  for (const std::string& name : config.List(Option::kRehearsalFaults)) {
    const auto fault = ParseFault(name);
    Require(fault.ok());  // The option's own check has seen it.
    options.faults.kinds.push_back(*fault);
  }
  return options;
}

ProbeSettings ProbeSettingsOf(const Config& config) {
  ProbeSettings settings;
  settings.every_ms = config.Number(Option::kProbesSeconds) * 1'000;
  settings.silence_ms = uint64_t{3'000} * DownstreamOptions().heartbeat_seconds;
  settings.sources = config.List(Option::kProbesSources);
  return settings;
}

GrpcOptions GrpcOptionsOf(const Config& config) {
  GrpcOptions options;
  options.listen = config.Text(Option::kGrpcListen);
  options.local_socket = LocalSocketOf(config);
  options.ca_file = config.Text(Option::kGrpcCaFile);
  options.certificate_file = config.Text(Option::kGrpcCertificateFile);
  options.key_file = config.Text(Option::kGrpcKeyFile);
  return options;
}

HttpOptions HttpOptionsOf(const Config& config) {
  HttpOptions options;
  options.listen = config.Text(Option::kHttpListen);
  options.tls_listen = config.Text(Option::kHttpTlsListen);
  options.certificate_file = config.Text(Option::kHttpCertificateFile);
  options.key_file = config.Text(Option::kHttpKeyFile);
  options.connections_max = config.Number(Option::kHttpConnectionsMax);
  options.idle_seconds = static_cast<uint32_t>(config.Number(Option::kHttpIdleSeconds));
  return options;
}

DigitalLinkSettings DigitalLinkSettingsOf(const Config& config) {
  DigitalLinkSettings settings;
  settings.public_root = config.Text(Option::kGs1PublicRoot);
  settings.stems = config.List(Option::kGs1Stems);
  settings.compression = config.Yes(Option::kGs1Compression);
  settings.alphabetic_names = config.Yes(Option::kGs1AlphabeticNames);
  settings.name = config.Text(Option::kNodeName);
  settings.handled_by = config.List(Option::kGs1HandledBy);
  settings.contexts = config.List(Option::kGs1Contexts);
  settings.contact = {.name = std::string(config.Text(Option::kGs1ContactName)),
                      .street = std::string(config.Text(Option::kGs1ContactStreet)),
                      .city = std::string(config.Text(Option::kGs1ContactCity)),
                      .region = std::string(config.Text(Option::kGs1ContactRegion)),
                      .postal_code = std::string(config.Text(Option::kGs1ContactPostalCode))};
  settings.https_redirect = config.Yes(Option::kGs1HttpsRedirect);
  const auto tls = SplitAddress(config.Text(Option::kHttpTlsListen));
  settings.https_port = tls ? static_cast<uint16_t>(tls->port) : 0;
  return settings;
}

Result<HandleOptions> HandleOptionsOf(const Config& config, uint64_t salt) {
  HandleOptions options;
  auto unlimited = Networks::Parse(config.List(Option::kLimitsUnlimitedNetworks));
  if (!unlimited) return Error{unlimited.error().code, "limits.unlimited_networks"};
  const auto number = [&](Option option) { return static_cast<uint32_t>(config.Number(option)); };
  options.limits = {.questions_per_second = number(Option::kLimitsQuestionsPerSecond),
                    .burst_seconds = number(Option::kLimitsBurstSeconds),
                    .ipv4_bits = static_cast<uint8_t>(number(Option::kLimitsIpv4Bits)),
                    .ipv6_bits = static_cast<uint8_t>(number(Option::kLimitsIpv6Bits)),
                    .slip = number(Option::kLimitsSlip),
                    .amplification = number(Option::kLimitsUdpAmplification),
                    .dry_run = config.Yes(Option::kLimitsDryRun),
                    .unlimited = std::move(*unlimited)};
  options.limits_salt = salt;
  options.connections_per_network = config.Number(Option::kHandleConnectionsPerNetwork);
  options.udp_listen = options.tcp_listen = config.List(Option::kHandleListen);
  options.tls_listen = config.List(Option::kHandleTlsListen);
  options.tls_certificate_file = config.Text(Option::kHandleCertificateFile);
  options.tls_key_file = config.Text(Option::kHandleKeyFile);
  options.connections_max = config.Number(Option::kHandleConnectionsMax);
  options.idle_seconds = number(Option::kHandleIdleSeconds);
  return options;
}

HandleAdministration HandleAdministrationOf(const Config& config) {
  HandleAdministration administration;
  for (const std::string& text : config.List(Option::kHandleAdministrators)) {
    auto identity = ParseHandleIdentity(text);
    Require(identity.ok());  // The option's own check has seen it.
    administration.administrators.push_back(std::move(*identity));
  }
  administration.full_access = config.Yes(Option::kHandleAdministratorsFullAccess);
  administration.list_handles = config.Yes(Option::kHandleListHandles);
  return administration;
}

Log LogOf(const Config& config) {
  const std::string_view level = config.Text(Option::kLogLevel);
  const LogLevel least = level == "debug"     ? LogLevel::kDebug
                         : level == "warning" ? LogLevel::kWarning
                         : level == "error"   ? LogLevel::kError
                                              : LogLevel::kInfo;
  return Log(least,
             config.Text(Option::kLogFormat) == "json" ? Log::Format::kJson : Log::Format::kText);
}

}  // namespace idnode
