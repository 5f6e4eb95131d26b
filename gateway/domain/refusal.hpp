#pragma once
// Codes of refusals: words that stay when the line beside them is worded better, so that programs
// can tell refusals apart and the page can say them in the reader's language. Each stands in
// openapi.yaml and has its words in the page's refusal_words.ts.

#include <string_view>

namespace jieding::refusal {

inline constexpr std::string_view clock_untrusted = "clock_untrusted";
inline constexpr std::string_view in_future = "in_future";
inline constexpr std::string_view out_of_order = "out_of_order";
inline constexpr std::string_view not_topped_out = "not_topped_out";
inline constexpr std::string_view not_their_part = "not_their_part";
inline constexpr std::string_view second_person = "second_person";
inline constexpr std::string_view status_changed = "status_changed";
inline constexpr std::string_view due_too_early = "due_too_early";
inline constexpr std::string_view counted_already = "counted_already";
inline constexpr std::string_view no_picture = "no_picture";
inline constexpr std::string_view user_exists = "user_exists";
inline constexpr std::string_view last_operator = "last_operator";
inline constexpr std::string_view read_only = "read_only";
inline constexpr std::string_view image_damaged = "image_damaged";
inline constexpr std::string_view image_signature = "image_signature";
inline constexpr std::string_view image_board = "image_board";
inline constexpr std::string_view image_counter = "image_counter";

}  // namespace jieding::refusal
