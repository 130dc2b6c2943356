#include "node/rehearsal/items.h"

namespace idnode {

std::vector<RehearsalItem> RehearsalItems() {
  return {
      {1,
       "Provisioning by EPP",
       "EPP 开户与前缀申请",
       {},
       "the EPP client is not built",
       "尚未实现 EPP 客户端"},
      {2, "Data synchronisation", "数据同步", FilingSteps(), "", ""},
      {3, "Monitoring data", "监测数据", MonitoringSteps(), "", ""},
      {4, "Monthly operation report", "系统运行月度报告", MonthlyReportSteps(), "", ""},
      {5, "Data escrow", "数据托管", {}, "deposits are not made", "尚未实现托管数据的提交"},
      {6, "Emergency takeover", "应急接管", TakeoverSteps(),
       "what was registered meanwhile is not handed back by a command of its own",
       "接管期间登记数据的专用回迁命令尚未实现"},
      {7, "Resolution", "标识解析", ResolutionSteps(), "", ""},
      {8, "Handle clients", "Handle 客户端兼容性", HandleClientSteps(), "", ""},
      {9, "Directory service IIIDAP", "标识目录服务 IIIDAP", DirectorySteps(), "", ""},
      {10, "Statistics", "统计数据", CountingSteps(), "", ""},
      {11, "Subject data", "主体数据", SubjectSteps(), "", ""},
      {12, "Templates", "标识数据模板", TemplateSteps(), "", ""},
  };
}

}  // namespace idnode
