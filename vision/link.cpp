#include "vision/link.hpp"

#include <openssl/sha.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <span>

#include "gateway/runtime/as_result.hpp"
#include "vision/child.hpp"
#include "vision/photo.hpp"
#include "vision/rendition.hpp"

namespace jieding::vision {
namespace {

namespace asio = boost::asio;
constexpr std::size_t most_strikes = 64;
constexpr std::chrono::seconds round_period{1};

std::string sha256(const std::string& bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

// GCC 12 destroys aggregates built inside a coroutine twice: they are built in plain functions.
wire::Message question_for(std::uint64_t id, Frame frame) {
  wire::FrameCall call;
  call.id = id;
  call.frame = std::move(frame);
  return wire::to_message(call);
}

wire::Message question_for(std::uint64_t id, std::string photo) {
  return wire::to_message(PhotoCall{id, std::move(photo)});
}

Error killer() {
  return Error(Fault::Invalid, "quarantined: this picture ended the vision process twice");
}

Error not_looked_after(const std::string& why) {
  return Error(Fault::Unavailable, "vision does not look after it: " + why);
}

/// Of answers that name no question.
constexpr std::uint64_t no_id = 0;

template <class Answer>
std::string wrong_id(const Answer& answer, std::uint64_t id) {
  if constexpr (requires { answer.id; })
    if (answer.id != id) return "it answered another question";
  return {};
}

Error away(const std::string& why) {
  return Error(Fault::Unavailable, "vision is away: " + why);
}

}  // namespace

std::shared_ptr<Link> Link::create(asio::any_io_executor io, LinkOptions options) {
  return std::shared_ptr<Link>(new Link(std::move(io), std::move(options)));
}

Link::Link(asio::any_io_executor io, LinkOptions options)
    : options_(std::move(options)),
      io_(std::move(io)),
      socket_(io_),
      watchdog_(io_),
      pause_(io_),
      rounds_(io_),
      next_pause_(options_.first_pause) {}

Link::~Link() {
  if (pid_ > 0) end_child(pid_);
}

asio::awaitable<void> Link::run() {
  const auto self = shared_from_this();
  while (!stopped_) {
    const bool ahead = !options_.cameras.empty();
    // A process that died between two frames is replaced before the next one comes.
    if (!busy_ && ahead && (pid_ <= 0 || has_ended(pid_))) {
      busy_ = true;
      const auto turn = turn_taken();
      if (pid_ > 0) {
        pid_ = -1;
        lose_child();
      }
      const auto running = co_await ensure_running();
      static_cast<void>(running);  // a failure is told to whoever brings a frame
    }
    rounds_.expires_after(round_period);
    co_await rounds_.async_wait(as_result);
  }
}

void Link::restart() {
  // The answer in hand may build on what was not kept.
  restarted_ = true;
  lose_child();
}

void Link::set_up_anew(std::vector<CameraSetup> cameras) {
  options_.cameras = std::move(cameras);
  outdated_ = true;
}

void Link::stop() {
  stopped_ = true;
  lose_child();
  rounds_.cancel();
  pause_.cancel();
  for (const auto& waiter : waiting_)
    waiter->cancel();
}

/// The work, when it is its turn.
template <class T>
asio::awaitable<Result<T>> Link::in_turn(asio::awaitable<Result<T>> work) {
  const auto self = shared_from_this();
  const bool mine = co_await wait_for_turn();
  if (!mine) co_return away(stopped_ ? "stopped" : "too many pictures wait");
  const auto turn = turn_taken();
  auto done = co_await std::move(work);
  co_return done;
}

asio::awaitable<Result<FrameReport>> Link::see(Frame frame) {
  return in_turn(see_in_turn(std::move(frame)));
}

asio::awaitable<bool> Link::wait_for_turn() {
  if (stopped_) co_return false;
  if (!busy_) {
    busy_ = true;
    co_return true;
  }
  if (waiting_.size() >= options_.most_waiting) co_return false;
  const auto turn =
      std::make_shared<asio::steady_timer>(io_, asio::steady_timer::time_point::max());
  waiting_.push_back(turn);
  co_await turn->async_wait(as_result);
  // pass_turn() took the waiter out and left busy_ set for it; stop() leaves it in.
  const auto place = std::find(waiting_.begin(), waiting_.end(), turn);
  if (place == waiting_.end()) co_return true;
  waiting_.erase(place);
  co_return false;
}

/// Passes the turn on when it goes, also by an exception.
std::shared_ptr<void> Link::turn_taken() {
  return {nullptr, [this](void*) { pass_turn(); }};
}

void Link::pass_turn() {
  if (waiting_.empty() || stopped_) {
    busy_ = false;
    return;
  }
  const auto next = waiting_.front();
  waiting_.pop_front();
  next->cancel();
}

asio::awaitable<Result<FrameReport>> Link::see_in_turn(Frame frame) {
  const std::string hash = sha256(frame.bytes);
  const std::string camera = frame.camera;
  const std::uint64_t id = next_id_++;
  wire::Message question = question_for(id, std::move(frame));
  auto report = co_await answer_about(hash, std::move(question), wire::to_report, id);
  if (!report) co_return report.error();
  if (!report->refused.empty()) co_return not_looked_after(report->refused);
  if (!options_.state_of) states_[camera] = report->report.state;
  co_return std::move(report->report);
}

asio::awaitable<Result<std::string>> Link::mask(std::string photo) {
  return in_turn(mask_in_turn(std::move(photo)));
}

asio::awaitable<Result<std::string>> Link::mask_in_turn(std::string photo) {
  const std::string hash = sha256(photo);
  const std::uint64_t id = next_id_++;
  wire::Message question = question_for(id, std::move(photo));
  auto masked = co_await answer_about(hash, std::move(question), wire::to_photo_answer, id);
  if (!masked) co_return masked.error();
  if (!masked->refused.empty()) co_return Error(Fault::Invalid, masked->refused);
  co_return std::move(masked->jpeg);
}

asio::awaitable<Result<Calibration>> Link::calibrate(CalibrationCall call) {
  return in_turn(calibrate_in_turn(std::move(call)));
}

asio::awaitable<Result<Calibration>> Link::calibrate_in_turn(CalibrationCall call) {
  const std::string hash = sha256(call.jpeg);
  wire::Message question = wire::to_message(call);
  auto found = co_await answer_about(hash, std::move(question), wire::to_calibration, no_id);
  co_return found;
}

asio::awaitable<Result<std::string>> Link::render(std::string jpeg, int width_px) {
  return in_turn(render_in_turn(std::move(jpeg), width_px));
}

asio::awaitable<Result<std::string>> Link::render_in_turn(std::string jpeg, int width_px) {
  const std::string hash = sha256(jpeg);
  const std::uint64_t id = next_id_++;
  const RenditionCall call{id, width_px, std::move(jpeg)};
  wire::Message question = wire::to_message(call);
  auto rendered = co_await answer_about(hash, std::move(question), wire::to_rendition_answer, id);
  if (!rendered) co_return rendered.error();
  if (!rendered->refused.empty()) co_return Error(Fault::Invalid, rendered->refused);
  co_return std::move(rendered->jpeg);
}

/// The answer as `read` takes it; one that is none, or to another question, is a strike against the
/// picture as well, and the process starts anew.
template <class Answer>
asio::awaitable<Result<Answer>> Link::answer_about(const std::string& picture_hash,
                                                   wire::Message question,
                                                   Result<Answer> (*read)(wire::Message),
                                                   std::uint64_t id) {
  auto message = co_await ask_about(picture_hash, std::move(question));
  if (!message) co_return message.error();
  auto answer = read(std::move(*message));
  const std::string wrong = answer ? wrong_id(*answer, id) : answer.error().text();
  if (!wrong.empty()) {
    lose_child();
    co_return strike(picture_hash, away(wrong));
  }
  answered_well(picture_hash);
  co_return answer;
}

/// The answer to a question about one picture; a process that dies of it is a strike against it.
asio::awaitable<Result<wire::Message>> Link::ask_about(const std::string& picture_hash,
                                                       wire::Message question) {
  const auto harmless = refuse_killer(picture_hash);
  if (!harmless) co_return harmless.error();
  if (question.blobs.front().size() > wire::largest_blob)
    co_return Error(Fault::TooMuch, "picture has too many bytes");
  const auto running = co_await ensure_running();
  if (!running) co_return running.error();
  auto answer = co_await ask(std::move(question), options_.frame_limit);
  if (answer) co_return answer;
  lose_child();
  if (stopped_ || restarted_) co_return answer;
  co_return strike(picture_hash, answer.error());
}

Result<void> Link::refuse_killer(const std::string& hash) const {
  for (const auto& [known, times] : strikes_)
    if (known == hash && times >= 2) return killer();
  return {};
}

Error Link::strike(const std::string& hash, const Error& why) {
  const auto known = std::find_if(strikes_.begin(), strikes_.end(),
                                  [&](const auto& entry) { return entry.first == hash; });
  if (known == strikes_.end()) {
    strikes_.emplace_back(hash, 1);
    if (strikes_.size() > most_strikes) strikes_.pop_front();
    return why;
  }
  return ++known->second < 2 ? why : killer();
}

/// It ends the process no more, or never did: whatever killed it meanwhile was not this picture.
void Link::answered_well(const std::string& hash) {
  next_pause_ = options_.first_pause;
  std::erase_if(strikes_, [&](const auto& entry) { return entry.first == hash; });
}

asio::awaitable<Result<void>> Link::ensure_running() {
  if (stopped_) co_return away("stopped");
  if (pid_ > 0 && has_ended(pid_)) {
    pid_ = -1;
    lose_child();
  }
  if (outdated_) {
    outdated_ = false;
    lose_child();
  }
  if (alive()) co_return Result<void>{};
  if (std::chrono::steady_clock::now() < earliest_start_) {
    pause_.expires_at(earliest_start_);
    co_await pause_.async_wait(as_result);
    if (stopped_) co_return away("stopped");
  }
  auto child = start_child(options_.program);
  earliest_start_ = std::chrono::steady_clock::now() + next_pause_;
  next_pause_ = std::min(2 * next_pause_, options_.longest_pause);
  if (!child) co_return child.error();
  ++starts_;
  restarted_ = false;
  pid_ = child->pid;
  socket_ = asio::local::stream_protocol::socket(io_, {}, child->socket);
  auto done = co_await set_up();
  if (!done) lose_child();
  co_return done;
}

wire::Message Link::setup_message(const CameraSetup& camera) {
  wire::Setup setup;
  setup.camera = camera;
  setup.state = options_.state_of ? options_.state_of(camera.id) : states_[camera.id];
  return wire::to_message(setup);
}

asio::awaitable<Result<void>> Link::set_up() {
  const std::vector<CameraSetup> cameras = options_.cameras;  // others may come meanwhile
  for (const CameraSetup& camera : cameras) {
    wire::Message question = setup_message(camera);
    const auto answer = co_await ask(std::move(question), options_.start_limit);
    if (!answer) co_return answer.error();
    if (wire::kind(*answer) != "ready") co_return away("it did not get ready");
  }
  ready_ = true;
  co_return Result<void>{};
}

asio::awaitable<Result<wire::Message>> Link::ask(wire::Message message,
                                                 std::chrono::milliseconds limit) {
  late_ = false;
  watchdog_.expires_after(limit);
  watchdog_.async_wait([weak = weak_from_this(), pid = pid_](boost::system::error_code ec) {
    const auto self = weak.lock();
    if (ec || !self || self->pid_ != pid) return;
    self->late_ = true;
    ::kill(pid, SIGKILL);
  });
  const std::string bytes = wire::encode(message);
  const auto [failed, written] =
      co_await asio::async_write(socket_, asio::buffer(bytes), as_result);
  Result<wire::Message> answer = away("it closed the socket");
  if (!failed) answer = co_await receive();
  watchdog_.cancel();
  if (restarted_) co_return away("it starts anew");
  if (!answer && late_) co_return away("no answer in time");
  co_return answer;
}

asio::awaitable<Result<wire::Message>> Link::receive() {
  wire::Incoming incoming;
  while (!incoming.whole()) {
    const std::span<char> room = incoming.room();
    const auto [failed, read] =
        co_await asio::async_read(socket_, asio::buffer(room.data(), room.size()), as_result);
    if (failed) co_return away("it died");
    const auto filled = incoming.filled();
    if (!filled) co_return filled.error();
  }
  co_return incoming.take();
}

void Link::lose_child() {
  ready_ = false;
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (pid_ > 0) end_child(pid_);
  pid_ = -1;
}

}  // namespace jieding::vision
