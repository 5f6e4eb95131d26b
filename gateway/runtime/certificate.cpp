#include "gateway/runtime/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

namespace jieding {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using Names = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

Bio bio_over(std::string_view text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

X509Ptr parse(std::string_view pem) {
  const Bio bio = bio_over(pem);
  X509Ptr parsed(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr,
                 X509_free);
  ERR_clear_error();
  return parsed;
}

Instant instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return Instant(std::chrono::seconds(timegm(&parts)));
}

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string address_of(const ASN1_OCTET_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(bytes) != 16) return {};
  inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return text.data();
}

std::vector<std::string> names_of(const X509* certificate) {
  const Names names(static_cast<GENERAL_NAMES*>(
                        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
                    GENERAL_NAMES_free);
  std::vector<std::string> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) found.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) found.push_back(address_of(name->d.iPAddress));
  }
  return found;
}

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

}  // namespace

Result<Certificate> read_certificate(std::string_view pem) {
  const X509Ptr parsed = parse(pem);
  if (!parsed) return Error{Fault::Invalid, "holds no certificate in PEM"};
  return Certificate{common_name(parsed.get()),
                     names_of(parsed.get()),
                     instant_of(X509_get0_notBefore(parsed.get())),
                     instant_of(X509_get0_notAfter(parsed.get())),
                     fingerprint_of(parsed.get()),
                     X509_check_issued(parsed.get(), parsed.get()) == X509_V_OK};
}

Result<void> check_key(std::string_view certificate_pem, std::string_view key_pem) {
  const X509Ptr certificate = parse(certificate_pem);
  if (!certificate) return Error{Fault::Invalid, "holds no certificate in PEM"};
  const Bio bio = bio_over(key_pem);
  // Without a password OpenSSL would ask the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  EVP_PKEY* key = bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr;
  const bool fits = key != nullptr && X509_check_private_key(certificate.get(), key) == 1;
  EVP_PKEY_free(key);
  ERR_clear_error();
  if (key == nullptr) return Error{Fault::Invalid, "its key is no private key in PEM"};
  if (!fits) return Error{Fault::Invalid, "its key is another one"};
  return {};
}

bool is_good_for(std::string_view certificate_pem, const std::string& name) {
  const X509Ptr certificate = parse(certificate_pem);
  if (!certificate) return false;
  // Browsers have stopped to look at the common name (RFC 6125 6.4.4).
  constexpr unsigned alternative_names_only = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  return X509_check_host(certificate.get(), name.data(), name.size(), alternative_names_only,
                         nullptr) == 1 ||
         X509_check_ip_asc(certificate.get(), name.c_str(), 0) == 1;
}

}  // namespace jieding
