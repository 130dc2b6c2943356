#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "node/config/config.h"

namespace idnode {

// One row an option: whatever reads, checks, explains or documents options is made from these.
struct OptionRow {
  Option option;
  std::string_view name;  // section.name in TOML; IDNODE_SECTION_NAME in the environment.
  OptionType type;
  std::string_view default_value;  // As text, in the form in which a file has it.
  std::string_view choices;        // kChoice, kChoices: separated by '|'.
  uint64_t min, max;               // kNumber, kOctets.
  std::string_view since;          // The first version that has it.
  std::string_view en, zh;
  std::string_view example;
};

inline constexpr uint64_t kMebi = uint64_t{1} << 20;
inline constexpr uint64_t kGibi = uint64_t{1} << 30;
inline constexpr uint64_t kTebi = uint64_t{1} << 40;

inline constexpr auto kOptionRows = std::to_array<OptionRow>({
    {Option::kNodeRole, "node.role", OptionType::kChoice, "secondary",
     "top-level|secondary|enterprise", 0, 0, "0.1",
     "What the node is in the hierarchy: a national top-level node, a secondary node or an "
     "enterprise node. Written into the data directory when it is made.",
     "节点在层级中的角色：国家顶级节点、二级节点或企业节点。创建数据目录时写入其中。", "secondary"},
    {Option::kNodeName, "node.name", OptionType::kText, "", "", 0, 0, "0.1",
     "The node's name for people; shown to the node above and in reports.",
     "节点名称，供人阅读；向上级节点和报表展示。", "Weihai power tools"},
    {Option::kNodePrefix, "node.prefix", OptionType::kText, "", "", 0, 0, "0.1",
     "The Handle prefix that was allotted to the node; enterprise prefixes lie under it. Needed by "
     "secondary and enterprise nodes.",
     "分配给本节点的 Handle 前缀，企业前缀均在其下。二级节点和企业节点必填。", "88.118"},
    {Option::kDataDirectory, "data.directory", OptionType::kPath, "/var/lib/idnode", "", 0, 0,
     "0.1", "Where the node keeps everything. An absolute path.",
     "节点全部数据的存放目录，须为绝对路径。", "/var/lib/idnode"},
    {Option::kDataReserve, "data.reserve", OptionType::kOctets, "1GiB", "", 0, 64 * kTebi, "0.1",
     "Writes are refused while less than this is free on the disk; resolution goes on.",
     "磁盘剩余空间低于此值时拒绝写入，解析不受影响。", "4GiB"},
    {Option::kHttpListen, "http.listen", OptionType::kAddress, "127.0.0.1:8080", "", 0, 0, "0.1",
     "Address and port of the HTTP interface. Port 0: any free one.",
     "HTTP 接口的监听地址和端口；端口 0 表示任选空闲端口。", "0.0.0.0:8080"},
    {Option::kHttpThreads, "http.threads", OptionType::kNumber, "0", "", 0, 1'024, "0.1",
     "Event loops that serve HTTP. 0: one for each core.",
     "HTTP 服务的事件循环数；0 表示每个核一个。", "8"},
    {Option::kHttpConnectionsMax, "http.connections_max", OptionType::kNumber, "16384", "", 1,
     1'000'000, "0.1", "HTTP connections open at a time; more are closed at once.",
     "同时打开的 HTTP 连接数上限，超出者立即关闭。", "65536"},
    {Option::kHttpIdleSeconds, "http.idle_seconds", OptionType::kNumber, "60", "", 1, 3'600, "0.1",
     "Seconds after which a connection without a request is closed.",
     "连接无请求超过此秒数即关闭。", "60"},
    {Option::kHttpTlsListen, "http.tls_listen", OptionType::kAddress, "", "", 0, 0, "0.1",
     "Address and port of HTTPS. Needs the two files. Administrators prove who they are only "
     "there.",
     "HTTPS 的监听地址和端口，需配置下列两个文件；管理员身份认证仅在 HTTPS 上进行。",
     "0.0.0.0:8443"},
    {Option::kHttpCertificateFile, "http.certificate_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "The certificate chain (PEM) that is shown there.", "在其上出示的证书链文件（PEM）。",
     "/etc/idnode/node.pem"},
    {Option::kHttpKeyFile, "http.key_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "The private key of that certificate (PEM).", "上述证书的私钥文件（PEM）。",
     "/etc/idnode/node.key"},
    {Option::kHttpCache, "http.cache", OptionType::kOctets, "64MiB", "", 0, 64 * kTebi, "0.1",
     "Memory for encoded answers of HTTP, of all event loops together. 0: none is kept.",
     "缓存 HTTP 已编码应答的内存，由全部事件循环均分；0 表示不缓存。", "1GiB"},
    {Option::kGs1PublicRoot, "gs1.public_root", OptionType::kRoot, "", "", 0, 0, "0.1",
     "What clients write before the key of a GS1 Digital Link, for any host name. Empty: the "
     "scheme "
     "and the host name by which they ask, and its stem.",
     "客户端在 GS1 数字链接主键之前所写的地址，适用于所有主机名；为空则用请求的协议、主机名及其前段"
     "路径。",
     "https://id.example.cn"},
    {Option::kGs1Stems, "gs1.stems", OptionType::kStems, "", "", 0, 0, "0.1",
     "What stands between a host name and the key of a GS1 Digital Link. Other host names have "
     "nothing there.",
     "各主机名与 GS1 数字链接主键之间的前段路径；未列出的主机名没有前段路径。",
     "id.example.cn/products, scan.example.cn/cn/p"},
    {Option::kGs1Compression, "gs1.compression", OptionType::kChoice, "no", "yes|no", 0, 0, "0.1",
     "Whether GS1 Digital Links in the superseded compression of editions 1.1 and 1.2 are read.",
     "是否读取 1.1 和 1.2 版（已废止）的压缩 GS1 数字链接。", "yes"},
    {Option::kGs1AlphabeticNames, "gs1.alphabetic_names", OptionType::kChoice, "no", "yes|no", 0, 0,
     "0.1", "Whether the withdrawn names of keys are read, such as gtin for 01.",
     "是否读取已撤销的字母主键名称，例如以 gtin 表示 01。", "yes"},
    {Option::kGs1HandledBy, "gs1.handled_by", OptionType::kHandlers, "", "", 0, 0, "0.1",
     "Other resolvers that answer for GS1 keys under a company prefix which are not registered "
     "here. The longest prefix counts.",
     "未在本节点登记的 GS1 标识按厂商识别代码转交的其他解析器；以最长前缀为准。",
     "690123=https://id.example.cn, 6954=https://r.example.org/cn"},
    {Option::kGs1HttpsRedirect, "gs1.https_redirect", OptionType::kChoice, "no", "yes|no", 0, 0,
     "0.1",
     "Whether GS1 Digital Links that are asked for over plain HTTP are redirected to HTTPS (308). "
     "Not behind a proxy that ends TLS.",
     "以明文 HTTP 请求的 GS1 数字链接是否重定向到 HTTPS（308）；由代理终结 TLS 时不可启用。",
     "yes"},
    {Option::kGs1Contexts, "gs1.contexts", OptionType::kText, "", "", 0, 0, "0.1",
     "Values of ?context= that links may have, for the resolver description file.",
     "链接可用的 ?context= 取值，写入解析器描述文件。", "consumer, trade"},
    {Option::kGs1ContactName, "gs1.contact_name", OptionType::kText, "", "", 0, 0, "0.1",
     "Who runs the resolver, for its description file.", "解析器运营者名称，写入描述文件。",
     "Weihai power tools"},
    {Option::kGs1ContactStreet, "gs1.contact_street", OptionType::kText, "", "", 0, 0, "0.1",
     "The street of that address.", "运营者的街道地址。", "1 Harbour Road"},
    {Option::kGs1ContactCity, "gs1.contact_city", OptionType::kText, "", "", 0, 0, "0.1",
     "The city of that address.", "运营者所在城市。", "Weihai"},
    {Option::kGs1ContactRegion, "gs1.contact_region", OptionType::kText, "", "", 0, 0, "0.1",
     "The province or region of that address.", "运营者所在省份或地区。", "Shandong"},
    {Option::kGs1ContactPostalCode, "gs1.contact_postal_code", OptionType::kText, "", "", 0, 0,
     "0.1", "The postal code of that address.", "运营者的邮政编码。", "264200"},
    {Option::kIiidapElsewhere, "iiidap.elsewhere", OptionType::kDirectories, "", "", 0, 0, "0.1",
     "Directory services (IIIDAP) of other nodes that know who stands behind the prefixes below "
     "one. Who asks for such a prefix is sent there. The longest prefix counts.",
     "其他节点的标识目录服务（IIIDAP）：查询所列前缀之下的前缀时重定向到该服务；以最长前缀为准。",
     "88.118.8=https://sn.example.cn/iiidap"},
    {Option::kHandleListen, "handle.listen", OptionType::kAddresses, "127.0.0.1:2641", "", 0, 0,
     "0.1",
     "Addresses and ports of the Handle protocol, UDP and TCP alike. Empty: it is not served.",
     "Handle 协议的监听地址和端口，UDP 与 TCP 相同；为空则不提供。", "0.0.0.0:2641, [::]:2641"},
    {Option::kHandleTlsListen, "handle.tls_listen", OptionType::kAddresses, "", "", 0, 0, "0.1",
     "Addresses and ports of the Handle protocol inside TLS. Needs the two files.",
     "TLS 内 Handle 协议的监听地址和端口，需配置下列两个文件。", "0.0.0.0:2643"},
    {Option::kHandleCertificateFile, "handle.certificate_file", OptionType::kPath, "", "", 0, 0,
     "0.1", "The certificate chain (PEM) that is shown there.", "在其上出示的证书链文件（PEM）。",
     "/etc/idnode/node.pem"},
    {Option::kHandleKeyFile, "handle.key_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "The private key of that certificate (PEM).", "上述证书的私钥文件（PEM）。",
     "/etc/idnode/node.key"},
    {Option::kHandleConnectionsMax, "handle.connections_max", OptionType::kNumber, "16384", "", 1,
     1'000'000, "0.1", "Handle connections open at a time; more are closed at once.",
     "同时打开的 Handle 连接数上限，超出者立即关闭。", "65536"},
    {Option::kHandleConnectionsPerNetwork, "handle.connections_per_network", OptionType::kNumber,
     "2048", "", 0, 1'000'000, "0.1",
     "Of these, so many from one network (limits.ipv4_bits, limits.ipv6_bits). 0: no limit.",
     "其中来自同一网络的连接数上限（见 limits.ipv4_bits、limits.ipv6_bits）；0 表示不限。", "256"},
    {Option::kHandleIdleSeconds, "handle.idle_seconds", OptionType::kNumber, "660", "", 1, 86'400,
     "0.1",
     "Seconds after which a connection without a message is closed. Pools of clients keep "
     "theirs open for ten minutes.",
     "连接无报文超过此秒数即关闭；客户端连接池一般保持十分钟。", "900"},
    {Option::kHandleCache, "handle.cache", OptionType::kOctets, "256MiB", "", 0, 64 * kTebi, "0.1",
     "Memory for encoded answers, of all event loops together. 0: none is kept.",
     "缓存已编码应答的内存，由全部事件循环均分；0 表示不缓存。", "4GiB"},
    {Option::kHandleAdministrators, "handle.administrators", OptionType::kIdentities, "", "", 0, 0,
     "0.1", "Administrators of this server, index:handle: they home prefixes and list them.",
     "本服务器的管理员（索引:标识），可托管前缀并列出已托管前缀。", "300:88.118/ADMIN"},
    {Option::kHandleAdministratorsFullAccess, "handle.administrators_full_access",
     OptionType::kChoice, "no", "yes|no", 0, 0, "0.1",
     "They may also change every identifier, whatever its own administrators are.",
     "上述管理员是否可变更任何标识。", "yes"},
    {Option::kHandleListHandles, "handle.list_handles", OptionType::kChoice, "yes", "yes|no", 0, 0,
     "0.1", "Administrators of a prefix may list its identifiers.", "前缀管理员是否可列举其标识。",
     "no"},
    {Option::kHandlePublicAddresses, "handle.public_addresses", OptionType::kAddresses, "", "", 0,
     0, "0.1", "Addresses and ports that the site record names to clients. Empty: handle.listen.",
     "站点信息中向客户端公布的地址和端口；为空则用 handle.listen。",
     "203.0.113.7:2641, [2001:db8::7]:2641"},
    {Option::kHandleSiteSerial, "handle.site_serial", OptionType::kNumber, "1", "", 1, 65'534,
     "0.1", "Serial number of the site record; one more whenever it changes.",
     "站点信息序列号，每次变更加一。", "2"},
    {Option::kHandleSiteDescription, "handle.site_description", OptionType::kText, "", "", 0, 0,
     "0.1", "What the site record says of itself. Empty: the node's name.",
     "站点信息中的描述；为空则用节点名称。", "Weihai power tools"},
    {Option::kGrpcListen, "grpc.listen", OptionType::kAddress, "127.0.0.1:9070", "", 0, 0, "0.1",
     "Address and port of gRPC: registration in bulk, administration, nodes below. Other than "
     "loopback only with the three TLS files.",
     "gRPC 的监听地址和端口，用于批量注册、管理和下级节点对接。非回环地址必须配置三个 TLS 文件。",
     "0.0.0.0:9070"},
    {Option::kGrpcCaFile, "grpc.ca_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "Certificates (PEM) of the authority that callers must have theirs from.",
     "签发调用方证书的 CA 证书文件（PEM）。", "/etc/idnode/ca.pem"},
    {Option::kGrpcCertificateFile, "grpc.certificate_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "The node's certificate chain (PEM).", "本节点的证书链文件（PEM）。", "/etc/idnode/node.pem"},
    {Option::kGrpcKeyFile, "grpc.key_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "The private key of the node's certificate (PEM); readable by the node alone.",
     "本节点证书的私钥文件（PEM），仅节点可读。", "/etc/idnode/node.key"},
    {Option::kUpstreamAddress, "upstream.address", OptionType::kAddress, "", "", 0, 0, "0.1",
     "Host and port of the node above. Empty: none; the node works alone.",
     "上级节点的主机和端口；为空则不对接。", "top.example:9070"},
    {Option::kUpstreamTokenFile, "upstream.token_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "A file with the token that the node above has given.", "存放上级节点所发令牌的文件。",
     "/etc/idnode/upstream.token"},
    {Option::kUpstreamCaFile, "upstream.ca_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "Certificates (PEM) of the authority that the node above has its own from.",
     "签发上级节点证书的 CA 证书文件（PEM）。", "/etc/idnode/top-ca.pem"},
    {Option::kUpstreamCertificateFile, "upstream.certificate_file", OptionType::kPath, "", "", 0, 0,
     "0.1", "The certificate chain (PEM) that the node shows to the node above.",
     "向上级节点出示的证书链文件（PEM）。", "/etc/idnode/child.pem"},
    {Option::kUpstreamKeyFile, "upstream.key_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "The private key of that certificate (PEM).", "上述证书的私钥文件（PEM）。",
     "/etc/idnode/child.key"},
    {Option::kUpstreamReconcileMinutes, "upstream.reconcile_minutes", OptionType::kNumber, "60", "",
     1, 1'440, "0.1",
     "How often what is filed with the node above is compared with what it has; differences are "
     "filed again.",
     "与上级节点核对所报送数据的间隔（分钟），差异自动补报。", "60"},
    {Option::kDownstreamChildrenMax, "downstream.children_max", OptionType::kNumber, "10000", "", 1,
     1'000'000, "0.1", "Nodes below that may be docked.", "可对接的下级节点数上限。", "10000"},
    {Option::kTraceRequireTargets, "trace.require_targets", OptionType::kChoice, "no", "yes|no", 0,
     0, "0.1",
     "Whether what a record refers to (TRACE.MADE_FROM …) must be registered on this node. Goods "
     "of "
     "other nodes can then not be referred to.",
     "记录所引用的标识（TRACE.MADE_FROM 等）是否必须已在本节点注册；启用后不能引用其他节点的标识。",
     "yes"},
    {Option::kTraceRemote, "trace.remote", OptionType::kChoice, "on", "on|off", 0, 0, "0.1",
     "Whether a trace goes on at the nodes that answer for other identifiers, at the addresses "
     "that "
     "records name.",
     "追溯是否在负责其他标识的节点上继续；按记录中的地址询问。", "off"},
    {Option::kTraceNetworks, "trace.networks", OptionType::kNetworks, "", "", 0, 0, "0.1",
     "The networks that may be asked for that. Empty: all but loopback, link-local, multicast and "
     "reserved addresses.",
     "可为此询问的网络；为空则除环回、链路本地、组播和保留地址外均可。",
     "203.0.113.0/24, 2001:db8::/32"},
    {Option::kTraceCaFile, "trace.ca_file", OptionType::kPath, "", "", 0, 0, "0.1",
     "Certificates (PEM) of the authorities that nodes asked over HTTPS have theirs from. Empty: "
     "the system's.",
     "签发被询问节点 HTTPS 证书的 CA 证书文件（PEM）；为空则用系统信任的 CA。",
     "/etc/idnode/nodes-ca.pem"},
    {Option::kTraceAbove, "trace.above", OptionType::kText, "", "", 0, 0, "0.1",
     "The node that is asked where no record says who answers, and may name another one: "
     "http://, https:// or tcp:// (Handle protocol), an address and a port. Empty: none.",
     "没有记录说明由谁负责时询问的节点，它可再指向其他节点：http://、https:// 或 "
     "tcp://（Handle 协议）加地址和端口；为空则不询问。",
     "https://203.0.113.1:8443"},
    {Option::kForwardBelow, "forward.below", OptionType::kChoice, "on", "on|off", 0, 0, "0.1",
     "Whether the node asks a node below for an identifier, for whoever wants that "
     "(?forward=yes); else it only says where to ask.",
     "请求方要求时（?forward=yes），是否代为向下级节点查询；否则只告知应查询的节点。", "off"},
    {Option::kForwardNetworks, "forward.networks", OptionType::kNetworks, "", "", 0, 0, "0.1",
     "The networks of nodes below that may be asked so. Empty: all but loopback, link-local, "
     "multicast and reserved addresses.",
     "可代为查询的下级节点所在网络；为空则除环回、链路本地、组播和保留地址外均可。",
     "203.0.113.0/24, 2001:db8::/32"},
    {Option::kStorageBlockCache, "storage.block_cache", OptionType::kOctets, "256MiB", "",
     8 * kMebi, 64 * kTebi, "0.1", "Memory for blocks of files that were read.",
     "缓存已读数据块的内存。", "8GiB"},
    {Option::kStorageMemtable, "storage.memtable", OptionType::kOctets, "32MiB", "", kMebi,
     4 * kGibi, "0.1",
     "Memory for rows not yet in files, for each table. 32 to 64 MiB is fastest (measured).",
     "每张表尚未落盘的行所用内存；实测 32 至 64 MiB 最快。", "64MiB"},
    {Option::kStorageWorkThreads, "storage.work_threads", OptionType::kNumber, "4", "", 1, 256,
     "0.1", "Threads for what may wait for the disk.", "可能等待磁盘的任务所用线程数。", "16"},
    {Option::kLedgerQueueItems, "ledger.queue_items", OptionType::kNumber, "65536", "", 4'096,
     4'194'304, "0.1", "Items that may wait for the ledger; beyond that the node answers busy.",
     "等待入账的条目数上限，超出时答复繁忙。", "65536"},
    {Option::kCountingInternalNetworks, "counting.internal_networks", OptionType::kNetworks, "", "",
     0, 0, "0.1", "Networks of the operator's own; resolutions from there are counted as internal.",
     "运营方自有网络，来自其中的解析计为内部。", "10.0.0.0/8, fd00::/8"},
    {Option::kCountingProbeNetworks, "counting.probe_networks", OptionType::kNetworks, "", "", 0, 0,
     "0.1", "Networks of monitoring systems; resolutions from there are counted as probes.",
     "监测系统所在网络，来自其中的解析计为探测。", "192.0.2.10"},
    {Option::kCountingLoadTestNetworks, "counting.load_test_networks", OptionType::kNetworks, "",
     "", 0, 0, "0.2",
     "Networks of load generators; resolutions from there are counted as load tests.",
     "压测系统所在网络，来自其中的解析计为压测。", "198.51.100.0/24"},
    {Option::kCountingBeaconParameter, "counting.beacon_parameter", OptionType::kText, "from-page",
     "", 0, 0, "0.2",
     "A resolution over HTTP whose query has this parameter is a page's, made by being shown. "
     "Empty: none.",
     "HTTP 解析请求的查询串含此参数者计为页面埋点；为空则不以参数识别。", "beacon"},
    {Option::kLimitsQuestionsPerSecond, "limits.questions_per_second", OptionType::kNumber, "20000",
     "", 0, 1'000'000'000, "0.1",
     "Questions a second that one network may ask of each event loop over the Handle protocol. 0: "
     "no limit.",
     "同一网络每秒可经 Handle 协议向每个事件循环提出的查询数；0 表示不限。", "5000"},
    {Option::kLimitsBurstSeconds, "limits.burst_seconds", OptionType::kNumber, "5", "", 1, 3'600,
     "0.1", "Seconds of that rate that a quiet network may ask at once.",
     "空闲网络可一次性用掉的秒数。", "10"},
    {Option::kLimitsSlip, "limits.slip", OptionType::kNumber, "2", "", 0, 1'000, "0.1",
     "Of what is over the limit, every so many get a short \"too busy\", the others nothing. 0: "
     "none.",
     "超限查询中每隔若干个答复“繁忙”，其余不答；0 表示全部不答。", "3"},
    {Option::kLimitsIpv4Bits, "limits.ipv4_bits", OptionType::kNumber, "24", "", 0, 32, "0.1",
     "IPv4 addresses that are equal in so many bits are one network.",
     "IPv4 地址前若干位相同者视为同一网络。", "32"},
    {Option::kLimitsIpv6Bits, "limits.ipv6_bits", OptionType::kNumber, "56", "", 0, 128, "0.1",
     "IPv6 addresses that are equal in so many bits are one network.",
     "IPv6 地址前若干位相同者视为同一网络。", "64"},
    {Option::kLimitsUdpAmplification, "limits.udp_amplification", OptionType::kNumber, "3", "", 0,
     1'000, "0.1",
     "So many times the octets received in the last second are sent over UDP to an address that "
     "has "
     "not proven itself over TCP. 0: no limit.",
     "对尚未通过 TCP 证实的地址，UDP 应答字节数不超过其近一秒来量的倍数；0 表示不限。", "2"},
    {Option::kLimitsUnlimitedNetworks, "limits.unlimited_networks", OptionType::kNetworks,
     "127.0.0.0/8, ::1", "", 0, 0, "0.1", "Networks to which none of these limits applies.",
     "不受上述限制的网络。", "10.0.0.0/8, ::1"},
    {Option::kLimitsDryRun, "limits.dry_run", OptionType::kChoice, "no", "yes|no", 0, 0, "0.1",
     "Only count what would be refused.", "仅统计将被拒绝的数量，不实际拒绝。", "yes"},
    {Option::kSecurityLegacySecretKeys, "security.legacy_secret_keys", OptionType::kChoice, "yes",
     "yes|no", 0, 0, "0.1",
     "Secret keys (HS_SECKEY) may be registered and prove an identity; they are kept encrypted. "
     "Without old clients, say no.",
     "是否允许登记并使用密钥（HS_SECKEY）认证；密钥加密存储。没有旧客户端时应设为 no。", "no"},
    {Option::kSecuritySeparateDuties, "security.separate_duties", OptionType::kChoice, "no",
     "yes|no", 0, 0, "0.1",
     "Nobody runs the node alone: tokens of role operator are neither made nor accepted, the "
     "system, security and audit officers are three persons, and the local socket gives out tokens "
     "and nothing else.",
     "三员分立：不发放也不接受 operator "
     "令牌，系统、安全、审计管理员须由不同人员担任，本机套接字只能发放令牌。",
     "yes"},
    {Option::kLogLevel, "log.level", OptionType::kChoice, "info", "debug|info|warning|error", 0, 0,
     "0.1", "The least important lines that are written.", "写出的最低日志级别。", "warning"},
    {Option::kLogFormat, "log.format", OptionType::kChoice, "text", "text|json", 0, 0, "0.1",
     "Lines for people, or one JSON object a line.", "日志格式：文本或每行一个 JSON 对象。",
     "json"},
    {Option::kLogOrigin, "log.origin", OptionType::kText, "", "", 0, 0, "0.1",
     "The name under which the node signs checkpoints of its log, without spaces and plus signs: "
     "where it is published. Empty: idnode/<prefix>/<node id>. A log that was set back behind what "
     "was signed needs another name.",
     "节点为日志检查点签名时所用的名称（不含空格和加号），通常为其公布地址；为空则用 "
     "idnode/<前缀>/<节点编号>。日志被恢复到已签名位置之前时须改用新名称。",
     "id.example.cn/log"},
    {Option::kLogPublicRecords, "log.public_records", OptionType::kChoice, "no", "yes|no", 0, 0,
     "0.1",
     "Whether anybody may read the records of the log, which name enterprises and identifiers. "
     "Hashes and checkpoints are public always.",
     "是否允许任何人读取日志记录（含企业与标识名称）；哈希与检查点始终公开。", "yes"},
    {Option::kProbesSeconds, "probes.seconds", OptionType::kNumber, "60", "", 0, 3'600, "0.1",
     "How often the resolvers of the nodes below are probed, over UDP and TCP. 0: never.",
     "探测下级节点解析服务（UDP 与 TCP）的间隔秒数；0 表示不探测。", "30"},
    {Option::kProbesWindowMinutes, "probes.window_minutes", OptionType::kNumber, "30", "", 1, 1'440,
     "0.1",
     "A node below is to be taken over when 51 % of the probes of so many minutes have failed.",
     "下级节点在此时间（分钟）内 51 % 的探测失败即应启动应急接管。", "30"},
    {Option::kProbesSources, "probes.sources", OptionType::kNetworks, "", "", 0, 0, "0.1",
     "Addresses of this machine from each of which is probed. Empty: as the system chooses.",
     "发起探测所用的本机地址，逐一使用；为空则由系统选择。", "192.0.2.7, 198.51.100.7"},
    {Option::kRehearsalFaults, "rehearsal.faults", OptionType::kChoices, "",
     "late|lost|doubled|refused|garbled|slow", 0, 0, "0.1",
     "What a top-level node does wrong on purpose to the nodes below, for rehearsals: late, lost, "
     "doubled, refused, garbled, slow. Only with gRPC on loopback. Never in production.",
     "演练用：顶级节点对下级节点故意注入的故障（late 延迟、lost 丢失、doubled 重复、refused 拒绝、"
     "garbled 乱码、slow 缓慢）；仅限 gRPC 监听回环地址时使用，严禁用于生产。",
     "late, lost"},
    {Option::kRehearsalSeed, "rehearsal.seed", OptionType::kNumber, "1", "", 0, 1'000'000'000,
     "0.1", "The same seed, the same faults in the same order.",
     "故障注入的随机种子；种子相同则故障及次序相同。", "42"},
});

namespace option_internal {
constexpr bool RowsFollowTheEnum() {
  for (size_t i = 0; i < kOptionRows.size(); ++i) {
    if (static_cast<size_t>(kOptionRows[i].option) != i) return false;
  }
  return kOptionRows.size() == static_cast<size_t>(Option::kCount);
}
static_assert(RowsFollowTheEnum());
}  // namespace option_internal

constexpr const OptionRow& RowOf(Option option) { return kOptionRows[static_cast<size_t>(option)]; }

}  // namespace idnode
