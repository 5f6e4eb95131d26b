#include "gateway/mirror/folder.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "gateway/runtime/new_file.hpp"

namespace jieding::mirror {
namespace {

namespace fs = std::filesystem;

/// Says that the folder is a mirror's, so that nobody's other files are swept away.
constexpr std::string_view own_mark = ".jieding-mirror";
/// What comes and goes; the rest keeps its names for good.
constexpr std::array<std::string_view, 3> swept{"api", "assets", "tile"};

Error cannot(const char* what, const fs::path& path, const std::error_code& code) {
  return {Fault::Internal,
          std::string("cannot ") + what + " " + path.string() + ": " + code.message()};
}

}  // namespace

Result<Folder> Folder::open(fs::path path) {
  std::error_code failed;
  fs::create_directories(path, failed);
  if (failed) return cannot("make", path, failed);
  const bool ours = fs::exists(path / own_mark, failed);
  const bool empty = fs::is_empty(path, failed);
  if (failed) return cannot("read", path, failed);
  if (!ours && !empty) {
    return Error(Fault::Conflict,
                 path.string() + " holds something else; name an empty folder for the mirror");
  }
  Folder folder(std::move(path));
  if (auto marked = folder.write(own_mark, ""); !marked) return marked.error();
  return folder;
}

bool Folder::has(std::string_view name) const {
  std::error_code ignored;
  return fs::is_regular_file(path_ / name, ignored);
}

std::string Folder::read(std::string_view name) const {
  std::ifstream in(path_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Result<void> Folder::write(std::string_view name, std::string_view bytes) {
  if (has(name) && read(name) == bytes) return {};
  const fs::path file = path_ / name;
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed) return cannot("make", file.parent_path(), failed);
  auto fresh = NewFile::begin(file, true);
  if (!fresh) return fresh.error();
  if (auto written = fresh->write_at(0, bytes); !written) return written;
  return fresh->finish();
}

void Folder::remove(std::string_view name) {
  std::error_code ignored;
  fs::remove_all(path_ / name, ignored);
}

void Folder::keep_only(const std::set<std::string>& wanted) {
  std::vector<fs::path> unwanted;
  for (const std::string_view part : swept) {
    std::error_code absent;
    for (fs::recursive_directory_iterator entry(path_ / part, absent), end; !absent && entry != end;
         entry.increment(absent)) {
      if (entry->is_directory(absent)) continue;
      if (!wanted.contains(entry->path().lexically_relative(path_).generic_string()))
        unwanted.push_back(entry->path());
    }
  }
  for (fs::path file : unwanted) {
    std::error_code ignored;
    fs::remove(file, ignored);
    // A folder that became empty goes as well; one that did not stays by itself.
    for (file = file.parent_path(); file != path_ && fs::remove(file, ignored);)
      file = file.parent_path();
  }
}

}  // namespace jieding::mirror
