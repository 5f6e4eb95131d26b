#include "sync/tlog_proof.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "sync/merkle.hpp"
#include "sync/signed_note.hpp"

namespace jieding::sync::tlog {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_mark = "extra ";
constexpr std::string_view index_mark = "index ";
constexpr std::size_t most_proof_bytes = 256 * 1024;
constexpr std::size_t most_steps = 64;  // of a 64-bit tree

/// The line up to the next line feed, taken off `text`; nothing: there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> index_of(std::string_view digits) {
  std::uint64_t index = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, index);
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  if (read.ec != std::errc() || read.ptr != end || leading_zero) return std::nullopt;
  return index;
}

}  // namespace

std::string to_text(const Proof& proof) {
  std::string text(first_line);
  text += "\n";
  if (!proof.extra.empty()) text += std::string(extra_mark) + to_base64(proof.extra) + "\n";
  text += std::string(index_mark) + std::to_string(proof.index) + "\n";
  for (const Hash& hash : proof.path)
    text += to_base64(bytes_of(hash)) + "\n";
  return text + "\n" + proof.checkpoint;
}

Result<Proof> proof_from_text(std::string_view text) {
  const Error wrong{Fault::Invalid, "not a tlog-proof (c2sp.org/tlog-proof@v1)"};
  if (text.size() > most_proof_bytes || take_line(text) != first_line) return wrong;
  Proof proof;
  auto line = take_line(text);
  if (line && line->starts_with(extra_mark)) {
    const auto extra = from_base64(line->substr(extra_mark.size()));
    if (!extra) return wrong;
    proof.extra = *extra;
    line = take_line(text);
  }
  if (!line || !line->starts_with(index_mark)) return wrong;
  const auto index = index_of(line->substr(index_mark.size()));
  if (!index) return wrong;
  proof.index = *index;
  while ((line = take_line(text)) && !line->empty()) {
    const auto bytes = from_base64(*line);
    const auto hash = bytes ? hash_from_bytes(*bytes) : std::nullopt;
    if (!hash || proof.path.size() == most_steps) return wrong;
    proof.path.push_back(*hash);
  }
  if (!line || text.empty()) return wrong;
  proof.checkpoint = std::string(text);
  return proof;
}

Result<void> verify(const Proof& proof, std::string_view leaf, const VerifierKey& key) {
  const Result<std::string> text = open_note(proof.checkpoint, key);
  if (!text) return text.error();
  const Result<Checkpoint> checkpoint = checkpoint_from_text(*text);
  if (!checkpoint) return checkpoint.error();
  if (checkpoint->origin != key.name)
    return Error{Fault::Refused,
                 "the checkpoint is of " + checkpoint->origin + ", not of " + key.name};
  if (!merkle::verify_inclusion(proof.index, checkpoint->size, merkle::leaf_hash(leaf), proof.path,
                                checkpoint->root))
    return Error{Fault::Refused, "the path does not lead from leaf " + std::to_string(proof.index) +
                                     " to the signed root"};
  return {};
}

}  // namespace jieding::sync::tlog
