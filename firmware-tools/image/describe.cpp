#include "firmware-tools/image/describe.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <sstream>

#include "gateway/domain/hex.hpp"

namespace jieding::tools::image {
namespace {

namespace json = boost::json;

std::string named_key(const Signature& signature) {
  return signature.key.empty() ? "key with hash " + to_hex(signature.key_hash)
                               : "key " + to_hex(signature.key);
}

std::string signature_line(const Manifest& manifest) {
  if (!manifest.signature) return "none";
  return std::string(name_of(manifest.signature->kind)) +
         (manifest.signature->pure ? " pure" : "") + ", not checked here, by the " +
         named_key(*manifest.signature);
}

std::string trailer_line(const Image& image) {
  if (!image.trailer) return "none";
  return image.trailer->confirmed ? "padded, confirmed" : "padded, to be tested";
}

json::object signature_object(const Signature& signature) {
  json::object object{{"kind", name_of(signature.kind)}, {"pure", signature.pure}};
  if (signature.key.empty()) {
    object["key_hash"] = to_hex(signature.key_hash);
  } else {
    object["key"] = to_hex(signature.key);
  }
  return object;
}

json::object boot_record_object(const BootRecord& record) {
  return {{"type", record.type},
          {"version", record.version},
          {"hash", record.hash},
          {"signer", to_hex(record.signer)}};
}

}  // namespace

std::string to_text(const Image& image, const Manifest& manifest) {
  std::ostringstream out;
  out << "version           " << to_text(image.version) << "\n"
      << "payload           " << image.payload.size() << " bytes behind a header of "
      << image.header_size << "\n";
  if (image.load_address != 0) out << "load address      " << image.load_address << "\n";
  if (manifest.security_counter) {
    out << "security counter  " << *manifest.security_counter << "\n";
  }
  for (const Dependency& each : manifest.dependencies) {
    out << "needs             image " << unsigned{each.image} << " at least "
        << to_text(each.version) << "\n";
  }
  if (manifest.vendor) out << "vendor            " << to_text(*manifest.vendor) << "\n";
  if (manifest.board) out << "board             " << to_text(*manifest.board) << "\n";
  if (manifest.boot_record) {
    const BootRecord& record = *manifest.boot_record;
    out << "boot record       " << record.type << " " << record.version << ", signer "
        << to_hex(record.signer) << "\n";
  }
  for (const Tlv& each : manifest.others) {
    out << "maker's own       type " << each.type << ", " << each.value.size() << " bytes\n";
  }
  out << "hash              " << name_of(manifest.hash_kind) << " " << to_hex(manifest.hash)
      << (hash_is_right(image, manifest) ? "" : "  WRONG: bytes were changed") << "\n"
      << "signature         " << signature_line(manifest) << "\n"
      << "trailer           " << trailer_line(image) << "\n";
  return out.str();
}

std::string to_json(const Image& image, const Manifest& manifest) {
  json::object object{{"version", to_text(image.version)},
                      {"header_size", image.header_size},
                      {"payload_size", image.payload.size()},
                      {"load_address", image.load_address},
                      {"flags", image.flags},
                      {"hash_kind", name_of(manifest.hash_kind)},
                      {"hash", to_hex(manifest.hash)},
                      {"hash_right", hash_is_right(image, manifest)}};
  json::value& signature = object["signature"] = nullptr;
  if (manifest.signature) signature = signature_object(*manifest.signature);
  if (manifest.security_counter) object["security_counter"] = *manifest.security_counter;
  json::array needs;
  for (const Dependency& each : manifest.dependencies)
    needs.push_back(json::object{{"image", each.image}, {"version", to_text(each.version)}});
  object["dependencies"] = std::move(needs);
  if (manifest.vendor) object["vendor"] = to_text(*manifest.vendor);
  if (manifest.board) object["board"] = to_text(*manifest.board);
  if (manifest.boot_record) object["boot_record"] = boot_record_object(*manifest.boot_record);
  json::array others;
  for (const Tlv& each : manifest.others)
    others.push_back(json::object{{"type", each.type}, {"value", to_hex(each.value)}});
  object["others"] = std::move(others);
  object["padded"] = image.trailer.has_value();
  object["confirmed"] = image.trailer && image.trailer->confirmed;
  return json::serialize(object);
}

std::string to_json(const Result<Verified>& verdict) {
  json::object object{{"good", verdict.has_value()}};
  if (verdict.has_error()) object["code"] = verdict.error().code();
  return json::serialize(object);
}

}  // namespace jieding::tools::image
