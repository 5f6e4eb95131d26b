#include "gateway/renditions.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

namespace jieding {
namespace {

namespace asio = boost::asio;

/// Makes pictures that are no pictures, of so many bytes as pixels were asked.
class RenditionsTest : public testing::Test {
 protected:
  asio::awaitable<Result<std::string>> draw(int px) {
    ++drawn;
    co_await asio::post(io, asio::use_awaitable);  // others come meanwhile
    if (fails) co_return Error(Fault::Unavailable, "away");
    co_return std::string(static_cast<std::size_t>(px), 'x');
  }
  Renditions with(Renditions::Options options) {
    return Renditions(
        io.get_executor(), [this](std::string, int px) { return draw(px); }, options);
  }
  std::future<Result<std::string>> ask(Renditions& renditions, std::string sha256, int px) {
    return asio::co_spawn(io, renditions.make(std::move(sha256), px, "jpeg"), asio::use_future);
  }
  void finish() {
    io.run();
    io.restart();
  }

  asio::io_context io;
  int drawn = 0;
  bool fails = false;
};

TEST_F(RenditionsTest, WhoAsksForTheSameMeanwhileGetsTheSame) {
  auto renditions = with({});
  auto first = ask(renditions, "a", 320);
  auto second = ask(renditions, "a", 320);
  finish();
  EXPECT_EQ(first.get().value(), second.get().value());
  EXPECT_EQ(drawn, 1);
  ASSERT_NE(renditions.kept("a", 320), nullptr);
  EXPECT_EQ(renditions.kept("a", 640), nullptr);
}

TEST_F(RenditionsTest, KeepsNoMoreThanThereIsRoomFor) {
  auto renditions = with({.most_bytes = 1000});
  for (const std::string name : {"a", "b", "c"}) {
    auto made = ask(renditions, name, 320);
    finish();
    EXPECT_TRUE(made.get());
  }
  EXPECT_NE(renditions.kept("a", 320), nullptr);  // asked for again: b is the oldest now
  auto one_more = ask(renditions, "d", 320);
  finish();
  EXPECT_TRUE(one_more.get());
  EXPECT_NE(renditions.kept("a", 320), nullptr);
  EXPECT_EQ(renditions.kept("b", 320), nullptr);
  auto larger_than_all = ask(renditions, "e", 1001);
  finish();
  EXPECT_EQ(larger_than_all.get().value().size(), 1001U);
  EXPECT_EQ(renditions.kept("e", 1001), nullptr);
}

TEST_F(RenditionsTest, CamerasWaitForFewOnly) {
  auto renditions = with({.most_in_hand = 2});
  auto first = ask(renditions, "a", 320);
  auto second = ask(renditions, "b", 320);
  auto third = ask(renditions, "c", 320);
  finish();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_EQ(third.get().error().kind(), Fault::Unavailable);
}

TEST_F(RenditionsTest, AFailureIsNotKeptAndNobodyWaitsForEver) {
  auto renditions = with({});
  fails = true;
  auto first = ask(renditions, "a", 320);
  auto second = ask(renditions, "a", 320);
  finish();
  EXPECT_FALSE(first.get());
  EXPECT_FALSE(second.get());
  fails = false;
  auto again = ask(renditions, "a", 320);
  finish();
  EXPECT_TRUE(again.get());
}

}  // namespace
}  // namespace jieding
