#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <set>
#include <thread>

#include "node/runtime/clock.h"
#include "node/runtime/event_loops.h"
#include "node/runtime/process.h"
#include "node/runtime/random.h"
#include "node/runtime/work_pool.h"

namespace idnode {
namespace {

TEST(Clock, IsThisCenturysAndDoesNotGoBackForDurations) {
  EXPECT_GT(Now().ms, 1'700'000'000'000u);
  const uint64_t before = MonotonicMicros();
  EXPECT_GE(MonotonicMicros(), before);
}

TEST(Random, DoesNotRepeatItself) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.insert(RandomOctets(32)).second);
  EXPECT_EQ(RandomOctets(0), "");
  EXPECT_NE(RandomNumber(), RandomNumber());
}

TEST(WorkPool, RunsWhatWasQueuedBeforeItEnds) {
  std::atomic<int> ran = 0;
  {
    WorkPool pool(2, 1'000);
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(pool.Post([&] { ++ran; }));
  }
  EXPECT_EQ(ran, 500);
}

TEST(WorkPool, MayBeDestroyedAsSoonAsItsWorkIsDone) {
  for (int round = 0; round < 200; ++round) {
    auto pool = std::make_unique<WorkPool>(1, 1);
    std::promise<void> done;
    std::thread poster([&posted = *pool, &done] { posted.Post([&done] { done.set_value(); }); });
    done.get_future().wait();
    pool.reset();  // Perhaps before Post has returned.
    poster.join();
  }
}

TEST(WorkPool, RefusesWhenItsQueueIsFullOrItStops) {
  std::promise<void> started, release;
  WorkPool pool(1, 2);
  ASSERT_TRUE(pool.Post([&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(pool.Post([] {}));
  EXPECT_TRUE(pool.Post([] {}));
  EXPECT_FALSE(pool.Post([] {}));
  EXPECT_EQ(pool.queued(), 2u);
  release.set_value();
  pool.Stop();
  EXPECT_FALSE(pool.Post([] {}));
}

TEST(EventLoops, RunEachLoopOnOneThreadOfItsOwn) {
  EventLoops loops(3);
  loops.Start();
  std::set<std::thread::id> threads;
  for (size_t i = 0; i < loops.size(); ++i) {
    std::set<std::thread::id> of_loop;
    for (int n = 0; n < 10; ++n) {
      std::promise<std::thread::id> ran;
      boost::asio::post(loops.io(i), [&] { ran.set_value(std::this_thread::get_id()); });
      of_loop.insert(ran.get_future().get());
    }
    EXPECT_EQ(of_loop.size(), 1u);
    threads.merge(of_loop);
  }
  EXPECT_EQ(threads.size(), 3u);
  loops.Stop();
  loops.Stop();
}

TEST(Process, WaitsForABlockedSignal) {
  const auto blocked_elsewhere = std::async(std::launch::async, [] {
    BlockSignals();
    pthread_kill(pthread_self(), SIGTERM);
    return WaitForSignal();
  });
  EXPECT_EQ(const_cast<std::future<int>&>(blocked_elsewhere).get(), SIGTERM);
}

TEST(Process, WaitsForASignalNoLongerThanItIsTold) {
  auto waits = std::async(std::launch::async, [] {
    BlockSignals();
    const int none = WaitForSignal(1);
    pthread_kill(pthread_self(), SIGHUP);
    return std::pair(none, WaitForSignal(60'000));
  });
  EXPECT_EQ(waits.get(), std::pair(0, SIGHUP));
}

TEST(Process, TellsTheServiceManagerOneFactALine) {
  const std::string path = "/tmp/idnode_notify_" + std::to_string(getpid());
  const int listener = socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX};
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  NotifyReady("serving\nMAINPID=1");
  char message[256];
  const ssize_t size = recv(listener, message, sizeof message, 0);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(message, static_cast<size_t>(size)), "READY=1\nSTATUS=serving");
  unsetenv("NOTIFY_SOCKET");
  NotifyStopping();  // Nobody is there.
  close(listener);
  unlink(path.c_str());
}

}  // namespace
}  // namespace idnode
