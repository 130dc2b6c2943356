#include "sync/downstream/catalogue_message.h"

#include "proto/business/application.h"
#include "proto/business/metadata.h"

namespace idnode {

Result<std::string> MetadataBody(const v1::Metadata& message, const FilingName& name) {
  constexpr Error kFaults{Errc::kInvalidTemplate, "filing: metadata with faults"};
  Metadata metadata{.code = message.code(),
                    .version = message.version(),
                    .industry = {},
                    .active_carrier = message.active_carrier(),
                    .items = {}};
  const CatalogueName said = CatalogueNameOf(name);
  if (metadata.version != said.version || !CheckTemplateHandle(said.handle)) return kFaults;
  if (message.items_size() > static_cast<int>(kTemplateItemsMax)) return kFaults;
  if (message.industry_size() > static_cast<int>(kTemplateIndustryLevels)) return kFaults;
  metadata.industry.assign(message.industry().begin(), message.industry().end());
  for (const v1::MetadataItem& item : message.items()) {
    metadata.items.push_back(
        {item.name(), item.alias(), ItemTypeNamed(item.type()), item.length()});
  }
  if (const Status fits = CheckMetadata(metadata); !fits) return kFaults;
  return EncodeMetadata(metadata);
}

Result<std::string> ApplicationBody(const v1::Application& message, const FilingName& name) {
  constexpr Error kFaults{Errc::kInvalidApplication, "filing: an application with faults"};
  if (message.recursive_port() > UINT16_MAX || message.kind() < v1::Application::APP ||
      message.kind() > v1::Application::OTHER) {
    return kFaults;
  }
  const Application application{.handle = std::string(CatalogueNameOf(name).handle),
                                .name = message.name(),
                                .description = message.description(),
                                .developer = message.developer(),
                                .kind = static_cast<ApplicationKind>(message.kind()),
                                .users = message.users(),
                                .recursive_ip = message.recursive_ip(),
                                .recursive_port = static_cast<uint16_t>(message.recursive_port())};
  if (!CheckApplication(application).empty()) return kFaults;
  return EncodeApplication(application);
}

}  // namespace idnode
