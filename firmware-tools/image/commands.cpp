#include "firmware-tools/image/commands.hpp"

#include <iostream>
#include <utility>

#include "firmware-tools/image/describe.hpp"
#include "firmware-tools/image/file.hpp"
#include "firmware-tools/image/verify.hpp"

namespace jieding::tools::image {
namespace {

Result<Key> key_from(const std::string& path) {
  auto file = read_key(path);
  if (!file) return file.error();
  if (file->open_to_others) {
    std::cerr << "jieding-image: " << path
              << " is a private key that others can read; chmod 600 it\n";
  }
  return std::move(file->key);
}

Result<std::optional<Signing>> signing_from(const SignAs& as) {
  if (as.key.empty()) return std::optional<Signing>{};
  auto key = key_from(as.key);
  if (!key) return key.error();
  return std::optional<Signing>(Signing{std::move(*key), as.pure, as.full_key});
}

/// At most what fits a slot.
Result<std::string> image_from(const std::string& path) {
  return read_file(path, longest_image);
}

Result<void> put(const std::string& path, const Result<std::string>& image, bool force) {
  if (!image) return image.error();
  auto written = write_file(path, *image, force);
  if (written) std::cout << path << ": " << image->size() << " bytes\n";
  return written;
}

}  // namespace

Result<void> create(const Create& what) {
  const auto payload = read_file(what.payload, longest_image);
  if (!payload) return payload.error();
  const auto signing = signing_from(what.as);
  if (!signing) return signing.error();
  return put(what.out, make(*payload, what.recipe, *signing), what.force);
}

Result<void> sign(const Sign& what) {
  const auto image = image_from(what.image);
  if (!image) return image.error();
  const auto signing = signing_from(what.as);
  if (!signing) return signing.error();
  const auto signed_image = sign(*image, **signing);
  if (!signed_image) return signed_image.error().in(what.image);
  return put(what.out, signed_image, what.force);
}

Result<void> inspect(const Inspect& what) {
  const auto bytes = image_from(what.image);
  if (!bytes) return bytes.error();
  const auto image = parse(*bytes);
  if (!image) return image.error().in(what.image);
  const auto manifest = read_manifest(*image);
  if (!manifest) return manifest.error().in(what.image);
  std::cout << (what.as_json ? to_json(*image, *manifest) + "\n" : to_text(*image, *manifest));
  if (hash_is_right(*image, *manifest)) return {};
  return Error{Fault::Refused, what.image + ": its hash is wrong: bytes were changed"};
}

Result<void> verify(const Verify& what) {
  const auto bytes = image_from(what.image);
  if (!bytes) return bytes.error();
  Demands demands{{}, what.newer_than, what.least_counter, what.vendor, what.board};
  for (const std::string& path : what.keys) {
    auto key = key_from(path);
    if (!key) return key.error();
    demands.keys.push_back(std::move(*key));
  }
  const auto verified = verify(*bytes, demands);
  if (what.as_json) std::cout << to_json(verified) << "\n";
  if (!verified) return verified.error().in(what.image);
  if (what.as_json) return {};
  std::cout << what.image << ": good, version " << to_text(verified->image.version)
            << ", signed with " << name_of(verified->manifest.signature->kind) << "\n";
  return {};
}

}  // namespace jieding::tools::image
