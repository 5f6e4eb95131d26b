#include "gateway/web/gzip.hpp"

#include <zlib.h>

#include <algorithm>

namespace jieding::web {

bool takes_gzip(const http::Request& request) {
  std::string_view accepted = request.header("accept-encoding");
  while (!accepted.empty()) {
    const auto comma = accepted.find(',');
    auto coding = accepted.substr(0, comma);
    coding.remove_prefix(std::min(coding.find_first_not_of(' '), coding.size()));
    const bool refused = coding.ends_with("q=0") || coding.ends_with("q=0.0");
    if ((coding.starts_with("gzip") || coding.starts_with("*")) && !refused) return true;
    accepted = comma == std::string_view::npos ? std::string_view{} : accepted.substr(comma + 1);
  }
  return false;
}

std::string gzipped(std::string_view bytes, Effort effort) {
  constexpr int gzip_window = 15 + 16;  // 16 asks for gzip's head and checksum (zlib.h)
  z_stream stream{};
  const int level = effort == Effort::Small ? Z_BEST_COMPRESSION : Z_BEST_SPEED;
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  // zlib reads through it only.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

}  // namespace jieding::web
