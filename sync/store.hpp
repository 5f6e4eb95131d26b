#pragma once
// Everything durable behind one door: what the gateway hands in is on the disk when the awaitable
// resumes.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/milestones/rules.hpp"
#include "gateway/runtime/intake.hpp"
#include "sync/action_table.hpp"
#include "sync/alert_table.hpp"
#include "sync/camera_book.hpp"
#include "sync/disk_room.hpp"
#include "sync/evidence_store.hpp"
#include "sync/finding_book.hpp"
#include "sync/frame_log.hpp"
#include "sync/height_log.hpp"
#include "sync/household_book.hpp"
#include "sync/journal.hpp"
#include "sync/ledger.hpp"
#include "sync/limit_book.hpp"
#include "sync/milestone_table.hpp"
#include "sync/outbox.hpp"
#include "sync/quarantine.hpp"
#include "sync/reading_store.hpp"
#include "sync/rollout_book.hpp"
#include "sync/sign_in.hpp"
#include "sync/state_folder.hpp"
#include "sync/user_book.hpp"

namespace jieding::sync {

/// One frame with all that came of it: stored whole or not at all.
struct FrameCommit {
  std::string camera;
  std::string name;  ///< of the frame
  Instant taken;
  FrameReport report;
  /// What the frame proposes. Empty `evidence` is filled: this frame's picture, its overlay of the
  /// building, and last the picture from before it was so.
  std::vector<milestones::Statement> statements;
  milestones::Terms terms;
  std::vector<std::string> cameras;  ///< all that are configured: only their words count
};

struct FrameCommitted {
  FramePictures pictures;
  std::vector<EstimatePoint> buildings;  ///< all cameras together, this frame included
  std::vector<Recorded> recorded;        ///< in the order of the statements that were taken
  std::vector<Error>
      refused;  ///< statements that the rules refused; the frame is stored all the same
};

struct AcceptedOnce {
  Accepted accepted;
  bool again = false;  ///< it was done before; nothing was stored now
};

/// What the gateway must know to go on where it stood.
struct SiteSnapshot {
  std::vector<CameraCursor> cameras;
  std::vector<EstimatePoint> estimates;  ///< newest of each building
  std::vector<StoredMilestone> milestones;
  std::vector<Reading> latest;  ///< newest of each series
  ReadingCounts counts;
  std::vector<RefusalCount> refusals;
  OutboxStatus outbox;
  std::vector<OpenAlert> alerts;
  std::vector<StoredAction> actions;
};

/// An alert to raise or to clear.
struct AlertChange {
  AlertKey key;
  bool raised = true;
  Stamp at;
  boost::json::object what;  ///< see alert_table
};

/// The gateway's store. Thread-bound to io; the work is done on journal. Construction and close()
/// block: at start and at stop only.
class Store {
 public:
  struct Options {
    std::filesystem::path state;
    std::string site;
    std::string gateway;
    std::int64_t keep_free_mb = 64;
    std::int64_t quarantine_rows = 1000;
    std::int64_t telemetry_backlog_mb = 256;
    int reading_days = 400;  ///< readings are deleted after so many days of business time
    std::int64_t reserve_bytes = 4 << 20;
    std::vector<Limit> alert_limits;
    WatchedHeights heights;        ///< readings that tell a building's height
    std::optional<Policy> policy;  ///< whose actions follow what is confirmed
    Project project;
    Journal::Limits limits;
    bool read_only = false;  ///< looks at a record, sound or not, and writes nothing
    /// Tests only: another SQLite VFS, another file system for evidence, no fsync.
    std::string vfs;
    FileSystem* files = nullptr;
    bool survive_power_loss = true;
  };

  /// Makes the state folder (0700), locks it, opens and migrates the database, checks every leaf,
  /// loads key and ledger, sweeps orphans. Conflict: another gateway holds the folder, or the
  /// database is newer. Internal: it was altered; the error names the leaf.
  static Result<std::unique_ptr<Store>> open(boost::asio::any_io_executor io, Options options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  boost::asio::awaitable<Result<Accepted>> readings(Batch batch);
  boost::asio::awaitable<Result<AcceptedOnce>> readings_once(Batch batch, OnceKey key);
  boost::asio::awaitable<Result<FrameCommitted>> frame(FrameCommit commit);
  /// What a stored frame came to; nothing: it is not one of the camera's last few.
  boost::asio::awaitable<Result<std::optional<FrameAccepted>>> frame_answer(std::string camera,
                                                                            std::string name);
  /// `comment`: the words behind comment_sha256; kept privately beside the ledger. Conflict: its
  /// document is not kept here, or `once` came with another request.
  boost::asio::awaitable<Result<Recorded>> statement(milestones::Statement statement,
                                                     milestones::Terms terms,
                                                     std::string comment = {},
                                                     std::optional<OnceKey> once = {});
  /// TooMuch: the device has many documents that no statement names.
  boost::asio::awaitable<Result<DocumentKept>> document(Document document, Instant at);
  /// At a start: what a program without actions let people confirm, or another policy asks for now.
  /// The number of events that were written.
  boost::asio::awaitable<Result<std::size_t>> catch_up_actions(Stamp at);
  boost::asio::awaitable<Result<std::vector<StoredAction>>> actions();
  boost::asio::awaitable<Result<std::uint64_t>> append(EventDraft draft);
  boost::asio::awaitable<Result<AlertFate>> alert(AlertChange change);
  boost::asio::awaitable<Result<std::vector<OpenAlert>>> alerts();
  boost::asio::awaitable<Result<void>> refuse(Refusal refusal, Instant at);

  /// Readings dated after `newest` are passed over: their device's clock runs ahead.
  /// `cameras`: the configured ones.
  boost::asio::awaitable<Result<SiteSnapshot>> snapshot(Instant newest,
                                                        std::vector<std::string> cameras);
  /// Both as in frame_log.
  boost::asio::awaitable<Result<std::vector<EstimatePoint>>> history(std::string building);
  boost::asio::awaitable<Result<std::vector<EstimatePoint>>> history_by_day(std::string building);
  /// Of any kind; `picture` is NotFound for documents.
  boost::asio::awaitable<Result<std::string>> evidence(std::string sha256);
  boost::asio::awaitable<Result<std::string>> picture(std::string sha256);
  /// When a picture was taken; NotFound for documents.
  boost::asio::awaitable<Result<Instant>> picture_taken(std::string sha256);
  boost::asio::awaitable<Result<std::vector<std::string>>> events(std::uint64_t from,
                                                                  std::size_t count);

  /// Tokens and sessions; `now` and `expires` in system seconds, secrets as SHA-256 in hex.
  boost::asio::awaitable<Result<sign_in::Redeemed>> redeem_token(std::string sha256,
                                                                 std::int64_t now);
  boost::asio::awaitable<Result<void>> put_session(std::string sha256, SessionRow row);
  boost::asio::awaitable<Result<std::optional<SessionRow>>> find_session(std::string sha256,
                                                                         std::int64_t now);
  boost::asio::awaitable<Result<void>> drop_session(std::string sha256);

  FindingBook& findings() { return *findings_; }
  CameraBook& cameras() { return *cameras_; }
  HouseholdBook& households() { return *households_; }
  RolloutBook& rollouts() { return *rollouts_; }
  /// What was set up on the page, as it stood when the store was opened.
  const std::vector<StoredCameraSetup>& camera_setups() const { return camera_setups_; }
  UserBook& users() { return *users_; }
  const std::vector<UserRow>& user_rows() const { return user_rows_; }
  const PublicPictures& public_pictures() const { return public_pictures_; }

  /// Full below the low-water mark: to refuse early, before vision works on a frame.
  Result<void> room() { return room_.check(); }
  /// Newest committed checkpoint; the ledger's public key.
  SignedCheckpoint checkpoint() const { return ledger_.checkpoint(); }
  const std::string& vkey() const { return ledger_.vkey(); }
  /// For the uplink, with the functions of outbox.hpp.
  Journal& journal() { return *journal_; }

  /// Finishes what waits. Afterwards everything answers Unavailable.
  void close();

 private:
  Store(Options options, Signer signer, std::unique_ptr<StateLock> lock);
  Result<void> start(boost::asio::any_io_executor io, std::unique_ptr<Database> database);
  void open_books();
  Result<void> load_what_the_page_set(Database& database);
  Result<void> start_read_only(boost::asio::any_io_executor io, std::unique_ptr<Database> database);
  Result<FrameCommitted> commit_frame(Database& database, const FrameCommit& commit,
                                      const FramePictures& pictures);
  Result<Accepted> store_readings(Database& database, const Batch& batch);
  Result<Recorded> record_statement(Database& database, const milestones::Statement& statement,
                                    const milestones::Terms& terms, const std::string& comment);
  Result<Recorded> write_statement(Database& database, const milestones::Statement& statement,
                                   const Judged& judged);
  boost::asio::awaitable<Result<std::string>> read_evidence(std::string sha256, bool documents);
  Result<void> keep_pictures(const FrameCommit& commit, FramePictures& pictures);
  bool make_room(Database& database);
  void keep_log_short(Database& database);
  void housekeeping(Database& database);

  Options options_;
  std::unique_ptr<StateLock> lock_;
  DiskRoom room_;
  Ledger ledger_;
  ReadingStore readings_;
  LimitBook limits_;
  EvidenceStore evidence_;
  std::chrono::steady_clock::time_point next_housekeeping_{};
  Instant newest_received_{};  ///< business time of the newest reading; journal
  std::vector<StoredCameraSetup> camera_setups_;
  std::vector<UserRow> user_rows_;
  PublicPictures public_pictures_;
  std::unique_ptr<FindingBook> findings_;
  std::unique_ptr<CameraBook> cameras_;
  std::unique_ptr<UserBook> users_;
  std::unique_ptr<HouseholdBook> households_;
  std::unique_ptr<RolloutBook> rollouts_;
  std::unique_ptr<Journal> journal_;  ///< last: its thread ends before what it uses
};

}  // namespace jieding::sync
