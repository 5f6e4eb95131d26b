#include "tests/bench/ingest_gateway.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace jieding::bench {
namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;
namespace json = boost::json;

std::string random_token(std::random_device& random) {
  std::ostringstream text;
  text << std::hex;
  for (int i = 0; i < 6; ++i)
    text << random();
  return text.str() + "0123456789abcdef";
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream out(path);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string camera_text(const GatewayProcess::Camera& camera) {
  std::ostringstream text;
  text << "[driver.folder]\npoll = \"100ms\"\n[clock]\nmode = \"playback\"\ncamera = \"mast\"\n"
       << "[[camera]]\nid = \"mast\"\ndriver = \"folder\"\nfolder = \"" << camera.folder.string()
       << "\"\nimage_size = [" << camera.width << ", " << camera.height
       << "]\n[[camera.facade]]\nbuilding = \"b1\"\nscaffold = \"climbing\"\ncorners = "
       << camera.corners << "\n";
  return text.str();
}

std::string config_text(const Crew& crew, const GatewayProcess::Camera& camera) {
  std::ostringstream text;
  text << "[site]\nid = \"bench\"\n[storage]\nstate = \"state\"\nkeep_free_mb = 1\n"
       << "[web]\nlisten = \"127.0.0.1:0\"\nopen_to_viewers = true\n"
       << "[driver.http]\nreadings_per_second = 1e9\n"
       << "[driver.hj212]\nlisten = \"127.0.0.1:0\"\nframes_per_second = 1e9\nmax_connections = "
       << crew.stations.size() + 8 << "\n[[building]]\nid = \"b1\"\nstoreys = 18\n";
  if (!camera.folder.empty()) text << camera_text(camera);
  for (const std::string& pusher : crew.pushers) {
    text << "[[device]]\nid = \"" << pusher << "\"\ndriver = \"http\"\ntoken_file = \"secrets/"
         << pusher << ".token\"\n";
  }
  for (std::size_t i = 0; i < crew.stations.size(); ++i) {
    text << "[[device]]\nid = \"dust-" << i << "\"\ndriver = \"hj212\"\nmn = \"" << crew.stations[i]
         << "\"\n";
  }
  if (crew.publishers.empty()) return text.str();
  text << "[driver.mqtt]\nlisten = \"127.0.0.1:0\"\nreadings_per_second = 1e9\n";
  for (const std::string& publisher : crew.publishers) {
    text << "[[device]]\nid = \"" << publisher << "\"\ndriver = \"mqtt\"\ntoken_file = \"secrets/"
         << publisher << ".token\"\n";
  }
  return text.str();
}

void write_secret(const fs::path& file, const std::string& token) {
  write_text(file, token + "\n");
  chmod(file.c_str(), 0600);
}

json::value get_site(std::uint16_t port) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::make_address("127.0.0.1"), port});
  const std::string request =
      "GET /api/v1/site HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  asio::write(socket, asio::buffer(request));
  std::string answer;
  boost::system::error_code ended;
  asio::read(socket, asio::dynamic_buffer(answer), ended);
  const auto body = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200") || body == std::string::npos) {
    throw std::runtime_error("GET /api/v1/site: " + answer.substr(0, 200));
  }
  return json::parse(answer.substr(body + 4));
}

}  // namespace

Crew make_crew(std::size_t connections) {
  std::random_device random;
  Crew crew;
  for (std::size_t i = 0; i < connections; ++i) {
    crew.pushers.push_back("hoist-" + std::to_string(i));
    crew.tokens.push_back(random_token(random));
    const std::string number = std::to_string(100000 + i);
    crew.stations.push_back("010000A8900016F000" + number);
  }
  return crew;
}

Crew make_publishers(std::size_t count) {
  std::random_device random;
  Crew crew;
  crew.stations = make_crew(1).stations;
  for (std::size_t i = 0; i < count; ++i) {
    crew.publishers.push_back("crane-" + std::to_string(i));
    crew.publisher_tokens.push_back(random_token(random));
  }
  return crew;
}

GatewayProcess::GatewayProcess(const fs::path& executable, const fs::path& parent, const Crew& crew,
                               const Camera& camera) {
  std::string pattern = (fs::absolute(parent) / "jieding-bench-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  folder_ = pattern;
  write_files(crew, camera);
  const std::string program = fs::absolute(executable).string();
  const std::string config = (folder_ / "site.toml").string();
  const std::string log = (folder_ / "gateway.log").string();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) {
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execl(program.c_str(), program.c_str(), "run", "--config", config.c_str(), nullptr);
    _exit(127);
  }
  wait_for_ports();
}

GatewayProcess::~GatewayProcess() {
  stop();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void GatewayProcess::write_files(const Crew& crew, const Camera& camera) const {
  fs::create_directories(folder_ / "state/secrets");
  chmod((folder_ / "state").c_str(), 0700);
  chmod((folder_ / "state/secrets").c_str(), 0700);
  for (std::size_t i = 0; i < crew.pushers.size(); ++i) {
    write_secret(folder_ / "state/secrets" / (crew.pushers[i] + ".token"), crew.tokens[i]);
  }
  for (std::size_t i = 0; i < crew.publishers.size(); ++i) {
    write_secret(folder_ / "state/secrets" / (crew.publishers[i] + ".token"),
                 crew.publisher_tokens[i]);
  }
  write_text(folder_ / "site.toml", config_text(crew, camera));
}

void GatewayProcess::wait_for_ports() {
  for (int i = 0; i < 2000; ++i) {
    const std::string text = read_text(folder_ / "state/ports.json");
    if (!text.empty()) {
      const json::value ports = json::parse(text);
      web_port_ = ports.at("web").to_number<std::uint16_t>();
      hj212_port_ = ports.at("hj212").to_number<std::uint16_t>();
      if (const auto* mqtt = ports.as_object().if_contains("mqtt")) {
        mqtt_port_ = mqtt->to_number<std::uint16_t>();
      }
      return;
    }
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = 0;
      throw std::runtime_error("the gateway ended: " + read_text(folder_ / "gateway.log"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("the gateway does not come up");
}

Counts GatewayProcess::counts() const {
  const json::value site = get_site(web_port_);
  Counts counts;
  counts.readings = site.at("counts").at("readings_stored").to_number<std::uint64_t>();
  if (const auto* journal = site.as_object().if_contains("journal")) {
    counts.commits = journal->at("commits").to_number<std::uint64_t>();
  }
  return counts;
}

std::string GatewayProcess::newest_picture() const {
  const json::value site = get_site(web_port_);
  const json::value& estimate = site.at("buildings").as_array().at(0).at("estimate");
  return estimate.is_object() ? std::string(estimate.at("at").as_string()) : std::string();
}

pid_t GatewayProcess::child(const std::string& name) const {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string number = entry.path().filename();
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string status = read_text(entry.path() / "status");
    const bool named = status.starts_with("Name:\t" + name.substr(0, 15) + "\n");
    if (named && status.find("\nPPid:\t" + std::to_string(pid_) + "\n") != std::string::npos) {
      return std::stoi(number);
    }
  }
  return 0;
}

void GatewayProcess::stop() {
  end(SIGTERM);
}

void GatewayProcess::kill() {
  end(SIGKILL);
}

void GatewayProcess::end(int signal) {
  if (pid_ == 0) return;
  ::kill(pid_, signal);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

long status_kb(pid_t pid, const std::string& field) {
  const std::string status = read_text("/proc/" + std::to_string(pid) + "/status");
  const auto at = status.find("\n" + field + ":");
  return at == std::string::npos ? 0 : std::stol(status.substr(at + field.size() + 2));
}

double cpu_seconds(pid_t pid) {
  const std::string stat = read_text("/proc/" + std::to_string(pid) + "/stat");
  std::istringstream rest(stat.substr(stat.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    rest >> skipped;  // up to utime, the 14th field of all
  double user = 0;
  double system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace jieding::bench
