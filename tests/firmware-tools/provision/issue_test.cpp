// Keys, certificates and requests as OpenSSL's own verifier takes them.

#include "firmware-tools/provision/issue.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <memory>

#include "gateway/runtime/certificate.hpp"
#include "gateway/runtime/clock.hpp"

namespace {

using namespace jieding;
namespace provision = tools::provision;

const std::vector<std::string> names{"box.example.cn", "192.168.1.10", "2001:db8::1"};

X509* parse(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return certificate;
}

/// What OpenSSL says of a certificate under an authority that is trusted.
int verdict(const std::string& authority_pem, const std::string& pem) {
  X509* authority = parse(authority_pem);
  X509* certificate = parse(pem);
  X509_STORE* trusted = X509_STORE_new();
  X509_STORE_add_cert(trusted, authority);
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, trusted, certificate, nullptr);
  const int verified = X509_verify_cert(context);
  const int error = X509_STORE_CTX_get_error(context);
  X509_STORE_CTX_free(context);
  X509_STORE_free(trusted);
  X509_free(certificate);
  X509_free(authority);
  return verified == 1 ? X509_V_OK : error;
}

struct Site {
  std::string authority_key = provision::new_tls_key().value();
  std::string authority =
      provision::make_authority(authority_key, "Jieding hz-east", names, SystemClock().now().at)
          .value();
  std::string key = provision::new_tls_key().value();

  std::string issue(const std::vector<std::string>& for_names) const {
    return provision::issue({authority, authority_key}, key, for_names, SystemClock().now().at)
        .value();
  }
};

TEST(Issue, TheAuthorityVouchesForTheBox) {
  const Site site;
  const std::string certificate = site.issue(names);
  EXPECT_EQ(verdict(site.authority, certificate), X509_V_OK);
  for (const std::string& name : names)
    EXPECT_TRUE(is_good_for(certificate, name)) << name;
  EXPECT_FALSE(is_good_for(certificate, "other.example.cn"));
  EXPECT_TRUE(check_key(certificate, site.key));
  EXPECT_FALSE(check_key(certificate, site.authority_key));
}

TEST(Issue, TheAuthorityCannotVouchForAnybodyElse) {
  const Site site;
  for (const char* other : {"bank.example", "192.168.1.11", "2001:db8::2"})
    EXPECT_EQ(verdict(site.authority, site.issue({other})), X509_V_ERR_PERMITTED_VIOLATION)
        << other;
}

TEST(Issue, KindsOfNamesThatTheBoxHasNotAreNotFree) {
  Site site;
  site.authority =
      provision::make_authority(site.authority_key, "Jieding", std::vector<std::string>{"10.0.0.1"},
                                SystemClock().now().at)
          .value();
  EXPECT_EQ(verdict(site.authority, site.issue({"10.0.0.1"})), X509_V_OK);
  EXPECT_NE(verdict(site.authority, site.issue({"bank.example"})), X509_V_OK);
  EXPECT_NE(verdict(site.authority, site.issue({"2001:db8::1"})), X509_V_OK);
}

TEST(Issue, ARequestAsksForAllNamesWithItsOwnKey) {
  const std::string key = provision::new_tls_key().value();
  const std::string pem = provision::request(key, names).value();
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509_REQ* request = PEM_read_bio_X509_REQ(bio, nullptr, nullptr, nullptr);
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(X509_REQ_verify(request, X509_REQ_get0_pubkey(request)), 1);
  STACK_OF(X509_EXTENSION)* extensions = X509_REQ_get_extensions(request);
  EXPECT_GE(X509v3_get_ext_by_NID(extensions, NID_subject_alt_name, -1), 0);
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  X509_REQ_free(request);
  BIO_free(bio);
}

TEST(Issue, ACertificateTellsItsDays) {
  const Site site;
  const auto box = read_certificate(site.issue(names)).value();
  const Instant now = SystemClock().now().at;
  EXPECT_LT(box.not_before, now);
  EXPECT_GT(box.not_after, now + std::chrono::days(799));
  EXPECT_LT(box.not_after - box.not_before, std::chrono::days(825));
  EXPECT_FALSE(box.self_signed);
  EXPECT_TRUE(read_certificate(site.authority).value().self_signed);
  EXPECT_EQ(box.names, names);
}

TEST(Issue, WhatIsNoCertificateIsNotRead) {
  EXPECT_FALSE(read_certificate(""));
  EXPECT_FALSE(read_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
  EXPECT_FALSE(read_certificate(provision::new_tls_key().value()));
}

}  // namespace
