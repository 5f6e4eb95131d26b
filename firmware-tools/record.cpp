#include <boost/asio/io_context.hpp>
#include <iostream>
#include <memory>

#include "firmware-tools/commands.hpp"
#include "firmware-tools/recorder.hpp"
#include "firmware-tools/until_stopped.hpp"
#include "gateway/runtime/clock.hpp"

namespace jieding::tools {
namespace {

Result<std::string> header_of(const Record& what) {
  std::string text = first_line();
  text += header_line("device", what.device);
  text += header_line("firmware", what.firmware);
  text += header_line("who", what.who);
  text += header_line("when", to_rfc3339(SystemClock().now().at));
  text += header_line("link", what.device_at);
  if (!what.to.empty()) text += header_line("to", what.to);
  text += header_line("secrets", what.keep_secrets ? "kept" : "replaced");
  for (const std::string& note : what.notes)
    text += note + "\n";
  const auto sound = parse_recording(text);
  if (!sound) return sound.error().in("header");
  return text + "\n";
}

}  // namespace

Result<void> record(const Record& what) {
  boost::asio::io_context io(1);
  const auto header = header_of(what);
  if (!header) return header.error();
  auto device = prepared_port(io.get_executor(), what.device_at);
  if (!device) return device.error();
  std::unique_ptr<Port> other_side;
  if (!what.to.empty()) {
    auto port = prepared_port(io.get_executor(), what.to);
    if (!port) return port.error();
    other_side = std::move(*port);
  }
  constexpr std::size_t mb = std::size_t{1024} * 1024;
  auto file =
      RecordingFile::create(what.out, what.force, static_cast<std::size_t>(what.most_mb) * mb);
  if (!file) return file.error();
  if (auto begun = file->append(*header); !begun) return begun;
  Recorder recorder(io.get_executor(), **device, other_side.get(), *file, what.keep_secrets);
  auto ended = until_stopped(io, recorder.run(), what.longest, [&recorder] { recorder.stop(); });
  std::cout << recorder.chunks() << " chunks, " << recorder.bytes() << " bytes in " << what.out
            << std::endl;
  if (ended || ended.error().kind() != Fault::TooMuch) return ended;
  std::cerr << "jieding-link: " << ended.error().text() << "; what came before is in it\n";
  return {};
}

}  // namespace jieding::tools
