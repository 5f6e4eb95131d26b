#include <iostream>

#include "firmware-tools/provision/box.hpp"
#include "firmware-tools/provision/commands.hpp"
#include "firmware-tools/provision/issue.hpp"
#include "gateway/runtime/certificate.hpp"
#include "gateway/runtime/clock.hpp"

namespace jieding::tools::provision {
namespace {

namespace fs = std::filesystem;

Result<std::string> read(const fs::path& file) {
  return sync::real_files().read(file);
}

/// By the box's own authority, for the names that the present certificate has.
Result<std::string> signed_here(const Box& box, const Certificate& present, const std::string& key,
                                Instant now) {
  const auto authority = read(box.authority());
  const auto authority_key = read(box.authority_key());
  if (!authority || !authority_key) {
    return Error{Fault::NotFound, "another authority signs for this box; send it " +
                                      box.request().string() +
                                      " and give what comes back: --certificate FILE"};
  }
  const auto about = read_certificate(*authority);
  if (!about) return about.error().in(box.authority().string());
  if (about->not_after < now + box_term)
    return Error{Fault::Conflict, box.authority().string() + " itself ends on " +
                                      to_rfc3339(about->not_after) + "; make the box anew"};
  return issue({*authority, *authority_key}, key, present.names, now);
}

Result<std::string> brought(const fs::path& file, const Certificate& present,
                            const std::string& key, Instant now) {
  auto pem = read(file);
  if (!pem) return pem;
  const auto about = read_certificate(*pem);
  if (!about) return about.error().in(file.string());
  if (auto fits = check_key(*pem, key); !fits)
    return fits.error().in(file.string() + " is not for this box");
  if (about->not_after <= now || about->not_before > now)
    return Error{Fault::Invalid, file.string() + " is good from " + to_rfc3339(about->not_before) +
                                     " to " + to_rfc3339(about->not_after) +
                                     ", not now; see to the clock, or have it signed again"};
  for (const std::string& name : present.names) {
    if (!is_good_for(*pem, name))
      return Error{Fault::Invalid, file.string() + " is not good for " + name +
                                       ", under which people reach the box; have " + name +
                                       " put into it"};
  }
  return pem;
}

}  // namespace

Result<void> renew(const Renew& what) {
  const Box box(what.box);
  if (const auto config = box.load(); !config) return config.error();
  const auto present_pem = read(box.certificate());
  if (!present_pem) return present_pem.error();
  const auto present = read_certificate(*present_pem);
  if (!present) return present.error().in(box.certificate().string());
  const auto key = read(box.key());
  if (!key) return key.error();
  const Instant now = SystemClock().now().at;
  const auto pem = what.certificate.empty() ? signed_here(box, *present, *key, now)
                                            : brought(what.certificate, *present, *key, now);
  if (!pem) return pem.error();
  const auto about = read_certificate(*pem);
  if (!about) return about.error();
  std::cout << (what.dry_run ? "would write " : "certificate ") << box.certificate().string()
            << ", good until " << to_rfc3339(about->not_after) << '\n';
  if (what.dry_run) return {};
  if (auto written = replace(box.certificate(), *pem); !written) return written;
  std::cout << "next: restart the gateway\n";
  return {};
}

}  // namespace jieding::tools::provision
