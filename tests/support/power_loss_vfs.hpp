#pragma once
// A disk in memory whose power can be cut between any two operations. SQLite reaches it as a VFS,
// evidence files through the FileSystem seam; both share one line of time.
//
// What is promised is what POSIX promises: bytes survive once their file was synced, a name
// survives once its folder was synced. Everything younger may survive or not, whole or in sectors,
// in any combination. (SQLite's own files get their names synced with their first sync, as its unix
// VFS does.)

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "sync/file_system.hpp"

namespace jieding::test {

/// One step in the life of the disk.
struct DiskStep {
  enum class Kind { Create, Write, Truncate, Sync, Rename, Remove, MakeFolder, SyncFolder };
  Kind kind;
  std::string path;
  std::string other;        ///< Rename: the new name
  std::int64_t offset = 0;  ///< Write; Truncate: the new size
  std::string bytes;
};

/// Files by name, as a program sees them.
using DiskImage = std::map<std::string, std::string>;

/// Thread-safe: the journal writes, the test looks.
class SimulatedDisk {
 public:
  SimulatedDisk() = default;
  /// A disk that holds what survived.
  explicit SimulatedDisk(DiskImage image) : files_(std::move(image)) {}

  std::size_t steps() const;
  std::vector<DiskStep> history() const;

  bool exists(const std::string& path) const;
  bool read(const std::string& path, std::string& bytes) const;
  /// False when the file is shorter: the rest is zeroes (as SQLite wants it).
  bool read_at(const std::string& path, std::int64_t offset, char* into, std::size_t count) const;
  std::int64_t size(const std::string& path) const;
  std::vector<std::string> list(const std::string& folder) const;

  void create(const std::string& path);
  void write(const std::string& path, std::int64_t offset, const std::string& bytes);
  void truncate(const std::string& path, std::int64_t size);
  void sync(const std::string& path);
  void rename(const std::string& from, const std::string& to);
  void remove(const std::string& path);
  bool make_folder(const std::string& path);
  void sync_folder(const std::string& path);

 private:
  void note(DiskStep step);
  mutable std::mutex mutex_;
  DiskImage files_;
  std::set<std::string> folders_;
  std::vector<DiskStep> history_;
};

/// Replays a history up to a cut and says what may have survived it.
class PowerCut {
 public:
  explicit PowerCut(std::vector<DiskStep> history) : history_(std::move(history)) {}
  std::size_t size() const { return history_.size(); }
  /// Goes forward to just before this step. Steps must not go back.
  void advance_to(std::size_t step);
  /// Nothing unsynced survives.
  DiskImage hardest() const;
  /// A seeded choice of what is unsynced survives: writes whole, torn or not at all; names or not.
  DiskImage some(std::uint64_t seed) const;

 private:
  struct File {
    std::string durable;
    std::vector<DiskStep> pending;  ///< writes and truncates since the last sync
  };
  using FilePtr = std::shared_ptr<File>;
  using Names = std::map<std::string, FilePtr>;
  struct NameChange {
    DiskStep step;  ///< Create, Rename or Remove
    FilePtr file;
  };
  void apply(const DiskStep& step);
  void sync_names_in(const std::string& folder);
  static void change(Names& names, const NameChange& change);

  std::vector<DiskStep> history_;
  std::size_t next_ = 0;
  Names seen_;                              ///< as the program sees them
  Names durable_;                           ///< as they survive for certain
  std::vector<NameChange> name_changes_;    ///< not yet durable, oldest first
  std::vector<std::string> young_folders_;  ///< made, their parent not yet synced
};

/// Registers the disk as an SQLite VFS under a name, for its own lifetime.
class PowerLossVfs {
 public:
  PowerLossVfs(std::string name, SimulatedDisk& disk);
  ~PowerLossVfs();
  PowerLossVfs(const PowerLossVfs&) = delete;
  PowerLossVfs& operator=(const PowerLossVfs&) = delete;
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  void* vfs_;  ///< SQLite's structure and the disk
};

/// The FileSystem seam over the same disk.
class SimulatedFiles final : public sync::FileSystem {
 public:
  /// `syncs`: false forgets every fsync, to prove that the test notices.
  explicit SimulatedFiles(SimulatedDisk& disk, bool syncs = true) : disk_(disk), syncs_(syncs) {}
  Result<bool> create_directory(const std::filesystem::path& path) override;
  Result<void> write_synced(const std::filesystem::path& path, std::string_view bytes) override;
  Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  Result<void> sync_directory(const std::filesystem::path& path) override;
  Result<std::string> read(const std::filesystem::path& path) override;
  Result<void> remove(const std::filesystem::path& path) override;
  Result<std::vector<std::string>> list(const std::filesystem::path& path) override;

 private:
  SimulatedDisk& disk_;
  bool syncs_;
};

}  // namespace jieding::test
