#include "firmware-tools/provision/box.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "config/answers.hpp"
#include "config/load.hpp"
#include "drivers/driver.hpp"

namespace jieding::tools::provision {
namespace {

namespace fs = std::filesystem;

Error all_of(const config::Complaints& complaints) {
  std::string text;
  for (const std::string& complaint : complaints)
    text += (text.empty() ? "" : "\n") + complaint;
  return {Fault::Invalid, text};
}

}  // namespace

fs::path Box::state() const {
  return folder_ / config::box_state;
}
fs::path Box::certificate() const {
  return folder_ / config::box_certificate;
}
fs::path Box::key() const {
  return folder_ / config::box_key;
}

Result<config::Config> Box::load() const {
  std::error_code code;
  if (!fs::exists(configuration(), code)) {
    return Error{Fault::NotFound, folder_.string() +
                                      " is no box: it has no jieding.toml; make one with "
                                      "`jieding-provision create`"};
  }
  const auto text = sync::real_files().read(configuration());
  if (!text) return text.error();
  return read_configuration(*text, configuration());
}

Result<config::Config> read_configuration(std::string_view text, const fs::path& file) {
  config::Complaints complaints;
  auto config = config::load_text(text, file, drivers::schemas(), {}, complaints);
  if (config) return config;
  return all_of(complaints);
}

Result<void> replace(const fs::path& file, std::string_view bytes) {
  struct stat before {};
  const bool there = ::stat(file.c_str(), &before) == 0;
  const bool folder_known = there || ::stat(file.parent_path().c_str(), &before) == 0;
  if (auto written = sync::write_atomically(sync::real_files(), file, bytes); !written)
    return written;
  if (::geteuid() != 0 || !folder_known) return {};
  if (::chown(file.c_str(), before.st_uid, before.st_gid) == 0) return {};
  return Error{Fault::Internal, "cannot give " + file.string() + " to the box's user"};
}

}  // namespace jieding::tools::provision
