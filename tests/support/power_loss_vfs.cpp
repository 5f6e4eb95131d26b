#include "tests/support/power_loss_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <new>
#include <set>

namespace jieding::test {
namespace {

constexpr std::int64_t sector = 512;  // bytes; a torn write keeps or loses whole sectors

std::string folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

void write_into(std::string& file, std::int64_t offset, std::string_view bytes) {
  const auto begin = static_cast<std::size_t>(offset);
  if (file.size() < begin + bytes.size()) file.resize(begin + bytes.size(), '\0');
  std::copy(bytes.begin(), bytes.end(), file.begin() + offset);
}

void play(std::string& file, const DiskStep& step) {
  if (step.kind == DiskStep::Kind::Truncate)
    file.resize(static_cast<std::size_t>(step.offset), '\0');
  else
    write_into(file, step.offset, step.bytes);
}

/// A write of which each sector survives or not.
void play_torn(std::string& file, const DiskStep& step, std::mt19937_64& random) {
  std::int64_t at = step.offset;
  std::string_view rest = step.bytes;
  while (!rest.empty()) {
    const auto count = std::min(rest.size(), static_cast<std::size_t>(sector - at % sector));
    if (random() % 2 == 0) write_into(file, at, rest.substr(0, count));
    at += static_cast<std::int64_t>(count);
    rest.remove_prefix(count);
  }
}

}  // namespace

std::size_t SimulatedDisk::steps() const {
  const std::lock_guard lock(mutex_);
  return history_.size();
}

std::vector<DiskStep> SimulatedDisk::history() const {
  const std::lock_guard lock(mutex_);
  return history_;
}

bool SimulatedDisk::exists(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return files_.count(path) != 0;
}

bool SimulatedDisk::read(const std::string& path, std::string& bytes) const {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) return false;
  bytes = found->second;
  return true;
}

bool SimulatedDisk::read_at(const std::string& path, std::int64_t offset, char* into,
                            std::size_t count) const {
  const std::lock_guard lock(mutex_);
  const std::string& file = files_.at(path);
  const auto begin = std::min(static_cast<std::size_t>(offset), file.size());
  const std::size_t there = std::min(count, file.size() - begin);
  std::memcpy(into, file.data() + begin, there);
  std::memset(into + there, 0, count - there);
  return there == count;
}

std::int64_t SimulatedDisk::size(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::int64_t>(files_.at(path).size());
}

std::vector<std::string> SimulatedDisk::list(const std::string& folder) const {
  const std::lock_guard lock(mutex_);
  std::set<std::string> names;
  for (const auto& [path, bytes] : files_) {
    if (!path.starts_with(folder + "/")) continue;
    const std::string below = path.substr(folder.size() + 1);
    names.insert(below.substr(0, below.find('/')));
  }
  return {names.begin(), names.end()};
}

void SimulatedDisk::note(DiskStep step) {
  history_.push_back(std::move(step));
}

void SimulatedDisk::create(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (files_.count(path) != 0) return;
  files_[path];
  note({DiskStep::Kind::Create, path, {}, 0, {}});
}

void SimulatedDisk::write(const std::string& path, std::int64_t offset, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  write_into(files_.at(path), offset, bytes);
  note({DiskStep::Kind::Write, path, {}, offset, bytes});
}

void SimulatedDisk::truncate(const std::string& path, std::int64_t size) {
  const std::lock_guard lock(mutex_);
  files_.at(path).resize(static_cast<std::size_t>(size), '\0');
  note({DiskStep::Kind::Truncate, path, {}, size, {}});
}

void SimulatedDisk::sync(const std::string& path) {
  const std::lock_guard lock(mutex_);
  note({DiskStep::Kind::Sync, path, {}, 0, {}});
}

void SimulatedDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  files_[to] = std::move(files_.at(from));
  files_.erase(from);
  note({DiskStep::Kind::Rename, from, to, 0, {}});
}

void SimulatedDisk::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (files_.erase(path) != 0) note({DiskStep::Kind::Remove, path, {}, 0, {}});
}

bool SimulatedDisk::make_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!folders_.insert(path).second) return false;
  note({DiskStep::Kind::MakeFolder, path, {}, 0, {}});
  return true;
}

void SimulatedDisk::sync_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  note({DiskStep::Kind::SyncFolder, path, {}, 0, {}});
}

void PowerCut::advance_to(std::size_t step) {
  for (; next_ < std::min(step, history_.size()); ++next_)
    apply(history_[next_]);
}

void PowerCut::change(Names& names, const NameChange& change) {
  if (change.step.kind == DiskStep::Kind::Create) names[change.step.path] = change.file;
  if (change.step.kind == DiskStep::Kind::Rename) names[change.step.other] = change.file;
  if (change.step.kind != DiskStep::Kind::Create) names.erase(change.step.path);
}

void PowerCut::sync_names_in(const std::string& folder) {
  std::erase_if(name_changes_, [&](const NameChange& young) {
    if (folder_of(young.step.path) != folder) return false;
    change(durable_, young);
    return true;
  });
  std::erase_if(young_folders_, [&](const std::string& path) { return folder_of(path) == folder; });
}

void PowerCut::apply(const DiskStep& step) {
  switch (step.kind) {
    case DiskStep::Kind::Create:
    case DiskStep::Kind::Rename:
    case DiskStep::Kind::Remove: {
      const FilePtr file =
          step.kind == DiskStep::Kind::Create ? std::make_shared<File>() : seen_.at(step.path);
      name_changes_.push_back({step, file});
      change(seen_, name_changes_.back());
      break;
    }
    case DiskStep::Kind::Write:
    case DiskStep::Kind::Truncate:
      seen_.at(step.path)->pending.push_back(step);
      break;
    case DiskStep::Kind::Sync: {
      File& file = *seen_.at(step.path);
      for (const DiskStep& pending : file.pending)
        play(file.durable, pending);
      file.pending.clear();
      // SQLite's unix VFS syncs the folder with the first sync of a new file; ours shows only that.
      const bool sqlite = step.path.find(".db") != std::string::npos;
      const auto known = durable_.find(step.path);
      if (sqlite && (known == durable_.end() || known->second != seen_.at(step.path)))
        sync_names_in(folder_of(step.path));
      break;
    }
    case DiskStep::Kind::MakeFolder:
      young_folders_.push_back(step.path);
      break;
    case DiskStep::Kind::SyncFolder:
      sync_names_in(step.path);
      break;
  }
}

DiskImage PowerCut::hardest() const {
  DiskImage image;
  for (const auto& [path, file] : durable_) {
    const bool lost = std::count(young_folders_.begin(), young_folders_.end(), folder_of(path)) > 0;
    if (!lost) image[path] = file->durable;
  }
  return image;
}

DiskImage PowerCut::some(std::uint64_t seed) const {
  std::mt19937_64 random(seed);
  Names names = durable_;
  for (const NameChange& young : name_changes_)
    if (random() % 2 == 0) change(names, young);
  std::set<std::string> lost_folders;
  for (const std::string& folder : young_folders_)
    if (random() % 2 == 0) lost_folders.insert(folder);
  // Half of the time the disk wrote in order up to some point, else in any order.
  const bool in_order = random() % 2 == 0;
  DiskImage image;
  for (const auto& [path, file] : names) {
    if (lost_folders.count(folder_of(path)) != 0) continue;
    std::string bytes = file->durable;
    const std::size_t until = random() % (file->pending.size() + 1);
    for (std::size_t i = 0; i < file->pending.size(); ++i) {
      const DiskStep& step = file->pending[i];
      if (in_order && i < until) play(bytes, step);
      if (in_order && i == until && step.kind == DiskStep::Kind::Write)
        play_torn(bytes, step, random);
      if (in_order) continue;
      const auto fate = random() % 3;
      if (fate == 0) play(bytes, step);
      if (fate == 1 && step.kind == DiskStep::Kind::Write) play_torn(bytes, step, random);
    }
    image[path] = std::move(bytes);
  }
  return image;
}

namespace {

/// SQLite's view of one open file. Plain memory that SQLite allocates; `path` is owned.
struct VfsFile {
  sqlite3_file base;
  SimulatedDisk* disk;
  std::string* path;
  std::vector<std::vector<char>>* shared;  ///< the write-ahead index; dies with the power
  bool delete_on_close;
};

struct Vfs {
  sqlite3_vfs base;
  SimulatedDisk* disk;
};

VfsFile& file_of(sqlite3_file* file) {
  return *reinterpret_cast<VfsFile*>(file);
}
SimulatedDisk& disk_of(sqlite3_vfs* vfs) {
  return *reinterpret_cast<Vfs*>(vfs)->disk;
}
sqlite3_vfs& real_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find("unix");
  return *vfs;
}

int file_close(sqlite3_file* opened) {
  VfsFile& file = file_of(opened);
  if (file.delete_on_close) file.disk->remove(*file.path);
  delete file.path;
  delete file.shared;
  return SQLITE_OK;
}
int file_read(sqlite3_file* opened, void* into, int count, sqlite3_int64 offset) {
  VfsFile& file = file_of(opened);
  const bool whole = file.disk->read_at(*file.path, offset, static_cast<char*>(into),
                                        static_cast<std::size_t>(count));
  return whole ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}
int file_write(sqlite3_file* opened, const void* from, int count, sqlite3_int64 offset) {
  VfsFile& file = file_of(opened);
  file.disk->write(*file.path, offset,
                   std::string(static_cast<const char*>(from), static_cast<std::size_t>(count)));
  return SQLITE_OK;
}
int file_truncate(sqlite3_file* opened, sqlite3_int64 size) {
  file_of(opened).disk->truncate(*file_of(opened).path, size);
  return SQLITE_OK;
}
int file_sync(sqlite3_file* opened, int) {
  file_of(opened).disk->sync(*file_of(opened).path);
  return SQLITE_OK;
}
int file_size(sqlite3_file* opened, sqlite3_int64* size) {
  *size = file_of(opened).disk->size(*file_of(opened).path);
  return SQLITE_OK;
}
// One connection only: every lock is granted.
int file_lock(sqlite3_file*, int) {
  return SQLITE_OK;
}
int file_check_lock(sqlite3_file*, int* locked) {
  *locked = 0;
  return SQLITE_OK;
}
int file_control(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}
int file_sector(sqlite3_file*) {
  return static_cast<int>(sector);
}
// What SQLite assumes of every disk under its unix VFS: a torn write harms no neighbouring bytes.
int file_traits(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}
int shm_map(sqlite3_file* opened, int page, int page_size, int extend, void volatile** mapped) {
  auto& shared = *file_of(opened).shared;
  const auto wanted = static_cast<std::size_t>(page);
  *mapped = nullptr;
  if (shared.size() <= wanted && extend == 0) return SQLITE_OK;
  while (shared.size() <= wanted)
    shared.emplace_back(static_cast<std::size_t>(page_size), '\0');
  *mapped = shared[wanted].data();
  return SQLITE_OK;
}
int shm_lock(sqlite3_file*, int, int, int) {
  return SQLITE_OK;
}
void shm_barrier(sqlite3_file*) {}
int shm_unmap(sqlite3_file* opened, int) {
  file_of(opened).shared->clear();
  return SQLITE_OK;
}

const sqlite3_io_methods file_methods = {
    2,         file_close,  file_read,       file_write,   file_truncate, file_sync,   file_size,
    file_lock, file_lock,   file_check_lock, file_control, file_sector,   file_traits, shm_map,
    shm_lock,  shm_barrier, shm_unmap,       nullptr,      nullptr};

int vfs_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* opened, int flags, int* out_flags) {
  VfsFile& file = file_of(opened);
  file.base.pMethods = nullptr;
  SimulatedDisk& disk = disk_of(vfs);
  const std::string path = name == nullptr ? "/temporary" : name;
  if (!disk.exists(path)) {
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    disk.create(path);
  }
  file.disk = &disk;
  file.path = new std::string(path);
  file.shared = new std::vector<std::vector<char>>();
  file.delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  file.base.pMethods = &file_methods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}
int vfs_delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  disk_of(vfs).remove(name);
  if (sync_folder != 0) disk_of(vfs).sync_folder(folder_of(name));
  return SQLITE_OK;
}
int vfs_access(sqlite3_vfs* vfs, const char* name, int, int* there) {
  SimulatedDisk& disk = disk_of(vfs);
  *there = disk.exists(name) && disk.size(name) > 0 ? 1 : 0;
  return SQLITE_OK;
}
int vfs_full_path(sqlite3_vfs*, const char* name, int size, char* full) {
  sqlite3_snprintf(size, full, "%s", name);
  return SQLITE_OK;
}
int vfs_randomness(sqlite3_vfs*, int count, char* into) {
  return real_vfs().xRandomness(&real_vfs(), count, into);
}
int vfs_sleep(sqlite3_vfs*, int microseconds) {
  return real_vfs().xSleep(&real_vfs(), microseconds);
}
int vfs_time(sqlite3_vfs*, double* now) {
  return real_vfs().xCurrentTime(&real_vfs(), now);
}
int vfs_last_error(sqlite3_vfs*, int, char*) {
  return 0;
}

}  // namespace

PowerLossVfs::PowerLossVfs(std::string name, SimulatedDisk& disk)
    : name_(std::move(name)), vfs_(new Vfs{}) {
  Vfs& vfs = *static_cast<Vfs*>(vfs_);
  vfs.disk = &disk;
  vfs.base.iVersion = 1;
  vfs.base.szOsFile = sizeof(VfsFile);
  vfs.base.mxPathname = 1000;
  vfs.base.zName = name_.c_str();
  vfs.base.xOpen = vfs_open;
  vfs.base.xDelete = vfs_delete;
  vfs.base.xAccess = vfs_access;
  vfs.base.xFullPathname = vfs_full_path;
  vfs.base.xRandomness = vfs_randomness;
  vfs.base.xSleep = vfs_sleep;
  vfs.base.xCurrentTime = vfs_time;
  vfs.base.xGetLastError = vfs_last_error;
  sqlite3_vfs_register(&vfs.base, 0);
}

PowerLossVfs::~PowerLossVfs() {
  Vfs* const vfs = static_cast<Vfs*>(vfs_);
  sqlite3_vfs_unregister(&vfs->base);
  delete vfs;
}

Result<bool> SimulatedFiles::create_directory(const std::filesystem::path& path) {
  return disk_.make_folder(path.string());
}

Result<void> SimulatedFiles::write_synced(const std::filesystem::path& path,
                                          std::string_view bytes) {
  const std::string name = path.string();
  disk_.create(name);
  disk_.truncate(name, 0);
  const std::size_t half = bytes.size() / 2;  // two writes, so that power can go between
  disk_.write(name, 0, std::string(bytes.substr(0, half)));
  disk_.write(name, static_cast<std::int64_t>(half), std::string(bytes.substr(half)));
  if (syncs_) disk_.sync(name);
  return {};
}

Result<void> SimulatedFiles::rename(const std::filesystem::path& from,
                                    const std::filesystem::path& to) {
  disk_.rename(from.string(), to.string());
  return {};
}

Result<void> SimulatedFiles::sync_directory(const std::filesystem::path& path) {
  if (syncs_) disk_.sync_folder(path.string());
  return {};
}

Result<std::string> SimulatedFiles::read(const std::filesystem::path& path) {
  std::string bytes;
  if (!disk_.read(path.string(), bytes)) return Error{Fault::NotFound, path.string()};
  return bytes;
}

Result<void> SimulatedFiles::remove(const std::filesystem::path& path) {
  disk_.remove(path.string());
  return {};
}

Result<std::vector<std::string>> SimulatedFiles::list(const std::filesystem::path& path) {
  return disk_.list(path.string());
}

}  // namespace jieding::test
