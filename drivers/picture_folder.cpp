#include "drivers/picture_folder.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

#include "drivers/picture.hpp"
#include "gateway/domain/time.hpp"

namespace jieding::drivers {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".jpg";

bool is_instant(const std::string& name) {
  if (name.size() != 20 || !name.ends_with(ending)) return false;
  return from_basic_utc(std::string_view(name).substr(0, name.size() - ending.size())).has_value();
}

/// A name that begins with a dot is of a picture that somebody is still bringing.
bool is_misnamed_picture(const std::string& name) {
  return name.ends_with(ending) && !name.starts_with('.') && !is_instant(name);
}

std::optional<PictureFolder::Look> look_at(const fs::path& file) {
  std::error_code failed;
  PictureFolder::Look look;
  look.size = fs::file_size(file, failed);
  if (!failed) look.changed = fs::last_write_time(file, failed);
  if (failed) return std::nullopt;
  return look;
}

/// A JPEG ends with its end-of-image marker (ITU-T T.81 §B.1.1.3); some cameras pad with zeros.
bool has_end_of_image(std::string_view bytes) {
  const auto last = bytes.find_last_not_of('\0');
  return last != std::string_view::npos && bytes.substr(0, last + 1).ends_with("\xFF\xD9");
}

}  // namespace

Result<PictureFolder::Listing> PictureFolder::after(const std::string& last,
                                                    std::size_t most) const {
  std::error_code failed;
  Listing found;
  std::vector<std::string>& names = found.names;
  fs::directory_iterator entry(folder_, failed);
  for (; !failed && entry != fs::directory_iterator{}; entry.increment(failed)) {
    std::string name = entry->path().filename().string();
    if (is_misnamed_picture(name)) {
      ++found.misnamed;
      found.a_misnamed_one = std::move(name);
    } else if (is_instant(name) && name <= last) {
      ++found.passed;
    } else if (is_instant(name)) {
      names.push_back(std::move(name));
    }
  }
  if (failed) {
    return Error{Fault::NotFound, "folder " + folder_.string() + ": " + failed.message()};
  }
  const auto kept = std::min(most, names.size());
  std::partial_sort(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(kept), names.end());
  names.resize(kept);
  return found;
}

PictureFolder::Picture PictureFolder::read(const std::string& name) const {
  const fs::path file = folder_ / name;
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return Unfit{"unreadable", "is not a plain file"};
  const auto before = look_at(file);
  if (!before) return Unfit{"unreadable", "is gone or may not be looked at"};
  if (before->size > largest_picture) {
    return Unfit{"huge", "has " + std::to_string(before->size >> 20U) + " MiB, 12 are allowed"};
  }
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(static_cast<std::size_t>(before->size), '\0');
  if (!stream) return Unfit{"unreadable", "cannot be opened; may the gateway read it?"};
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
  const auto afterwards = look_at(file);
  if (before != afterwards || !has_end_of_image(bytes))
    return Unfinished{*before, std::move(bytes)};
  return Whole{std::move(bytes)};
}

}  // namespace jieding::drivers
