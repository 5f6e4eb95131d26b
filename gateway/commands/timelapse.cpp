#include <charconv>
#include <iostream>

#include "gateway/commands/commands.hpp"
#include "gateway/commands/complain.hpp"
#include "gateway/domain/site_time.hpp"
#include "gateway/runtime/new_file.hpp"
#include "gateway/vision_process.hpp"
#include "sync/picture_list.hpp"
#include "vision/film_wire.hpp"
#include "vision/talk.hpp"

namespace jieding::commands {
namespace {

namespace wire = vision::wire;

constexpr std::chrono::seconds picture_limit{60};
constexpr int least_side = 16, most_width = 3840, most_height = 2160;  // what players take

/// Midnight of a day on the site.
std::optional<Instant> midnight(const std::string& day) {
  const auto at = day.size() == 10 ? from_rfc3339(day + "T00:00:00+08:00")
                                   : Result<Instant>(Error(Fault::Invalid, ""));
  return at ? std::optional<Instant>(*at) : std::nullopt;
}

/// `2024-08-22 12:24` on the site.
std::string site_minute(Instant at) {
  std::string text = to_rfc3339(at + site_offset).substr(0, 16);
  text[10] = ' ';
  return text;
}

/// `1280x720`, both even because colours are stored for every second pixel.
bool read_size(const std::string& text, int& width, int& height) {
  if (text.empty()) return true;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, width);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != 'x') return false;
  const auto second = std::from_chars(first.ptr + 1, end, height);
  return second.ec == std::errc() && second.ptr == end && width >= least_side &&
         height >= least_side && width <= most_width && height <= most_height && width % 2 == 0 &&
         height % 2 == 0;
}

struct Request {
  Instant from, until;
  wire::FilmOrder order;
};

std::optional<Request> read_request(const Timelapse& what, std::string& wrong) {
  const auto from = midnight(what.from), to = midnight(what.to);
  Request request;
  request.order.fps = what.fps;
  if (!from || !to)
    wrong = "write --from and --to as days, such as 2024-08-22";
  else if (*to < *from)
    wrong = "--to is before --from; the earlier day comes first";
  else if (!read_size(what.size, request.order.width, request.order.height))
    wrong = "--size " + what.size + ": write even sides up to 3840x2160, such as 1280x720";
  if (!wrong.empty()) return std::nullopt;
  request.from = *from;
  request.until = *to + std::chrono::hours(24);
  return request;
}

/// What became of the pictures.
struct Tally {
  std::size_t taken = 0;
  std::size_t left_out = 0;
  std::size_t of_other_size = 0;
};

class Filming {
 public:
  Filming(sync::Database& database, std::filesystem::path state, vision::AskedChild& child,
          NewFile& file)
      : database_(database), state_(std::move(state)), child_(child), file_(file) {}

  Result<Tally> make(wire::FilmOrder order, const std::vector<sync::StoredPicture>& pictures) {
    order.most_pictures = pictures.size();
    const auto answer = child_.ask(wire::to_message(order));
    if (!answer) return answer.error();
    const auto rolling = wire::to_rolling(*answer);
    if (!rolling) return rolling.error();
    end_ = rolling->head_room;
    for (const sync::StoredPicture& picture : pictures) {
      if (auto added = add(picture); !added) return added.error();
    }
    if (tally_.taken == 0) return Error(Fault::NotFound, "no picture can be read; no film");
    if (auto headed = head(); !headed) return headed.error();
    return tally_;
  }

 private:
  void leave_out(const sync::StoredPicture& picture, const std::string& why) {
    ++tally_.left_out;
    std::cerr << to_rfc3339(picture.taken) << " left out: " << why << '\n';
  }

  Result<void> add(const sync::StoredPicture& picture) {
    auto jpeg = sync::read_picture(database_, state_, picture.sha256);
    if (!jpeg) {
      leave_out(picture, jpeg.error().text());
      return {};
    }
    const wire::FilmPicture shot{std::move(*jpeg), site_minute(picture.taken)};
    auto answer = child_.ask(wire::to_message(shot));
    if (!answer) return answer.error();
    const auto sample = wire::to_film_sample(std::move(*answer));
    if (!sample) return sample.error();
    if (!sample->fault.empty()) {
      leave_out(picture, sample->fault);
      return {};
    }
    ++tally_.taken;
    tally_.of_other_size += sample->other_size;
    auto written = file_.write_at(end_, sample->bytes);
    end_ += sample->bytes.size();
    return written;
  }

  Result<void> head() {
    auto answer = child_.ask(wire::cut_message());
    if (!answer) return answer.error();
    const auto head = wire::to_film_head(std::move(*answer));
    if (!head) return head.error();
    return file_.write_at(0, head->bytes);
  }

  sync::Database& database_;
  std::filesystem::path state_;
  vision::AskedChild& child_;
  NewFile& file_;
  std::uint64_t end_ = 0;
  Tally tally_;
};

Result<Tally> film(const config::Config& config, const Timelapse& what, const Request& request) {
  const auto database = sync::open_to_read(config.storage.state);
  if (!database) return database.error();
  const auto pictures = sync::masked_pictures(**database, what.camera, request.from, request.until);
  if (!pictures) return pictures.error();
  if (pictures->empty())
    return Error(Fault::NotFound, "camera " + what.camera + " has no stored picture from " +
                                      what.from + " to " + what.to);
  auto file = NewFile::begin(what.out, what.force);
  if (!file) return file.error();
  auto child = vision::AskedChild::start(film_executable(config), picture_limit);
  if (!child) return child.error();
  Filming filming(**database, config.storage.state, *child, *file);
  auto tally = filming.make(request.order, *pictures);
  if (!tally) return tally;
  if (auto finished = file->finish(); !finished) return finished.error();
  return tally;
}

}  // namespace

int timelapse(const Source& source, const Timelapse& what) {
  std::string wrong;
  const auto request = read_request(what, wrong);
  if (!request) return complain(wrong, 2);
  const auto config = load(source);
  if (!config) return 1;
  if (!config->camera(what.camera))
    return complain("there is no camera '" + what.camera + "' in " + source.file +
                        "; give the id of a [[camera]]",
                    2);
  const auto tally = film(*config, what, *request);
  if (!tally) return complain(tally.error());
  std::cout << what.out << ": " << tally->taken << " pictures, " << request->order.fps
            << " a second";
  if (tally->left_out > 0) std::cout << ", " << tally->left_out << " left out";
  if (tally->of_other_size > 0)
    std::cout << ", " << tally->of_other_size << " of another size fitted in";
  std::cout << '\n';
  return 0;
}

}  // namespace jieding::commands
