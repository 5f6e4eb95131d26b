#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "tests/support/mosquitto.hpp"
#include "tests/uplink/box.hpp"
#include "tests/uplink/platform.hpp"

namespace jieding::test {

/// A box with a real store and a real broker between it and the platform.
class UplinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Mosquitto::installed()) GTEST_SKIP() << "mosquitto is not installed";
    folder_ = make_folder("jieding-uplink");
    box_.open(folder_);
  }
  void TearDown() override {
    box_.close();
    std::filesystem::remove_all(folder_);
  }

  void start_broker(std::string extra_lines = {}) { broker_.emplace(std::move(extra_lines)); }
  void start_platform(Platform::Receipts receipts) {
    platform_.emplace(io_, broker_->port(), receipts);
    platform_->join();
  }
  sync::Uplink::Options quick() const { return Box::quick(broker_->port()); }

  template <class Condition>
  bool until(Condition condition) {
    return test::until(io_, condition);
  }

  boost::asio::io_context io_;
  std::filesystem::path folder_;
  std::optional<Mosquitto> broker_;
  std::optional<Platform> platform_;
  Box box_{io_};
};

}  // namespace jieding::test
