#include "firmware-tools/provision/issue.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

namespace jieding::tools::provision {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using Request = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;
using Extension = std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)>;

/// A clock that is a little slow must not take a new certificate for one of tomorrow.
constexpr std::chrono::hours grace{24};

Error trouble(const std::string& what) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  return {Fault::Internal, "OpenSSL could not " + what + ": " + reason.data()};
}

Bio memory() {
  return {BIO_new(BIO_s_mem()), BIO_free};
}
Bio bio_over(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}
std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

Key parse_key(const std::string& pem) {
  const auto no_password = [](char*, int, int, void*) { return -1; };
  return {PEM_read_bio_PrivateKey(bio_over(pem).get(), nullptr, no_password, nullptr),
          EVP_PKEY_free};
}

bool is_ip(const std::string& name) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}
bool is_ipv6(const std::string& name) {
  return name.find(':') != std::string::npos;
}

std::string alternative_names(Names names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ",") + std::string(is_ip(name) ? "IP:" : "DNS:") + name;
  return text;
}

/// What is of no kind that the box has, must not be signed at all: a kind that is not named would
/// be free.
std::string constraints(Names names) {
  std::string text = "critical";
  bool dns = false, ipv4 = false, ipv6 = false;
  for (const std::string& name : names) {
    const bool six = is_ipv6(name), four = !six && is_ip(name);
    text += ",permitted;";
    text += six    ? "IP:" + name + "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
            : four ? "IP:" + name + "/255.255.255.255"
                   : "DNS:" + name;
    (six ? ipv6 : four ? ipv4 : dns) = true;
  }
  if (!dns) text += ",permitted;DNS:invalid";  // RFC 2606: nobody's
  if (!ipv4) text += ",excluded;IP:0.0.0.0/0.0.0.0";
  if (!ipv6) text += ",excluded;IP:::/::";
  return text;
}

/// The alternative names count; a common name that looks like a host's is held to the authority's
/// constraints on hosts as well, so an address must not stand there.
std::string common_name(Names names) {
  const auto host = std::find_if_not(names.begin(), names.end(), is_ip);
  return host == names.end() ? "Jieding box" : *host;
}

bool set_name(X509_NAME* name, const std::string& text) {
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1,
                                    0) == 1;
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> bits{};
  if (RAND_bytes(bits.data(), bits.size()) != 1) return false;
  bits[0] &= 0x7F;
  BIGNUM* number = BN_bin2bn(bits.data(), bits.size(), nullptr);
  const bool set = number != nullptr &&
                   BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return set;
}

bool set_days(X509* certificate, Instant from, Instant to) {
  const auto seconds = [](Instant at) {
    return static_cast<std::time_t>(
        std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
  };
  return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(from)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(to)) != nullptr;
}

bool add(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()),
                            X509_EXTENSION_free);
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// Without extensions and signature.
X509Ptr blank(const std::string& name, EVP_PKEY* key, Instant now, std::chrono::days term) {
  X509Ptr certificate(X509_new(), X509_free);
  const bool made = certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                    set_serial(certificate.get()) &&
                    set_days(certificate.get(), now - grace, now + term) &&
                    set_name(X509_get_subject_name(certificate.get()), name) &&
                    X509_set_pubkey(certificate.get(), key) == 1;
  if (!made) certificate.reset();
  return certificate;
}

Result<std::string> sign(X509* certificate, EVP_PKEY* key) {
  const Bio bio = memory();
  if (X509_sign(certificate, key, EVP_sha256()) == 0 ||
      PEM_write_bio_X509(bio.get(), certificate) != 1)
    return trouble("sign a certificate");
  return text_of(bio.get());
}

bool describe_server(X509* certificate, X509* issuer, Names names) {
  return add(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
         add(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
         // For mutual TLS with the platform's broker the box is a client as well.
         add(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth") &&
         add(certificate, issuer, NID_subject_alt_name, alternative_names(names)) &&
         add(certificate, issuer, NID_subject_key_identifier, "hash");
}

}  // namespace

Result<std::string> new_tls_key() {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Bio bio = memory();
  if (!key || PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                            nullptr) != 1)
    return trouble("make a key");
  return text_of(bio.get());
}

Result<std::string> make_authority(const std::string& key_pem, const std::string& name, Names names,
                                   Instant now) {
  const Key key = parse_key(key_pem);
  const X509Ptr authority =
      key ? blank(name, key.get(), now, authority_term) : X509Ptr(nullptr, X509_free);
  const bool described =
      authority &&
      X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get())) == 1 &&
      add(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      add(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
      add(authority.get(), authority.get(), NID_name_constraints, constraints(names)) &&
      add(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
  if (!described) return trouble("make an authority");
  return sign(authority.get(), key.get());
}

Result<std::string> issue(Signing by, const std::string& key_pem, Names names, Instant now) {
  const Key key = parse_key(key_pem), signer = parse_key(by.key);
  const X509Ptr issuer(PEM_read_bio_X509(bio_over(by.certificate).get(), nullptr, nullptr, nullptr),
                       X509_free);
  if (!key || !signer || !issuer) return trouble("read the authority or the key");
  const X509Ptr certificate = blank(common_name(names), key.get(), now, box_term);
  const bool described =
      certificate &&
      X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get())) == 1 &&
      describe_server(certificate.get(), issuer.get(), names) &&
      add(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid:always");
  if (!described) return trouble("make a certificate");
  return sign(certificate.get(), signer.get());
}

Result<std::string> self_signed(const std::string& key_pem, Names names, Instant now) {
  const Key key = parse_key(key_pem);
  const X509Ptr certificate =
      key ? blank(common_name(names), key.get(), now, box_term) : X509Ptr(nullptr, X509_free);
  const bool described =
      certificate &&
      X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) == 1 &&
      describe_server(certificate.get(), certificate.get(), names);
  if (!described) return trouble("make a certificate");
  return sign(certificate.get(), key.get());
}

Result<std::string> request(const std::string& key_pem, Names names) {
  const Key key = parse_key(key_pem);
  const Request made(X509_REQ_new(), X509_REQ_free);
  X509V3_CTX context;
  X509V3_set_ctx(&context, nullptr, nullptr, made.get(), nullptr, 0);
  const Extension alternatives(X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name,
                                                   alternative_names(names).c_str()),
                               X509_EXTENSION_free);
  STACK_OF(X509_EXTENSION)* extensions = sk_X509_EXTENSION_new_null();
  if (alternatives) sk_X509_EXTENSION_push(extensions, alternatives.get());
  const Bio bio = memory();
  const bool done = key && made && alternatives &&
                    set_name(X509_REQ_get_subject_name(made.get()), common_name(names)) &&
                    X509_REQ_set_pubkey(made.get(), key.get()) == 1 &&
                    X509_REQ_add_extensions(made.get(), extensions) == 1 &&
                    X509_REQ_sign(made.get(), key.get(), EVP_sha256()) != 0 &&
                    PEM_write_bio_X509_REQ(bio.get(), made.get()) == 1;
  sk_X509_EXTENSION_free(extensions);
  if (!done) return trouble("make a certificate request");
  return text_of(bio.get());
}

}  // namespace jieding::tools::provision
