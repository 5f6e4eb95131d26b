#pragma once
// The mirror's folder, as a web server gives it out: no reader ever sees half a file.

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::mirror {

class Folder {
 public:
  /// Makes it if it is not there. Conflict: something else lies in it, which is left alone.
  static Result<Folder> open(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  bool has(std::string_view name) const;
  /// Empty where there is none.
  std::string read(std::string_view name) const;
  /// Appears whole. What has these bytes already is not touched, so that whoever carries the folder
  /// further sees no change.
  Result<void> write(std::string_view name, std::string_view bytes);
  /// A file, or a folder with all that is in it.
  void remove(std::string_view name);
  /// Removes what the mirror may have written there and does not want any more.
  void keep_only(const std::set<std::string>& wanted);

 private:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace jieding::mirror
