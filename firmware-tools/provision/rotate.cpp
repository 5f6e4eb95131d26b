#include <iostream>

#include "drivers/token.hpp"
#include "firmware-tools/provision/commands.hpp"
#include "firmware-tools/provision/issue.hpp"
#include "firmware-tools/provision/sheet.hpp"
#include "gateway/runtime/certificate.hpp"
#include "gateway/runtime/clock.hpp"
#include "sync/ledger_key.hpp"
#include "sync/sign_in.hpp"

namespace jieding::tools::provision {
namespace {

namespace fs = std::filesystem;

/// Key and certificate are two files: the box is stopped meanwhile, and the certificate is checked
/// at the next start.
Result<void> rotate_tls(const Box& box) {
  const auto lock = sync::StateLock::take(box.state());
  if (!lock) return lock.error().in("stop the gateway first");
  const auto pem = sync::real_files().read(box.certificate());
  if (!pem) return pem.error();
  const auto present = read_certificate(*pem);
  if (!present) return present.error().in(box.certificate().string());
  const auto key = new_tls_key();
  if (!key) return key.error();
  const Instant now = SystemClock().now().at;
  const auto authority = sync::real_files().read(box.authority());
  const auto authority_key = sync::real_files().read(box.authority_key());
  const bool signs_itself = authority && authority_key;
  const auto certificate = signs_itself
                               ? issue({*authority, *authority_key}, *key, present->names, now)
                               : self_signed(*key, present->names, now);
  if (!certificate) return certificate.error();
  if (!signs_itself) {
    const auto asked = request(*key, present->names);
    if (!asked) return asked.error();
    if (auto written = replace(box.request(), *asked); !written) return written;
  }
  if (auto written = replace(box.key(), *key); !written) return written;
  if (auto written = replace(box.certificate(), *certificate); !written) return written;
  std::cout << "new key and certificate: " << box.certificate().string() << '\n';
  if (!signs_itself)
    std::cout << "signed by itself until the authority has signed " << box.request().string()
              << ": `jieding-provision renew --certificate`\n";
  return {};
}

Result<void> rotate_ledger(const Box& box, const config::Config& config) {
  const auto rotation = sync::rotate_ledger_key(box.state(), config.site.id, config.site.gateway,
                                                SystemClock().now(), false);
  if (!rotation) return rotation.error();
  const auto sheet = write_sheet(box, config);
  if (!sheet) return sheet.error();
  std::cout << "leaf " << rotation->index << " says so\n"
            << "fingerprint " << rotation->key.fingerprint() << '\n'
            << "replace the sheet on the notice board: " << box.sheet_page().string() << '\n';
  return {};
}

Result<void> rotate_token(const config::Config& config, const std::string& id) {
  const fs::path file = drivers::token_file(config, id);
  if (file.empty())
    return Error{Fault::NotFound, "no device or camera '" + id +
                                      "' has a token; name one that has, or `tls`, or `ledger`"};
  if (auto written = replace(file, sync::sign_in::random_token() + "\n"); !written) return written;
  std::cout << "new token of " << id << ": " << file.string()
            << "\nnext: restart the gateway, and give it to the device\n";
  return {};
}

}  // namespace

Result<void> rotate(const Rotate& what) {
  const Box box(what.box);
  const auto config = box.load();
  if (!config) return config.error();
  const bool is_token = what.what != "tls" && what.what != "ledger";
  if (what.dry_run) {
    if (is_token && drivers::token_file(*config, what.what).empty())
      return Error{Fault::NotFound, "no device or camera '" + what.what + "' has a token"};
    std::cout << "would make a new " << (is_token ? "token for " : "key: ") << what.what << '\n';
    return {};
  }
  if (what.what == "tls") return rotate_tls(box);
  if (what.what == "ledger") return rotate_ledger(box, *config);
  return rotate_token(*config, what.what);
}

}  // namespace jieding::tools::provision
