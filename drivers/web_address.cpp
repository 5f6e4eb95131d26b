#include "drivers/web_address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

namespace jieding::drivers {
namespace {

namespace urls = boost::urls;

constexpr std::size_t longest = 2000;

Error wrong(std::string_view what) {
  return {Fault::Invalid,
          std::string(what) + "; write http://ADDRESS/PATH or https://ADDRESS/PATH"};
}

Result<WebAddress> from_url(const urls::url_view& url) {
  WebAddress address;
  address.tls = url.scheme_id() == urls::scheme::https;
  if (!address.tls && url.scheme_id() != urls::scheme::http) return wrong("neither http nor https");
  if (url.has_userinfo()) {
    return Error{Fault::Invalid,
                 "user and password do not belong in an address; write user and password_file"};
  }
  address.host = url.host_address();
  if (address.host.empty()) return wrong("names no host");
  if (url.has_port() && url.port_number() == 0) return wrong("has no usable port");
  address.port = url.has_port() ? url.port_number() : address.tls ? 443 : 80;
  address.target = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
  if (url.has_query()) address.target.append("?").append(url.encoded_query());
  return address;
}

std::string in_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

std::string WebAddress::authority() const {
  const bool usual = port == (tls ? 443 : 80);
  return in_brackets(host) + (usual ? "" : ":" + std::to_string(port));
}

std::string WebAddress::text() const {
  return (tls ? "https://" : "http://") + authority() + target.substr(0, target.find('?'));
}

bool WebAddress::same_origin(const WebAddress& other) const {
  return tls == other.tls && host == other.host && port == other.port;
}

Result<WebAddress> parse_web_address(std::string_view text) {
  if (text.size() > longest) return wrong("longer than 2000 characters");
  const auto url = urls::parse_uri({text.data(), text.size()});
  if (!url) return wrong("is no address");
  return from_url(*url);
}

Result<WebAddress> resolve(const WebAddress& base, std::string_view location) {
  if (location.empty() || location.size() > longest) return wrong("is no address");
  const std::string whole = (base.tls ? "https://" : "http://") + base.authority() + base.target;
  const auto from = urls::parse_uri(whole);
  const auto to = urls::parse_uri_reference({location.data(), location.size()});
  urls::url found;
  if (!from || !to || !urls::resolve(*from, *to, found)) return wrong("is no address");
  return from_url(found);
}

}  // namespace jieding::drivers
