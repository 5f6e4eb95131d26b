#include <boost/asio/io_context.hpp>
#include <iostream>

#include "firmware-tools/commands.hpp"
#include "firmware-tools/recording_file.hpp"
#include "firmware-tools/until_stopped.hpp"

namespace jieding::tools {

Result<void> replay(const Replay& what) {
  const auto recording = read_recording(what.recording);
  if (!recording) return recording.error();
  if (recording->torn) {
    std::cerr << "jieding-link: the last line of " << what.recording
              << " is cut off and left out\n";
  }
  boost::asio::io_context io(1);
  auto port = prepared_port(io.get_executor(), what.place);
  if (!port) return port.error();
  Replayer replayer(io.get_executor(), *recording, **port, what.play);
  const auto played =
      until_stopped<Played>(io, replayer.run(), std::nullopt, [&replayer] { replayer.stop(); });
  if (!played) return played.error();
  std::cout << played->chunks << " chunks, " << played->bytes
            << " bytes played; the other side said " << played->heard << " bytes";
  if (what.play.patience) {
    std::cout << ", in " << played->turns << " turns, " << played->as_recorded << " as recorded";
  }
  std::cout << std::endl;
  return {};
}

}  // namespace jieding::tools
