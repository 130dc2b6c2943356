#pragma once

#include <cstdint>
#include <memory>

#include "node/client/client.h"
#include "node/client/node_client.h"
#include "proto/base/result.h"
#include "proto/rpc/catalogue.pb.h"

namespace idnode {

// Templates and applications of a node over gRPC: plain calls that wait.
// Threads: any.
class CatalogueClient {
 public:
  static Result<std::unique_ptr<CatalogueClient>> Open(const ClientOptions& options,
                                                       uint32_t timeout_seconds);
  virtual ~CatalogueClient() = default;

  using Reply = NodeReply<v1::CatalogueDocument>;
  virtual Reply PutTemplate(const v1::PutCatalogueRequest& request) = 0;
  virtual Reply SetTemplateState(const v1::SetTemplateStateRequest& request) = 0;
  virtual Reply GetTemplate(const v1::GetTemplateRequest& request) = 0;
  virtual Reply ListTemplates(const v1::ListTemplatesRequest& request) = 0;
  virtual Reply PutApplication(const v1::PutCatalogueRequest& request) = 0;
  virtual Reply RemoveApplication(const v1::ApplicationRequest& request) = 0;
  virtual Reply GetApplication(const v1::ApplicationRequest& request) = 0;
  virtual Reply ListApplications(const v1::ListApplicationsRequest& request) = 0;
};

}  // namespace idnode
