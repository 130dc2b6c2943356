#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "proto/base/result.h"

namespace idnode {

// What a server shows in TLS 1.2 or later: the certificate and its key, read once from PEM files;
// the chain begins with the node's own certificate. kIo: one cannot be read, or the key is another
// certificate's.
Result<std::shared_ptr<boost::asio::ssl::context>> ServerTlsContext(
    const std::string& certificate_file, const std::string& key_file);

}  // namespace idnode
