#include "drivers/http_auth.hpp"

#include <algorithm>
#include <map>

#include "drivers/digest.hpp"
#include "gateway/domain/hex.hpp"

namespace jieding::drivers {
namespace {

constexpr std::size_t most_challenges = 8;

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return copy;
}

/// tchar of RFC 9110 §5.6.2, and what only token68 has (§11.2).
bool is_token_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~/";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         others.find(c) != std::string_view::npos;
}

/// Reads a list of challenges from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() {
    skip(" \t,");
    return rest_.empty();
  }
  std::string_view token() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_token_character);
    return take(static_cast<std::size_t>(end - rest_.begin()));
  }
  /// Whether `=` and a value follow: then what stood before is a parameter's name.
  bool equals() {
    const auto kept = rest_;
    skip(" \t");
    if (!rest_.empty() && rest_.front() == '=') {
      rest_.remove_prefix(1);
      skip(" \t");
      if (!rest_.empty() && rest_.front() != '=' && rest_.front() != ',') return true;
    }
    rest_ = kept;
    return false;
  }
  /// Nothing: a quoted text without end, or with characters that no header may hold.
  std::optional<std::string> value() {
    if (rest_.empty() || rest_.front() != '"') return std::string(token());
    std::string text;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return text;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      if (static_cast<unsigned char>(rest_[i]) < 0x20 || rest_[i] == 0x7F) return std::nullopt;
      text += rest_[i];
    }
    return std::nullopt;
  }
  /// Past one character that fits nowhere.
  void skip_one() { rest_.remove_prefix(1); }

 private:
  void skip(std::string_view characters) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(characters), rest_.size()));
  }
  std::string_view take(std::size_t count) {
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::string_view rest_;
};

struct Raw {
  std::string scheme;
  std::map<std::string, std::string> parameters;
};

std::vector<Raw> read_all(std::string_view header) {
  std::vector<Raw> found;
  Reader reader(header);
  while (!reader.at_end() && found.size() <= most_challenges) {
    const std::string_view word = reader.token();
    if (word.empty()) {
      reader.skip_one();
    } else if (!reader.equals()) {
      found.push_back({lower(word), {}});
    } else {
      auto value = reader.value();
      if (!value || found.empty()) break;
      found.back().parameters.emplace(lower(word), std::move(*value));
    }
  }
  return found;
}

bool lists_auth(std::string_view qop) {
  while (!qop.empty()) {
    auto word = qop.substr(0, qop.find(','));
    qop.remove_prefix(std::min(qop.size(), word.size() + 1));
    while (word.starts_with(' '))
      word.remove_prefix(1);
    while (word.ends_with(' '))
      word.remove_suffix(1);
    if (lower(word) == "auth") return true;
  }
  return false;
}

/// Nothing: of a scheme, an algorithm or a protection that we do not speak.
std::optional<Challenge> understood(Raw raw) {
  Challenge challenge;
  challenge.realm = raw.parameters["realm"];
  if (raw.scheme == "basic") return challenge;
  if (raw.scheme != "digest") return std::nullopt;
  challenge.digest = true;
  std::string algorithm = lower(raw.parameters["algorithm"]);
  challenge.session = algorithm.ends_with("-sess");
  if (challenge.session) algorithm.resize(algorithm.size() - 5);
  challenge.sha256 = algorithm == "sha-256";
  if (!challenge.sha256 && algorithm != "md5" && !algorithm.empty()) return std::nullopt;
  challenge.has_qop = raw.parameters.contains("qop");
  if (challenge.has_qop && !lists_auth(raw.parameters["qop"])) return std::nullopt;
  challenge.stale = lower(raw.parameters["stale"]) == "true";
  challenge.nonce = raw.parameters["nonce"];
  challenge.opaque = raw.parameters["opaque"];
  if (challenge.nonce.empty()) return std::nullopt;
  return challenge;
}

int strength(const Challenge& challenge) {
  return challenge.digest ? (challenge.sha256 ? 2 : 1) : 0;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string eight_hex_digits(std::uint32_t number) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text(8, '0');
  for (std::size_t i = 8; i-- > 0; number >>= 4U)
    text[i] = digits[number & 15U];
  return text;
}

/// RFC 7616 §3.4.
std::string digest_answer(const Challenge& challenge, const Credentials& credentials,
                          const Asked& asked) {
  const auto h = [&](const std::string& text) {
    return to_hex(digest(challenge.sha256 ? Hash::Sha256 : Hash::Md5, text));
  };
  const std::string cnonce(asked.cnonce);
  std::string a1 = credentials.user + ":" + challenge.realm + ":" + credentials.password;
  if (challenge.session) a1 = h(a1) + ":" + challenge.nonce + ":" + cnonce;
  const std::string a2 = std::string(asked.method) + ":" + std::string(asked.target);
  const std::string count = eight_hex_digits(asked.count);
  const std::string middle = challenge.has_qop ? count + ":" + cnonce + ":auth:" : "";
  const std::string response = h(h(a1) + ":" + challenge.nonce + ":" + middle + h(a2));
  std::string text = "Digest username=" + quoted(credentials.user) +
                     ", realm=" + quoted(challenge.realm) + ", nonce=" + quoted(challenge.nonce) +
                     ", uri=" + quoted(asked.target) + ", response=" + quoted(response) +
                     ", algorithm=" + (challenge.sha256 ? "SHA-256" : "MD5") +
                     (challenge.session ? "-sess" : "");
  if (challenge.has_qop) text += ", qop=auth, nc=" + count;
  if (challenge.has_qop || challenge.session) text += ", cnonce=" + quoted(cnonce);
  if (!challenge.opaque.empty()) text += ", opaque=" + quoted(challenge.opaque);
  return text;
}

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> found;
  for (Raw& raw : read_all(header)) {
    if (auto challenge = understood(std::move(raw))) found.push_back(std::move(*challenge));
  }
  std::stable_sort(found.begin(), found.end(), [](const Challenge& a, const Challenge& b) {
    return strength(a) > strength(b);
  });
  return found;
}

std::string answer_to(const Challenge& challenge, const Credentials& credentials,
                      const Asked& asked) {
  if (challenge.digest) return digest_answer(challenge, credentials, asked);
  return "Basic " + base64(credentials.user + ":" + credentials.password);
}

}  // namespace jieding::drivers
