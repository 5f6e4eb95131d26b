#include "firmware-tools/provision/qr.hpp"

#include <qrencode.h>

#include <memory>

namespace jieding::tools::provision {
namespace {

using Code = std::unique_ptr<QRcode, decltype(&QRcode_free)>;

constexpr int quiet = 4;  ///< modules, by the standard

Result<Code> encode(const std::string& text) {
  Code code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
  if (!code) return Error{Fault::TooMuch, "'" + text + "' is too long for a QR code"};
  return code;
}

bool dark(const QRcode& code, int x, int y) {
  if (x < 0 || y < 0 || x >= code.width || y >= code.width) return false;
  return (code.data[y * code.width + x] & 1U) != 0;
}

}  // namespace

Result<std::string> qr_svg(const std::string& text, int millimetres) {
  const auto code = encode(text);
  if (!code) return code.error();
  const int size = (*code)->width + 2 * quiet;
  const std::string side = std::to_string(size), printed = std::to_string(millimetres) + "mm";
  std::string path;
  for (int y = 0; y < (*code)->width; ++y) {
    for (int x = 0; x < (*code)->width; ++x) {
      if (dark(**code, x, y))
        path += "M" + std::to_string(x + quiet) + " " + std::to_string(y + quiet) + "h1v1h-1z";
    }
  }
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + printed + "\" height=\"" + printed +
         "\" viewBox=\"0 0 " + side + " " + side +
         "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
         "<path d=\"" +
         path + "\"/></svg>";
}

Result<std::string> qr_blocks(const std::string& text) {
  const auto code = encode(text);
  if (!code) return code.error();
  const int end = (*code)->width + quiet;
  std::string blocks;
  for (int y = -quiet; y < end; y += 2) {
    for (int x = -quiet; x < end; ++x) {
      const bool above = !dark(**code, x, y), below = y + 1 < end && !dark(**code, x, y + 1);
      blocks += above && below ? "█" : above ? "▀" : below ? "▄" : " ";
    }
    blocks += '\n';
  }
  return blocks;
}

}  // namespace jieding::tools::provision
