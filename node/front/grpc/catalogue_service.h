#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "node/security/authenticator.h"

namespace idnode {

class Applications;
class Templates;

// idnode.v1.Catalogue. Its methods wait for the disk, each on a thread of gRPC's own. All outlive
// it.
std::unique_ptr<grpc::Service> MakeCatalogueService(Templates& templates,
                                                    Applications& applications,
                                                    const Authenticator& authenticator);

}  // namespace idnode
