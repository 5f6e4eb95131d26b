#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace jieding::drivers::test {

/// One end of a pair of wires: a pty whose name can be opened, and the descriptor behind it.
struct End {
  End() {
    int open = -1;
    EXPECT_EQ(::openpty(&behind, &open, nullptr, nullptr, nullptr), 0);
    termios raw{};
    ::tcgetattr(open, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(open, TCSANOW, &raw);
    keep_open = open;
    name = ::ptsname(behind);
  }
  ~End() {
    ::close(behind);
    ::close(keep_open);
  }
  End(const End&) = delete;
  int behind = -1;
  int keep_open = -1;
  std::string name;
};

/// A serial port with its adapter, which can be pulled and plugged in again under the same name, as
/// /dev/serial/by-id gives it.
class SerialPort {
 public:
  explicit SerialPort(std::filesystem::path name) : name_(std::move(name)) { plug_in(); }
  ~SerialPort() { pull(); }

  void plug_in() {
    end_ = std::make_unique<End>();
    std::filesystem::create_symlink(end_->name, name_);
  }
  void pull() {
    std::filesystem::remove(name_);
    end_.reset();
  }
  std::string name() const { return name_.string(); }
  /// What the device at its other end says.
  void say(std::string_view bytes) const {
    EXPECT_EQ(::write(end_->behind, bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }
  /// What it has heard; does not wait.
  std::string heard() const {
    ::fcntl(end_->behind, F_SETFL, O_NONBLOCK);
    std::array<char, 512> chunk{};
    const auto count = ::read(end_->behind, chunk.data(), chunk.size());
    return count > 0 ? std::string(chunk.data(), static_cast<std::size_t>(count)) : std::string{};
  }

 private:
  std::filesystem::path name_;
  std::unique_ptr<End> end_;
};

}  // namespace jieding::drivers::test
