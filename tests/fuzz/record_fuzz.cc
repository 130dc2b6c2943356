// A record that is accepted can be walked, decoded, and encoded into the octets it came from.
// rooms: proto/record proto/base

#include <cstdint>
#include <string>

#include "proto/record/record.h"

namespace {

using idnode::Require;

void CheckWalk(const idnode::RecordView& view, const std::vector<idnode::Value>& values) {
  size_t seen = 0;
  for (idnode::RecordView::Walk walk = view.values(); walk.Next(); ++seen) {
    Require(walk.index() == values.at(seen).index);
    Require(walk.type() == values.at(seen).type);
    Require(walk.permissions() == values.at(seen).permissions);
  }
  Require(seen == values.size() && seen == view.value_count());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto view = idnode::RecordView::Parse(input);
  if (!view) return 0;
  auto values = view->DecodeAll();
  Require(values.ok());
  CheckWalk(*view, *values);
  Require(view->SameContent(*view));

  bool stamped = false;  // A value without a timestamp gets one when it is written.
  for (const idnode::Value& value : *values) stamped = stamped || value.timestamp == 0;
  idnode::Record record{view->enterprise(), view->template_number(),
                        view->created(),    view->modified(),
                        view->text(),       *std::move(values)};
  std::string again;
  idnode::EncodeRecord(record, again);
  Require(stamped || again == input);
  Require(again.size() == input.size());
  return 0;
}
