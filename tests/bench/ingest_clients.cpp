#include "tests/bench/ingest_clients.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace jieding::bench {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// `value` with leading zeros into `text`.
void put_digits(char* text, std::size_t digits, std::int64_t value) {
  for (std::size_t i = digits; i-- > 0; value /= 10)
    text[i] = static_cast<char>('0' + value % 10);
}

/// Local time of HJ 212 (UTC+8), fourteen digits.
void put_local_time(char* text, std::int64_t seconds) {
  using namespace std::chrono;
  const sys_seconds local{std::chrono::seconds{seconds} + hours{8}};
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{local - day};
  put_digits(text, 4, static_cast<int>(date.year()));
  put_digits(text + 4, 2, static_cast<unsigned>(date.month()));
  put_digits(text + 6, 2, static_cast<unsigned>(date.day()));
  put_digits(text + 8, 2, time.hours().count());
  put_digits(text + 10, 2, time.minutes().count());
  put_digits(text + 12, 2, time.seconds().count());
}

std::array<std::uint16_t, 256> checksum_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned value = byte;
    for (int i = 0; i < 8; ++i)
      value = (value >> 1U) ^ ((value & 1U) != 0 ? 0xA001U : 0U);
    table[byte] = static_cast<std::uint16_t>(value);
  }
  return table;
}

/// Annex A of HJ 212: each byte is XORed into the register's own high byte.
unsigned checksum(std::string_view segment) {
  static const auto table = checksum_table();
  unsigned value = 0xFFFF;
  for (const char c : segment)
    value = table[((value >> 8U) ^ static_cast<unsigned char>(c)) & 0xFF];
  return value;
}

}  // namespace

void Client::start(std::uint16_t port) {
  socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  socket_.set_option(asio::ip::tcp::no_delay(true));
  read();
  send(window_);
}

void Client::send(std::size_t requests) {
  if (finishing_ || requests == 0) return;
  for (std::size_t i = 0; i < requests; ++i) {
    append_request(waiting_);
    in_flight_.push_back(Clock::now());
  }
  if (writing_.empty()) write();
}

void Client::write() {
  writing_.swap(waiting_);
  asio::async_write(socket_, asio::buffer(writing_), [this](error_code failed, std::size_t) {
    if (failed) return refused("write: " + failed.message());
    writing_.clear();
    if (!waiting_.empty()) write();
  });
}

void Client::read() {
  socket_.async_read_some(asio::buffer(chunk_), [this](error_code failed, std::size_t count) {
    if (failed) {
      if (!finishing_) refused("read: " + failed.message());
      return in_flight_.clear();
    }
    received_.append(chunk_.data(), count);
    std::size_t used = 0;
    std::size_t answers = 0;
    while (const std::size_t took = take_answer(std::string_view(received_).substr(used))) {
      used += took;
      ++answers;
    }
    received_.erase(0, used);
    if (window_ > 0) send(answers);
    read();
  });
}

void Client::acknowledged(std::size_t readings) {
  const std::chrono::duration<float, std::milli> wait = Clock::now() - in_flight_.front();
  in_flight_.pop_front();
  if (!tally_.counting) return;
  tally_.readings += readings;
  tally_.waits.push_back(wait.count());
}

void Client::refused(std::string_view answer) {
  if (!in_flight_.empty()) in_flight_.pop_front();
  ++tally_.refused;
  if (tally_.complaint.empty()) tally_.complaint = answer;
}

Pusher::Pusher(asio::io_context& io, Tally& tally, std::size_t window, const std::string& token,
               std::int64_t& clock)
    : Client(io, tally, window), clock_(clock) {
  std::string body = "[{\"bt\":1700000000,";
  const std::size_t time_in_body = body.size() - 11;
  std::vector<std::size_t> values_in_body;
  for (std::size_t i = 0; i < readings_per_pack; ++i) {
    body += (i == 0 ? "" : ",{") + ("\"n\":\"hoist_load_" + std::to_string(i)) +
            "\",\"u\":\"kg\",\"v\":100000.5}";
    values_in_body.push_back(body.size() - 9);
  }
  body += "]";
  request_ =
      "POST /api/v1/readings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
      "application/senml+json\r\nAuthorization: Bearer " +
      token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  time_at_ = request_.size() + time_in_body;
  for (const std::size_t at : values_in_body)
    values_at_.push_back(request_.size() + at);
  request_ += body;
}

void Pusher::append_request(std::string& out) {
  ++clock_;
  put_digits(&request_[time_at_], 10, clock_);
  for (const std::size_t at : values_at_)
    put_digits(&request_[at], 6, 100'000 + clock_ % 900'000);
  out += request_;
}

std::size_t Pusher::take_answer(std::string_view received) {
  const auto head = received.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  constexpr std::string_view name = "Content-Length: ";
  const auto at = received.find(name);
  std::size_t length = 0;
  if (at < head) {
    std::from_chars(received.data() + at + name.size(), received.data() + head, length);
  }
  const std::size_t whole = head + 4 + length;
  if (received.size() < whole) return 0;
  if (received.starts_with("HTTP/1.1 200")) {
    acknowledged(readings_per_pack);
  } else {
    refused(received.substr(0, whole));
  }
  return whole;
}

Station::Station(asio::io_context& io, Tally& tally, std::size_t window, const std::string& mn,
                 std::int64_t& clock)
    : Client(io, tally, window), clock_(clock) {
  constexpr std::array codes{"a34001", "a34002", "a34004", "a01001", "a01002",
                             "a01006", "a01007", "a01008", "LA"};
  static_assert(codes.size() == readings_per_frame);
  std::string segment = "QN=20240101000000000;ST=39;CN=2011;PW=123456;MN=" + mn +
                        ";Flag=5;CP=&&DataTime=20240101000000";
  constexpr std::size_t head = 6;  // ## and the length
  qn_at_ = head + 3;
  time_at_ = head + segment.size() - 14;
  for (const char* code : codes) {
    // Two digits change: before the point, but a pressure (kPa) must stay near 100.
    const std::string_view name(code);
    const bool pressure = name == "a01006";
    segment += std::string(";") + code + (pressure ? "-Rtd=100.00," : "-Rtd=00.5,");
    values_at_.push_back(head + segment.size() - (pressure ? 3 : 5));
    segment += std::string(name) + "-Flag=N";
  }
  segment += "&&";
  std::array<char, 8> length{};
  std::snprintf(length.data(), length.size(), "##%04zu", segment.size());
  frame_ = length.data() + segment + "0000\r\n";
}

void Station::append_request(std::string& out) {
  ++clock_;
  put_local_time(&frame_[qn_at_], clock_);
  put_local_time(&frame_[time_at_], clock_);
  for (const std::size_t at : values_at_)
    put_digits(&frame_[at], 2, clock_ % 60);
  constexpr std::string_view digits = "0123456789ABCDEF";
  const std::size_t end = frame_.size() - 6;
  const unsigned sum = checksum(std::string_view(frame_).substr(6, end - 6));
  for (unsigned i = 0; i < 4; ++i)
    frame_[end + i] = digits[(sum >> (12 - 4 * i)) & 0xFU];
  out += frame_;
}

std::size_t Station::take_answer(std::string_view received) {
  const auto end = received.find("\r\n");
  if (end == std::string_view::npos) return 0;
  if (received.substr(0, end).find(";CN=9014;") != std::string_view::npos) {
    acknowledged(readings_per_frame);
  } else {
    refused(received.substr(0, end));
  }
  return end + 2;
}

}  // namespace jieding::bench
