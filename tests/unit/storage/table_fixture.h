#pragma once

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "proto/base/limits.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/registry.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {

inline std::string RecordOf(uint32_t enterprise, std::string_view text = "") {
  Record record;
  record.enterprise = enterprise;
  record.created = record.modified = kMorning.seconds();
  record.text = text;
  record.values = {{.index = 1, .type = "URL", .data = "https://example.com/1"}};
  std::string octets;
  EncodeRecord(record, octets);
  return octets;
}

inline Enterprise EnterpriseOf(uint32_t number, EnterpriseState state = EnterpriseState::kActive) {
  return {.number = number,
          .code = "E" + std::to_string(number),
          .name = "企业 " + std::to_string(number),
          .state = state,
          .created = kMorning,
          .version = {}};
}

inline AllottedPrefix PrefixOf(uint32_t enterprise, std::string text,
                               Scheme scheme = Scheme::kHandle,
                               PrefixState state = PrefixState::kActive) {
  return {.prefix = {scheme, std::move(text)},
          .enterprise = enterprise,
          .state = state,
          .created = kMorning,
          .version = {}};
}

inline Token TokenOf(std::string id, Role role = Role::kOperator) {
  return {.id = std::move(id),
          .secret_hash = std::string(32, '\x5A'),
          .role = role,
          .note = "for a test",
          .created = kMorning,
          .version = {}};
}

inline TallyRow Resolutions(uint32_t enterprise, int64_t delta, uint32_t hour = kMorning.hour(),
                            TrafficClass traffic = TrafficClass::kExternal,
                            ResolutionOutcome outcome = ResolutionOutcome::kFound) {
  return {{.metric = Metric::kResolutions,
           .enterprise = enterprise,
           .traffic_class = traffic,
           .outcome = outcome},
          hour,
          delta};
}

// A node's memory without files: ledger, directory and registry over an engine in memory.
class MemoryNode {
 public:
  MemoryNode() : log_(OpenLocalCommitLog(*engine_)), registry_(*engine_) {
    auto directory = Directory::Open(*engine_);
    EXPECT_TRUE(directory.ok());
    directory_ = *std::move(directory);
    auto ledger = Ledger::Open(*engine_, *log_, {}, {});
    EXPECT_TRUE(ledger.ok());
    ledger_ = *std::move(ledger);
    ledger_->AddObserver(directory_.get());
    ledger_->Start();
  }

  template <class Build>
  Outcome Commit(Build&& build, Time time = kMorning) {
    auto change = std::make_shared<Change>(time, "tester", OperationId{}, Change::Mode::kTogether);
    build(*change);
    change->Seal();
    return ledger_->Commit(change);
  }

  Engine& engine() { return *engine_; }
  CommitLog& log() { return *log_; }
  Ledger& ledger() { return *ledger_; }
  Directory& directory() { return *directory_; }
  const Registry& registry() const { return registry_; }

  // Every thin record from `from` on.
  std::vector<std::string> Records(Position from = Position{1}) const {
    std::vector<std::string> records;
    for (;;) {
      const auto more = log_->Read(Position{from.value + records.size()}, 1'000, 4u << 20);
      EXPECT_TRUE(more.ok());
      if (!more.ok() || more->empty()) return records;
      records.insert(records.end(), more->begin(), more->end());
    }
  }

 private:
  std::unique_ptr<MemoryEngine> engine_ = OpenMemoryEngine();
  std::unique_ptr<CommitLog> log_;
  Registry registry_;
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<Ledger> ledger_;
};

// Does what a node does in a life, by chance: enterprises, prefixes, registrations, tallies, gaps;
// hours pass. Returns how many changes were done.
inline size_t LiveThrough(MemoryNode& node, uint32_t seed, size_t changes) {
  std::mt19937 chance(seed);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(chance() % n); };
  std::vector<std::pair<std::string, uint32_t>> live;
  Time time = kMorning;
  size_t done = 0, serial = 0;
  for (uint32_t number = 1; number <= 3; ++number) {
    done += node.Commit([&](Change& change) {
                  AddPutEnterprise(change, EnterpriseOf(number), {});
                  AddPutPrefix(change, PrefixOf(number, "88.118." + std::to_string(number)), {});
                })
                .done();
  }
  while (done < changes) {
    time.ms += below(1'200'000);
    const uint32_t enterprise = 1 + below(3);
    std::vector<std::pair<std::string, uint32_t>> added;
    const Outcome outcome = node.Commit(
        [&](Change& change) {
          const uint32_t what = below(10);
          if (what < 5 || live.empty()) {
            for (uint32_t n = 1 + below(5); n > 0; --n) {
              const std::string key =
                  "H88.118." + std::to_string(enterprise) + "/" + std::to_string(serial++);
              AddCreate(change, key, enterprise, RecordOf(enterprise));
              added.emplace_back(key, enterprise);
            }
          } else if (what < 8) {
            const size_t at = below(static_cast<uint32_t>(live.size()));
            const auto [key, owner] = live[at];
            std::string scratch;
            const Position version = node.registry().Find(key, Reach::kDisk, scratch)->version;
            if (what == 5) {
              AddRemove(change, key, owner, version);
              live.erase(live.begin() + static_cast<ptrdiff_t>(at));
            } else {
              AddReplace(change, key, owner, RecordOf(owner, key.substr(1)), version);
            }
          } else if (what == 8) {
            AddTally(change,
                     std::vector{Resolutions(enterprise, 1 + below(1000), time.hour()),
                                 Resolutions(kNoEnterprise, 1 + below(10), time.hour(),
                                             TrafficClass::kProbe, ResolutionOutcome::kNotFound)});
          } else {
            AddGap(change, Time{time.ms - 1000});
          }
        },
        time);
    if (!outcome.done()) break;
    ++done;
    live.insert(live.end(), added.begin(), added.end());
  }
  return done;
}

// Writes rows, as they are, to an empty engine.
inline std::unique_ptr<MemoryEngine> EngineOf(const TableRows& rows) {
  auto engine = OpenMemoryEngine();
  Batch batch;
  for (const auto& [place, value] : rows) batch.Put(place.first, place.second, value);
  EXPECT_TRUE(engine->Write(batch, Engine::Durability::kSynced).ok());
  return engine;
}

}  // namespace idnode
