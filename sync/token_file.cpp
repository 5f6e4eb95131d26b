#include "sync/token_file.hpp"

#include <sys/stat.h>

#include <fstream>

#include "sync/file_system.hpp"
#include "sync/sign_in.hpp"

namespace jieding::sync::token_file {
namespace {

constexpr std::string_view revoked_mark = "revoked";

Instant written_at(const struct stat& file) {
  using namespace std::chrono;
  return Instant(seconds(file.st_mtim.tv_sec) +
                 duration_cast<milliseconds>(nanoseconds(file.st_mtim.tv_nsec)));
}

}  // namespace

std::optional<TokenFile> look(const std::filesystem::path& file) {
  struct stat status {};
  std::ifstream in(file);
  std::string token, mark;
  if (!(in >> token) || ::stat(file.c_str(), &status) != 0) return std::nullopt;
  in >> mark;
  return TokenFile{mark == revoked_mark, written_at(status)};
}

Result<std::string> issue(const std::filesystem::path& file) {
  std::string token = sign_in::random_token();
  if (auto written = write_atomically(real_files(), file, token + "\n"); !written)
    return written.error();
  return token;
}

Result<void> revoke(const std::filesystem::path& file) {
  return write_atomically(real_files(), file, revoked_text());
}

std::string revoked_text() {
  return sign_in::random_token() + "\n" + std::string(revoked_mark) + "\n";
}

}  // namespace jieding::sync::token_file
