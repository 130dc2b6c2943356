#include "proto/web/json_document.h"

#include <boost/json/parse.hpp>
#include <utility>

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {

Result<boost::json::value> ParseJsonDocument(std::string_view text, std::string_view what) {
  if (!IsUtf8(text)) return Error{Errc::kNotUtf8, what};
  boost::json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  boost::json::error_code error;
  boost::json::value root = boost::json::parse({text.data(), text.size()}, error, {}, options);
  if (error == boost::json::error::too_deep) return Error{Errc::kTooDeep, what};
  if (error) return Error{Errc::kMalformed, what};
  return root;
}

}  // namespace idnode
