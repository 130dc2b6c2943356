#pragma once

#include <cstdint>
#include <memory>

#include "node/client/client.h"
#include "node/client/node_client.h"
#include "proto/base/result.h"
#include "proto/rpc/supervision.pb.h"

namespace idnode {

// A node's days and incidents over gRPC: plain calls that wait.
// Threads: any.
class SupervisionClient {
 public:
  static Result<std::unique_ptr<SupervisionClient>> Open(const ClientOptions& options,
                                                         uint32_t timeout_seconds);
  virtual ~SupervisionClient() = default;

  virtual NodeReply<v1::SupervisionDocument> GetMonitoredDays(
      const v1::GetMonitoredDaysRequest& request) = 0;
  virtual NodeReply<v1::SupervisionDocument> ListIncidents(
      const v1::ListIncidentsRequest& request) = 0;
  virtual NodeReply<v1::PutIncidentResponse> OpenIncident(
      const v1::OpenIncidentRequest& request) = 0;
  virtual NodeReply<v1::PutIncidentResponse> CloseIncident(
      const v1::CloseIncidentRequest& request) = 0;
};

}  // namespace idnode
