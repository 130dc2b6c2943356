#include "sync/upstream/catalogue_message.h"

#include <string>

#include "proto/business/application.h"
#include "proto/business/metadata.h"

namespace idnode {

Status FillMetadata(std::string_view body, v1::Metadata& message) {
  const auto metadata = DecodeMetadata(body);
  if (!metadata) return Error{Errc::kCorrupt, "filings: our own metadata cannot be read"};
  message.set_code(metadata->code);
  message.set_version(metadata->version);
  for (const std::string& level : metadata->industry) message.add_industry(level);
  message.set_active_carrier(metadata->active_carrier);
  for (const Metadata::Item& item : metadata->items) {
    v1::MetadataItem& told = *message.add_items();
    told.set_name(item.name);
    told.set_alias(item.alias);
    told.set_type(std::string(NameOf(item.type)));
    told.set_length(item.length);
  }
  return {};
}

Status FillApplication(std::string_view body, v1::Application& message) {
  const auto application = DecodeApplication(body);
  if (!application) return Error{Errc::kCorrupt, "filings: our own application cannot be read"};
  message.set_name(application->name);
  message.set_kind(static_cast<v1::Application::Kind>(application->kind));
  message.set_description(application->description);
  message.set_users(application->users);
  message.set_recursive_ip(application->recursive_ip);
  message.set_recursive_port(application->recursive_port);
  message.set_developer(application->developer);
  return {};
}

}  // namespace idnode
