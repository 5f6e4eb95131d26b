// The tests, or with `--box STATE PORT` one box that runs until it is killed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "tests/uplink/box.hpp"

namespace {

int run_box(const char* state, int port) {
  boost::asio::io_context io;
  jieding::test::Box box(io);
  box.open(state);
  box.start(jieding::test::Box::quick(port));
  jieding::test::until(
      io, [] { return false; }, std::chrono::seconds{60});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--box")
    return run_box(argv[2], std::atoi(argv[3]));
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
