#include "firmware-tools/provision/sheet.hpp"

#include <iostream>
#include <limits>

#include "config/page_address.hpp"
#include "firmware-tools/provision/commands.hpp"
#include "firmware-tools/provision/qr.hpp"
#include "gateway/runtime/certificate.hpp"
#include "gateway/runtime/markup.hpp"
#include "sync/ledger_key.hpp"
#include "sync/sign_in.hpp"

namespace jieding::tools::provision {
namespace {

constexpr std::string_view style =
    "@page{size:A4;margin:18mm}"
    "body{font:12pt/1.5 'Noto Sans CJK SC','Noto Sans SC',sans-serif;color:#000;max-width:174mm;"
    "margin:0 auto;padding:0 4mm;box-sizing:border-box}"
    "h1{font-size:26pt;line-height:1.25;margin:8mm 0 1mm}h2{font-size:14pt;margin:0}"
    ".en{color:#444;font-size:10.5pt;margin:0}"
    ".part{display:flex;flex-wrap:wrap;gap:8mm;align-items:center;border-top:.4mm solid #000;"
    "margin-top:7mm;padding-top:6mm}"
    ".part>div{flex:1 1 80mm;min-width:0}p{margin:1.5mm 0}"
    "code{font:700 13pt/1.5 'Noto Sans Mono CJK SC',monospace;overflow-wrap:anywhere}"
    ".small code{font-size:9.5pt;font-weight:400}svg{flex:none;max-width:100%}";

std::string part(const std::string& code, const std::string& words) {
  return "<section class=\"part\"><div>" + words + "</div>" + code + "</section>\n";
}

std::string how_to_look(const Sheet& sheet) {
  std::string words =
      "<h2>手机扫码，看楼盖到第几层</"
      "h2><p>工程进度、现场照片、各方确认的节点，都在这里，随时更新。</p>"
      "<p class=\"en\">Scan to see how far the buildings are: pictures, milestones, who confirmed "
      "them.</p>";
  for (const std::string& address : sheet.addresses)
    words += "<p class=\"small\"><code>" + markup::escape(address) + "</code></p>";
  return words;
}

std::string how_to_check(const Sheet& sheet) {
  return "<h2>记录密钥指纹</h2><p><code>" + markup::escape(sheet.fingerprint) +
         "</code></"
         "p><p>每条记录都由这台设备签名。谁改动了哪一条，凭这个指纹就能查出来。请拍照留存，"
         "以后核对。</p>"
         "<p class=\"en\">Fingerprint of the key that signs the record. Keep a photo of it: with "
         "it anybody can find out whether the record was changed.</p>"
         "<p class=\"small\"><code>" +
         markup::escape(sheet.key) + "</code></p>";
}

std::string how_to_trust(const Sheet& sheet) {
  return "<h2>网站证书指纹</h2><p>证书由本工地的设备自行签发，第一次打开时浏览器会提示“不受信任”。"
         "可把签发者证书的 SHA-256 指纹与这里核对。</p>"
         "<p class=\"en\">The certificate is issued on this site, so a browser warns at first. "
         "SHA-256 of the issuing authority:</p><p class=\"small\"><code>" +
         markup::escape(sheet.authority) + "</code></p>";
}

Result<std::string> new_viewer_link(const Box& box, const std::string& address) {
  const auto database = sync::open_database(box.state());
  if (!database) return database.error();
  const auto token = sync::sign_in::create_token(**database, sync::TokenKind::Viewer, {},
                                                 std::numeric_limits<std::int64_t>::max());
  if (!token) return token.error();
  return address + "/?viewer=" + *token;
}

Result<Sheet> sheet_of(const Box& box, const config::Config& config) {
  Sheet sheet{config.site.name, {}, {}, {}, {}, {}};
  const auto pem = sync::real_files().read(box.certificate());
  if (!pem) return pem.error();
  const auto certificate = read_certificate(*pem);
  if (!certificate) return certificate.error().in(box.certificate().string());
  for (const std::string& name : certificate->names)
    sheet.addresses.push_back(config::page_address(config.web, name));
  if (sheet.addresses.empty())
    return Error{Fault::Invalid, box.certificate().string() + " is good for no name"};
  const auto signer = sync::load_signer(sync::key_file(box.state()),
                                        sync::ledger_origin(config.site.id, config.site.gateway));
  if (!signer) return signer.error();
  sheet.fingerprint = signer->key().fingerprint();
  sheet.key = signer->vkey();
  if (const auto authority = sync::real_files().read(box.authority())) {
    const auto read = read_certificate(*authority);
    if (!read) return read.error().in(box.authority().string());
    sheet.authority = read->sha256;
  }
  const auto link = new_viewer_link(box, sheet.addresses.front());
  if (!link) return link.error();
  sheet.viewer_link = *link;
  return sheet;
}

}  // namespace

Result<std::string> to_html(const Sheet& sheet) {
  const auto look = qr_svg(sheet.viewer_link, 52);
  if (!look) return look.error();
  const auto check = qr_svg(sheet.key, 36);
  if (!check) return check.error();
  std::string page = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>" +
                     markup::escape(sheet.site) +
                     "</title><meta name=\"viewport\" content=\"width=device-width\"><style>" +
                     std::string(style) + "</style><body><h1>" + markup::escape(sheet.site) +
                     "</h1><h2>工程进度公示</h2><p class=\"en\">Progress of this site, for "
                     "everybody</p>\n";
  page += part(*look, how_to_look(sheet)) + part(*check, how_to_check(sheet));
  if (!sheet.authority.empty()) page += part("", how_to_trust(sheet));
  return page + "</body></html>\n";
}

Result<std::string> to_text(const Sheet& sheet) {
  const auto code = qr_blocks(sheet.viewer_link);
  if (!code) return code.error();
  std::string text = sheet.site + "\n\n" + *code + "\n";
  for (const std::string& address : sheet.addresses)
    text += "page         " + address + "\n";
  text += "viewer link  " + sheet.viewer_link + "\n";
  text += "fingerprint  " + sheet.fingerprint + "\n";
  text += "key          " + sheet.key + "\n";
  if (!sheet.authority.empty()) text += "authority    " + sheet.authority + "\n";
  return text;
}

Result<std::string> write_sheet(const Box& box, const config::Config& config) {
  const auto sheet = sheet_of(box, config);
  if (!sheet) return sheet.error();
  const auto page = to_html(*sheet);
  if (!page) return page.error();
  auto text = to_text(*sheet);
  if (!text) return text;
  if (auto written = replace(box.sheet_page(), *page); !written) return written.error();
  if (auto written = replace(box.sheet_text(), *text); !written) return written.error();
  return text;
}

Result<void> print_sheet(const std::filesystem::path& folder) {
  const Box box(folder);
  const auto config = box.load();
  if (!config) return config.error();
  const auto text = write_sheet(box, *config);
  if (!text) return text.error();
  std::cout << *text << "for printing " << box.sheet_page().string() << '\n';
  return {};
}

}  // namespace jieding::tools::provision
