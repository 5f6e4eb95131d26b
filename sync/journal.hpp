#pragma once
// The journal thread: owns the database, commits many waiting writers with one fsync, and tells
// each of them on io what became of it.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "gateway/domain/result.hpp"
#include "sync/database.hpp"
#include "sync/mirror.hpp"

namespace jieding::sync {

/// Who may use the last room on a full disk.
enum class Importance {
  Ordinary,  ///< refused when the disk is full
  Record,    ///< milestones, the ledger and what frees space: may use the reserve
};

namespace detail {

/// One waiting reader or writer. Lives on journal, except finish(): io.
class Job {
 public:
  explicit Job(bool writes, Importance importance) : writes_(writes), importance_(importance) {}
  virtual ~Job() = default;
  bool writes() const { return writes_; }
  Importance importance() const { return importance_; }
  virtual Result<void> prepare() { return {}; }  ///< slow file work, outside the transaction
  virtual Result<void> run(Database& database) = 0;
  virtual void fail(Error error) = 0;
  virtual void finish() = 0;

 private:
  bool writes_;
  Importance importance_;
};

template <class T>
struct Work {
  std::function<Result<void>()> prepare;  ///< may be empty
  std::function<Result<T>(Database&)> run;
  bool writes;
  Importance importance;
};

template <class T, class Handler>
class JobOf final : public Job {
 public:
  JobOf(Work<T> work, Handler handler, const boost::asio::any_io_executor& io)
      : Job(work.writes, work.importance),
        work_(std::move(work)),
        handler_(std::move(handler)),
        guard_(boost::asio::get_associated_executor(handler_, io)) {}

  Result<void> prepare() override { return work_.prepare ? work_.prepare() : Result<void>(); }
  Result<void> run(Database& database) override {
    result_.emplace(work_.run(database));
    if (!*result_) return result_->error();
    return {};
  }
  void fail(Error error) override { result_.emplace(std::move(error)); }
  void finish() override {
    auto executor = guard_.get_executor();
    boost::asio::dispatch(executor,
                          [handler = std::move(handler_), result = std::move(*result_)]() mutable {
                            std::move(handler)(std::move(result));
                          });
    guard_.reset();
  }

 private:
  using Executor = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
  Work<T> work_;
  Handler handler_;
  std::optional<Result<T>> result_;
  boost::asio::executor_work_guard<Executor> guard_;  ///< io runs on while somebody waits
};

}  // namespace detail

/// Thread-safe door; the work itself runs on the journal thread, which it owns. Work is a plain
/// function, run perhaps twice (after a full disk), so it must not consume what it captures.
/// Bounded: a full queue answers TooMuch. After close() everything answers Unavailable.
class Journal {
 public:
  struct Limits {
    std::size_t queue = 4096;  ///< waiting jobs
    std::size_t group = 512;   ///< writers per commit
    bool read_only = false;    ///< refuses every writer
  };
  struct Metrics {
    std::uint64_t commits = 0;
    std::uint64_t writers = 0;         ///< committed
    std::uint64_t failed_writers = 0;  ///< undone alone or with their group
    std::uint64_t rows = 0;            ///< inserted, changed and deleted
    std::size_t depth = 0;             ///< waiting now
  };

  /// Both are called on journal.
  struct Callbacks {
    /// A Record met a full disk; true: try again. Asked a few times at most.
    std::function<bool(Database&)> make_room;
    std::function<void(Database&)> idle;  ///< after each group and each second, no transaction open
  };

  Journal(std::unique_ptr<Database> database, boost::asio::any_io_executor io,
          std::vector<Mirror*> mirrors, Callbacks callbacks, Limits limits);
  Journal(std::unique_ptr<Database> database, boost::asio::any_io_executor io);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Runs `work` in the next group's transaction; resumes after the commit.
  template <class T>
  boost::asio::awaitable<Result<T>> write(std::function<Result<T>(Database&)> work,
                                          Importance importance = Importance::Ordinary) {
    return submit<T>({{}, std::move(work), true, importance});
  }
  /// `prepare` runs on journal before the transaction: slow file work that must be durable first.
  template <class T>
  boost::asio::awaitable<Result<T>> write_after(std::function<Result<void>()> prepare,
                                                std::function<Result<T>(Database&)> work,
                                                Importance importance = Importance::Ordinary) {
    return submit<T>({std::move(prepare), std::move(work), true, importance});
  }
  /// Sees everything committed so far. Must not write.
  template <class T>
  boost::asio::awaitable<Result<T>> read(std::function<Result<T>(Database&)> work) {
    return submit<T>({{}, std::move(work), false, Importance::Ordinary});
  }

  /// Takes no more, finishes what waits, ends the thread. Blocks for as long as that takes.
  void close();
  Metrics metrics() const;

 private:
  using Jobs = std::vector<std::unique_ptr<detail::Job>>;

  template <class T>
  boost::asio::awaitable<Result<T>> submit(detail::Work<T> work) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<T>)>(
        [this](auto handler, detail::Work<T> given) {
          using Handler = std::decay_t<decltype(handler)>;
          enqueue(std::make_unique<detail::JobOf<T, Handler>>(std::move(given), std::move(handler),
                                                              io_));
        },
        boost::asio::use_awaitable, std::move(work));
  }
  void enqueue(std::unique_ptr<detail::Job> job);
  void loop();
  bool wait_for_jobs(Jobs& reads, Jobs& writes);
  void run_reads(Jobs reads);
  void run_group(Jobs writes);
  static Jobs prepare_all(Jobs& writes);    ///< takes those that failed out of the group
  static Jobs take_ordinary(Jobs& writes);  ///< leaves the Records
  enum class GroupEnd { Committed, Full, Failed };
  GroupEnd try_group(Jobs& writes, std::optional<Error>& why);
  Result<void> run_writers(Jobs& writes, std::size_t& failed);
  void deliver(Jobs jobs);

  std::unique_ptr<Database> database_;
  boost::asio::any_io_executor io_;
  std::vector<Mirror*> mirrors_;
  Callbacks callbacks_;
  Limits limits_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<detail::Job>> queue_;
  Metrics metrics_;
  std::size_t wake_at_ = 1;  ///< queue length that is worth waking the thread for
  bool closing_ = false;

  std::size_t last_group_ = 0;                         ///< writers of the last commit
  std::chrono::steady_clock::duration last_commit_{};  ///< what it took
  std::thread thread_;
};

}  // namespace jieding::sync
