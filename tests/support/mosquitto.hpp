#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

namespace jieding::test {

/// A real Mosquitto on a free loopback port, with its configuration and its database in a folder of
/// its own. The port stays the same over restarts.
class Mosquitto {
 public:
  /// Lines for mosquitto.conf beyond listener and sign-in: `max_queued_messages 10` ...
  explicit Mosquitto(std::string extra_lines = {});
  ~Mosquitto();
  Mosquitto(const Mosquitto&) = delete;
  Mosquitto& operator=(const Mosquitto&) = delete;

  int port() const { return port_; }
  const std::filesystem::path& folder() const { return folder_; }
  bool running() const { return process_ > 0; }
  void start();   ///< returns when it takes connections
  void stop();    ///< SIGTERM: a persistent one writes its database
  void kill();    ///< SIGKILL: it loses what it holds in memory
  void freeze();  ///< SIGSTOP: its connections stand and nothing is answered
  static bool installed();

 private:
  void end(int signal);
  std::filesystem::path folder_;
  int port_;
  pid_t process_ = -1;
};

/// Takes TCP connections and never says a word.
class SilentBroker {
 public:
  SilentBroker();
  ~SilentBroker();
  SilentBroker(const SilentBroker&) = delete;
  SilentBroker& operator=(const SilentBroker&) = delete;

  int port() const { return port_; }
  int connections() const { return connections_; }  ///< taken so far

 private:
  void serve();
  int listener_;
  int port_;
  std::atomic<int> connections_{0};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

/// A loopback port that was free a moment ago.
int free_port();

/// A folder under the system's temporary one; the caller removes it.
std::filesystem::path make_folder(const std::string& name);

}  // namespace jieding::test
