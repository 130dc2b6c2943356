#include <array>

#include "node/cmd/command.h"

namespace idnode {
namespace {

constexpr auto kSubcommands = std::to_array<Subcommand>({
    {"serve", "Run the node.", "运行节点。",
     "  idnode serve\n"
     "  idnode serve --set data.directory=/srv/idnode --set http.listen=127.0.0.1:8080\n",
     DeclareServe},
    {"init", "Make the node's data directory and keys, and print what the node above must enter.",
     "创建数据目录和节点密钥，输出须提供给上级节点的信息。",
     "  idnode init\n"
     "  idnode init -o json > introduction.json\n",
     DeclareInit},
    {"site", "Show the node's site record.", "显示节点的站点信息。",
     "  idnode site > siteinfo.json\n"
     "  idnode site binary > siteinfo.bin\n"
     "  idnode site values\n",
     DeclareSite},
    {"enterprise", "Enrol, change and list enterprises.", "企业的登记、变更与查询。",
     "  idnode enterprise put haier --name 海尔集团\n"
     "  idnode enterprise load enterprises.csv\n"
     "  idnode enterprise list -o json\n"
     "  idnode enterprise subject --template > haier.json\n"
     "  idnode enterprise subject haier --set haier.json\n"
     "  idnode enterprise subject haier --personal\n",
     DeclareEnterprise},
    {"prefix", "Allot, suspend and list prefixes.", "前缀的分配、停用与查询。",
     "  idnode prefix allot 88.118.8 --enterprise haier\n"
     "  idnode prefix allot 6901234 --scheme gs1 --enterprise haier\n"
     "  idnode prefix suspend 88.118.8\n",
     DeclarePrefix},
    {"token", "Create, revoke and list access tokens.", "访问令牌的创建、吊销与查询。",
     "  idnode token create --role enterprise --enterprise haier > haier.token\n"
     "  idnode token create --role child --prefix 88.118 --note 'Jinan secondary node'\n"
     "  idnode token create --role audit_officer --person 李四 > audit.token\n"
     "  idnode token revoke 6f1c0a2b3c4d5e6f\n",
     DeclareToken},
    {"register", "Register, change or remove one identifier.", "注册、变更或注销单个标识。",
     "  idnode register 88.118.8/SN-1 --value 1:URL=https://example.cn/1\n"
     "  idnode register 6901234567892 --value 2000:NAME=电水壶 --replace\n"
     "  idnode register 88.118.8/SN-1 --remove\n",
     DeclareRegister},
    {"range", "Allocate, withdraw and list ranges of serials.", "序列号号段的分配、撤销与查询。",
     "  idnode range allocate 01/06901234567892/10/L1/21/0000001-1000000 "
     "--value 1:URL=https://example.cn/kettle\n"
     "  idnode range list 01/06901234567892\n"
     "  idnode range withdraw 01/06901234567892/21/0000001-1000000\n",
     DeclareRange},
    {"resolve", "Look identifiers up.", "解析标识。",
     "  idnode resolve 6901234567892\n"
     "  idnode resolve 88.118.8/SN-1 --type URL -o json\n"
     "  idnode resolve 88.118.8/SN-1 --handle-server 192.0.2.1:2641 --trace\n",
     DeclareResolve},
    {"explain", "Say what a text is, right or wrong, whose, and how it resolves.",
     "说明一段文本是什么标识、是否正确、归属谁、如何解析。",
     "  idnode explain 6901234567893\n"
     "  idnode explain 'https://id.example.cn/01/06901234567892/21/S1' -o json\n"
     "  idnode explain --offline '(01)06901234567892(10)L1'\n",
     DeclareExplain},
    {"trace", "Show where goods come from and where they went.", "追溯产品的来源与去向。",
     "  idnode trace 01/06901234567892/10/L1\n"
     "  idnode trace 88.118.8/PALLET-7 --direction up --depth 4 -o json\n"
     "  idnode trace 88.118.8/PALLET-7 --local\n",
     DeclareTrace},
    {"import", "Register the identifiers and ranges of serials of a file.",
     "从文件批量注册标识与号段。",
     "  idnode import products.tsv.zst --link 'https://id.example.cn/{text}'\n"
     "  idnode import codes.csv --identifier code --value 2000:NAME=title --value "
     "2001:BRAND=brand\n"
     "  idnode import lots.csv --dry-run   (columns: range,URL)\n"
     "  zcat items.jsonl.gz | idnode import - --format jsonl\n",
     DeclareImport},
    {"links", "List, change and import the links of GS1 identifiers.",
     "GS1 标识的链接：查询、变更与导入。",
     "  idnode links import resolver.json --dry-run\n"
     "  idnode links list 01/06901234567892\n"
     "  idnode links put 01/06901234567892 --link '{\"linktype\":\"gs1:pip\",\"href\":"
     "\"https://brand.example/{01}\",\"title\":\"Kettle\",\"default\":true}'\n"
     "  idnode links remove 01/06901234567892 --linktype gs1:faqs\n",
     DeclareLinks},
    {"export", "Write ranges of serials and identifiers as JSON Lines, in order of key.",
     "按键序导出号段与标识。",
     "  idnode export > all.jsonl\n"
     "  idnode export --scheme gs1 --enterprise 7 --output-file haier.jsonl\n"
     "  idnode export --digest\n",
     DeclareExport},
    {"template", "Put, publish, withdraw and show data templates.",
     "数据模板的编制、发布、撤销与查看。",
     "  idnode template put kettle.json\n"
     "  idnode template publish 88.118.8/META_kettle 1.0\n"
     "  idnode template list --state published\n"
     "  idnode template show 88.118.8/META_kettle -o json\n"
     "  idnode template withdraw 88.118.8/META_kettle 1.0\n",
     DeclareTemplate},
    {"application", "Put, remove and list applications.", "应用的登记、移除与查询。",
     "  idnode application put shop.json\n"
     "  echo '{\"handle\":\"88.118.8/App_shop\",\"name\":\"Shop\",\"kind\":3}' | "
     "idnode application put -\n"
     "  idnode application list\n"
     "  idnode application remove 88.118.8/App_shop\n",
     DeclareApplication},
    {"filing", "Show what nodes below have filed, and compare with the node above.",
     "查看下级节点报送的数据，并与上级节点对账。",
     "  idnode filing list\n"
     "  idnode filing list --table 7 -o json\n"
     "  idnode filing reconcile\n",
     DeclareFiling},
    {"directive", "Tell nodes below what to do, and see what came of it.",
     "向下级节点下达指令并查看结果。",
     "  idnode directive suspend 88.118.8 --child 88.118 --reason \"court order\"\n"
     "  idnode directive query evaluation --child 88.118\n"
     "  idnode directive challenge 88.118.8/SN-1 --child 88.118\n"
     "  idnode directive list\n",
     DeclareDirective},
    {"incident", "Say that something went wrong or is well again, and list it.",
     "事件的登记、恢复与查询。",
     "  idnode incident list --open\n"
     "  idnode incident open '机房停电 power cut' --cause system\n"
     "  idnode incident open '升级 upgrade' --planned --at 2026-11-22T16:00:00Z\n"
     "  idnode incident close 20261122T160000Z-hand-3f9a1c '升级完成 done'\n",
     DeclareIncident},
    {"stats", "Show the figures of a node.", "显示节点统计数据。",
     "  idnode stats\n"
     "  idnode stats --enterprises --hours 24 -o json\n"
     "  idnode stats --day 2026-11-22 --zone UTC --json\n",
     DeclareStats},
    {"report", "Show where the node stands in the provincial evaluation; the monthly report.",
     "对照省级评价指标输出报告；月度运行报告。",
     "  idnode report\n"
     "  idnode report -o json > report-2026-11.json\n"
     "  idnode report month 2026-10 --html 2026-10.html --json 2026-10.json\n",
     DeclareReport},
    {"dossier", "Write the dossier of the provincial evaluation from an exported log.",
     "由导出的日志生成省级评价申报材料。",
     "  idnode stats --enterprises -o json > stats.json   (first: the log goes on)\n"
     "  idnode log export /audit/2026-11\n"
     "  idnode dossier --form > words.json\n"
     "  idnode dossier /audit/2026-11 --words words.json --to dossier.xlsx --to dossier.html\n"
     "  idnode dossier /audit/2026-11 --against stats.json --to dossier.json\n",
     DeclareDossier},
    {"recount", "Recompute every figure from log and tables, and compare.",
     "依据日志与数据重新核算全部统计数据。",
     "  idnode recount\n"
     "  idnode recount --child 1\n"
     "  idnode recount --directory /var/lib/idnode   (the node is stopped)\n",
     DeclareRecount},
    {"log",
     "Export the log with its signed checkpoint, for those who check the figures themselves.",
     "导出带签名检查点的日志，供第三方独立核验。",
     "  idnode log export /audit/2026-11\n"
     "  idnode log export /audit/2026-11 --url https://id.example.cn --token-file reader.token\n"
     "  idnode log keys > node.vkeys\n"
     "  idnode-recount /audit/2026-11 --key-file node.vkeys   (a program of its own)\n",
     DeclareLog},
    {"audit", "List who did what, and print which role may do what.", "查阅审计记录与角色权限。",
     "  idnode audit list --since 2026-11-22T00:00:00Z\n"
     "  idnode audit list --act export_identifiers -o json\n"
     "  idnode audit list --actor token:6f1c0a2b3c4d5e6f\n"
     "  idnode audit roles\n",
     DeclareAudit},
    {"backup", "Back the running node up.", "在线备份。",
     "  idnode backup /backup/idnode-2026-11-21\n"
     "  idnode backup --verify /backup/idnode-2026-11-21\n",
     DeclareBackup},
    {"restore", "Make a data directory of a backup.", "从备份恢复数据目录。",
     "  idnode restore /backup/idnode-2026-11-21 /var/lib/idnode\n", DeclareRestore},
    {"rehearse",
     "Go through the acceptance list of docking with the top-level node, on this machine.",
     "在本机按国家顶级节点对接验收清单演练。",
     "  idnode rehearse\n"
     "  idnode rehearse --config /etc/idnode/idnode.toml --subject operator.json --report "
     "rehearsal\n"
     "  idnode rehearse --only 7,9\n",
     DeclareRehearse},
    {"config", "Check, show and explain options.", "检查、显示与说明配置项。",
     "  idnode config check --config /etc/idnode/idnode.toml\n"
     "  idnode config show\n"
     "  idnode config explain http.listen\n"
     "  idnode config example > idnode.toml\n",
     DeclareConfig},
    {"doctor", "Look for what would keep the node from working.", "诊断运行环境。",
     "  idnode doctor\n", DeclareDoctor},
    {"completion", "Print a completion script for a shell.", "输出命令补全脚本。",
     "  idnode completion bash > /etc/bash_completion.d/idnode\n", DeclareCompletion},
    {"version", "Print the version.", "显示版本。", "  idnode version -o json\n", DeclareVersion},
});

}  // namespace

std::span<const Subcommand> Subcommands() { return kSubcommands; }

}  // namespace idnode
