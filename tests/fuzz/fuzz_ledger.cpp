// Whatever a note, a checkpoint, a proof, a key, a tile's name or a bundle is: what is taken apart
// says the same when it is put together again, and nothing is believed that no key signed.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sync/signed_note.hpp"
#include "sync/tlog_proof.hpp"
#include "sync/tlog_tiles.hpp"

namespace {

using namespace jieding::sync;

void hold(bool law) {
  if (!law) std::abort();
}

/// The first byte chooses what the rest is.
void read(unsigned kind, std::string_view input, const VerifierKey& key) {
  switch (kind % 6) {
    case 0:
      hold(!open_note(input, key));
      return;
    case 1:
      if (const auto checkpoint = checkpoint_from_text(input)) {
        const auto again = checkpoint_from_text(to_text(*checkpoint));
        hold(again && again->size == checkpoint->size && again->root == checkpoint->root);
      }
      return;
    case 2:
      if (const auto proof = tlog::proof_from_text(input)) {
        const auto again = tlog::proof_from_text(to_text(*proof));
        hold(again && again->index == proof->index && again->path == proof->path);
        hold(!verify(*proof, proof->extra, key));
      }
      return;
    case 3:
      if (const auto parsed = parse_vkey(input)) hold(parsed->vkey() == input);
      return;
    case 4:
      if (const auto tile = tlog::tile_from_path(input)) hold(path_of(*tile) == input);
      return;
    default:
      const auto bundle = tlog::entries_of(input);
      std::string again;
      for (const std::string_view entry : bundle.entries)
        tlog::append_entry(again, entry);
      hold(input.starts_with(again) && bundle.whole == (input.size() == again.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const VerifierKey key = verifier_key("example.com/log", std::string(32, 'k'));
  if (size > 0) read(bytes[0], {reinterpret_cast<const char*>(bytes) + 1, size - 1}, key);
  return 0;
}
