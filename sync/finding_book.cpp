#include "sync/finding_book.hpp"

#include <functional>
#include <memory>
#include <sstream>
#include <utility>

#include "sync/hash.hpp"
#include "sync/once.hpp"
#include "sync/outbox.hpp"
#include "sync/private_text.hpp"

namespace jieding::sync {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t most_unnamed_photos = 16;  // of one person
constexpr std::chrono::days unnamed_photos_kept{1};

/// What `once` keeps of an answer, and gives back.
std::string to_text(const FindingRecorded& recorded) {
  const auto& due = recorded.decision.due;
  return std::to_string(recorded.finding) + " " + std::to_string(recorded.index) + " " +
         std::string(to_text(recorded.decision.status)) + " " + (due ? jieding::to_text(*due) : "");
}
Result<FindingRecorded> recorded_from(const std::string& text) {
  FindingRecorded recorded;
  std::string status, due;
  std::istringstream(text) >> recorded.finding >> recorded.index >> status >> due;
  const auto known = finding_status_from_text(status);
  if (!known) return Error{Fault::Internal, "a kept answer cannot be read"};
  recorded.decision.status = *known;
  if (const auto day = day_from_text(due)) recorded.decision.due = *day;
  return recorded;
}

Result<std::string> words_of(Database& database, const std::string& sha256) {
  if (sha256.empty()) return std::string();
  auto words = private_text::find(database, sha256);
  if (!words) return words.error();
  return words->value_or("");
}

Result<FindingBook::Told> told(Database& database, std::uint64_t id) {
  auto stored = finding_table::load(database, id);
  if (!stored) return stored.error();
  FindingBook::Told told{std::move(*stored), {}, {}};
  auto place = words_of(database, told.finding.finding.place.words_sha256);
  if (!place) return place.error();
  told.place = std::move(*place);
  for (const StoredStep& step : told.finding.steps) {
    auto text = words_of(database, step.step.text_sha256);
    if (!text) return text.error();
    told.texts.push_back(std::move(*text));
  }
  return told;
}

}  // namespace

asio::awaitable<Result<std::string>> FindingBook::photo(Photo photo) {
  if (auto room = room_.check(); !room) co_return room.error();
  const auto whole = std::make_shared<const Photo>(std::move(photo));
  std::function<Result<void>()> prepare = [this, whole]() -> Result<void> {
    if (auto kept = evidence_.keep(whole->jpeg); !kept) return kept.error();
    return {};
  };
  std::function<Result<std::string>(Database&)> work =
      [this, whole](Database& database) -> Result<std::string> {
    const Instant oldest = whole->at - unnamed_photos_kept;
    const auto unnamed = evidence_.forget_unnamed_photos(database, whole->by, oldest);
    if (!unnamed) return unnamed.error();
    if (*unnamed >= most_unnamed_photos)
      return Error{
          Fault::TooMuch,
          std::to_string(*unnamed) + " of your photos are in no finding; use them, or wait a day"};
    const EvidenceRow row{sha256_hex(whole->jpeg),
                          std::string(photo_kind),
                          whole->by,
                          "",
                          whole->at,
                          static_cast<std::int64_t>(whole->jpeg.size())};
    if (const auto recorded = evidence_.record(database, row); !recorded) return recorded.error();
    return row.sha256;
  };
  co_return co_await journal_.write_after<std::string>(std::move(prepare), std::move(work));
}

asio::awaitable<Result<FindingRecorded>> FindingBook::say(FindingWord word, FindingWords words,
                                                          int due_days,
                                                          std::optional<OnceKey> once) {
  std::function<Result<FindingRecorded>(Database&)> work =
      [this, word = std::move(word), words = std::move(words), due_days,
       once = std::move(once)](Database& database) -> Result<FindingRecorded> {
    if (!once) return record(database, word, words, due_days);
    const auto before = once::answered(database, *once);
    if (!before) return before.error();
    if (*before) return recorded_from(**before);
    Result<FindingRecorded> recorded = record(database, word, words, due_days);
    if (!recorded) return recorded;
    if (auto kept = once::remember(database, *once, to_text(*recorded)); !kept) return kept.error();
    return recorded;
  };
  co_return co_await journal_.write<FindingRecorded>(std::move(work), Importance::Record);
}

/// On journal.
Result<FindingRecorded> FindingBook::record(Database& database, const FindingWord& word,
                                            const FindingWords& words, int due_days) {
  if (auto sent = send_photos(database, word.step.pictures); !sent) return sent.error();
  Result<FindingRecorded> recorded = finding_table::record(database, ledger_, word, due_days);
  if (!recorded) return recorded;
  const Instant at = word.step.said.at;
  auto kept = private_text::put(database, word.step.text_sha256, words.text, at);
  if (kept) kept = private_text::put(database, word.place.words_sha256, words.place, at);
  if (!kept) return kept.error();
  return recorded;
}

/// On journal. The platform gets a photo when a step names it, not before.
Result<void> FindingBook::send_photos(Database& database,
                                      const std::vector<std::string>& pictures) {
  for (const std::string& sha256 : pictures) {
    const auto kind = evidence_.kind_of(database, sha256);
    if (!kind) return kind.error();
    if (!*kind || **kind != photo_kind)
      return Error{Fault::Conflict, "a photo is not here; POST it to /api/v1/photos first"};
    if (auto sent = outbox::put_evidence(database, sha256); !sent) return sent;
  }
  return {};
}

asio::awaitable<Result<std::vector<StoredFinding>>> FindingBook::newest(std::size_t count) {
  std::function<Result<std::vector<StoredFinding>>(Database&)> work = [count](Database& database) {
    return finding_table::newest(database, count);
  };
  co_return co_await journal_.read<std::vector<StoredFinding>>(std::move(work));
}

asio::awaitable<Result<FindingsNow>> FindingBook::now() {
  std::function<Result<FindingsNow>(Database&)> work = finding_table::now;
  co_return co_await journal_.read<FindingsNow>(std::move(work));
}

asio::awaitable<Result<FindingBook::Told>> FindingBook::tell(std::uint64_t id) {
  std::function<Result<Told>(Database&)> work = [id](Database& database) {
    return told(database, id);
  };
  co_return co_await journal_.read<Told>(std::move(work));
}

}  // namespace jieding::sync
