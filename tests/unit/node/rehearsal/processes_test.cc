#include "node/rehearsal/processes.h"

#include <gtest/gtest.h>
#include <signal.h>  // POSIX's: sigsuspend. NOLINT(modernize-deprecated-headers)

#include <cerrno>
#include <chrono>
#include <thread>

#include "node/rehearsal/stage.h"
#include "node/rehearsal/subject_example.h"
#include "storage/durable_file.h"
#include "tests/patience.h"

namespace idnode {
namespace {

// What the tests below start: this program, with this for its only test.
TEST(DISABLED_Started, WaitsForASignal) {
  sigset_t none;
  sigemptyset(&none);
  for (;;) sigsuspend(&none);
}

class ProcessesTest : public testing::Test {
 protected:
  ProcessesTest() : scratch_(*ScratchFolder::Make()), log_(scratch_.path() + "/log") {}
  pid_t StartOneThatWaits() {
    const auto process = processes_.Start(
        {"--gtest_filter=DISABLED_Started.*", "--gtest_also_run_disabled_tests"}, log_);
    EXPECT_TRUE(process.ok());
    return process ? *process : -1;
  }
  // Whether it ends by itself.
  bool Ends(pid_t process) {
    const auto until = std::chrono::steady_clock::now() + Patience(20);
    while (processes_.Runs(process)) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }
  static bool Exists(pid_t process) { return ::kill(process, 0) == 0 || errno != ESRCH; }

  ScratchFolder scratch_;
  const std::string log_;
  Processes processes_;
};

TEST_F(ProcessesTest, RunThisProgramAndKeepWhatItSays) {
  const auto process = processes_.Start({"--gtest_list_tests"}, log_);
  ASSERT_TRUE(process.ok());
  EXPECT_TRUE(Ends(*process));
  const auto log = ReadWholeFile(log_, 1u << 20);
  ASSERT_TRUE(log.ok());
  EXPECT_NE(log->find("RunThisProgramAndKeepWhatItSays"), std::string::npos);
}

TEST_F(ProcessesTest, EndWhenTheyAreKilledOrAsked) {
  const pid_t killed = StartOneThatWaits(), asked = StartOneThatWaits();
  EXPECT_TRUE(processes_.Runs(killed));
  processes_.Kill(killed);
  EXPECT_FALSE(processes_.Runs(killed));
  EXPECT_FALSE(Exists(killed));
  EXPECT_TRUE(processes_.Runs(asked));
  const Status stopped = processes_.Stop(asked, 20);  // It dies of the signal: not in order.
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, Errc::kInternal);
  EXPECT_FALSE(Exists(asked));
}

TEST_F(ProcessesTest, AreAllEndedAndNoneIsStartedAfterwards) {
  const pid_t one = StartOneThatWaits(), other = StartOneThatWaits();
  processes_.EndAll();
  EXPECT_TRUE(processes_.were_ended());
  EXPECT_FALSE(Exists(one) || Exists(other));
  const auto late = processes_.Start({"--gtest_list_tests"}, log_);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, Errc::kShuttingDown);
}

TEST_F(ProcessesTest, DoNotOutliveTheirOwner) {
  pid_t process = -1;
  {
    Processes owner;
    const auto started =
        owner.Start({"--gtest_filter=DISABLED_Started.*", "--gtest_also_run_disabled_tests"}, log_);
    ASSERT_TRUE(started.ok());
    process = *started;
    EXPECT_TRUE(owner.Runs(process));
  }
  EXPECT_FALSE(Exists(process));
}

TEST_F(ProcessesTest, ThatCannotWriteTheirLogAreNotStarted) {
  const auto process = processes_.Start({}, scratch_.path() + "/no/such/folder/log");
  ASSERT_FALSE(process.ok());
  EXPECT_EQ(process.error().code, Errc::kIo);
}

TEST(FreePort, IsOneOfAnAddressOfThisMachine) {
  const auto port = FreePort("127.0.0.1");
  ASSERT_TRUE(port.ok());
  EXPECT_GT(*port, 0);
  EXPECT_FALSE(FreePort("192.0.2.1").ok());
}

TEST(SubjectExample, HasACertificateOfItsOwn) {
  EXPECT_EQ(SocialCreditCodeOf("91350100M000100Y4"), "91350100M000100Y43");
  const std::string one = ExampleSubject({.organisation = "示例", .code = 1});
  EXPECT_NE(one, ExampleSubject({.organisation = "示例", .code = 2})) << "another certificate";
  EXPECT_NE(one.find("示例"), std::string::npos);
}

TEST(SubjectExample, IsChangedMemberByMember) {
  const std::string changed = Changed(R"({"a":1,"b":2})", R"({"a":null,"c":3})");
  EXPECT_EQ(changed, R"({"b":2,"c":3})");
}

}  // namespace
}  // namespace idnode
