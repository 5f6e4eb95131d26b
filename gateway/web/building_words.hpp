#pragma once
// What is said of a building and a deadline, from the API's JSON; page/src/sentence.ts and
// clocks.tsx say the same.

#include <boost/json/value.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "gateway/web/words.hpp"

namespace jieding::web {

std::string building_name(const boost::json::value& building);

/// "12", or "12–13" when the box is not sure.
std::string cast_storeys(const Words& words, const boost::json::value& estimate);
std::string how_sure(const Words& words, const boost::json::value& estimate);

/// Which building, and how far it is: "3 号楼：" and "主体第 12 层，共 18 层".
std::pair<std::string, std::string> sentence_parts(const Words& words,
                                                   const boost::json::value& building);

std::string milestone_name(const Words& words, const boost::json::value& milestone);

/// People have confirmed it.
bool topped_out_confirmed(const boost::json::value& building);

/// Days left, or late where they are below zero; null: not known.
std::string days_in_words(const Words& words, const boost::json::value& days);
/// Which dates or confirmations a deadline or chain lacks to be told; empty: none.
std::string missing_in_words(const Words& words, const boost::json::value& deadline);
/// Which entry of the record set going what a deadline asks for, or took it back; empty: none did.
std::string action_in_words(const Words& words, const boost::json::value& deadline);
/// What is left of a chain's whole limit; null: not known.
std::string slack_in_words(const Words& words, const boost::json::value& days);

/// "5 分钟前"
std::string written_age(const Words& words, std::chrono::milliseconds age);

}  // namespace jieding::web
