#pragma once
// What people send to the API, read with all its limits at the door.

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/domain/public_pictures.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/runtime/http.hpp"
#include "gateway/web/finding_record.hpp"
#include "gateway/web/household_record.hpp"
#include "gateway/web/record.hpp"
#include "gateway/web/seat_record.hpp"

namespace jieding::web {

/// True for `application/json`, with parameters or without.
bool is_json(std::string_view content_type);

/// A camera's `facades` and `masks`, unread but for their names and depth.
Result<boost::json::object> read_setup(const std::string& body);
/// `building`, `corners` and how many `storeys` they span, likewise.
Result<boost::json::object> read_marked(const std::string& body);

/// How soon viewers see pictures.
Result<PublicPictures> read_public_pictures(const std::string& body);

/// How somebody signs in: by a link's token, or by name and password.
struct SignIn {
  std::string token;  ///< empty: by password
  std::string user;
  std::string password;
};
Result<SignIn> read_sign_in(const std::string& body);
Result<std::string> read_password(const std::string& body);
/// Somebody new who may sign in.
Result<UserInput> read_user(const std::string& body);
/// What becomes of one; whose, stands in the path.
Result<UserInput> read_user_change(const std::string& body);
Result<Said> read_act(const std::string& body);
/// A finding that is raised.
Result<FindingInput> read_finding(const std::string& body);
/// What is done about one; its name stands in the path.
Result<FindingInput> read_finding_step(const std::string& body);

/// `?width=`: one of those that pictures are made at, 0 without it.
Result<int> read_width(const http::Request& request);

/// A count of households: whole numbers, and no key under which anything could be said of people.
Result<HouseholdInput> read_households(const std::string& body);

/// The last a record can have: what a page's numbers hold exactly.
inline constexpr std::int64_t last_index = std::int64_t{1} << 53;

/// A whole number of the query, at most `most`; the default where it is absent.
Result<std::uint64_t> read_count(const http::Request& request, std::string_view name,
                                 std::uint64_t otherwise, std::uint64_t most);

/// `period=week` (also where nothing is said), `period=month`, or `from=2026-11-01&to=2026-11-30`.
Result<BulletinPeriod> read_bulletin_period(const http::Request& request);

/// As ids stand in the configuration: letters, digits, `-`, `_`, `.`; at most 64.
bool is_id(std::string_view text);

}  // namespace jieding::web
