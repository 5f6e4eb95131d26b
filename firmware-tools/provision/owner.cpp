#include "firmware-tools/provision/owner.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <charconv>

namespace jieding::tools::provision {
namespace {

namespace fs = std::filesystem;

std::optional<unsigned> number(const std::string& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<Owner> user_of(const std::string& name) {
  const auto id = number(name);
  const passwd* found = id ? ::getpwuid(*id) : ::getpwnam(name.c_str());
  if (found != nullptr) return Owner{found->pw_uid, found->pw_gid};
  if (id) return Owner{*id, *id};
  return Error{Fault::NotFound,
               "there is no user '" + name + "'; make one: adduser --system --group " + name};
}

Result<void> give_one(const fs::path& path, const Owner& owner) {
  if (::lchown(path.c_str(), owner.user, owner.group) == 0) return {};
  return Error{Fault::Internal,
               "cannot give " + path.string() + " away; run this as root, or leave out --owner"};
}

}  // namespace

Result<std::optional<Owner>> find_owner(const std::string& text) {
  if (text.empty()) return std::optional<Owner>{};
  const auto colon = text.find(':');
  auto owner = user_of(text.substr(0, colon));
  if (!owner) return owner.error();
  if (colon == std::string::npos) return std::optional<Owner>(*owner);
  const std::string name = text.substr(colon + 1);
  const auto id = number(name);
  const group* found = id ? nullptr : ::getgrnam(name.c_str());
  if (!id && found == nullptr)
    return Error{Fault::NotFound, "there is no group '" + name + "'; name one that is there"};
  owner->group = id ? *id : found->gr_gid;
  return std::optional<Owner>(*owner);
}

Result<void> give(const fs::path& folder, const Owner& owner) {
  if (auto given = give_one(folder, owner); !given) return given;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (auto given = give_one(entry.path(), owner); !given) return given;
  }
  return {};
}

}  // namespace jieding::tools::provision
