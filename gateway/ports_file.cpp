#include "gateway/ports_file.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>

namespace jieding {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

fs::path file_in(const fs::path& state) {
  return state / "ports.json";
}

}  // namespace

Result<void> write_ports_file(const fs::path& state, const Ports& ports) {
  json::object object;
  for (const auto& [name, port] : ports)
    object[name] = port;
  const fs::path draft = state / "ports.json.new";
  std::ofstream out(draft);
  out << json::serialize(object) << std::endl;
  if (!out) {
    return Error{Fault::Internal, draft.string() + ": cannot be written; make room on the disk"};
  }
  std::error_code failed;
  fs::rename(draft, file_in(state), failed);
  if (failed) return Error{Fault::Internal, file_in(state).string() + ": " + failed.message()};
  return {};
}

Result<Ports> read_ports_file(const fs::path& state) {
  std::ifstream in(file_in(state));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) {
    return Error{Fault::NotFound,
                 "no gateway is running on " + state.string() + "; start it with jieding run"};
  }
  Ports ports;
  for (const auto& [name, port] : value.as_object()) {
    if (port.is_int64()) ports[name] = static_cast<std::uint16_t>(port.as_int64());
  }
  return ports;
}

void remove_ports_file(const fs::path& state) {
  std::error_code ignored;
  fs::remove(file_in(state), ignored);
}

}  // namespace jieding
