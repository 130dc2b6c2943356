#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "node/cmd/command.h"
#include "node/cmd/language.h"
#include "proto/base/result.h"

namespace idnode {

// Documents that a node keeps: how they are read, and how they, and their faults, are printed.

// Of a file, or "-": of stdin. kIo, kTooLarge.
Result<std::string> ReadDocument(const std::string& file, size_t octets_max);

// Empty: there is no such text.
std::string TextMember(const boost::json::object& object, std::string_view member);

// As it is, or indented for people.
void PrintDocument(const GlobalOptions& global, const std::string& document);
// One line each on stderr: member, its meaning, the reason.
void PrintFaults(const boost::json::object& document, std::string_view member, Language language);

}  // namespace idnode
