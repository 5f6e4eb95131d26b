#include "drivers/camera_access.hpp"

#include <fstream>
#include <stdexcept>

#include "drivers/picture.hpp"

namespace jieding::drivers {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_password = 256;

bool may_be_a_picture(const std::string& type) {
  // Some firmware names no type, or one that says nothing; the content is looked at anyway.
  return type.empty() || type == "image/jpeg" || type == "image/jpg" || type == "image/pjpeg" ||
         type == "application/octet-stream";
}

}  // namespace

std::string read_password(const std::string& whose, const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string password;
  if (!std::getline(stream, password) || password.empty() || password.size() > longest_password) {
    throw std::runtime_error(
        whose + ": password_file " + file.string() +
        " cannot be read or has no password in its first line; write it there");
  }
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

HttpAccess access_of(const config::Camera& camera) {
  const config::Settings& settings = camera.settings;
  HttpAccess access;
  access.credentials.user = settings.get<std::string>("user");
  if (!access.credentials.user.empty()) {
    access.credentials.password =
        read_password("camera " + camera.id, settings.get<std::string>("password_file"));
  }
  access.basic_in_clear = settings.get("basic_in_clear", false);
  access.ca_file = settings.get<std::string>("ca_file");
  access.fingerprint = normal_fingerprint(settings.get<std::string>("fingerprint"));
  access.timeout = settings.get("timeout", access.timeout);
  access.longest_body = largest_picture;
  return access;
}

WebAddress address_of(const config::Camera& camera) {
  auto address = parse_web_address(camera.settings.get<std::string>("url"));
  if (!address) {
    throw std::runtime_error("camera " + camera.id + ": url " + address.error().text());
  }
  return std::move(*address);
}

Result<std::string> picture_in(HttpAnswer answer, const WebAddress& from) {
  if (answer.status != 200) {
    return Error{Fault::Unavailable, from.text() + " answers with HTTP status " +
                                         std::to_string(answer.status) + ", not with a picture"};
  }
  if (!may_be_a_picture(answer.type)) {
    return Error{Fault::Invalid, from.text() + " sends " + answer.type.substr(0, 60) +
                                     ", not a JPEG; write the address of a single picture"};
  }
  return std::move(answer.body);
}

std::string wrong_url(const config::Settings& camera, const config::Config&) {
  const auto address = parse_web_address(camera.get<std::string>("url"));
  return address ? "" : address.error().text();
}

std::string wrong_user(const config::Settings& camera, const config::Config&) {
  return camera.has("password_file") ? "" : "needs password_file = \"secrets/...\" beside it";
}

std::string wrong_fingerprint(const config::Settings& camera, const config::Config&) {
  const bool right = !normal_fingerprint(camera.get<std::string>("fingerprint")).empty();
  return right ? "" : "wrong value; write the 64 hexadecimal digits of its SHA-256";
}

std::string wrong_timeout(const config::Settings& camera, const config::Config&) {
  const auto timeout = camera.get<milliseconds>("timeout");
  const bool right = timeout >= milliseconds{100} && timeout <= milliseconds{120'000};
  return right ? "" : "wrong value; write \"100ms\" to \"2m\"";
}

}  // namespace jieding::drivers
