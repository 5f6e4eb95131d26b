#include "config/page_address.hpp"

namespace jieding::config {

std::string page_address(const Web& web, const std::string& name) {
  const bool secure = !web.tls_certificate.empty();
  const bool ipv6 = name.find(':') != std::string::npos;
  const std::string port = web.listen.substr(web.listen.rfind(':') + 1);
  const std::string host = ipv6 ? "[" + name + "]" : name;
  const bool usual = port == (secure ? "443" : "80");
  return (secure ? "https://" : "http://") + host + (usual ? "" : ":" + port);
}

}  // namespace jieding::config
