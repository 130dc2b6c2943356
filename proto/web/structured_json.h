#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "proto/record/value.h"
#include "proto/web/json_fields.h"
#include "proto/web/json_writer.h"

namespace idnode {

inline constexpr size_t kAdminPermissionBits = 12;
// By number: the protocols of a site's interfaces (spec/handle-protocol.md 2.6).
inline constexpr std::array<std::string_view, 4> kInterfaceProtocols = {"UDP", "TCP", "HTTP",
                                                                        "HTTPS"};

// The structured data formats of Handle JSON (spec/handle-protocol.md 6.5): admin, vlist, site,
// key.

// Writes {"format":…,"value":{…}} for a type that has a structured format. False, and nothing
// written: it has none, or the octets are not what the type promises.
bool WriteStructuredData(std::string_view type, std::string_view data, JsonWriter& json);

// The object of a site record, without a format. False, and nothing written: it is none.
bool WriteSiteObject(std::string_view data, JsonWriter& json);

void WriteReference(const ValueReference& reference, JsonWriter& json);
// {"handle":…,"index":…}. The view points into the document.
ValueReference ReadReference(const boost::json::value& value, JsonFields& fields);

// {"format":"string","value":…} where the octets are text by the stock server's rule, else base64.
void WritePlainData(std::string_view data, JsonWriter& json);

// The octets of a "data" member: a bare text, or an object with a format and a value. Failures are
// left in `fields`.
std::string ReadData(const boost::json::value* data, JsonFields& fields);

}  // namespace idnode
