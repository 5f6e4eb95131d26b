#include "drivers/modbus_line.hpp"

#include <algorithm>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"

namespace jieding::drivers::modbus {
namespace {

namespace asio = boost::asio;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds connect_limit{5000};
/// A line that broke in the middle of a poll is waited for so long; otherwise until the next beat.
constexpr milliseconds longest_wait_for_line{500};
constexpr Backoff::Limits line_backoff{milliseconds{500}, milliseconds{30'000},
                                       milliseconds{30'000}};
/// A silent unit is asked at least this often, if its period is not longer.
constexpr milliseconds longest_silence{60'000};
constexpr int most_doublings = 10;
/// Start bit, eight bits, parity or a second stop bit, stop bit (serial line, §2.5.1).
constexpr double bits_per_character = 11;
/// Above this rate silence no longer shrinks (serial line, §2.5.1.1).
constexpr unsigned fast_line = 19'200;
constexpr microseconds least_silence{1750};
/// Answers to nobody's question before the connection counts as broken.
constexpr int most_strange = 16;
constexpr std::size_t longest_quarantined = 4096;
constexpr std::size_t most_troubles_told = 3;
constexpr std::uint8_t illegal_address = 2;

/// The device asks for time: acknowledge, busy (application protocol, §7).
bool says_later(Exception exception) {
  return exception.code == 5 || exception.code == 6;
}

/// A gateway says so of a device behind it.
bool says_nobody(Exception exception) {
  return exception.code == 10 || exception.code == 11;
}

/// `40001`, `40001 to 40004`: the likes of what manuals write.
std::string registers_of(const Request& request) {
  static constexpr std::array<int, 5> tables{0, 0, 1, 3, 4};
  const bool holding = request.function == Function::Holding;
  const bool inputs = request.function == Function::InputRegisters;
  const int table = holding ? 4 : inputs ? 3 : tables[static_cast<std::size_t>(request.function)];
  const auto name = [&](int number) {
    std::string digits = std::to_string(number);
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    return std::to_string(table) + digits;
  };
  const int first = request.first + 1;
  const int last = request.first + request.count;
  return name(first) + (first == last ? "" : " to " + name(last));
}

std::string joined(const std::vector<std::string>& troubles) {
  std::string text;
  for (std::size_t i = 0; i < std::min(troubles.size(), most_troubles_told); ++i)
    text += (i == 0 ? "" : "; ") + troubles[i];
  const std::size_t untold = troubles.size() - std::min(troubles.size(), most_troubles_told);
  return untold == 0 ? text : text + "; and " + std::to_string(untold) + " more";
}

std::string no_answer(const Request& request, milliseconds timeout) {
  return "no answer from unit " + std::to_string(request.unit) + " in " +
         std::to_string(timeout.count()) + " ms";
}

std::string wrong_answer(const Strange& strange) {
  return "wrong answer (" + std::string(strange.reason) + "): " + strange.detail;
}

Reading reading_of(const std::string& device, const Point& point, double value, Stamp now) {
  Reading reading;
  reading.device = device;
  reading.quantity = point.quantity;
  reading.value = value;
  reading.unit = point.unit;
  reading.device_time = now.at;  // the device has no clock
  reading.received = now;
  return reading;
}

}  // namespace

Line::Unit::Unit(UnitPlan unit, Time first)
    : plan(std::move(unit)), beat(first, plan.every), queries(modbus::plan(plan.points, plan.gap)) {
  for (Query& query : queries)
    query.request.unit = plan.unit;
}

Line::Line(LinePlan plan, Site& site, std::uint64_t seed)
    : plan_(std::move(plan)),
      site_(site),
      link_(site.io, plan_.address),
      timer_(site.io),
      backoff_(line_backoff, runtime_, seed) {
  for (UnitPlan& unit : plan_.units)
    units_.emplace_back(std::move(unit), runtime_.now());
}

asio::awaitable<void> Line::run() {
  while (!stopping_) {
    Unit& unit = next_due();
    if (unit.beat.due() > runtime_.now()) {
      co_await pause_until(unit.beat.due());
    } else {
      co_await poll(unit);
    }
  }
  link_.close();
}

void Line::stop() {
  stopping_ = true;
  timer_.cancel();
  link_.close();
}

Line::Unit& Line::next_due() {
  return *std::min_element(units_.begin(), units_.end(), [](const Unit& a, const Unit& b) {
    return a.beat.due() < b.beat.due();
  });
}

asio::awaitable<void> Line::pause_until(Time when) {
  if (stopping_ || when <= runtime_.now()) co_return;
  timer_.expires_at(when);
  co_await timer_.async_wait(as_result);
}

asio::awaitable<void> Line::poll(Unit& unit) {
  Poll poll;
  reopened_ = false;
  for (std::size_t i = 0; i < unit.queries.size() && !poll.silent; ++i) {
    const Request request = unit.queries[i].request;
    const Outcome outcome = co_await ask(unit, request);
    if (stopping_) co_return;
    if (const auto* values = std::get_if<Values>(&outcome)) {
      take(unit, unit.queries[i], *values, poll);
    } else if (const auto* exception = std::get_if<Exception>(&outcome)) {
      if (part(unit, i, *exception)) {
        --i;
      } else {
        poll.silent = says_nobody(*exception);
        poll.troubles.push_back(registers_of(request) + ": " + to_text(*exception));
      }
    } else {
      poll.silent = true;  // the other requests would only wait as long
      poll.troubles.push_back(std::get<Silence>(outcome).why);
    }
  }
  co_await hand_in(unit, poll);
  tell(unit, poll);
  go_on(unit, poll.silent);
}

asio::awaitable<void> Line::hand_in(Unit& unit, Poll& poll) {
  if (poll.batch.empty()) co_return;
  const auto accepted = co_await site_.intake.readings(poll.batch);
  if (accepted) co_return;
  site_.unsaved.count(unit.plan.device + ": " + accepted.error().text());
  poll.troubles.push_back("not saved: " + accepted.error().text());
}

/// To the unit's next beat. The more polls found nobody, the more beats pass; a line that is down
/// costs no time, and comes back by its own back-off.
void Line::go_on(Unit& unit, bool silent) {
  unit.silences = silent && link_.is_open() ? std::min(unit.silences + 1, most_doublings) : 0;
  const std::uint64_t skipped = unit.beat.next(runtime_.now());
  unit.missed = silent || reopened_ ? 0 : skipped;  // those have their own reason
  if (unit.missed > 0) {
    site_.missed.count(unit.plan.device + ": " + std::to_string(unit.missed) +
                       " at once; the line is too slow for its periods");
  }
  if (unit.silences > 1) {
    const auto most = std::max<std::int64_t>(1, longest_silence / unit.beat.period());
    unit.beat.pass(
        static_cast<std::uint64_t>(std::min(most, std::int64_t{1} << (unit.silences - 1)) - 1));
  }
}

void Line::take(const Unit& unit, const Query& query, const Values& values, Poll& poll) {
  const Stamp now = site_.clock.now();
  for (const std::size_t place : query.points) {
    const Point& point = unit.plan.points[place];
    const auto value = value_of(point, query.request, values.bytes);
    if (value) {
      poll.batch.push_back(reading_of(unit.plan.device, point, *value, now));
    } else {
      poll.troubles.push_back(point.quantity + " " + value.error().text());
    }
  }
}

bool Line::part(Unit& unit, std::size_t query, Exception exception) {
  const Query whole = unit.queries[query];
  if (exception.code != illegal_address || whole.points.size() < 2) return false;
  auto parts = split(whole, unit.plan.points);
  for (Query& part : parts)
    part.request.unit = unit.plan.unit;
  const auto place = unit.queries.begin() + static_cast<std::ptrdiff_t>(query);
  unit.queries.insert(unit.queries.erase(place), parts.begin(), parts.end());
  return true;
}

/// What is ok again is told once; what is not, after every poll, because readings count as ok.
void Line::tell(Unit& unit, Poll& poll) {
  if (unit.missed > 0 && poll.troubles.empty()) {
    poll.troubles.push_back(std::to_string(unit.missed) +
                            " polls missed at once; give the line fewer points or longer periods");
  }
  const std::string trouble = joined(poll.troubles);
  if (trouble.empty()) {
    if (unit.since) site_.intake.health({unit.plan.device, Health::Ok, ""});
    unit.since.reset();
  } else {
    if (!unit.since) unit.since = site_.clock.now().at;
    if (trouble != unit.trouble) site_.troubles.count(unit.plan.device + ": " + trouble);
    const Health health = poll.batch.empty() ? Health::Failed : Health::Warning;
    site_.intake.health({unit.plan.device, health, trouble, unit.since});
  }
  unit.trouble = trouble;
}

/// A unit that answered last time gets all its retries; one that is silent is only looked for.
asio::awaitable<Line::Outcome> Line::ask(const Unit& unit, Request request) {
  const int attempts = unit.silences > 0 ? 1 : 1 + plan_.retries;
  Outcome outcome = Silence{};
  for (int attempt = 0; attempt < attempts && !stopping_; ++attempt) {
    auto down = co_await ready();
    if (down) co_return *down;
    if (stopping_) break;
    outcome = co_await exchange(unit, request);
    if (std::holds_alternative<Values>(outcome)) break;
    const auto* exception = std::get_if<Exception>(&outcome);
    if (exception != nullptr && !says_later(*exception)) break;
  }
  co_return outcome;
}

/// Opens the line where it is not; nothing: it is open.
asio::awaitable<std::optional<Line::Silence>> Line::ready() {
  if (link_.is_open()) co_return std::nullopt;
  reopened_ = true;
  Silence down{why_down_};
  if (not_before_ > runtime_.now() + longest_wait_for_line) co_return down;
  co_await pause_until(not_before_);
  if (stopping_) co_return down;
  const auto opened = co_await link_.open(runtime_.now() + connect_limit);
  if (!opened) co_return broken(opened.error().text());
  backoff_.connected();
  replies_.clear();
  if (!why_down_.empty()) log::info("modbus", "line " + plan_.id + " is back");
  why_down_.clear();
  co_return std::nullopt;
}

Line::Silence Line::broken(const std::string& why) {
  link_.close();
  not_before_ = runtime_.now() + backoff_.next();
  why_down_ = "line " + plan_.id + ": " + why;
  return {why_down_};
}

asio::awaitable<Line::Outcome> Line::exchange(const Unit& unit, Request request) {
  return plan_.framing == Framing::Tcp ? exchange_tcp(unit, request) : exchange_rtu(unit, request);
}

/// Answers to earlier questions are let pass: the transaction tells.
asio::awaitable<Line::Outcome> Line::exchange_tcp(const Unit& unit, Request request) {
  const Time deadline = runtime_.now() + patience(request);
  std::string question = to_tcp(request, ++transaction_);
  const auto written = co_await link_.write(std::move(question), deadline);
  if (!written) co_return broken(written.error().text());
  Silence silence{no_answer(request, plan_.timeout)};
  for (int strange = 0; strange < most_strange;) {
    Reply reply = replies_.next(request, transaction_);
    if (auto* values = std::get_if<Values>(&reply)) co_return std::move(*values);
    if (const auto* exception = std::get_if<Exception>(&reply)) co_return *exception;
    if (const auto* wrong = std::get_if<Strange>(&reply)) {
      ++strange;
      refuse(unit, *wrong);
      silence.why = wrong_answer(*wrong);
      if (wrong->broken) co_return broken(silence.why);
      continue;
    }
    const auto bytes = co_await link_.read(deadline);
    if (!bytes) co_return broken(bytes.error().text());
    if (bytes->empty()) co_return silence;
    replies_.push(*bytes);
  }
  co_return broken("answers that nobody asked for, last: " + silence.why);
}

asio::awaitable<Line::Outcome> Line::exchange_rtu(const Unit& unit, Request request) {
  Silence silence{no_answer(request, plan_.timeout)};
  const auto gap = plan_.baud > fast_line ? least_silence : characters(3.5);
  co_await pause_until(quiet_since_ + gap);
  if (stopping_) co_return silence;
  link_.discard();
  const Time deadline = runtime_.now() + patience(request);
  std::string question = to_rtu(request);
  const auto written = co_await link_.write(std::move(question), deadline);
  if (!written) co_return broken(written.error().text());
  RtuReply collected;
  while (true) {
    const auto bytes = co_await link_.read(deadline);
    quiet_since_ = runtime_.now();
    if (!bytes) co_return broken(bytes.error().text());
    if (bytes->empty()) break;
    collected.push(*bytes);
    Reply reply = collected.find(request);
    if (auto* values = std::get_if<Values>(&reply)) co_return std::move(*values);
    if (const auto* exception = std::get_if<Exception>(&reply)) co_return *exception;
  }
  if (!collected.empty()) {
    const Strange wrong = collected.complaint(request);
    refuse(unit, wrong);
    silence.why = wrong_answer(wrong);
  }
  co_return silence;
}

void Line::refuse(const Unit& unit, const Strange& strange) {
  site_.refused.count(std::string(strange.reason) + " from " + link_.where() + " (" +
                      unit.plan.device + "): " + strange.detail);
  site_.intake.refuse({"modbus", link_.where(), unit.plan.device, std::string(strange.reason),
                       strange.detail, strange.bytes.substr(0, longest_quarantined)});
}

/// The time-out, and as long as question and answer travel on the wires.
milliseconds Line::patience(const Request& request) const {
  constexpr double around_values = 8 + 5;  // the question, and what surrounds the values
  const auto travel = characters(around_values + static_cast<double>(request.value_bytes()));
  const bool wires = plan_.framing == Framing::Rtu;
  return plan_.timeout + (wires ? std::chrono::ceil<milliseconds>(travel) : milliseconds{0});
}

microseconds Line::characters(double count) const {
  return microseconds(static_cast<std::int64_t>(1e6 * count * bits_per_character / plan_.baud));
}

}  // namespace jieding::drivers::modbus
