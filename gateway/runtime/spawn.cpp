#include "gateway/runtime/spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>

namespace jieding {
namespace {

class Actions {
 public:
  explicit Actions(const std::vector<int>& descriptors) {
    posix_spawn_file_actions_init(&actions_);
    int next = 0;
    for (const int ours : descriptors) {
      if (ours == Spawn::nowhere)
        posix_spawn_file_actions_addopen(&actions_, next, "/dev/null", O_RDWR, 0);
      else
        posix_spawn_file_actions_adddup2(&actions_, ours, next);
      ++next;
    }
    posix_spawn_file_actions_addclosefrom_np(&actions_, next);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  explicit Attributes(bool leads_group) {
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    const int group = leads_group ? POSIX_SPAWN_SETPGROUP : 0;
    posix_spawnattr_setflags(
        &attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group));
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

}  // namespace

int spawn(Spawn what, pid_t& pid) {
  const Actions actions(what.descriptors);
  const Attributes attributes(what.leads_group);
  std::vector<char*> arguments;
  for (std::string& word : what.words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char* const nothing[] = {nullptr};
  return posix_spawn(&pid, what.program.c_str(), actions.get(), attributes.get(), arguments.data(),
                     what.with_environment ? environ : nothing);
}

}  // namespace jieding
