#include "sync/journal.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "gateway/domain/refusal.hpp"
#include "gateway/runtime/log.hpp"

namespace jieding::sync {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds idle_period{1000};  ///< housekeeping when nothing comes
constexpr std::chrono::milliseconds longest_gather{1};
constexpr int most_tries = 3;  ///< to make room on a full disk

Error unavailable() {
  return {Fault::Unavailable, "the journal is closing; send it again later"};
}
Error only_read() {
  return {Fault::Unavailable, "this gateway only shows its record (--read-only)",
          refusal::read_only};
}

}  // namespace

Journal::Journal(std::unique_ptr<Database> database, boost::asio::any_io_executor io,
                 std::vector<Mirror*> mirrors, Callbacks callbacks, Limits limits)
    : database_(std::move(database)),
      io_(std::move(io)),
      mirrors_(std::move(mirrors)),
      callbacks_(std::move(callbacks)),
      limits_(limits),
      thread_([this] { loop(); }) {}

Journal::Journal(std::unique_ptr<Database> database, boost::asio::any_io_executor io)
    : Journal(std::move(database), std::move(io), {}, {}, {}) {}

Journal::~Journal() {
  close();
}

void Journal::enqueue(std::unique_ptr<detail::Job> job) {
  std::optional<Error> refused;
  {
    const std::lock_guard lock(mutex_);
    if (closing_) {
      refused = unavailable();
    } else if (limits_.read_only && job->writes()) {
      refused = only_read();
    } else if (queue_.size() >= limits_.queue) {
      refused = Error{Fault::TooMuch, "the journal's queue is full; send it again later"};
    } else {
      queue_.push_back(std::move(job));
      if (queue_.size() >= wake_at_) wake_.notify_one();
    }
  }
  if (!refused) return;
  job->fail(std::move(*refused));
  Jobs jobs;
  jobs.push_back(std::move(job));
  deliver(std::move(jobs));
}

void Journal::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

Journal::Metrics Journal::metrics() const {
  const std::lock_guard lock(mutex_);
  Metrics metrics = metrics_;
  metrics.depth = queue_.size();
  return metrics;
}

void Journal::loop() {
  Jobs reads;
  Jobs writes;
  while (wait_for_jobs(reads, writes)) {
    if (!reads.empty()) run_reads(std::exchange(reads, {}));
    if (!writes.empty()) run_group(std::exchange(writes, {}));
    if (callbacks_.idle) callbacks_.idle(*database_);
  }
  database_.reset();  // on its own thread; the last connection folds the log into the file
}

bool Journal::wait_for_jobs(Jobs& reads, Jobs& writes) {
  std::unique_lock lock(mutex_);
  wake_at_ = 1;
  wake_.wait_for(lock, idle_period, [this] { return closing_ || !queue_.empty(); });
  if (queue_.empty()) return !closing_;
  // Whoever was told of the last commit is about to write again: a short wait makes one large
  // group of them instead of one small and one large. A lone writer never waits.
  if (queue_.size() < last_group_) {
    wake_at_ = last_group_;
    const auto gather = std::min<steady_clock::duration>(last_commit_ / 2, longest_gather);
    wake_.wait_for(lock, gather, [this] { return closing_ || queue_.size() >= last_group_; });
  }
  while (!queue_.empty() && writes.size() < limits_.group) {
    Jobs& kind = queue_.front()->writes() ? writes : reads;
    kind.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return true;
}

void Journal::run_reads(Jobs reads) {
  for (auto& job : reads)
    (void)job->run(*database_);  // the job keeps its own error
  deliver(std::move(reads));
}

void Journal::run_group(Jobs writes) {
  Jobs unprepared = prepare_all(writes);
  if (!unprepared.empty()) deliver(std::move(unprepared));
  if (writes.empty()) return;

  std::optional<Error> why;
  GroupEnd end = try_group(writes, why);
  if (end == GroupEnd::Full) {
    Jobs refused = take_ordinary(writes);
    for (auto& job : refused)
      job->fail(*why);
    if (!refused.empty()) deliver(std::move(refused));
    if (writes.empty()) return;
    for (int tries = 0; end == GroupEnd::Full && tries < most_tries; ++tries) {
      if (!callbacks_.make_room || !callbacks_.make_room(*database_)) break;
      end = try_group(writes, why);
    }
  }
  if (end != GroupEnd::Committed) {
    log::error("journal", why->text());
    for (auto& job : writes)
      job->fail(*why);
  }
  deliver(std::move(writes));
}

Journal::Jobs Journal::prepare_all(Jobs& writes) {
  Jobs failed;
  std::erase_if(writes, [&](auto& job) {
    Result<void> prepared = job->prepare();
    if (prepared) return false;
    job->fail(prepared.error());
    failed.push_back(std::move(job));
    return true;
  });
  return failed;
}

Journal::Jobs Journal::take_ordinary(Jobs& writes) {
  Jobs ordinary;
  std::erase_if(writes, [&](auto& job) {
    if (job->importance() == Importance::Record) return false;
    ordinary.push_back(std::move(job));
    return true;
  });
  return ordinary;
}

Journal::GroupEnd Journal::try_group(Jobs& writes, std::optional<Error>& why) {
  const auto began = steady_clock::now();
  const std::int64_t rows_before = database_->total_changes();
  Result<Transaction> transaction = Transaction::begin(*database_);
  std::size_t failed = 0;
  Result<void> went = transaction ? run_writers(writes, failed) : transaction.error();
  if (went) {
    for (Mirror* mirror : mirrors_) {
      if (went) went = mirror->before_commit(*database_);
    }
  }
  if (went) went = transaction->commit();
  const std::lock_guard lock(mutex_);
  if (!went) {
    if (transaction) transaction->rollback();
    for (Mirror* mirror : mirrors_)
      mirror->group_undone();
    metrics_.failed_writers += writes.size();
    why = went.error();
    return why->kind() == Fault::Full ? GroupEnd::Full : GroupEnd::Failed;
  }
  for (Mirror* mirror : mirrors_)
    mirror->committed();
  metrics_.commits += 1;
  metrics_.writers += writes.size() - failed;
  metrics_.failed_writers += failed;
  metrics_.rows += static_cast<std::uint64_t>(database_->total_changes() - rows_before);
  last_group_ = writes.size();
  last_commit_ = steady_clock::now() - began;
  return GroupEnd::Committed;
}

/// An error means that the whole transaction is lost; a writer's own failure is its own.
Result<void> Journal::run_writers(Jobs& writes, std::size_t& failed) {
  for (auto& job : writes) {
    for (Mirror* mirror : mirrors_)
      mirror->writer_begins();
    Result<Savepoint> savepoint = Savepoint::begin(*database_);
    if (!savepoint) return savepoint.error();
    const Result<void> ran = job->run(*database_);
    if (ran) {
      if (auto released = savepoint->release(); !released) return released.error();
      continue;
    }
    if (ran.error().kind() == Fault::Full || !database_->in_transaction()) return ran.error();
    savepoint->rollback();
    for (Mirror* mirror : mirrors_)
      mirror->writer_undone();
    ++failed;
  }
  return {};
}

void Journal::deliver(Jobs jobs) {
  boost::asio::post(io_, [jobs = std::move(jobs)]() mutable {
    for (auto& job : jobs)
      job->finish();
  });
}

}  // namespace jieding::sync
