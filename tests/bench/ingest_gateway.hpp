#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jieding::bench {

/// What the load needs to know of the site: one token per pushing device, one MN per dust station.
struct Crew {
  std::vector<std::string> pushers;           ///< device ids
  std::vector<std::string> tokens;            ///< of the pushers, in the same order
  std::vector<std::string> stations;          ///< MN
  std::vector<std::string> publishers;        ///< device ids, over MQTT
  std::vector<std::string> publisher_tokens;  ///< in the same order
};
Crew make_crew(std::size_t connections);
/// So many devices that publish over MQTT; beside them one dust station.
Crew make_publishers(std::size_t count);

/// Readings and commits so far, as GET /api/v1/site tells them.
struct Counts {
  std::uint64_t readings = 0;  ///< stored
  std::uint64_t commits = 0;   ///< 0: the gateway does not tell
};

/// A gateway process in a state folder of its own. Throws std::runtime_error.
class GatewayProcess {
 public:
  struct Camera {
    std::filesystem::path folder;  ///< empty: no camera
    int width = 0;
    int height = 0;
    std::string corners;  ///< TOML text of the facade's corners
  };

  GatewayProcess(const std::filesystem::path& executable, const std::filesystem::path& parent,
                 const Crew& crew, const Camera& camera);
  ~GatewayProcess();
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;

  std::uint16_t web_port() const { return web_port_; }
  std::uint16_t hj212_port() const { return hj212_port_; }
  std::uint16_t mqtt_port() const { return mqtt_port_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path database() const { return folder_ / "state/jieding.db"; }

  Counts counts() const;
  /// RFC 3339 of the newest picture behind the estimate; empty: none yet.
  std::string newest_picture() const;
  pid_t pid() const { return pid_; }
  /// Its child of this name; 0: there is none.
  pid_t child(const std::string& name) const;
  /// SIGTERM and wait.
  void stop();
  /// SIGKILL and wait; the folder stays until the end.
  void kill();

 private:
  void end(int signal);
  void write_files(const Crew& crew, const Camera& camera) const;
  void wait_for_ports();

  std::filesystem::path folder_;
  pid_t pid_ = 0;
  std::uint16_t web_port_ = 0;
  std::uint16_t hj212_port_ = 0;
  std::uint16_t mqtt_port_ = 0;
};

/// One field of /proc/PID/status in kB; 0 when the process is gone.
long status_kb(pid_t pid, const std::string& field);
/// User and system time of a process in seconds.
double cpu_seconds(pid_t pid);

}  // namespace jieding::bench
