#include "tests/support/mosquitto.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace jieding::test {
namespace {

constexpr const char* program = "/usr/sbin/mosquitto";

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Bound to a free port; not listening yet.
std::pair<int, int> bound_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, plain, length) != 0 || ::getsockname(fd, plain, &length) != 0) {
    throw std::runtime_error("no free loopback port");
  }
  return {fd, ntohs(address.sin_port)};
}

bool takes_connections(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(port);
  const bool taken = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(fd);
  return taken;
}

}  // namespace

int free_port() {
  const auto [fd, port] = bound_socket();
  ::close(fd);
  return port;
}

std::filesystem::path make_folder(const std::string& name) {
  std::string pattern = (std::filesystem::temp_directory_path() / (name + "-XXXXXX")).string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
  return pattern;
}

Mosquitto::Mosquitto(std::string extra_lines)
    : folder_(make_folder("jieding-mosquitto")), port_(free_port()) {
  std::ofstream conf(folder_ / "mosquitto.conf");
  conf << "listener " << port_ << " 127.0.0.1\n"
       << "allow_anonymous true\n"
       << "persistence_location " << folder_.string() << "/\n"
       << "log_dest file " << (folder_ / "mosquitto.log").string() << "\n";
  if (::getuid() == 0) conf << "user root\n";  // else it could not write into the folder
  conf << extra_lines << "\n";
  conf.close();
  start();
}

Mosquitto::~Mosquitto() {
  end(SIGKILL);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

bool Mosquitto::installed() {
  return ::access(program, X_OK) == 0;
}

void Mosquitto::start() {
  const std::string conf = (folder_ / "mosquitto.conf").string();
  char* const arguments[] = {const_cast<char*>(program), const_cast<char*>("-c"),
                             const_cast<char*>(conf.c_str()), nullptr};
  process_ = ::fork();
  if (process_ == 0) {
    // Only what is safe after fork(). A test that is killed takes its broker with it; our own
    // sockets must not live on in it (nobody would see them close), nor the pipes of whoever runs
    // the tests.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2})
      ::dup2(nowhere, fd);
    ::close_range(3, ~0U, 0);
    ::execv(program, arguments);
    ::_exit(127);
  }
  if (process_ < 0) throw std::runtime_error("cannot start mosquitto");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!takes_connections(port_)) {
    if (::waitpid(process_, nullptr, WNOHANG) != 0 || std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("mosquitto did not come up, see " + folder_.string());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

void Mosquitto::stop() {
  end(SIGTERM);
}

void Mosquitto::kill() {
  end(SIGKILL);
}

void Mosquitto::freeze() {
  ::kill(process_, SIGSTOP);
}

void Mosquitto::end(int signal) {
  if (process_ <= 0) return;
  ::kill(process_, signal);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

SilentBroker::SilentBroker() {
  std::tie(listener_, port_) = bound_socket();
  if (::listen(listener_, 16) != 0) throw std::runtime_error("cannot listen");
  thread_ = std::thread([this] { serve(); });
}

SilentBroker::~SilentBroker() {
  ending_ = true;
  thread_.join();
  ::close(listener_);
}

void SilentBroker::serve() {
  std::vector<int> held;
  while (!ending_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 20) <= 0) continue;
    held.push_back(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    ++connections_;
  }
  for (const int fd : held)
    ::close(fd);
}

}  // namespace jieding::test
