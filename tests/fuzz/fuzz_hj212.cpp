// Any bytes, in pieces of any size: the splitter keeps its bounds, whatever is read is sound, and
// parts of uploads are followed within their bounds. The same bytes are read as a data segment too,
// since a fuzzer rarely guesses a checksum, and once more encrypted, as a station with a key sends
// them.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "drivers/hj212_codec.hpp"
#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_join.hpp"
#include "drivers/hj212_reply.hpp"
#include "drivers/hj212_seal.hpp"
#include "drivers/quoted.hpp"

namespace {

namespace hj212 = jieding::drivers::hj212;

void need(bool so) {
  if (!so) std::abort();
}

const hj212::Dialect& strict() {
  static const hj212::Dialect dialect{{{"a34004", "mg/m3"}}, {{"a50001", "LA"}}, hj212::harmless()};
  return dialect;
}
const hj212::Dialect& lenient() {
  static const hj212::Dialect dialect{
      {{"a34004", "mg/m3"}}, {{"a50001", "LA"}}, *hj212::tolerances({"field", "plaintext"})};
  return dialect;
}

struct OneSeal final : hj212::Sealing {
  explicit OneSeal(hj212::WireForm form) {
    seal.form = form;
    seal.keys.push_back(*hj212::Sm4Key::parse("0000000000000000"));
  }
  std::size_t wire_length(std::string_view begun, std::size_t declared) const override {
    return hj212::wire_length(seal, begun, declared);
  }
  std::optional<std::string> open(std::string_view segment, std::uint16_t told) const override {
    return hj212::open(seal, segment, told);
  }
  hj212::Seal seal;
};

void must_be_a_frame(const std::string& bytes) {
  hj212::FrameFinder finder;
  finder.push(bytes);
  const auto found = finder.next();
  need(found && found->refused.empty() && hj212::parse(found->segment()));
}

class Reader {
 public:
  void read(std::string_view segment) {
    const auto message = hj212::parse(segment);
    if (!message) return;
    const auto& head = message->head;
    need(head.packet >= 1 && head.packet <= head.packets);
    for (const auto style : {hj212::ReplyStyle::Standard, hj212::ReplyStyle::QnRtn,
                             hj212::ReplyStyle::QnRtnExeRtn, hj212::ReplyStyle::Of2005}) {
      must_be_a_frame(hj212::data_answer(head, style));
    }
    must_be_a_frame(hj212::notice_answer(head));
    const auto accepted = hj212::readings(*message, strict(), "dust-1", {});
    const auto tolerated = hj212::readings(*message, lenient(), "dust-1", {},
                                           joiner_.time_of("dust-1", head.cn, head.packets));
    need(!accepted || tolerated);  // tolerance never refuses
    if (!tolerated) return;
    need(!tolerated->batch.empty());
    for (const auto& reading : tolerated->batch)
      need(std::isfinite(reading.value) && !reading.quantity.empty());
    if (head.packets > 1) join(head, tolerated->batch.front().device_time);
  }
  void end() {
    told_ += joiner_.give_up_all().size();
    need(told_ <= begun_ && joiner_.open() == 0 && joiner_.bytes() == 0);
  }

 private:
  void join(const hj212::Head& head, jieding::Instant at) {
    const hj212::Part part{"dust-1", head.cn, at, head.packets, head.packet};
    joiner_.begin(part, {});
    ++begun_;
    const bool whole = (head.flag & 1U) != 0;
    const auto due = joiner_.commit(part, head.qn, whole, {});
    need(whole || due.size() <= 1);
    need(joiner_.open() <= 4 && joiner_.bytes() <= 4096 + 1024);
    told_ += joiner_.give_up({}).size();
  }

  hj212::Joiner joiner_{{std::chrono::seconds{60}, 4, 4096}};
  std::size_t begun_ = 0;
  std::size_t told_ = 0;
};

/// Cuts the stream into pieces of this size.
void find(std::string_view rest, std::size_t piece, const hj212::Sealing* sealing) {
  Reader reader;
  std::size_t given = 0;
  std::size_t taken = 0;
  hj212::FrameFinder finder(hj212::longest_segment, sealing);
  const std::size_t most = hj212::longest_segment * (sealing == nullptr ? 1 : 2);
  while (!rest.empty()) {
    const auto part = rest.substr(0, piece);
    rest.remove_prefix(part.size());
    finder.push(part);
    given += part.size();
    while (const auto found = finder.next()) {
      taken += found->bytes.size();
      if (found->refused.empty()) reader.read(found->segment());
    }
    need(finder.unfinished().size() < most + hj212::frame_overhead);
    need(taken + finder.unfinished().size() <= given);
  }
  reader.end();
}

/// What is encrypted is found again, unless it is cut where its key cannot know it.
void seal_and_open(std::string_view segment, const OneSeal& sealing) {
  const auto at = segment.find("CP=&&");
  if (at == std::string_view::npos || at + 7 > segment.size() || !segment.ends_with("&&")) return;
  const std::string frame = hj212::to_sealed_frame(sealing.seal, segment);
  hj212::FrameFinder finder(hj212::longest_segment, &sealing);
  finder.push(frame);
  const auto found = finder.next();
  need(found.has_value());
  if (found->encrypted()) need(found->opened.size() == segment.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  static const OneSeal raw(hj212::WireForm::Raw);
  static const OneSeal hex(hj212::WireForm::Hex);
  const std::size_t piece = 1 + bytes[0] * std::size_t{8};
  const std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  need(jieding::drivers::quoted(rest).size() <= 42);
  if (rest.size() <= hj212::longest_segment) {
    Reader reader;
    reader.read(rest);
    reader.end();
    seal_and_open(rest, raw);
    seal_and_open(rest, hex);
  }
  find(rest, piece, nullptr);
  find(rest, piece, &raw);
  find(rest, piece, &hex);
  return 0;
}
