#include "sync/store.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "gateway/runtime/log.hpp"
#include "sync/hash.hpp"
#include "sync/once.hpp"
#include "sync/private_text.hpp"
#include "sync/state_folder.hpp"

namespace jieding::sync {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t bytes_per_reading = 100;  // about, with both of its index entries
constexpr std::chrono::seconds housekeeping_every{5};
constexpr std::size_t rows_forgotten_at_once = 5000;
constexpr std::size_t history_points = 2000;
constexpr std::int64_t most_unused_documents = 32;  // of one device

Result<SiteSnapshot> load_snapshot(Database& database, Instant newest,
                                   const std::vector<std::string>& cameras) {
  auto cursors = frame_log::cursors(database);
  if (!cursors) return cursors.error();
  auto estimates = frame_log::latest(database, cameras);
  if (!estimates) return estimates.error();
  auto milestones = milestone_table::load_all(database);
  if (!milestones) return milestones.error();
  auto latest = readings::latest(database, newest);
  if (!latest) return latest.error();
  auto counts = readings::counts(database);
  if (!counts) return counts.error();
  auto refusals = quarantine::counts(database);
  if (!refusals) return refusals.error();
  auto outbox = outbox::status(database);
  if (!outbox) return outbox.error();
  auto alerts = alert_table::open(database);
  if (!alerts) return alerts.error();
  auto actions = action_table::all(database);
  if (!actions) return actions.error();
  return SiteSnapshot{std::move(*cursors),
                      std::move(*estimates),
                      std::move(*milestones),
                      std::move(*latest),
                      *counts,
                      std::move(*refusals),
                      std::move(*outbox),
                      std::move(*alerts),
                      std::move(*actions)};
}

bool fold_log(Database& database) {
  return bool(database.script("pragma wal_checkpoint(truncate)"));
}

/// What the rules refuse is the statement's trouble; anything else is the transaction's.
bool is_refusal(const Error& error) {
  return error.kind() != Fault::Internal && error.kind() != Fault::Full;
}

/// What `once` keeps of an answer, and gives back.
std::string to_text(const Accepted& accepted) {
  return std::to_string(accepted.stored) + " " + std::to_string(accepted.repeated) + " " +
         std::to_string(accepted.conflicting);
}
Accepted accepted_from(const std::string& text) {
  Accepted accepted;
  std::istringstream(text) >> accepted.stored >> accepted.repeated >> accepted.conflicting;
  return accepted;
}
std::string to_text(const Recorded& recorded) {
  return std::to_string(recorded.index) + " " + std::string(to_text(recorded.decision.status));
}
Result<Recorded> recorded_from(const std::string& text, Instant at) {
  Recorded recorded;
  std::string word;
  std::istringstream(text) >> recorded.index >> word;
  const auto status = status_from_text(word);
  if (!status) return Error{Fault::Internal, "a kept answer cannot be read"};
  recorded.decision = {*status, at};
  return recorded;
}

}  // namespace

asio::awaitable<Result<Accepted>> Store::readings(Batch batch) {
  if (auto room = room_.check(); !room) co_return room.error();
  std::function<Result<Accepted>(Database&)> work = [this,
                                                     batch = std::move(batch)](Database& database) {
    return store_readings(database, batch);
  };
  co_return co_await journal_->write<Accepted>(std::move(work));
}

asio::awaitable<Result<AcceptedOnce>> Store::readings_once(Batch batch, OnceKey key) {
  if (auto room = room_.check(); !room) co_return room.error();
  std::function<Result<AcceptedOnce>(Database&)> work =
      [this, batch = std::move(batch),
       key = std::move(key)](Database& database) -> Result<AcceptedOnce> {
    const auto before = once::answered(database, key);
    if (!before) return before.error();
    if (*before) return AcceptedOnce{accepted_from(**before), true};
    const Result<Accepted> accepted = store_readings(database, batch);
    if (!accepted) return accepted.error();
    if (auto kept = once::remember(database, key, to_text(*accepted)); !kept) return kept.error();
    return AcceptedOnce{*accepted, false};
  };
  co_return co_await journal_->write<AcceptedOnce>(std::move(work));
}

/// On journal.
Result<Accepted> Store::store_readings(Database& database, const Batch& batch) {
  for (const Reading& reading : batch)
    if (reading.received.quality != TimeQuality::Unsynced)
      newest_received_ = std::max(newest_received_, reading.received.at);
  std::vector<const Reading*> fresh;
  Result<Accepted> accepted = readings_.store(database, batch, &fresh);
  if (!accepted) return accepted;
  const auto looked = limits_.look(database, ledger_, std::move(fresh));
  if (!looked) return looked.error();
  accepted->alerts = looked->turned;
  accepted->untimely = looked->untimely;
  if (auto noted = height_log::note(database, options_.heights, batch); !noted)
    return noted.error();
  return accepted;
}

asio::awaitable<Result<FrameCommitted>> Store::frame(FrameCommit commit) {
  if (auto room = room_.check(); !room) co_return room.error();
  const auto whole = std::make_shared<const FrameCommit>(std::move(commit));
  const auto pictures = std::make_shared<FramePictures>();
  std::function<Result<void>()> prepare = [this, whole, pictures] {
    return keep_pictures(*whole, *pictures);
  };
  std::function<Result<FrameCommitted>(Database&)> work = [this, whole,
                                                           pictures](Database& database) {
    return commit_frame(database, *whole, *pictures);
  };
  co_return co_await journal_->write_after<FrameCommitted>(std::move(prepare), std::move(work));
}

asio::awaitable<Result<std::optional<FrameAccepted>>> Store::frame_answer(std::string camera,
                                                                          std::string name) {
  std::function<Result<std::optional<FrameAccepted>>(Database&)> work =
      [camera = std::move(camera), name = std::move(name)](Database& database) {
        return frame_log::answer(database, camera, name);
      };
  co_return co_await journal_->read<std::optional<FrameAccepted>>(std::move(work));
}

Result<void> Store::keep_pictures(const FrameCommit& commit, FramePictures& pictures) {
  for (const MaskedPicture& picture : commit.report.pictures) {
    Result<std::string> sha256 = evidence_.keep(picture.jpeg);
    if (!sha256) return sha256.error();
    if (picture.kind == "overlay")
      pictures.overlays[picture.building] = std::move(*sha256);
    else
      pictures.masked = std::move(*sha256);
  }
  return {};
}

Result<FrameCommitted> Store::commit_frame(Database& database, const FrameCommit& commit,
                                           const FramePictures& pictures) {
  for (const MaskedPicture& picture : commit.report.pictures) {
    const bool overlay = picture.kind == "overlay";
    const EvidenceRow row{overlay ? pictures.overlays.at(picture.building) : pictures.masked,
                          picture.kind,
                          commit.camera,
                          picture.building,
                          commit.taken,
                          static_cast<std::int64_t>(picture.jpeg.size())};
    if (const auto recorded = evidence_.record(database, row); !recorded) return recorded.error();
  }
  auto buildings = frame_log::record(database, {commit.camera, commit.name, commit.taken,
                                                commit.report, pictures, commit.cameras});
  if (!buildings) return buildings.error();
  FrameCommitted committed{pictures, std::move(*buildings), {}, {}};
  for (milestones::Statement statement : commit.statements) {
    if (statement.evidence.empty()) {
      if (!pictures.masked.empty()) statement.evidence.push_back(pictures.masked);
      const auto overlay = pictures.overlays.find(statement.milestone.building);
      if (overlay != pictures.overlays.end()) statement.evidence.push_back(overlay->second);
      const auto before = frame_log::picture_before(database, commit.camera, statement.milestone,
                                                    statement.named_at);
      if (!before) return before.error();
      if (!before->empty()) statement.evidence.push_back(*before);
    }
    const Result<Judged> judged = milestone_table::judge(database, statement, commit.terms);
    if (!judged && !is_refusal(judged.error())) return judged.error();
    if (!judged) {
      committed.refused.push_back(judged.error());
      continue;
    }
    Result<Recorded> recorded = write_statement(database, statement, *judged);
    if (!recorded) return recorded.error();
    committed.recorded.push_back(*recorded);
  }
  return committed;
}

asio::awaitable<Result<Recorded>> Store::statement(milestones::Statement statement,
                                                   milestones::Terms terms, std::string comment,
                                                   std::optional<OnceKey> once) {
  std::function<Result<Recorded>(Database&)> work =
      [this, statement = std::move(statement), terms, comment = std::move(comment),
       once = std::move(once)](Database& database) -> Result<Recorded> {
    if (!once) return record_statement(database, statement, terms, comment);
    const auto before = once::answered(database, *once);
    if (!before) return before.error();
    if (*before) return recorded_from(**before, statement.named_at);
    Result<Recorded> recorded = record_statement(database, statement, terms, comment);
    if (!recorded) return recorded;
    if (auto kept = once::remember(database, *once, to_text(*recorded)); !kept) return kept.error();
    return recorded;
  };
  co_return co_await journal_->write<Recorded>(std::move(work), Importance::Record);
}

/// On journal.
Result<Recorded> Store::record_statement(Database& database, const milestones::Statement& statement,
                                         const milestones::Terms& terms,
                                         const std::string& comment) {
  if (auto kept = evidence_.must_hold(database, statement.document_sha256); !kept)
    return kept.error();
  const Result<Judged> judged = milestone_table::judge(database, statement, terms);
  if (!judged) return judged.error();
  Result<Recorded> recorded = write_statement(database, statement, *judged);
  if (!recorded) return recorded;
  if (auto kept = private_text::put(database, statement.comment_sha256, comment, statement.said.at);
      !kept)
    return kept.error();
  return recorded;
}

/// On journal. With it what it sets going.
Result<Recorded> Store::write_statement(Database& database, const milestones::Statement& statement,
                                        const Judged& judged) {
  Result<Recorded> recorded = milestone_table::write(database, ledger_, statement, judged);
  const auto& policy = options_.policy;
  if (!recorded || !recorded->changed || !policy ||
      !action_table::bears_on_actions(*policy, statement.milestone))
    return recorded;
  const auto followed =
      action_table::follow(database, ledger_, *policy, options_.project, statement.said);
  if (!followed) return followed.error();
  return recorded;
}

asio::awaitable<Result<std::size_t>> Store::catch_up_actions(Stamp at) {
  if (!options_.policy) co_return std::size_t{0};
  std::function<Result<std::size_t>(Database&)> work = [this, at](Database& database) {
    return action_table::follow(database, ledger_, *options_.policy, options_.project, at);
  };
  co_return co_await journal_->write<std::size_t>(std::move(work), Importance::Record);
}

asio::awaitable<Result<std::vector<StoredAction>>> Store::actions() {
  std::function<Result<std::vector<StoredAction>>(Database&)> work = action_table::all;
  co_return co_await journal_->read<std::vector<StoredAction>>(std::move(work));
}

asio::awaitable<Result<DocumentKept>> Store::document(Document document, Instant at) {
  if (auto room = room_.check(); !room) co_return room.error();
  const auto whole = std::make_shared<const Document>(std::move(document));
  std::function<Result<std::int64_t>(Database&)> ask = [this, whole](Database& database) {
    return evidence_.unused_documents(database, whole->device);
  };
  const auto unused = co_await journal_->read<std::int64_t>(std::move(ask));
  if (!unused) co_return unused.error();
  if (*unused >= most_unused_documents) {
    co_return Error{Fault::TooMuch, "this device handed in " + std::to_string(*unused) +
                                        " documents that no claim names; claim with them first"};
  }
  std::function<Result<void>()> prepare = [this, whole]() -> Result<void> {
    if (auto kept = evidence_.keep_document(whole->bytes); !kept) return kept.error();
    return {};
  };
  std::function<Result<DocumentKept>(Database&)> work =
      [this, whole, at](Database& database) -> Result<DocumentKept> {
    const EvidenceRow row{sha256_hex(whole->bytes),
                          "document",
                          whole->device,
                          "",
                          at,
                          static_cast<std::int64_t>(whole->bytes.size())};
    const Result<bool> fresh = evidence_.record(database, row);
    if (!fresh) return fresh.error();
    return DocumentKept{row.sha256, *fresh};
  };
  co_return co_await journal_->write_after<DocumentKept>(std::move(prepare), std::move(work));
}

asio::awaitable<Result<std::uint64_t>> Store::append(EventDraft draft) {
  std::function<Result<std::uint64_t>(Database&)> work =
      [this, draft = std::move(draft)](Database& database) {
        return ledger_.append(database, draft);
      };
  co_return co_await journal_->write<std::uint64_t>(std::move(work), Importance::Record);
}

asio::awaitable<Result<AlertFate>> Store::alert(AlertChange change) {
  std::function<Result<AlertFate>(Database&)> work = [this,
                                                      change = std::move(change)](Database& db) {
    return change.raised ? alert_table::raise(db, ledger_, change.key, change.at, change.what)
                         : alert_table::clear(db, ledger_, change.key, change.at, change.what);
  };
  co_return co_await journal_->write<AlertFate>(std::move(work), Importance::Record);
}

asio::awaitable<Result<std::vector<OpenAlert>>> Store::alerts() {
  std::function<Result<std::vector<OpenAlert>>(Database&)> work = alert_table::open;
  co_return co_await journal_->read<std::vector<OpenAlert>>(std::move(work));
}

asio::awaitable<Result<void>> Store::refuse(Refusal refusal, Instant at) {
  if (auto room = room_.check(); !room) co_return room.error();
  std::function<Result<void>(Database&)> work =
      [refusal = std::move(refusal), at, rows = options_.quarantine_rows](Database& database) {
        return quarantine::put(database, refusal, at, rows);
      };
  co_return co_await journal_->write<void>(std::move(work));
}

asio::awaitable<Result<SiteSnapshot>> Store::snapshot(Instant newest,
                                                      std::vector<std::string> cameras) {
  std::function<Result<SiteSnapshot>(Database&)> work =
      [newest, cameras = std::move(cameras)](Database& database) {
        return load_snapshot(database, newest, cameras);
      };
  co_return co_await journal_->read<SiteSnapshot>(std::move(work));
}

asio::awaitable<Result<std::vector<EstimatePoint>>> Store::history(std::string building) {
  std::function<Result<std::vector<EstimatePoint>>(Database&)> work =
      [building = std::move(building)](Database& database) {
        return frame_log::history(database, building, history_points);
      };
  co_return co_await journal_->read<std::vector<EstimatePoint>>(std::move(work));
}

asio::awaitable<Result<std::vector<EstimatePoint>>> Store::history_by_day(std::string building) {
  std::function<Result<std::vector<EstimatePoint>>(Database&)> work =
      [building = std::move(building)](Database& database) {
        return frame_log::history_by_day(database, building);
      };
  co_return co_await journal_->read<std::vector<EstimatePoint>>(std::move(work));
}

asio::awaitable<Result<std::string>> Store::evidence(std::string sha256) {
  return read_evidence(std::move(sha256), true);
}

asio::awaitable<Result<std::string>> Store::picture(std::string sha256) {
  return read_evidence(std::move(sha256), false);
}

asio::awaitable<Result<Instant>> Store::picture_taken(std::string sha256) {
  std::function<Result<Instant>(Database&)> work =
      [this, sha256 = std::move(sha256)](Database& database) {
        return evidence_.taken(database, sha256);
      };
  co_return co_await journal_->read<Instant>(std::move(work));
}

asio::awaitable<Result<std::string>> Store::read_evidence(std::string sha256, bool documents) {
  // Only a hash becomes part of a path.
  if (!hash_from_hex(sha256)) co_return Error{Fault::NotFound, "no evidence of this name"};
  std::function<Result<std::string>(Database&)> work =
      [this, sha256 = std::move(sha256), documents](Database& database) -> Result<std::string> {
    const auto kind = evidence_.kind_of(database, sha256);
    if (!kind) return kind.error();
    if (*kind == "document" && !documents) return Error{Fault::NotFound, "no picture of this name"};
    return evidence_.read(database, sha256);
  };
  co_return co_await journal_->read<std::string>(std::move(work));
}

asio::awaitable<Result<std::vector<std::string>>> Store::events(std::uint64_t from,
                                                                std::size_t count) {
  std::function<Result<std::vector<std::string>>(Database&)> work =
      [from, count](Database& database) { return ledger::leaves(database, from, count); };
  co_return co_await journal_->read<std::vector<std::string>>(std::move(work));
}

asio::awaitable<Result<sign_in::Redeemed>> Store::redeem_token(std::string sha256,
                                                               std::int64_t now) {
  std::function<Result<sign_in::Redeemed>(Database&)> work = [sha256 = std::move(sha256),
                                                              now](Database& database) {
    return sign_in::redeem_token(database, sha256, now);
  };
  co_return co_await journal_->write<sign_in::Redeemed>(std::move(work), Importance::Record);
}

asio::awaitable<Result<void>> Store::put_session(std::string sha256, SessionRow row) {
  std::function<Result<void>(Database&)> work = [sha256 = std::move(sha256),
                                                 row = std::move(row)](Database& database) {
    return sign_in::put_session(database, sha256, row);
  };
  co_return co_await journal_->write<void>(std::move(work), Importance::Record);
}

asio::awaitable<Result<std::optional<SessionRow>>> Store::find_session(std::string sha256,
                                                                       std::int64_t now) {
  std::function<Result<std::optional<SessionRow>>(Database&)> work = [sha256 = std::move(sha256),
                                                                      now](Database& database) {
    return sign_in::find_session(database, sha256, now);
  };
  co_return co_await journal_->read<std::optional<SessionRow>>(std::move(work));
}

asio::awaitable<Result<void>> Store::drop_session(std::string sha256) {
  std::function<Result<void>(Database&)> work = [sha256 = std::move(sha256)](Database& database) {
    return sign_in::drop_session(database, sha256);
  };
  co_return co_await journal_->write<void>(std::move(work), Importance::Record);
}

/// On journal, for a milestone on a full disk: folding the log into the file gives most of its room
/// back, and the reserve pays for what the file must grow.
bool Store::make_room(Database& database) {
  const bool folded = fold_log(database);
  const bool room = room_.release_reserve_if_tight();
  return folded || (room && fold_log(database));
}

/// On journal, while room is short. What milestones write must be folded at once: a log that fills
/// the reserve leaves the file no room to grow. A transaction that failed on the full disk leaves
/// its log at full length; when that is longer than the reserve, giving the reserve up wins room.
void Store::keep_log_short(Database& database) {
  if (fold_log(database)) return;
  std::error_code code;
  const auto log =
      std::filesystem::file_size(database_file(options_.state).string() + "-wal", code);
  if (!code && static_cast<std::int64_t>(log) > options_.reserve_bytes) make_room(database);
}

/// On journal, after each group and each second: nothing of it is urgent, so trouble waits for the
/// next round.
void Store::housekeeping(Database& database) {
  room_.restore_reserve();
  if (room_.reserve_given_up()) keep_log_short(database);
  const auto now = std::chrono::steady_clock::now();
  if (now < next_housekeeping_) return;
  next_housekeeping_ = now + housekeeping_every;
  if (!room_.check()) keep_log_short(database);
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return;
  const auto oldest = newest_received_ - std::chrono::days(options_.reading_days);
  const Result<std::int64_t> dropped =
      outbox::bound_telemetry(database, (options_.telemetry_backlog_mb << 20) / bytes_per_reading);
  if (!dropped) return;
  if (newest_received_ != Instant()) {
    if (!readings_.forget(database, oldest, rows_forgotten_at_once)) return;
  }
  if (auto committed = transaction->commit(); committed && *dropped > 0)
    log::warning("outbox", std::to_string(*dropped) + " unsent readings were dropped, the oldest");
}

}  // namespace jieding::sync
