#include "firmware-tools/image/file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "gateway/runtime/new_file.hpp"

namespace jieding::tools::image {

Result<std::string> read_file(const std::string& path, std::size_t most) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return Error{Fault::NotFound,
                 path + ": " + std::generic_category().message(errno) + "; name a file to read"};
  }
  std::string bytes(most + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad()) return Error{Fault::Internal, path + ": cannot be read"};
  const auto size = static_cast<std::size_t>(in.gcount());
  if (size > most) {
    return Error{Fault::TooMuch, path + ": has more than " + std::to_string(most) + " bytes"};
  }
  bytes.resize(size);
  return bytes;
}

Result<void> write_file(const std::string& path, std::string_view bytes, bool replace) {
  auto file = NewFile::begin(path, replace);
  if (!file) return file.error();
  if (auto written = file->write_at(0, bytes); !written) return written;
  return file->finish();
}

}  // namespace jieding::tools::image
