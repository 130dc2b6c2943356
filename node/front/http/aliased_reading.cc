#include "node/front/http/aliased_reading.h"

#include "node/service/alias.h"

namespace idnode {

Result<std::vector<Value>> SeenValues(const ReadRecord& read) {
  if (read.granted) return read.granted->values;
  auto values = read.answer.found.record.DecodeAll();
  if (!values) return values.error();
  if (read.public_only) {
    std::erase_if(*values, [](const Value& value) { return !value.public_read(); });
  }
  return values;
}

Result<AliasedRecord> ReadThroughAliases(std::string_view identifier, const Query& query,
                                         const Request& request, Desk& desk, ResolutionNote& note) {
  AliasedRecord at;
  std::optional<AliasPath> path;
  for (std::string name(identifier);;) {
    auto read = Read(name, ShownValues{}, query, request, desk, note);
    if (!read) {
      if (!path || AsksForDisk(read.error(), desk)) return read.error();
      // Back to the record that named it: the scratch holds another one by now.
      at.alias = read.error();
      name = at.followed.back();
      at.followed.pop_back();
      read = Read(name, ShownValues{}, query, request, desk, note);
      if (!read) return read.error();
    }
    at.read = *std::move(read);
    note = at.read.note;
    auto values = SeenValues(at.read);
    if (!values) return values.error();
    at.values = *std::move(values);
    at.followed.push_back(name);
    const std::string_view alias = AliasAmong(at.values);
    if (alias.empty() || !at.alias) return at;
    if (!path) path.emplace(at.read.answer.key);
    if (const auto key = path->Follow(alias); !key) {
      at.alias = key.error();
      return at;
    }
    name = alias;
  }
}

}  // namespace idnode
