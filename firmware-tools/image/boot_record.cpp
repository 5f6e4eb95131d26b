#include "firmware-tools/image/boot_record.hpp"

#include "firmware-tools/cbor.hpp"

namespace jieding::tools::image {
namespace {

/// Keys of the map.
constexpr std::uint64_t type_key = 1;
constexpr std::uint64_t measurement_key = 2;
constexpr std::uint64_t version_key = 4;
constexpr std::uint64_t signer_key = 5;
constexpr std::uint64_t hash_key = 6;

}  // namespace

Result<BootRecord> parse_boot_record(std::string_view bytes) {
  const auto map = cbor::decode(bytes);
  if (!map) return map.error().in("boot record");
  const auto text_of = [&](std::uint64_t key) {
    const cbor::Value* value = map->find(key);
    return value == nullptr ? nullptr : value->text();
  };
  const std::string* type = text_of(type_key);
  const std::string* version = text_of(version_key);
  const std::string* hash = text_of(hash_key);
  const cbor::Value* signer = map->find(signer_key);
  if (type == nullptr || version == nullptr || hash == nullptr || signer == nullptr ||
      signer->bytes() == nullptr) {
    return Error{Fault::Invalid, "boot record: type, version, hash or signer is missing"};
  }
  return BootRecord{*type, *version, *signer->bytes(), *hash};
}

std::string boot_record(std::string_view type, const Version& version, Hash hash,
                        std::string_view signer) {
  const Version without_build{version.major, version.minor, version.revision, 0};
  const std::string zeros(size_of(hash), '\0');
  return cbor::encode({cbor::Map{
      {cbor::number(type_key), cbor::text(type)},
      {cbor::number(version_key), cbor::text(to_text(without_build))},
      {cbor::number(signer_key), cbor::bytes(signer)},
      {cbor::number(hash_key), cbor::text(name_of(hash))},
      {cbor::number(measurement_key), cbor::bytes(zeros)},
  }});
}

}  // namespace jieding::tools::image
