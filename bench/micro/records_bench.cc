#include <benchmark/benchmark.h>

#include <string>

#include "proto/record/record.h"
#include "proto/web/handle_json.h"

namespace idnode {
namespace {

std::string FourValues() {
  Record record;
  record.enterprise = 7;
  record.created = record.modified = 1'763'700'000;
  for (uint32_t i = 0; i < 4; ++i) {
    Value value;
    value.index = 2000 + i;
    value.type = i == 0 ? "URL" : "NAME";
    value.data = "https://id.example.cn/01/06901234567892";
    record.values.push_back(value);
  }
  std::string octets;
  EncodeRecord(record, octets);
  return octets;
}

void ParseRecord(benchmark::State& state) {
  const std::string octets = FourValues();
  for (auto _ : state) benchmark::DoNotOptimize(RecordView::Parse(octets).ok());
}
BENCHMARK(ParseRecord);

void WriteHandleJson(benchmark::State& state) {
  const std::string octets = FourValues();
  const auto record = RecordView::Parse(octets);
  const ShownValues filter;
  std::string out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(WriteResolution("01/06901234567892", *record, filter, false, out));
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * out.size()));
}
BENCHMARK(WriteHandleJson);

void ReadHandleJson(benchmark::State& state) {
  const std::string octets = FourValues();
  const auto record = RecordView::Parse(octets);
  std::string json;
  WriteResolution("01/06901234567892", *record, ShownValues(), false, json);
  for (auto _ : state) benchmark::DoNotOptimize(ParseValuesBody(json).ok());
}
BENCHMARK(ReadHandleJson);

}  // namespace
}  // namespace idnode
