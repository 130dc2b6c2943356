#include <boost/json/object.hpp>
#include <string_view>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/service/figures.h"
#include "storage/keyspace.h"

namespace idnode {

Run DeclareVersion(CLI::App&, const GlobalOptions& global) {
  return [&global] {
    PrintObject(global.output, {{"idnode", IDNODE_VERSION},
                                {"store_format", keyspace::kFormatVersion},
                                {"counting_rules", kCountingRules},
                                {"compiler", __VERSION__}});
    return kExitOk;
  };
}

}  // namespace idnode
